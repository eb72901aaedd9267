"""Accountability (问效): the director reports or not, the main leader alone starts it or not (R59, A16, A78)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors, wording
from bot.actions import change, facts, posts, question
from bot.engine import asked, notify
from bot.engine.notify import Planned
from bot.rules import accountability
from bot.rules.life import Refusal
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
    on = notify.today(at)
    if verdict in REPORTED and by.id not in (await posts.over(matter.unit_id, on))[1]:
        raise errors.Refused("director_only", word=wording.word("kind", "accountability_proposal"))
    if verdict in STARTED and "main_leader" not in by.roles:
        raise errors.Refused("not_main_leader", code=matter.code)
    if not matter.proposal_open or matter.closed_at:
        raise errors.Refused("no_proposal", code=matter.code)
    waiting = await report_of(matter)
    if verdict in REPORTED and waiting:
        raise errors.Refused("already_reported", code=matter.code, at=waiting.asked_at)
    if verdict in STARTED and waiting is None:
        raise errors.Refused("not_reported", code=matter.code)
    return waiting


async def report_of(matter: Matter) -> Ruling | None:
    """The report to the main leader on the open proposal; None before it, and when no proposal is open."""
    if not matter.proposal_open:
        return None
    episode = (await _root(matter)).episode
    mine = Ruling.filter(matter_id=matter.id, kind=KIND, role="main_leader", subject=episode, verdict="")
    return await mine.order_by("-id").first()


async def report(matter_id: int, verdict: str, by: Seated, at: datetime, reason: str = "") -> Done:
    """The director's word: reported puts the proposal before the main leader, dropped ends it; raises as `expect`."""
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await expect(matter, verdict, by, at)
        matter = await _ended(matter, verdict == "dropped")
        root, role = await _root(matter), (await posts.over(matter.unit_id, notify.today(at)))[0]
        word = {"verdict": verdict, "decided_by_id": by.id, "decided_at": at, "note": reason[:REASON]}
        await _ruling(matter, role, root, at, **word)
        said = {"reason": reason[:REASON], "stands_in": await posts.stands_in(by.id, [role], notify.today(at))}
        await change.record(matter, f"accountability_{verdict}", by=by.id, at=at, facts=said)
        if verdict == "reported":
            await question.decide(matter, "stalled", "accountability_reported", at, by.id)
        done = "reported" if verdict == "reported" else "unreported"
        await asked.turn(matter.id, "accountability_proposal", [0], done, at, by=by.id)
        shown = {**await facts.of(matter), "verdict": verdict, "by": by.name, "reason": reason[:REASON]}
        if verdict == "reported":
            shown["leaders"] = await _put_before(matter, root, by, at, shown)
        else:
            await _tell(matter, root, by, at, shown, roles=("office",))
        return Done(verdict, shown)


async def decide(matter_id: int, verdict: str, by: Seated, at: datetime, reason: str = "") -> Done:
    """The main leader's word: started or declined; the count begins anew, everybody concerned is told."""
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        waiting = await expect(matter, verdict, by, at)
        assert waiting
        matter = await _ended(matter, True)
        said = {"verdict": verdict, "decided_by_id": by.id, "decided_at": at, "note": reason[:REASON]}
        await Ruling.filter(id=waiting.id).update(**said)
        stands_in = await posts.stands_in(by.id, ["main_leader"], notify.today(at))
        line = {"reason": reason[:REASON], "stands_in": stands_in}
        await change.record(matter, f"accountability_{verdict}", by=by.id, at=at, facts=line)
        await asked.turn(matter.id, "accountability_report", [waiting.id], verdict, at, by=by.id)
        shown = {**await facts.of(matter), "verdict": verdict, "by": by.name, "reason": reason[:REASON]}
        roles: tuple[str, ...] = ("office", "office_director", "leader_in_charge")
        if verdict == "started":
            roles = (*roles, "head", "operator_a", "operator_b", "handler")
        await _tell(matter, await _root(matter), by, at, shown, roles=roles)
        return Done(verdict, shown)


async def _ended(matter: Matter, over: bool) -> Matter:
    """The locked matter; `over`: the proposal is decided. The ledger line is the caller's."""
    if not over:
        return matter
    before = await lives.load(matter)
    try:
        await lives.store(matter, before, accountability.decide(before))
    except Refusal as refusal:
        raise errors.Refused(str(refusal), code=matter.code) from refusal
    return matter


async def _root(matter: Matter) -> Obligation:
    return await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)


async def _ruling(matter: Matter, role: str, root: Obligation, at: datetime, **rest: Any) -> Ruling:
    return await Ruling.create(matter_id=matter.id, kind=KIND, role=role, subject=root.episode, asked_at=at, **rest)


async def _put_before(matter: Matter, root: Obligation, by: Seated, at: datetime, shown: dict[str, Any]) -> list[str]:
    """The card to the main leader; the names of who got it. Refused no_approver when nobody sits there."""
    people = await roster.holding(["main_leader"], notify.today(at))
    if not people:
        raise errors.Refused("no_approver", post=wording.word("post", "main_leader"))
    row = await _ruling(matter, "main_leader", root, at, asked_by_id=by.id, reason=shown["reason"])
    told = {**shown, "ruling": row.id, "supervised": matter.supervised, "at": at.isoformat()}
    planned = Planned(matter.id, root.id, root.episode, "accountability_report", row.id, at, people, facts=told)
    await notify.plan([planned], at)
    names = await roster.names(people)
    return [names[each] for each in people]


async def _tell(
    matter: Matter, root: Obligation, by: Seated, at: datetime, shown: dict[str, Any], *, roles: tuple[str, ...]
) -> None:
    seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    people: list[int | None] = [each for role in roles for each in seated.get(role, ()) if role != "handler"]
    people += [await notify.handler(matter, notify.today(at))] if "handler" in roles else []
    told = [each for each in dict.fromkeys(people) if each and each != by.id]
    seq = matter.ledger_n
    planned = Planned(matter.id, root.id, root.episode, "accountability_decided", seq, at, told, facts=shown)
    await notify.plan([planned], at)
