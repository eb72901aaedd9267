"""代报: an answer given otherwise, written down by the office with the instant it was given (A49)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, office, rights, setting, target, tell
from bot.engine import withdraw
from bot.rules import proxy, report
from bot.rules.life import Book, Life
from bot.rules.status import CLOSED
from models import database
from models import life as lives
from models.feedback import Feedback
from models.matter import Matter
from models.roster import Seated
from models.score import ScoreEvent


async def file_for(
    matter_id: int, node: str | None, answered_at: datetime, by: Seated, at: datetime, text: str
) -> dict[str, Any]:
    """File `text` as of `answered_at`; what it would have prevented is taken back (`back` tenths in the facts).

    Raises Refused: split_matter, filing_over, not_reviewer, not_yet, nothing_to_file, before_episode.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        rights.expect_whole(matter)
        if matter.state in CLOSED:  # its points are settled: what is wrong with them is for an objection (A72)
            raise errors.Refused("filing_over", code=matter.code, closed_at=matter.closed_at)
        await office.expect(matter, by, at, None)
        if answered_at > at or (matter.initiated_at and answered_at < matter.initiated_at):
            raise errors.Refused("not_yet", code=matter.code, said=answered_at, since=matter.initiated_at)
        before = await lives.load(matter)
        name = target.of(proxy.as_of(before, answered_at), node, answered_at)

        def verb(current: Life, book: Book) -> Life:
            return proxy.file_for(current, name, answered_at, book)

        score = await _total(matter)
        line = {"node": name, "answered_at": answered_at, "text": text}
        done = await change.apply(matter.id, verb, name="file_for", by=by.id, at=at, facts=line, effective=answered_at)
        owed = report.named(done.after, name, setting.book(matter))
        assert owed
        row = next(each for each in await lives.rows(done.matter) if (each.name, each.ordinal) == owed.key[:2])
        shared: dict[str, Any] = {"matter_id": matter.id, "obligation_id": row.id, "person_id": by.id}
        await Feedback.create(**shared, kind="feedback", text=text, at=answered_at, created_at=at)
        await withdraw.turn_cards(done.ended(), matter.id, {"done": "answered"}, at, but=None)
        back = await _total(matter) - score
        said = {
            "node": owed.label,
            "answered_at": answered_at.isoformat(),
            "late": owed.late,
            "back": back,
            "reason": text,
        }
        shown = {"verdict": "filed_for", **said, **facts.following(done.after.obligations, at)}
        await tell.card(done.matter, "steered", await tell.unit(done.matter, at), shown, by, at)
        return {**await facts.of(done.matter), **shown}


async def _total(matter: Matter) -> int:
    return sum(each.tenths for each in await ScoreEvent.filter(matter_id=matter.id))
