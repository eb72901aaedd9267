"""The roster file becomes persons, units and seats; what left the file is retired, never deleted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.actions import seats
from bot.documents import seating
from bot.documents.roster import POSTS, UNIT_ROLES, Problem, Row, title
from bot.documents.seating import Place, Someone
from models import database, roster
from models import open as opened
from models.matter import Matter
from models.people import Person, Seat, Unit

_ORDER = (
    "main_leader",
    "leader_in_charge",
    "office_director",
    "office",
    "admin",
    "head",
    "operator_a",
    "operator_b",
    "handler",
)


class _DryRun(Exception):
    """Leaves the transaction without its changes."""


@dataclass(slots=True)
class _Import:
    """One import on its way: what is stored, and a line for every change."""

    on: date
    units: dict[str, Unit] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    seats: dict[int, list[Seat]] = field(default_factory=dict)
    posts: set[tuple[int | None, str]] = field(default_factory=set)
    changes: list[str] = field(default_factory=list)


async def apply(people: Sequence[Someone], units: Sequence[str], *, on: date, dry_run: bool = False) -> list[str]:
    """Make the database's roster that of the file, in one transaction; a line for every change, [] when none.

    Running matters of a unit without people have a line too, changed or not.

    Persons are found again by account and name, by name and unit or phone, by a name that is the only one, or by
    account alone (renamed). Seats not in the file end the day before `on`; a person without any seat becomes
    inactive. Stand-ins stay while the seat they stand in for stays. With `dry_run` nothing is stored.
    """
    work = _Import(on)
    try:
        async with database.transaction():
            await roster.lock()
            await _load(work)
            await _store_units(work, units)
            found = _matched(people, work)
            await _store_people(work, found)
            for someone, person in found:
                await _seat(work, person or await _create(work, someone), someone.seats)
            await _retire(work, {person.id for _, person in found if person})
            work.changes += await left_behind(on)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return work.changes


async def _load(work: _Import) -> None:
    work.units = {unit.name: unit for unit in await Unit.all()}
    work.people = await Person.all().order_by("-active", "id")
    held = defaultdict(list)
    for seat in await Seat.all().order_by("id"):
        held[seat.person_id].append(seat)
        work.posts.add((seat.unit_id, seat.role))
    work.seats = held


async def _store_units(work: _Import, names: Sequence[str]) -> None:
    for order, name in enumerate(names, 1):
        unit = work.units.get(name)
        if unit is None:
            work.units[name] = await Unit.create(name=name, order=order)
            work.changes.append(f"+ 处室 {name}")
        elif unit.order != order:
            await Unit.filter(id=unit.id).update(order=order)


def _matched(people: Sequence[Someone], work: _Import) -> list[tuple[Someone, Person | None]]:
    """Each person of the file with the stored one, None for the new; surer signs choose first."""
    names = {unit.id: name for name, unit in work.units.items()}
    homes = {
        person.id: {names[seat.unit_id] for seat in work.seats.get(person.id, ()) if seat.unit_id}
        for person in work.people
    }
    free = {person.id: person for person in work.people}
    found: dict[int, Person] = {}
    for sign in _signs(people, homes, free):
        for number, someone in enumerate(people):
            signed = (person for person in free.values() if sign(someone, person))
            if number not in found and (person := next(signed, None)):
                found[number] = free.pop(person.id)
    return [(someone, found.get(number)) for number, someone in enumerate(people)]


def _signs(
    people: Sequence[Someone], homes: dict[int, set[str]], free: dict[int, Person]
) -> list[Callable[[Someone, Person], bool]]:
    def account(someone: Someone, person: Person) -> bool:
        pairs = ((someone.wecom, person.wecom_id), (someone.dingtalk, person.dingtalk_id))
        return any(given and given == stored for given, stored in pairs)

    def clash(someone: Someone, person: Person) -> bool:
        pairs = ((someone.wecom, person.wecom_id), (someone.dingtalk, person.dingtalk_id))
        return any(given and stored and given != stored for given, stored in pairs)

    def named(someone: Someone, person: Person) -> bool:
        return someone.name == person.name

    def near(someone: Someone, person: Person) -> bool:
        shared = {row.unit for row in someone.rows} & homes[person.id]
        return named(someone, person) and bool(shared or (someone.phone and someone.phone == person.phone))

    def only(someone: Someone, person: Person) -> bool:
        alone = sum(other.name == someone.name for other in people) == 1
        stored = sum(other.name == someone.name for other in free.values()) == 1
        return named(someone, person) and alone and stored and not clash(someone, person)

    return [lambda someone, person: named(someone, person) and account(someone, person), near, only, account]


async def _store_people(work: _Import, found: Sequence[tuple[Someone, Person | None]]) -> None:
    changed = [(person, _news(someone, person)) for someone, person in found if person]
    for person, news in changed:
        # accounts may swap owners: unique columns are emptied before they are filled
        if given := {key: None for key in ("wecom_id", "dingtalk_id") if key in news and getattr(person, key)}:
            await Person.filter(id=person.id).update(**given)
    for person, news in changed:
        if news:
            told = "、".join(
                f"{_WORDS[key]} {getattr(person, key) or '–'} → {value or '–'}" for key, value in news.items()
            )
            work.changes.append(f"~ {person.name}: {told}")
            await person.update_from_dict(news).save()


_WORDS = {"name": "姓名", "phone": "手机", "wecom_id": "企业微信", "dingtalk_id": "钉钉", "active": "active"}


def _news(someone: Someone, person: Person) -> dict[str, object]:
    wanted: dict[str, object] = {
        "name": someone.name,
        "phone": someone.phone,
        "wecom_id": someone.wecom or None,
        "dingtalk_id": someone.dingtalk or None,
        "active": True,
    }
    return {key: value for key, value in wanted.items() if getattr(person, key) != value}


async def _create(work: _Import, someone: Someone) -> Person:
    work.changes.append(f"+ {someone.name}")
    return await Person.create(
        name=someone.name,
        phone=someone.phone,
        wecom_id=someone.wecom or None,
        dingtalk_id=someone.dingtalk or None,
    )


async def _seat(work: _Import, person: Person, wanted: set[Place]) -> None:
    names = {unit.id: name for name, unit in work.units.items()}
    standing = {
        (names.get(seat.unit_id or 0, ""), seat.role): seat
        for seat in work.seats.get(person.id, ())
        if _stands(seat, work.on)
    }
    for place in sorted(wanted - standing.keys()):
        unit = work.units[place[0]] if place[0] else None
        # the first holder of a post has always held it; a successor begins today
        since = work.on if (unit and unit.id, place[1]) in work.posts else None
        await Seat.create(person=person, unit=unit, role=place[1], since=since)
        work.changes.append(f"+ {person.name}: {_words(place)}")
    ended = {place: seat.id for place, seat in standing.items() if place not in wanted}
    await seats.end([*ended.values()], work.on)
    work.changes += [f"- {person.name}: {_words(place)}" for place in ended]


def _stands(seat: Seat, on: date) -> bool:
    return seat.stands_in_for_id is None and (seat.until is None or seat.until >= on)


async def _retire(work: _Import, kept: set[int]) -> None:
    for person in work.people:
        if person.id not in kept:
            await _seat(work, person, set())
            if person.active:
                await Person.filter(id=person.id).update(active=False)
                work.changes.append(f"- {person.name}")


def _words(place: Place) -> str:
    unit, role = place
    return " ".join(part for part in (unit, title(role), POSTS.get(role)) if part)


async def left_behind(on: date) -> list[str]:
    """A line for each unit without people on day `on`, renamed perhaps, whose matters run on: nobody can answer."""
    held: dict[int, list[str]] = defaultdict(list)
    for matter in await Matter.filter(state__in=opened.RUNNING).order_by("id"):
        held[matter.unit_id].append(matter.code)
    found = []
    for unit in await Unit.filter(id__in=list(held)).order_by("order"):
        if not await roster.of_unit(unit.id, on):
            codes = "、".join(held[unit.id])
            found.append(
                f"! {unit.name}: 已无人员，在办 {codes} 无人办理；请沿用原处室名称，或逐件 /改派 编号 新处室 理由"
            )
    return found


async def current(on: date) -> list[Row]:
    """The roster of day `on` as rows of a file, office-wide roles first; stand-ins are no part of it."""
    units = {unit.id: unit async for unit in Unit.all()}
    people = {person.id: person async for person in Person.filter(active=True)}
    held: dict[tuple[int, str, str], list[str]] = {}
    standing = [seat async for seat in Seat.all().order_by("id") if _stands(seat, on) and seat.person_id in people]
    standing.sort(key=lambda seat: (units[seat.unit_id].order if seat.unit_id else 0, _ORDER.index(seat.role), seat.id))
    for seat in standing:
        unit = units[seat.unit_id].name if seat.unit_id else ""
        own = unit if seat.role in UNIT_ROLES else ""
        held.setdefault((seat.person_id, seat.role, own), []).append(unit)
    places = sorted(held, key=lambda place: bool(place[2]))
    return [
        Row(
            line,
            people[person].name,
            own,
            role,
            people[person].phone,
            people[person].wecom_id or "",
            people[person].dingtalk_id or "",
            tuple(unit for unit in held[person, role, own] if unit) if not own else (),
        )
        for line, (person, role, own) in enumerate(places, 2)
    ]


async def gaps(on: date) -> list[Problem] | None:
    """What the roster of day `on` lacks (R50, A39); None when it is empty.

    RosterError when it contradicts itself, as with one person at A and at B (A64).
    """
    rows = await current(on)
    return seating.warnings(seating.people(rows)) if rows else None
