"""What WeCom's address book says of people of the roster: an account closed, open again, renamed (A37, A64).

New people come from the roster file alone. A closed account receives nothing and does nothing; its seats stay until
the office acts, and B, or the head, has A's place meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.actions import seats, takeover
from bot.actions.moves import Group, Move
from bot.engine import notify, word
from bot.rules import recipients
from models import database, roster
from models.people import Person, Seat
from models.roster import Seated


async def close(user: str, at: datetime) -> None:
    """The account is gone or disabled; nothing when nobody in the roster has it, or it was closed before."""
    async with database.transaction():
        await roster.lock()
        found = await Person.get_or_none(wecom_id=user, active=True)
        if found is None:
            return
        on = notify.today(at)
        held = await roster.person(found.id, on)
        await Person.filter(id=found.id).update(active=False)
        assert held
        groups = [await _group(found, held, unit, on, closed=True) for unit in _units(held)]
        for group in groups:
            await takeover.carry_out(group, at, None)
        covering = sorted({each.person for group in groups for each in group.moves if each.what == "covers"})
        names = await roster.names(covering)
        shown = {"posts": await _posts(held), "covering": [names[each] for each in covering]}
        await _tell_office(found, "account_off", at, shown)


async def reopen(user: str, at: datetime) -> None:
    """The account is open again: its person has his posts back; nothing for one who left the roster itself."""
    async with database.transaction():
        await roster.lock()
        found = await Person.get_or_none(wecom_id=user, active=False)
        on = notify.today(at)
        if found is None or not await _has_seat(found, on):
            return
        await Person.filter(id=found.id).update(active=True)
        held = await roster.person(found.id, on)
        assert held
        for unit in _units(held):
            await takeover.carry_out(await _group(found, held, unit, on, closed=False), at, None)
        await _tell_office(found, "account_on", at, {"posts": await _posts(held)})


async def rename(user: str, new_user: str) -> None:
    """The account has another id now, unless somebody else of the roster has that one."""
    async with database.transaction():
        await roster.lock()
        if not await Person.filter(wecom_id=new_user).exists():
            await Person.filter(wecom_id=user).update(wecom_id=new_user)


async def _has_seat(person: Person, on: date) -> bool:
    own = await Seat.filter(person_id=person.id, stands_in_for_id__isnull=True)
    return any(seat.until is None or seat.until >= on for seat in own)


def _units(held: Seated) -> list[int | None]:
    return list(dict.fromkeys(unit for _, unit in held.seats))


async def _group(person: Person, held: Seated, unit_id: int | None, on: date, *, closed: bool) -> Group:
    """He loses his posts of a unit, or has them back; those for whom he stands in, or A's next, the other way."""
    own = [role for role, unit in held.seats if unit == unit_id and role != "admin"]
    found: list[Move] = []
    stood = Seat.filter(since__lte=on, until__gte=on, person_id=person.id, stands_in_for__person__active=True)
    for seat in await stood.filter(unit_id=unit_id).prefetch_related("stands_in_for"):
        assert seat.stands_in_for
        own.remove(seat.role)
        behind = seat.stands_in_for.person_id
        found += [
            Move(person.id, seat.role, unit_id, "suspended" if closed else "stands_in", behind, seat.until),
            Move(behind, seat.role, unit_id, "back" if closed else "rests", person.id, seat.until),
        ]
    found += [Move(person.id, role, unit_id, "suspended" if closed else "back") for role in dict.fromkeys(own)]
    if unit_id is not None:
        what, post = "covers" if closed else "relieved", "operator_a" if "operator_a" in own else "operator_b"
        others = await _next(person, own, unit_id, on)
        found += [Move(each, post, unit_id, what, person.id) for each in others]
    people = {each: await roster.person(each, on) for each in dict.fromkeys(move.person for move in found)}
    return Group(unit_id, found, people)


async def _next(person: Person, own: Sequence[str], unit_id: int, on: date) -> list[int]:
    """Who has A's place in the unit only while this person, who holds these posts of it, can't be reached."""
    seated = (await notify.holders([unit_id], on))[unit_id]
    rest = {role: [each for each in people if each != person.id] for role, people in seated.items()}
    full = rest | {role: [*rest.get(role, ()), person.id] for role in own}
    first, then = (recipients.persons(("operator_a",), each, None) for each in (full, rest))
    return [each for each in then if each not in first]


async def _tell_office(person: Person, code: str, at: datetime, shown: dict[str, object]) -> None:
    key = f"{code.removeprefix('account_')}:{person.id}:{int(at.timestamp()):x}"
    await word.office(key, code, at, name=person.name, **shown)


async def _posts(held: Seated) -> list[dict[str, str]]:
    return await seats.posts(each for each in held.seats if each[0] != "admin")
