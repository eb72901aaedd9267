"""Grades (评价): of a stage's feedback or of the accepted completion (R51, R52, R57, R58, A35, A68)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import account, award, change, facts, office, review, rights, setting
from bot.rules import calendar, completion, scoring
from bot.rules.status import MATTER, is_period
from models import database, roster
from models import life as lives
from models.completion import Completion
from models.feedback import Feedback
from models.matter import Matter
from models.obligation import Obligation
from models.review import Review
from models.roster import Seated
from models.score import ScoreEvent

VOID = ("withdrawn", "merged")
"""How a matter ends that is graded no more (A46)."""


@dataclass(frozen=True, slots=True)
class Object:
    """What is graded: the obligation it answered (MATTER for a completion), who filed it and when."""

    owed: Obligation
    filer: int
    filed_at: datetime
    feedback: int | None = None
    completion: int | None = None


async def grade(matter_id: int, given: str, by: Seated, at: datetime, node: str = "") -> dict[str, Any]:
    """Grade the obligation named, else what A71 says (R51, R52, A35); a second one within 5 working days replaces it.

    Raises Refused: not_reviewer, own_filing, grade_pending, nothing_to_grade, grade_first_node, grade_limit,
    grade_too_late, same_grade, graded_this_quarter, arrived_since.
    """
    async with database.transaction():
        found = await database.lock_matter(matter_id)
        await office.expect(found, by, at, None)
        if found.state in VOID:
            raise _nothing(found)
        what = await (_named(found, node) if node else _meant(found))
        await office.expect(found, by, at, what.filer)
        if what.owed.name == "N1":
            raise errors.Refused("grade_first_node", code=found.code)
        if what.owed.is_limit:
            raise errors.Refused("grade_limit", code=found.code)
        earlier = await _earlier(found, what)
        await _expect_new(found, what, given, earlier, at)
        found = await _settle(found, what, given, by, at)
        row = await _write(found, what, given, by, at)
        tenths = back = await award.reverse(what.owed, at)
        if given in scoring.TENTHS:
            tenths += await award.book(row, given, episode=what.owed.episode, due_at=what.owed.due_at, at=at)
        return await _tell(found, what, {"grade": given, "tenths": tenths, "replaced": bool(earlier or back)}, by, at)


async def accept(matter_id: int, given: str, by: Seated, at: datetime) -> dict[str, Any]:
    """Accept the feedback that waits for a review, `given` "" without a grade (A71); it can't be returned any more.

    Raises Refused: closed_matter, no_completion (nothing waits for a review), and what `grade` raises.
    """
    async with database.transaction():
        found = await database.lock_matter(matter_id)
        await office.expect(found, by, at, None)
        rights.expect_open(found)
        if await review.latest(found) is None:
            raise errors.Refused("no_completion", code=found.code)
        if given:
            return await grade(matter_id, given, by, at)
        what = await _meant(found)
        await office.expect(found, by, at, what.filer)
        found = await _settle(found, what, "", by, at)
        await _write(found, what, "", by, at)
        return await _tell(found, what, {"grade": "", "tenths": 0, "replaced": False}, by, at)


async def _meant(found: Matter) -> Object:
    """A71: the accepted completion, the feedback that waits, else the one graded last."""
    if found.completion_at:
        raise errors.Refused("grade_pending", code=found.code)
    done = await Completion.filter(matter_id=found.id, cycle=found.cycle, state="accepted").first()
    if done:
        root = await Obligation.get(matter_id=found.id, cycle=found.cycle, name=MATTER)
        return Object(root, done.person_id, done.at, completion=done.id)
    last = await review.latest(found)
    if last:
        return _answer(last, await review.answered(found))
    row = await _graded(found).filter(feedback_id__not_isnull=True).order_by("-id").first()
    if row is None:
        raise _nothing(found)
    return _answer(await Feedback.get(id=row.feedback_id), await Obligation.get(id=row.obligation_id))


async def _named(found: Matter, node: str) -> Object:
    """The latest accepted answer to the obligation named (A71)."""
    rows = [each for each in await lives.rows(found) if review.is_of(each.name, node) and each.ended == "met"]
    if not rows:
        raise _nothing(found)
    owed = max(rows, key=lambda each: (each.met_at, each.id))
    met_by = Feedback.filter(matter_id=found.id, kind__in=review.FILED, at=owed.met_at).order_by("-id")
    row = await met_by.filter(obligation_id=owed.id).first() or await met_by.first()
    if row is None:  # a completion met it
        raise _nothing(found)
    return _answer(row, owed)


def _answer(row: Feedback, owed: Obligation) -> Object:
    return Object(owed, row.person_id, row.at, feedback=row.id)


def _nothing(found: Matter) -> errors.Refused:
    return errors.Refused("nothing_to_grade", code=found.code)


def _graded(found: Matter) -> Any:
    return Review.filter(matter_id=found.id, cycle=found.cycle).exclude(grade="")


async def _earlier(found: Matter, what: Object) -> Review | None:
    """The grade that stands for the same obligation (A68)."""
    row: Review | None = await _graded(found).filter(obligation_id=what.owed.id).order_by("-id").first()
    return row


async def _expect_new(found: Matter, what: Object, given: str, earlier: Review | None, at: datetime) -> None:
    """A68: replaced within five working days; of the periods one a quarter."""
    if earlier and not review.in_time(earlier.at, at, setting.book(found)):
        raise errors.Refused("grade_too_late", code=found.code, since=earlier.at)
    if earlier and earlier.grade == given:
        raise errors.Refused("same_grade", code=found.code, grade=given, since=earlier.at)
    if earlier or not is_period(what.owed.name):
        return
    others = await _graded(found).filter(obligation__name__not=MATTER).prefetch_related("obligation")
    for each in others:
        if is_period(each.obligation.name) and _quarter(each.at) == _quarter(at):
            raise errors.Refused("graded_this_quarter", code=found.code, node=each.obligation.name, since=each.at)


def _quarter(at: datetime) -> tuple[int, int]:
    day = calendar.local(at).date()
    return day.year, (day.month + 2) // 3


async def _settle(found: Matter, what: Object, given: str, by: Seated, at: datetime) -> Matter:
    """What waited for a review waits no more: it can't be returned now (A19). Refused arrived_since."""
    said = {"node": what.owed.name, "grade": given, "feedback": what.feedback, "completion": what.completion}
    waits = await review.latest(found)
    if waits and waits.id == what.feedback:
        office.expect_seen(found, what.owed.label, what.filed_at, at)
        verb = await change.apply(
            found.id, lambda current, _: completion.review(current), name="grade", by=by.id, at=at, facts=said
        )
        return verb.matter
    await change.record(found, "grade", by=by.id, at=at, facts=said)
    return found


