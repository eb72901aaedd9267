"""Acceptance (办结) and writing off (销号): the end of a matter (R6, R29, R48, A51, A68)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import award, change, consent, facts, family, office, rights, upward
from bot.engine import asked
from bot.rules import completion, scoring
from bot.rules.status import MATTER
from models import database, roster
from models.completion import Completion
from models.matter import Matter
from models.obligation import Obligation
from models.review import Review
from models.roster import Seated

AT_ONCE = ("meeting", "unit")
"""Sources whose matters are written off with the acceptance; the others wait for the superior's word (A51)."""
LONGEST = 60


async def accept(completion_id: int, by: Seated, at: datetime, grade: str, *, pressed: bool = False) -> dict[str, Any]:
    """Accept a pending completion, with a grade or without; every duty is met as of the application (R6, R29), and
    nobody is asked any more to withdraw or merge the matter (A46).

    Raises Refused: closed_matter, not_reviewer, own_filing, completion_decided, arrived_since (by words alone: who
    presses its card has it before him).
    """
    async with database.transaction():
        found = await family.lock((await Completion.get(id=completion_id)).matter_id)
        row = await Completion.get(id=completion_id)
        rights.expect_open(found)
        await office.expect(found, by, at, row.person_id)
        if row.state != "pending":
            raise errors.Refused("completion_decided", code=found.code, state=row.state)
        if not pressed:
            office.expect_seen(found, "completion", row.at, at)
        done = await change.apply(
            found.id,
            lambda current, _: completion.accept(current, at),
            name="accept",
            by=by.id,
            at=at,
            facts={"completion": row.id, "grade": grade},
        )
        found = done.matter
        row.state = "accepted"
        await row.save()
        tenths = await _grade(found, row, by, at, grade)
        if found.source in AT_ONCE:
            await _write_off(found, at, "")
            await upward.report(found, row, by, at)
        await asked.turn(found.id, "completion", [row.id], "accepted", at, by=by.id, pressed=pressed)
        await consent.drop(found, at)
        await family.settle(found, by, at)
        return await _told(found, "accepted", row, {"grade": grade, "tenths": tenths}, by, at)


async def _grade(found: Matter, row: Completion, by: Seated, at: datetime, grade: str) -> int:
    """The tenths: a grade takes the place of that which the superior's return left behind (A51, A68)."""
    root = await Obligation.get(matter_id=found.id, cycle=found.cycle, name=MATTER)
    review = await Review.create(
        matter_id=found.id,
        cycle=found.cycle,
        obligation_id=root.id,
        completion_id=row.id,
        person_id=by.id,
        verdict="accepted",
        grade=grade,
        at=at,
    )
    tenths = await award.reverse(root, at) if grade else 0
    if grade in scoring.TENTHS:
        tenths += await award.book(review, grade, episode=root.episode, due_at=None, at=at)
    return tenths


async def write_off(matter_id: int, by: Seated, at: datetime, document_no: str) -> dict[str, Any]:
    """销号: the report went up, or the superior confirmed; only after the acceptance (A51).

    Raises Refused: not_reviewer, not_accepted, written_off, too_long.
    """
    async with database.transaction():
        found = await family.lock(matter_id)
        await office.expect(found, by, at, None)
        row = await Completion.filter(matter_id=found.id, cycle=found.cycle, state="accepted").first()
        if row is None:
            raise errors.Refused("not_accepted", code=found.code)
        if found.written_off_at:
            raise errors.Refused("written_off", code=found.code, since=found.written_off_at)
        if len(document_no) > LONGEST:
            raise errors.Refused("too_long", field="document_no", most=LONGEST)
        await _write_off(found, at, document_no)
        await change.record(found, "write_off", by=by.id, at=at, facts={"document_no": document_no})
        await family.settle(found, by, at)
        return await _told(found, "written_off", row, {}, by, at)


async def _write_off(found: Matter, at: datetime, document_no: str) -> None:
    found.written_off_at, found.written_off_no = at, document_no
    await Matter.filter(id=found.id).update(written_off_at=at, written_off_no=document_no)


async def _told(
    found: Matter, verdict: str, row: Completion, said: dict[str, Any], by: Seated, at: datetime
) -> dict[str, Any]:
    name = (await roster.names([row.person_id]))[row.person_id]
    told = {
        "filer": name,
        "filed_at": row.at.isoformat(),
        "written_off": found.written_off_at is not None,
        "document_no": found.written_off_no,
        "reason": "",
        "url": facts.page(found, "completion"),
        **said,
    }
    await office.tell(found, verdict, told, by, at)
    files = await upward.names(row)
    return {**await facts.of(found), **told, "files": files}
