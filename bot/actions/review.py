"""The office returns what was filed (退回): the pending completion, else the latest feedback (R49, A17, A19, A70)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import award, change, facts, office, posts, rights
from bot.engine import asked, notify
from bot.rules import completion
from bot.rules.calendar import end_of_day
from bot.rules.life import Book, Life
from bot.rules.status import MATTER, is_period
from models import database, roster
from models import life as lives
from models.completion import Completion
from models.feedback import Feedback
from models.matter import Matter
from models.obligation import Obligation
from models.review import Review
from models.roster import Seated

FILED = ("feedback", "acknowledge")
COPIED_FROM = 3
"""The director is copied from this return on (A17)."""


@dataclass(frozen=True, slots=True)
class Return:
    """How it is returned: the reason, whether it is not done at all (未落实), whether it costs a tenth (A70), whether
    the superior sent it back (上级), which `upward.send_back` serves (A51)."""

    reason: str
    not_done: bool = False
    scored: bool = True
    superior: bool = False


async def send_back(matter_id: int, how: Return, by: Seated, at: datetime, node: str) -> dict[str, Any]:
    """Return what waits for the office's review (R49); the facts of the reply. `node`: it must be that one's (A71).

    Raises Refused: closed_matter, not_reviewer, own_filing, return_reason, not_director, nothing_to_return,
    return_too_late, not_latest, arrived_since.
    """
    async with database.transaction():
        found = await database.lock_matter(matter_id)
        rights.expect_open(found)
        filer = await _filer(found, node)
        await office.expect(found, by, at, filer)
        if not how.reason:
            raise errors.Refused("return_reason", code=found.code)
        role, may_spare = await posts.over(found.unit_id, notify.today(at), filer)
        if not how.scored and by.id not in may_spare:
            raise errors.Refused("not_director", code=found.code, role=role)
        if found.completion_at and not node:
            return await _return_completion(found, how, by, at)
        return await _return_feedback(found, how, by, at, node)


async def _filer(found: Matter, node: str) -> int | None:
    """Who filed what is returned; None when nothing is there to return."""
    if found.completion_at and not node:
        return (await _pending(found)).person_id
    row = await latest(found)
    return row.person_id if row else None


async def _pending(found: Matter) -> Completion:
    return await Completion.get(matter_id=found.id, state="pending")


async def _return_completion(found: Matter, how: Return, by: Seated, at: datetime) -> dict[str, Any]:
    row = await _pending(found)
    office.expect_seen(found, "completion", row.at, at)
    done = await _apply(found, how, by, at, {"completion": row.id, "not_done": how.not_done})
    row.state = "void" if how.not_done else "returned"
    await row.save()
    name = MATTER if how.not_done else "REWORK"
    owed = await _row(done.matter, name)
    review = await _write(done.matter, owed, how, by, at, {"completion_id": row.id})
    told = {"object": "completion", **facts.following(done.after.obligations, at)}
    told |= await _mark(review, how, owed.episode, owed.due_at, at)
    await asked.turn(done.matter.id, "completion", [row.id], "returned", at, by=by.id)
    return await _tell(done.matter, how, told, row.person_id, row.at, by, at)


async def _return_feedback(found: Matter, how: Return, by: Seated, at: datetime, node: str) -> dict[str, Any]:
    row = await latest(found)
    if row is None:
        raise errors.Refused("nothing_to_return", code=found.code)
    if node and not is_of(found.filed, node):
        raise errors.Refused("not_latest", code=found.code, node=found.filed)
    before = await answered(found)
    office.expect_seen(found, before.label, row.at, at)
    due_at, episode = before.due_at, before.episode
    done = await _apply(found, how, by, at, {"feedback": row.id, "node": before.name})
    review = await _write(done.matter, before, how, by, at, {"feedback_id": row.id})
    told = {"object": before.label, **_next(done, at, before)}
    told |= {"tenths": 0} if before.is_limit else await _mark(review, how, episode, due_at, at)
    return await _tell(done.matter, how, told, row.person_id, row.at, by, at)


async def latest(found: Matter) -> Feedback | None:
    """The feedback that waits for a review (A19): none when it was reviewed, recalled or overtaken by a completion."""
    if found.filed_at is None:
        return None
    mine = Feedback.filter(matter_id=found.id, kind__in=FILED, at=found.filed_at)
    return await mine.order_by("-id").first()


async def answered(found: Matter) -> Obligation:
    """What the feedback that waits for a review is kept for, as `Life.answered`."""
    mine = [each for each in await lives.rows(found) if each.name == found.filed]
    return next((each for each in reversed(mine) if each.ended == "met" and each.met_at == found.filed_at), mine[-1])


def is_of(name: str, hint: str) -> bool:
    """Whether the obligation is the one that a person named: N3, W, M, M09, W04-09 (see `handlers.numbers.node`)."""
    return (
        name == hint
        or (name == "CUSTOM" and hint.startswith(name))
        or (is_period(name) and name[0] == hint[0] and name.endswith(hint[1:]))
    )


async def _row(found: Matter, name: str) -> Obligation:
    rows = [each for each in await lives.rows(found) if each.name == name]
    return rows[-1]


async def _apply(found: Matter, how: Return, by: Seated, at: datetime, said: dict[str, Any]) -> change.Change:
    verb: Callable[[Life, Book], Life] = lambda current, book: completion.send_back(  # noqa: E731
        current, at, book, not_done=how.not_done
    )
    told = {**said, "reason": how.reason, "scored": how.scored}
    return await change.apply(found.id, verb, name="return", by=by.id, at=at, facts=told)


async def _write(
    found: Matter, owed: Obligation, how: Return, by: Seated, at: datetime, filed: dict[str, int]
) -> Review:
    verdict = "not_done" if how.not_done and "completion_id" in filed else "returned"
    what: dict[str, Any] = dict(filed)
    return await Review.create(
        matter_id=found.id,
        cycle=found.cycle,
        obligation_id=owed.id,
        person_id=by.id,
        verdict=verdict,
        reason=how.reason,
        scored=how.scored,
        at=at,
        **what,
    )


async def _mark(review: Review, how: Return, episode: int, due_at: datetime | None, at: datetime) -> dict[str, Any]:
    """R54, A17: each return costs a tenth, unless who decides for the office spares the unit (A70)."""
    if not how.scored:
        return {"tenths": 0}
    return {"tenths": await award.book(review, "returned", episode=episode, due_at=due_at, at=at)}


def _next(done: change.Change, at: datetime, returned: Obligation) -> dict[str, Any]:
    """What is owed now and until when: the returned duty itself, else the next one."""
    owed = done.after.obligations
    mine = [each for each in owed if (each.name, each.ordinal) == (returned.name, returned.ordinal)]
    again = facts.following(mine, at)
    return again if again["next_node"] else facts.following(owed, at)


async def _tell(
    found: Matter, how: Return, told: dict[str, Any], filer: int, filed_at: datetime, by: Seated, at: datetime
) -> dict[str, Any]:
    verdict = "not_done" if how.not_done and told["object"] == "completion" else "returned"
    count = await Review.filter(matter_id=found.id, cycle=found.cycle, verdict__in=("returned", "not_done")).count()
    copied = await office.directors(found, at) if count >= COPIED_FROM else []
    name = (await roster.names([filer]))[filer]
    said = {**told, "reason": how.reason, "filer": name, "filed_at": filed_at.isoformat(), "count": count}
    await office.tell(found, verdict, said, by, at, [each for each in copied if each != by.id])
    return {**await facts.of(found), "verdict": verdict, **said, "copied": bool(copied)}


def in_time(filed_at: datetime, at: datetime, book: Book) -> bool:
    """Whether five working days have not gone by since (A19, A68)."""
    return at <= end_of_day(book.days.add_workdays(filed_at, 5))