async def _write(found: Matter, what: Object, given: str, by: Seated, at: datetime) -> Review:
    return await Review.create(
        matter_id=found.id,
        cycle=found.cycle,
        obligation_id=what.owed.id,
        feedback_id=what.feedback,
        completion_id=what.completion,
        person_id=by.id,
        verdict="graded" if given else "accepted",
        grade=given,
        at=at,
    )


async def _tell(found: Matter, what: Object, said: dict[str, Any], by: Seated, at: datetime) -> dict[str, Any]:
    name = (await roster.names([what.filer]))[what.filer]
    told = {
        "object": "completion" if what.completion else what.owed.label,
        "filer": name,
        "filed_at": what.filed_at.isoformat(),
        "reason": "",
        **said,
    }
    units = await _bearers(what.owed)
    await office.tell(found, "graded", told, by, at, units=units)
    return {**await facts.of(found), **told, "unit": await facts.units(units)}


async def _bearers(owed: Obligation) -> list[int]:
    """The unit whose work it was, also after 改派, and those that bear the grade's points with it (A34)."""
    booked = await ScoreEvent.filter(obligation_id=owed.id, rule__in=award.GRADED).order_by("id")
    return list(dict.fromkeys([owed.unit_id, *(unit for each in booked for unit in account.bearers(each))]))
