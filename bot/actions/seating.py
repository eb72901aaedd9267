"""Who sits where on a day, stand-ins with their days, and what is missing (A39, A64)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tortoise.expressions import Q

from models.people import Seat, Unit

POSTS = ("head", "operator_a", "operator_b")
UNIT = (*POSTS, "handler", "leader_in_charge")
WIDE = ("main_leader", "office_director", "office")


async def missing(unit_id: int, on: date) -> list[str]:
    """The posts of A and B in which nobody sits who is still here (A39)."""
    table = await of_unit(unit_id, on)
    return [role for role in ("operator_a", "operator_b") if not any(each["active"] for each in table[role])]


async def of_unit(unit_id: int | None, on: date) -> dict[str, list[dict[str, Any]]]:
    """Role → [{name, active, stand_ins: [{name, first, last}]}] of a unit, or of the whole department (None)."""
    return (await _tables([unit_id], on))[unit_id]


async def everywhere(on: date) -> list[tuple[str, dict[str, list[dict[str, Any]]]]]:
    """(unit, its table) of every unit, in their order; the whole department first as ""."""
    units = await Unit.all().order_by("order", "id")
    tables = await _tables([None, *(unit.id for unit in units)], on)
    return [("", tables[None]), *((unit.name, tables[unit.id]) for unit in units)]


async def _tables(unit_ids: list[int | None], on: date) -> dict[int | None, dict[str, list[dict[str, Any]]]]:
    running = Seat.filter(Q(until__isnull=True) | Q(until__gte=on)).prefetch_related("person")
    rows = await running.order_by("since")
    tables: dict[int | None, dict[str, list[dict[str, Any]]]] = {
        unit: {role: [] for role in (UNIT if unit else WIDE)} for unit in unit_ids
    }
    behind: dict[int, list[dict[str, Any]]] = {}
    for seat in rows:
        if seat.stands_in_for_id and seat.person.active:
            shown = {"name": seat.person.name, "first": seat.since, "last": seat.until}
            behind.setdefault(seat.stands_in_for_id, []).append(shown)
    for seat in sorted(rows, key=lambda each: each.id):
        place = tables.get(seat.unit_id, {}).get(seat.role) if seat.stands_in_for_id is None else None
        if place is not None and (seat.since is None or seat.since <= on):
            place.append({"name": seat.person.name, "active": seat.person.active, "stand_ins": behind.get(seat.id, [])})
    return tables
