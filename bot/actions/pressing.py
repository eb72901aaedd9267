"""Urging and supervising by hand (A69): a hint before D, after it part of the episode, never a second point."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors, wording
from bot.actions import change, facts, office, posts, rights, setting, tally, target, tell
from bot.engine import notify, points
from bot.engine.notify import Planned
from bot.rules import life, steering
from bot.rules.ladder import FIRST, Rung
from bot.rules.life import Life
from bot.rules.obligation import Obligation as Owed
from models import database
from models import life as lives
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.roster import Seated

WORDS = 200


async def urge(matter_id: int, node: str | None, by: Seated, at: datetime, words: str) -> dict[str, Any]:
    """催办 now: of what is named, else of the oldest duty; `late` in the facts says whether it joined the episode.

    Raises Refused: closed_matter, not_reviewer, in_review, nothing_owed, just_urged.
    """
    async with database.transaction():
        matter, current = await _opened(matter_id, by, at)
        owed = _chosen(matter, current, node, at)
        done = await change.apply(
            matter.id,
            lambda now, book: life.unfold(now, at, book),
            name="urge_by_hand",
            by=by.id,
            at=at,
            facts={"obligation": owed.name, "words": words[:WORDS]},
        )
        row = await _row(done.matter, owed)
        late = owed.is_overdue(at)
        last = (
            await Notice.filter(obligation_id=row.id, episode=row.episode, seq__gte=points.BY_HAND)
            .order_by("-at")
            .first()
        )
        if last and at - last.at < setting.book(matter).rules.gap:
            raise errors.Refused("just_urged", code=matter.code, at=last.at, again_at=last.at + _gap(matter))
        seq = (last.seq if last else points.BY_HAND) + 1
        await _plan(done.matter, row, "urge" if late else "hint", seq, at, {"words": words[:WORDS]})
        return {**await facts.of(done.matter), "node": owed.label, "due_at": owed.due_at, "late": late}


def _gap(matter: Matter) -> Any:
    return setting.book(matter).rules.gap


async def supervise(matter_id: int, node: str | None, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """督办 now, of what is overdue; it stands for the automatic one.

    Raises Refused: director_only, closed_matter, in_review, nothing_owed, not_overdue, already_supervised.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        role, directors = await posts.over(matter.unit_id, notify.today(at))
        if by.id not in directors:
            raise errors.Refused("director_only", word=wording.word("kind", "supervise"), role=role)
        rights.expect_open(matter)
        owed = _chosen(matter, life.unfold(await lives.load(matter), at, setting.book(matter)), node, at)
        counted = await tally.of(matter, at)
        done = await change.apply(
            matter.id,
            lambda now, book: steering.supervise(now, owed.address, at, book, counted),
            name="supervise_by_hand",
            by=by.id,
            at=at,
            facts={"obligation": owed.name, "reason": reason[:WORDS]},
        )
        row = await _row(done.matter, owed)
        await _plan(done.matter, row, "supervise", 0, at, {"by": by.name, "words": reason[:WORDS]})
        shown = {**await facts.of(done.matter), "node": owed.label, "due_at": owed.due_at}
        return {**shown, "supervised": done.after.supervised}


async def _opened(matter_id: int, by: Seated, at: datetime) -> tuple[Matter, Life]:
    matter = await database.lock_matter(matter_id)
    rights.expect_open(matter)
    await office.expect(matter, by, at, None)
    return matter, life.unfold(await lives.load(matter), at, setting.book(matter))


def _chosen(matter: Matter, current: Life, node: str | None, at: datetime) -> Owed:
    """What is named, else the oldest duty by its D; nothing is owed while a completion is in review (R29)."""
    if current.completion_at:
        raise errors.Refused("in_review", code=matter.code)
    owed = sorted((each for each in current.obligations if each.due_at and each.is_open(at)), key=_due)
    if node:
        name = target.of(current, node, at)
        owed = [each for each in owed if each.address == name]
    if not owed:
        raise errors.Refused("nothing_owed", code=matter.code)
    return owed[0]


def _due(owed: Owed) -> datetime:
    assert owed.due_at
    return owed.due_at


async def _row(matter: Matter, owed: Owed) -> Obligation:
    return await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=owed.name, ordinal=owed.ordinal)


async def _plan(matter: Matter, row: Obligation, kind: str, seq: int, at: datetime, said: dict[str, Any]) -> None:
    """The notice, and what its being overdue costs by itself (R53); an urge's own tenth is booked once it was sent."""
    rung = Rung(at, "supervise" if kind == "supervise" else "urge", marks=frozenset({FIRST}))
    people, sms = await tell.ladder(matter, rung, at)
    planned = Planned(matter.id, row.id, row.episode, kind, seq, at, people, sms, facts=notify.marked(rung) | said)
    await notify.plan([planned], at)
    if kind != "hint" and row.due_at:
        await points.late([(row, row.episode, row.due_at)], at)
