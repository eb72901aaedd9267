"""The posts that approve a proposal, by source (R7–R10), and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot import errors, wording
from bot.actions import seating, setting
from bot.engine import notify
from bot.rules import recipients
from models import roster
from models.matter import Matter
from models.people import Unit

LEADERS = ("leader_in_charge", "main_leader")
APPROVE: Mapping[str, tuple[str, ...]] = {
    "provincial_13710": ("office_director",),
    "province": ("office_director",),
    "meeting": ("leader",),
    "unit": ("leader_in_charge", "office_director"),
}
"""Source → posts that approve it; `leader` is any leader of the department."""
APPROVERS = ("office_director", *LEADERS)


def roles(source: str, leads: int) -> list[str]:
    """The roles of the approvals of a proposal, by source (R7–R10); each unit that leads has its own leader in charge
    (A62)."""
    found = []
    for role in APPROVE[source]:
        more = range(2, leads + 1) if role == "leader_in_charge" else ()
        found += [role, *(f"{role}:{nth}" for nth in more)]
    return found


async def holders(matter: Matter, wanted: Iterable[str], on: date) -> dict[str, list[int]]:
    """Role of an approval of this matter → the people who may give it on a day."""
    return await _holders(matter.leads or [matter.unit_id], wanted, on)


async def _holders(units: Sequence[int], wanted: Iterable[str], on: date) -> dict[str, list[int]]:
    """`leader_in_charge:2` is that of the second unit; every other post is the first one's, or of no unit."""
    seated = await notify.holders(units, on)
    found = {}
    for role in wanted:
        post, _, nth = role.partition(":")
        own = seated[units[int(nth or 1) - 1]].get(post, ())
        found[role] = await roster.holding(LEADERS, on) if role == "leader" else list(dict.fromkeys(own))
    return found


async def stands_in(person_id: int, given: Iterable[str], on: date) -> bool:
    """Whether the person gives these approvals for somebody else (代, A65)."""
    seats = {seat for role in given for seat in (LEADERS if role == "leader" else (role.partition(":")[0],))}
    return await roster.stands_in(person_id, seats, on)


async def expect(units: Sequence[Unit], source: str, on: date) -> dict[str, list[int]]:
    """Who approves a matter of these leading units and this source.

    Refused no_operator or no_approver when the roster has a gap, and posts_missing where the rules block it (A39).
    """
    seated = await notify.holders([unit.id for unit in units], on)
    for unit in units:
        if not any(seated[unit.id].get(role) for role in roster.UNIT_POSTS):
            raise errors.Refused("no_operator", unit=unit.name)
        await expect_filled(unit, on)
    held = await _holders([unit.id for unit in units], roles(source, len(units)), on)
    expect_held(held)
    return held


def expect_held(held: Mapping[str, Sequence[int]]) -> None:
    """Refused no_approver when one of these posts has no holder: its word would never come."""
    for role, people in held.items():
        if not people:
            raise errors.Refused("no_approver", post=_word(role))


async def expect_filled(unit: Unit, on: date, *, initiating: bool = False) -> None:
    """Refused posts_missing when nobody sits at A or B and `posts_missing = block` (A39)."""
    if setting.current().rules.posts_missing == "block" and (lacking := await seating.missing(unit.id, on)):
        raise errors.Refused("posts_missing", unit=unit.name, posts=lacking, initiating=initiating)


async def over(unit_id: int, on: date, but: int | None = None) -> tuple[str, list[int]]:
    """Role and people who decide about a unit for the office: the director; about the office itself its leader in
    charge; the main leader where nobody is left `but` the one whose own request it is (A66)."""
    seated = (await notify.holders([unit_id], on))[unit_id]
    own = await roster.is_office(unit_id, on)
    order = ("leader_in_charge" if own else "office_director", "main_leader")
    people = {role: [each for each in dict.fromkeys(seated.get(role, ())) if each != but] for role in order}
    role = next((each for each in order if people[each]), order[0])
    return role, people[role]


async def proposed(unit_id: int, on: date) -> list[int]:
    """Who gets the card of a proposal of accountability: the office (A37), and who decides about the unit in the
    director's place (A66)."""
    seated = (await notify.holders([unit_id], on))[unit_id]
    role, people = await over(unit_id, on)
    above = people if role != "office_director" else ()
    return list(dict.fromkeys([*recipients.persons(("office",), seated, None), *above]))


async def named(held: Mapping[str, Sequence[int]]) -> list[tuple[str, str]]:
    """[(post, names)] in people's words; who holds two posts stands at the first alone (A65), a post that nobody holds
    stands there all the same: its word is awaited."""
    names = await roster.names(person for people in held.values() for person in people)
    told: set[int] = set()
    shown = []
    for role, people in held.items():
        if people and set(people) <= told:
            continue
        told |= set(people)
        shown.append((_word(role), "/".join(names[each] for each in people) or wording.word("form", "nobody")))
    return shown


def _word(role: str) -> str:
    return wording.word("post", role.partition(":")[0])
