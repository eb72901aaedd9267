"""The posts that approve a proposal, by source (R7–R10), and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot import errors, wording
from bot.engine import notify
from models import roster

LEADERS = ("leader_in_charge", "main_leader")
APPROVE: Mapping[str, tuple[str, ...]] = {
    "provincial_13710": ("office_director",),
    "province": ("office_director",),
    "meeting": ("leader",),
    "unit": ("leader_in_charge", "office_director"),
}
"""Source → roles of its Approval rows; `leader` is any leader of the department."""
APPROVERS = ("office_director", *LEADERS)


async def holders(unit_id: int, roles: Iterable[str], on: date) -> dict[str, list[int]]:
    """Role of an approval → the people who may give it for this unit on a day."""
    seated = (await notify.holders([unit_id], on))[unit_id]
    leaders = await roster.holding(LEADERS, on)
    return {role: leaders if role == "leader" else list(dict.fromkeys(seated.get(role, ()))) for role in roles}


async def stands_in(person_id: int, roles: Iterable[str], on: date) -> bool:
    """Whether the person gives these approvals for somebody else (代, A65)."""
    seats = {seat for role in roles for seat in (LEADERS if role == "leader" else (role,))}
    return await roster.stands_in(person_id, seats, on)


async def expect(unit_id: int, unit: str, source: str, on: date) -> dict[str, list[int]]:
    """Who approves a matter of this unit and source (R7–R10); Refused no_operator, no_approver where nobody is."""
    seated = (await notify.holders([unit_id], on))[unit_id]
    if not any(seated.get(role) for role in roster.UNIT_POSTS):
        raise errors.Refused("no_operator", unit=unit)
    held = await holders(unit_id, APPROVE[source], on)
    for role, people in held.items():
        if not people:
            raise errors.Refused("no_approver", post=wording.word("post", role))
    return held


async def over(unit_id: int, on: date) -> tuple[str, list[int]]:
    """Role and people who decide about a unit for the office: the director; about the office itself its leader in
    charge (A66); the main leader where that post is empty."""
    seated = (await notify.holders([unit_id], on))[unit_id]
    own = await roster.is_office(unit_id, on)
    order = ("leader_in_charge" if own else "office_director", "main_leader")
    role = next((each for each in order if seated.get(each)), order[0])
    return role, list(dict.fromkeys(seated.get(role, ())))


async def named(held: Mapping[str, Sequence[int]]) -> list[tuple[str, str]]:
    """[(post, names)] in people's words; who holds two posts stands at the first alone (A65)."""
    names = await roster.names(person for people in held.values() for person in people)
    told: set[int] = set()
    shown = []
    for role, people in held.items():
        if set(people) <= told:
            continue
        told |= set(people)
        shown.append((wording.word("post", role), "/".join(names[each] for each in people)))
    return shown
