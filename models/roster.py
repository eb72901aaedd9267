"""Who is who on a day: a sender's seats, the people of a unit, the leaders, names by id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models import database
from models.people import Person, Unit

_IDS = {"wecom": "wecom_id", "dingtalk": "dingtalk_id"}
_SEATED = "(s.since IS NULL OR s.since <= ?) AND (s.until IS NULL OR s.until >= ?)"
_LIKELY = ("handler", "operator_a", "operator_b", "head")
UNIT_POSTS = frozenset({"head", "operator_a", "operator_b"})


@dataclass(frozen=True, slots=True)
class Seated:
    """A person of the roster with his seats on a day, as (role, unit id or None)."""

    id: int
    name: str
    seats: tuple[tuple[str, int | None], ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.seats)

    def units(self, roles: Iterable[str] = UNIT_POSTS) -> list[int]:
        """The units where the person holds one of these roles."""
        wanted = frozenset(roles)
        return sorted({unit for role, unit in self.seats if unit is not None and role in wanted})


async def sender(channel: str, user: str, on: date) -> Seated | None:
    """The active person behind a platform's user id (compared in lower case on WeCom); None when not in the roster."""
    column = _IDS[channel]
    found = await database.rows(
        f"SELECT p.id, p.name, s.role, s.unit_id FROM person p LEFT JOIN seat s ON s.person_id = p.id AND {_SEATED} "  # noqa: S608
        f"WHERE p.active AND p.{column} = ? ORDER BY s.id",
        [on, on, user.lower() if channel == "wecom" else user],
    )
    return _seated(found)


async def person(person_id: int, on: date) -> Seated | None:
    """An active person with his seats on a day."""
    found = await database.rows(
        f"SELECT p.id, p.name, s.role, s.unit_id FROM person p LEFT JOIN seat s ON s.person_id = p.id AND {_SEATED} "  # noqa: S608
        "WHERE p.active AND p.id = ? ORDER BY s.id",
        [on, on, person_id],
    )
    return _seated(found)


def _seated(found: list[dict[str, object]]) -> Seated | None:
    if not found:
        return None
    seats = tuple((str(row["role"]), row["unit_id"]) for row in found if row["role"])
    return Seated(int(str(found[0]["id"])), str(found[0]["name"]), seats)  # type: ignore[arg-type]


async def of_unit(unit_id: int, on: date) -> dict[int, str]:
    """The active people of a unit by id, the likeliest handlers first."""
    found = await database.rows(
        f"SELECT p.id, p.name, s.role FROM seat s JOIN person p ON p.id = s.person_id "  # noqa: S608
        f"WHERE p.active AND s.unit_id = ? AND s.role IN ('handler', 'operator_a', 'operator_b', 'head') AND {_SEATED} "
        "ORDER BY s.id",
        [unit_id, on, on],
    )
    found.sort(key=lambda row: _LIKELY.index(row["role"]))
    return {row["id"]: row["name"] for row in found}


async def holding(roles: Iterable[str], on: date) -> list[int]:
    """Ids of the active people in one of these roles anywhere."""
    wanted = sorted(roles)
    marks = ", ".join("?" * len(wanted))
    found = await database.rows(
        f"SELECT DISTINCT s.person_id FROM seat s JOIN person p ON p.id = s.person_id "  # noqa: S608
        f"WHERE p.active AND s.role IN ({marks}) AND {_SEATED} ORDER BY s.person_id",
        [*wanted, on, on],
    )
    return [row["person_id"] for row in found]


async def stands_in(person_id: int, roles: Iterable[str], on: date) -> bool:
    """Whether the person holds these roles for somebody else only (A65)."""
    wanted = sorted(roles)
    found = await database.rows(
        "SELECT s.stands_in_for_id FROM seat s WHERE s.person_id = ? "  # noqa: S608
        f"AND s.role IN ({', '.join('?' * len(wanted))}) AND {_SEATED}",
        [person_id, *wanted, on, on],
    )
    return bool(found) and all(row["stands_in_for_id"] for row in found)


async def is_office(unit_id: int, on: date) -> bool:
    """Whether the unit is the office itself: somebody holds a post of the office there."""
    found = await database.rows(
        "SELECT s.id FROM seat s WHERE s.unit_id = ? AND s.role IN ('office', 'office_director') "  # noqa: S608
        f"AND {_SEATED} LIMIT 1",
        [unit_id, on, on],
    )
    return bool(found)


async def names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of people by id."""
    wanted = {each for each in ids if each is not None}
    return {each.id: each.name for each in await Person.filter(id__in=wanted)} if wanted else {}


async def units() -> Mapping[str, int]:
    """Ids of all units by name, in their order."""
    return {unit.name: unit.id for unit in await Unit.all().order_by("order", "id")}
