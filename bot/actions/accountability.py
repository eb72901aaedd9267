"""Accountability (问效): the director reports or not, the main leader alone starts it or not (R59, A16, A78)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors, wording
from bot.actions import change, facts, posts, question, tell
from bot.engine import asked, notify
from bot.engine.notify import Planned
from bot.rules import accountability
from bot.rules.status import MATTER
from models import database, roster
from models import life as lives
from models.matter import Matter
from models.obligation import Obligation
from models.roster import Seated
from models.ruling import Ruling

KIND = "accountability"
REPORTED = ("reported", "dropped")
STARTED = ("started", "declined")
REASON = 500


@dataclass(frozen=True, slots=True)
class Done:
    """A word given on a proposal: `verdict` reported, dropped, started or declined; `facts` for the reply."""

    verdict: str
    facts: dict[str, Any]


async def expect(matter: Matter, verdict: str, by: Seated, at: datetime) -> Ruling | None:
    """That `verdict` is the sender's to give now; the report to the main leader it answers, None at the first step.

    Raises Refused: director_only, not_main_leader, no_proposal, already_reported, not_reported.
    """
    role, directors = await posts.over(matter.unit_id, notify.today(at))
    if verdict in REPORTED and by.id not in directors:
        raise errors.Refused("director_only", word=wording.word("kind", "accountability_proposal"), role=role)
    if verdict in STARTED and "main_leader" not in by.roles:
        raise errors.Refused("not_main_leader", code=matter.code)
    if not matter.proposal_open:
        raise errors.Refused("no_proposal", code=matter.code)
    waiting = await report_of(matter)
    if verdict in REPORTED and waiting:
        raise errors.Refused("already_reported", code=matter.code, at=waiting.asked_at)
    if verdict in STARTED and waiting is None:
        raise errors.Refused("not_reported", code=matter.code)
    return waiting


async def report_of(matter: Matter) -> Ruling | None:
    """The report to the main leader on the open proposal; None before it, and when no proposal is open."""
    return await Ruling.get_or_none(matter_id=matter.id, kind=KIND, verdict="")


async def report(matter_id: int, verdict: str, by: Seated, at: datetime, reason: str) -> Done:
    """The director's word: reported puts the proposal before the main leader, dropped ends it.

    Raises as `expect`, and no_approver when nobody is main leader.
    """
    why = reason[:REASON]
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await expect(matter, verdict, by, at)
        if verdict == "dropped":
            await _end(matter)
        role, _ = await posts.over(matter.unit_id, notify.today(at))
        await _ruling(matter, role, at, verdict=verdict, decided_by_id=by.id, decided_at=at, note=why)
        await _record(matter, verdict, role, by, at, why)
        shown = {**await facts.of(matter), "verdict": verdict, "by": by.name, "reason": why}
        if verdict == "reported":
            await question.decide(matter, "stalled", "accountability_reported", at, by.id)
            await asked.turn(matter.id, "accountability_proposal", [0], "reported", at, by=by.id)
            shown["leaders"] = await _put_before(matter, by, at, shown)
        else:
            await asked.turn(matter.id, "accountability_proposal", [0], "unreported", at, by=by.id)
            await tell.card(matter, "accountability_decided", await tell.holders(matter, at, "office"), shown, by, at)
        return Done(verdict, shown)


async def decide(matter_id: int, verdict: str, by: Seated, at: datetime, reason: str) -> Done:
    """The main leader's word: started or declined; the count begins anew, everybody concerned is told.

    Raises as `expect`.
    """
    why = reason[:REASON]
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        waiting = await expect(matter, verdict, by, at)
        assert waiting
        await _end(matter)
        said = {"verdict": verdict, "decided_by_id": by.id, "decided_at": at, "note": why}
        await waiting.update_from_dict(said).save()
        await _record(matter, verdict, "main_leader", by, at, why)
        await asked.turn(matter.id, "accountability_report", [waiting.id], verdict, at, by=by.id)
        shown = {**await facts.of(matter), "verdict": verdict, "reason": why}
        told = await tell.holders(matter, at, "office", "office_director", "leader_in_charge")
        told += await tell.unit(matter, at) if verdict == "started" else []
        await tell.card(matter, "accountability_decided", told, shown, by, at)
        return Done(verdict, shown)


async def _record(matter: Matter, verdict: str, role: str, by: Seated, at: datetime, why: str) -> None:
    """The ledger's line; a stand-in's word is recorded so (A65)."""
    line = {"reason": why, "stands_in": await posts.stands_in(by.id, [role], notify.today(at))}
    await change.record(matter, f"accountability_{verdict}", by=by.id, at=at, facts=line)


async def _end(matter: Matter) -> None:
    """The proposal of the locked matter is decided; the ledger line is the caller's."""
    before = await lives.load(matter)
    await lives.store(matter, before, accountability.decide(before))


async def _root(matter: Matter) -> Obligation:
    return await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)


async def _ruling(matter: Matter, role: str, at: datetime, **rest: Any) -> Ruling:
    """A word, tied to the proposal by its episode."""
    subject = (await _root(matter)).episode
    return await Ruling.create(matter_id=matter.id, kind=KIND, role=role, subject=subject, asked_at=at, **rest)


async def _put_before(matter: Matter, by: Seated, at: datetime, shown: dict[str, Any]) -> list[str]:
    """The card to the main leader, also when he reports it himself; the names of who got it."""
    people = await roster.holding(["main_leader"], notify.today(at))
    if not people:
        raise errors.Refused("no_approver", post=wording.word("post", "main_leader"))
    row, root = await _ruling(matter, "main_leader", at, asked_by_id=by.id), await _root(matter)
    told = {**shown, "supervised": matter.supervised, "at": at.isoformat()}
    asks = Planned(matter.id, root.id, root.episode, "accountability_report", row.id, at, people, facts=told)
    await notify.plan([asks], at)
    names = await roster.names(people)
    return [names[each] for each in people]
