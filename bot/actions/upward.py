"""An accepted report goes up by the matter's source, and may come back from there (R48, A51)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot import errors
from bot.actions import change, document, facts, family, office, rights, setting, tell
from bot.engine import notify
from bot.rules import completion
from models import database, roster
from models.completion import Completion
from models.matter import Matter
from models.review import Review
from models.roster import Seated


async def report(found: Matter, row: Completion, by: Seated, at: datetime) -> None:
    """The leaders get the result with its files: the leader in charge and who approved it; the main leader where
    neither can be reached (R48)."""
    seated = (await notify.holders([found.unit_id], notify.today(at)))[found.unit_id]
    people = [*seated.get("leader_in_charge", ()), *await rights.approvers(found)]
    name = (await roster.names([row.person_id]))[row.person_id]
    said = {"filer": name, "reason": row.reason, "files": await names(row), "url": facts.page(found, "completion")}
    told = await notify.active(people) or frozenset(seated.get("main_leader", ()))
    await tell.card(found, "reported_up", told, said, by, at)


async def names(row: Completion) -> list[str]:
    """The names of an application's files; a picture sent in chat has none and is "" here."""
    return [each.name for each in await document.filed(row)]


async def send_back(matter_id: int, reason: str, by: Seated, at: datetime) -> dict[str, Any]:
    """The superior returned an accepted report: it is to be reworked, at nobody's cost; the facts of the reply.

    Before the matter is written off at any time, after it within the look-back. Raises Refused: not_reviewer,
    return_reason, not_up_yet, look_back_over.
    """
    async with database.transaction():
        found = await family.lock(matter_id)
        await office.expect(found, by, at, None)
        if not reason:
            raise errors.Refused("return_reason", code=found.code)
        row = await Completion.filter(matter_id=found.id, cycle=found.cycle, state="accepted").first()
        if row is None or found.closed_at is None:
            raise errors.Refused("not_up_yet", code=found.code)
        _expect_recent(found, at)
        done = await change.apply(
            found.id,
            lambda current, book: completion.return_from_above(current, at, book),
            name="return_from_above",
            by=by.id,
            at=at,
            facts={"completion": row.id, "reason": reason, "written_off_no": found.written_off_no},
        )
        await Matter.filter(id=found.id).update(written_off_at=None, written_off_no="")
        await Completion.filter(id=row.id).update(state="returned")
        await family.settle(found, by, at)
        return await _told(done, row, reason, by, at)


def _expect_recent(found: Matter, at: datetime) -> None:
    days = setting.book(found).rules.look_back_days
    if found.written_off_at and at > found.written_off_at + timedelta(days=days):
        raise errors.Refused("look_back_over", code=found.code, since=found.written_off_at, days=days)


async def _told(done: change.Change, row: Completion, reason: str, by: Seated, at: datetime) -> dict[str, Any]:
    """Written beside the other reviews, without points, and told to the unit."""
    found, owed = done.matter, done.after.find("REWORK")
    assert owed is not None
    assert owed.due_at is not None
    await Review.create(
        matter_id=found.id,
        cycle=found.cycle,
        obligation_id=done.written[owed.name, owed.ordinal],
        completion_id=row.id,
        person_id=by.id,
        verdict="from_above",
        reason=reason,
        scored=False,
        at=at,
    )
    name = (await roster.names([row.person_id]))[row.person_id]
    said = {"object": "completion", "reason": reason, "filer": name}
    said |= {"filed_at": row.at.isoformat(), "next_node": "REWORK", "next_due_at": owed.due_at.isoformat()}
    await office.tell(found, "from_above", said, by, at)
    return {**await facts.of(found), **said}
