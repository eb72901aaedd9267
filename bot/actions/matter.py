"""A matter's beginning and its handler: propose (拟立项) and assign (分办)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from bot import errors
from bot.actions import approval, change, dispatch, facts, posts, reminder, rights, taking, tell
from bot.actions.approval import Decided
from bot.engine import notify
from bot.rules.status import MATTER
from models import counter, database, roster
from models import life as lives
from models.matter import Approval, Matter
from models.obligation import Obligation
from models.people import Unit
from models.roster import Seated

LONGEST = {"title": 200, "document_no": 60}
_KEPT = ("title", "source", "category", "unit_id", "due_on", "urgent", "sensitive", "document_no", "document_on")
"""What a matter keeps of its draft as it is."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed; source and category as codes, units by id, `instruction` is what a leader wrote on it.

    `later`: whoever needs nobody's word puts the dispatch off (A58). `leads`: the units that lead together,
    `unit_id` the first of them; empty when it leads alone (A62).
    """

    title: str
    source: str
    category: str
    unit_id: int
    leads: tuple[int, ...] = ()
    cooperating: tuple[int, ...] = ()
    due_on: date | None = None
    urgent: bool = False
    sensitive: bool = False
    document_no: str = ""
    document_on: date | None = None
    instruction: str = ""
    later: bool = False


async def propose(draft: Draft, by: Seated, at: datetime) -> Decided:
    """Store a proposal, ask its approvers by card, and initiate it at once when nobody is left to ask.

    The director's own proposal counts as his approval, his stand-in's as one 代, recorded so; under R10 the leader in
    charge is still asked (A65).
    Raises Refused: too_long, no_operator, no_approver, no_day_off.
    """
    for name, most in LONGEST.items():
        if len(getattr(draft, name)) > most:
            raise errors.Refused("too_long", field=name, most=most)
    on = notify.today(at)
    async with database.transaction():
        units = [await Unit.get(id=each) for each in draft.leads or (draft.unit_id,)]
        held = await posts.expect(units, draft.source, on)
        matter = await _create(draft, by.id, at)
        waiting = {role: people for role, people in held.items() if not (role == "office_director" and by.id in people)}
        approvals = [await _approval(matter, role, by.id, at, open_=role in waiting) for role in held]
        told = {**asdict(draft), "proposal_no": matter.proposal_no}
        if given := [role for role in held if role not in waiting]:
            told |= {"roles": given, "stands_in": await posts.stands_in(by.id, given, on)}
        await change.record(matter, "propose", by=by.id, at=at, facts=told)
        await _ask(matter, [each for each in approvals if not each.verdict], waiting, draft, by, at)
        later_at = dispatch.expect(at) if draft.later and not waiting else None
        return await approval.last(matter, await posts.named(waiting), later_at, by, at)


async def _create(draft: Draft, by: int, at: datetime) -> Matter:
    matter = await Matter.create(
        **{name: getattr(draft, name) for name in _KEPT},
        leads=list(draft.leads) or None,
        cooperating=list(draft.cooperating),
        proposal_no=await counter.proposal(),
        state="proposed",
        proposer_id=by,
        proposed_at=at,
    )
    await Obligation.create(matter_id=matter.id, unit_id=matter.unit_id, name=MATTER, planned_at=at)
    return matter


async def _approval(matter: Matter, role: str, by: int, at: datetime, *, open_: bool) -> Approval:
    decided: dict[str, Any] = {} if open_ else {"person_id": by, "verdict": "approved", "decided_at": at}
    return await Approval.create(matter_id=matter.id, role=role, **decided)


async def _ask(
    matter: Matter, approvals: list[Approval], held: Mapping[str, list[int]], draft: Draft, by: Seated, at: datetime
) -> None:
    """One card a person: who holds two posts is asked once for both (A65)."""
    said = {
        "proposer": by.name,
        "due_on": draft.due_on.isoformat() if draft.due_on else None,
        "document_no": draft.document_no,
        "instruction": draft.instruction,
        "later_at": dispatch.offered(at),
    }
    told: set[int] = set()
    for each in approvals:
        people = [person for person in held[each.role] if person not in told]
        told.update(people)
        await reminder.begin(matter, each, at)
        await tell.about(matter, "approval", each.id, people, {**said, "approval": each.id}, at)


async def assign(matter_id: int, handler: int, by: Seated, at: datetime) -> dict[str, Any]:
    """Pass a matter on to a person of its unit (R32), who is told; the facts of the reply `assigned`.

    Raises Refused: closed_matter, other_unit, not_lead, name_unknown.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await rights.expect_filing(matter, by)
        await taking.accept(matter, by, at)
        await rights.expect_handler(matter, handler, at)
        await set_handler(matter, handler)
        owed = (lives.owed(row) for row in await lives.rows(matter))
        shown = {**await facts.of(matter), **facts.following(owed, at)}
        await tell_handler(matter, by, at, shown)
        await change.record(matter, "assign", by=by.id, at=at, facts={"handler": handler})
        return shown


async def set_handler(matter: Matter, handler: int) -> None:
    """Set the handler of the locked matter; the ledger line is the caller's."""
    await Matter.filter(id=matter.id).update(handler_id=handler)
    matter.handler_id = handler


async def tell_handler(matter: Matter, by: Seated, at: datetime, shown: Mapping[str, Any]) -> None:
    """Tell the new handler what is due, unless he named himself; `shown` are the matter's facts with what is next."""
    if matter.handler_id is None or matter.handler_id == by.id:
        return
    said = {**shown, "by": by.name, "node": shown["next_node"], "due_at": shown["next_due_at"]}
    # the ledger grows with every verb, so each handing over has a number of its own
    await tell.about(matter, "assigned", matter.ledger_n + 1, [matter.handler_id], said, at)


async def people_of(matter: Matter, at: datetime) -> dict[int, str]:
    """Who may be handler: the lead unit's people by id, the likeliest first."""
    return await roster.of_unit(matter.unit_id, notify.today(at))
