"""撤回: an officer takes his own feedback back before D and before the office acted on it (A75)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, office, review, rights
from bot.engine import asked, notify
from bot.engine.notify import Planned
from bot.rules import report
from models import database, roster
from models.feedback import Feedback
from models.matter import Matter
from models.roster import Seated


async def recall(matter_id: int, by: Seated, at: datetime, node: str) -> dict[str, Any]:
    """What the latest feedback met is owed again by the same D, the office is told; the facts of the reply.

    Raises Refused: closed_matter, other_unit, not_lead, nothing_to_recall, recall_other, recall_not_own,
    recall_too_late.
    """
    async with database.transaction():
        found = await database.lock_matter(matter_id)
        await rights.expect_filing(found, by)
        row = await review.latest(found)
        if row is None:
            raise errors.Refused("nothing_to_recall", code=found.code)
        owed = await review.answered(found)
        if node and not review.is_of(found.filed, node):
            raise errors.Refused("recall_other", code=found.code, node=owed.label)
        if row.person_id != by.id:
            name = (await roster.names([row.person_id]))[row.person_id]
            raise errors.Refused("recall_not_own", code=found.code, filer=name)
        done = await change.apply(
            found.id,
            lambda current, book: report.recall(current, at, book),
            name="recall",
            by=by.id,
            at=at,
            facts={"feedback": row.id, "node": owed.name},
        )
        row.kind = "recalled"
        await row.save()
        shown = {**await facts.of(done.matter), "node": owed.label, **facts.following(done.after.obligations, at)}
        await asked.over(done.matter.id, "feedback", [row.id], "void", at)
        await _tell(done.matter, row, {**shown, "by": by.name, "at": at.isoformat(), "text": row.text}, by, at)
        return shown


async def _tell(found: Matter, row: Feedback, said: dict[str, Any], by: Seated, at: datetime) -> None:
    people = [each for each in (await office.desk(found, at)).asked if each != by.id]
    owed = row.obligation_id
    assert owed
    await notify.plan([Planned(found.id, owed, 1, "recalled", row.id, at, people, facts=said)], at)
