"""Who is who on a day: a sender's seats, the people of a unit, the leaders, names by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models import database
from models.people import Person, Unit

_IDS = {"wecom": "wecom_id", "dingtalk": "dingtalk_id"}
_RUNS = "({0}.since IS NULL OR {0}.since <= ?) AND ({0}.until IS NULL OR {0}.until >= ?)"
SEATED = (
    f"{_RUNS.format('s')} AND NOT EXISTS (SELECT 1 FROM seat c JOIN person q ON q.id = c.person_id "  # noqa: S608
    f"WHERE c.stands_in_for_id = s.id AND q.active AND {_RUNS.format('c')})"
)
"""Whether seat `s` counts on a day, given four times (`days`). While somebody stands in for it, it rests (A64)."""
FILERS = ("head", "operator_a", "operator_b", "handler")
"""Who files for a unit (A63)."""
_LIKELY = ("handler", "operator_a", "operator_b", "head")
_OFFICE = ("office", "office_director")
UNIT_POSTS = frozenset({"head", "operator_a", "operator_b"})


@dataclass(frozen=True, slots=True)
class Seated:
    """A person of the roster with his seats on a day, as (role, unit id or None); `instead` are those for whom he
    stands in."""

    id: int
    name: str
    seats: tuple[tuple[str, int | None], ...] = ()
    instead: frozenset[int] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.seats)

    def units(self, roles: Iterable[str] = UNIT_POSTS) -> list[int]:
        """The units where the person holds one of these roles."""
        wanted = frozenset(roles)
        return sorted({unit for role, unit in self.seats if unit is not None and role in wanted})


def days(on: date) -> list[date]:
    """The parameters of `SEATED`."""
    return [on] * 4


async def lock() -> None:
    """One change of seats at a time: held until the transaction ends."""
    await database.lock_person("roster", "import")


async def sender(channel: str, user: str, on: date) -> Seated | None:
    """The active person behind a platform's user id (compared in lower case on WeCom); None when not in the roster."""
    return await _one(f"p.{_IDS[channel]}", user.lower() if channel == "wecom" else user, on)


async def person(person_id: int, on: date) -> Seated | None:
    """An active person with his seats on a day."""
    return await _one("p.id", person_id, on)


async def _one(column: str, value: str | int, on: date) -> Seated | None:
    found = await database.rows(
        "SELECT p.id, p.name, s.role, s.unit_id, o.person_id AS instead "  # noqa: S608
        f"FROM person p LEFT JOIN seat s ON s.person_id = p.id AND {SEATED} "
        f"LEFT JOIN seat o ON o.id = s.stands_in_for_id WHERE p.active AND {column} = ? ORDER BY s.id",
        [*days(on), value],
    )
    if not found:
        return None
    held = [row for row in found if row["role"]]
    return Seated(
        found[0]["id"],
        found[0]["name"],
        tuple((row["role"], row["unit_id"]) for row in held),
        frozenset(row["instead"] for row in held if row["instead"]),
    )


async def away(person_id: int, on: date) -> list[tuple[str, date | None]]:
    """Who stands in for the person on a day, as (name, last day of that or None), each once."""
    found = await database.rows(
        "SELECT DISTINCT q.name, c.until FROM seat c JOIN seat s ON s.id = c.stands_in_for_id "  # noqa: S608
        f"JOIN person q ON q.id = c.person_id WHERE s.person_id = ? AND q.active AND {_RUNS.format('c')} "
        f"AND {_RUNS.format('s')} "
        "ORDER BY c.until, q.name",
        [person_id, *days(on)],
    )
    return [(row["name"], date.fromisoformat(str(row["until"])) if row["until"] else None) for row in found]


async def of_unit(unit_id: int, on: date) -> dict[int, str]:
    """The active people of a unit by id, the likeliest handlers first."""
    found = await database.rows(
        f"SELECT p.id, p.name, s.role FROM seat s JOIN person p ON p.id = s.person_id "  # noqa: S608
        f"WHERE p.active AND s.unit_id = ? AND s.role IN ('handler', 'operator_a', 'operator_b', 'head') AND {SEATED} "
        "ORDER BY s.id",
        [unit_id, *days(on)],
    )
    found.sort(key=lambda row: _LIKELY.index(row["role"]))
    return {row["id"]: row["name"] for row in found}


async def holding(roles: Iterable[str], on: date) -> list[int]:
    """Ids of the active people in one of these roles anywhere."""
    wanted = sorted(roles)
    marks = ", ".join("?" * len(wanted))
    found = await database.rows(
        f"SELECT DISTINCT s.person_id FROM seat s JOIN person p ON p.id = s.person_id "  # noqa: S608
        f"WHERE p.active AND s.role IN ({marks}) AND {SEATED} ORDER BY s.person_id",
        [*wanted, *days(on)],
    )
    return [row["person_id"] for row in found]


async def stands_in(person_id: int, roles: Iterable[str], on: date) -> bool:
    """Whether the person holds these roles for somebody else only (A65)."""
    wanted = sorted(roles)
    found = await database.rows(
        "SELECT s.stands_in_for_id FROM seat s WHERE s.person_id = ? "  # noqa: S608
        f"AND s.role IN ({', '.join('?' * len(wanted))}) AND {SEATED}",
        [person_id, *wanted, *days(on)],
    )
    return bool(found) and all(row["stands_in_for_id"] for row in found)


async def is_office(unit_id: int, on: date) -> bool:
    """Whether the unit is the office itself: a post of the office is seated there, or its head, without one its
    operators, are of the office. Who stands in somewhere makes it nobody's own."""
    found = await database.rows(
        "SELECT s.unit_id, s.role, s.person_id FROM seat s "  # noqa: S608
        f"WHERE (s.unit_id = ? OR s.role IN {_OFFICE}) AND s.stands_in_for_id IS NULL AND {_RUNS.format('s')}",
        [unit_id, on, on],
    )
    posts = [row for row in found if row["unit_id"] == unit_id]
    if any(row["role"] in _OFFICE for row in posts):
        return True
    clerks = {row["person_id"] for row in found if row["role"] in _OFFICE}
    heads = {row["person_id"] for row in posts if row["role"] == "head"}
    own = heads or {row["person_id"] for row in posts if row["role"] in UNIT_POSTS}
    return bool(own) and own <= clerks


async def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id."""
    wanted = {each for each in ids if each is not None}
    return {each.id: each.name for each in await Person.filter(id__in=wanted)} if wanted else {}


async def name(person_id: int | None) -> str:
    """A person's name, "" for nobody."""
    return (await names([person_id])).get(person_id or 0, "")


async def units() -> Mapping[str, int]:
    """Ids of all units by name, in their order."""
    return {unit.name: unit.id for unit in await Unit.all().order_by("order", "id")}
