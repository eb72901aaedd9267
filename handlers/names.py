"""People of the roster by name: alone, with the unit before or after it where two have one name (A64)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot import errors
from handlers import acknowledgement, plain, words
from models import roster
from models.people import Person, Seat, Unit

_AFTER = re.compile(r"(?P<name>[^()]+)\((?P<unit>[^()]+)\)")


async def find(said: str, unit_id: int | None = None) -> Person:
    """The person meant; of two with one name the one who sits in `unit_id`.

    Raises Refused: unknown_person with the names that are near, same_name.
    """
    units = await roster.units()
    everybody = await Person.filter(active=True).order_by("id")
    own = plain.normalise(said)
    name, unit = _apart(own, units)
    known = {each.name for each in everybody}
    name = name if name in known else acknowledgement.bare(name)
    found = [each for each in everybody if each.name == name]
    homes = await _homes(found)
    wanted = units.get(unit, unit_id)
    if len(found) > 1 or unit:
        found = [each for each in found if wanted in homes[each.id]] or ([] if unit else found)
    if not found:
        raise errors.Refused("unknown_person", name=said, near=words.nearest(name, known))
    if len(found) > 1:
        raise errors.Refused("same_name", name=name, people=await _told_apart(found, homes))
    return found[0]


def _apart(said: str, known: Iterable[str]) -> tuple[str, str]:
    """张三（规划处） and 规划处张三 as name and unit; the unit is "" where none of ours stands."""
    known = list(known)
    if (after := _AFTER.fullmatch(said)) and after["unit"] in known:
        return after["name"], after["unit"]
    before = [unit for unit in known if said.startswith(unit) and len(said) > len(unit)]
    return (said[len(before[0]) :], before[0]) if before else (said, "")


async def _homes(people: list[Person]) -> dict[int, set[int | None]]:
    homes: dict[int, set[int | None]] = {each.id: set() for each in people}
    for seat in await Seat.filter(person_id__in=list(homes)):
        homes[seat.person_id].add(seat.unit_id)
    return homes


async def _told_apart(people: list[Person], homes: dict[int, set[int | None]]) -> list[str]:
    names = {unit.id: unit.name for unit in await Unit.all()}
    shown = [[names[unit] for unit in sorted(homes[each.id], key=str) if unit] for each in people]
    return [f"{unit[0]}{each.name}" if unit else each.name for each, unit in zip(people, shown, strict=True)]
