"""What is open: matters a person has to do with, what they owe, proposals that wait for a word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from tortoise.expressions import Q

from models import database
from models.matter import Approval, Matter
from models.obligation import Obligation
from models.roster import FILERS, Seated

RUNNING = ("running", "review", "rework", "follow_up")


async def matters(by: Seated, ended_since: datetime | None = None) -> list[Matter]:
    """Initiated, not closed matters of the person's units, and those that he (or for whom he stands in) handles in a
    unit where he sits; the oldest first. With those that ended since then."""
    handled = Q(handler_id__in=[by.id, *by.instead], unit_id__in=by.units(FILERS))
    mine = handled | Q(unit_id__in=by.units())
    wanted = Q(state__in=RUNNING)
    if ended_since:
        wanted |= Q(closed_at__gte=ended_since, number__isnull=False)
    return await Matter.filter(mine, wanted).order_by("initiated_at", "id")


async def helped(unit_ids: Sequence[int]) -> list[Matter]:
    """Initiated, not closed matters with which these units cooperate (A62), the oldest first."""
    if not unit_ids:
        return []
    each = "json_each(cooperating)" if database.dialect() == "sqlite" else "jsonb_array_elements_text(cooperating)"
    units, states = ", ".join("?" * len(unit_ids)), ", ".join(f"'{state}'" for state in RUNNING)
    found = await database.rows(
        f"SELECT id FROM matter WHERE state IN ({states}) "  # noqa: S608
        f"AND EXISTS (SELECT 1 FROM {each} AS e WHERE CAST(e.value AS INTEGER) IN ({units}))",
        list(unit_ids),
    )
    return await Matter.filter(id__in=[row["id"] for row in found]).order_by("initiated_at", "id")


async def numbered(number: int, year: int | None, this_year: int, child: int = 0) -> Matter | None:
    """The matter of that number, of a family the parent or that `child`; without a year this year's, else the last."""
    if year is not None:
        return await Matter.get_or_none(year=year, number=number, child=child)
    found = await Matter.filter(number=number, child=child).order_by("-year")
    return next((each for each in found if each.year == this_year), found[0] if found else None)


async def duties(matters: Iterable[Matter], at: datetime) -> dict[int, list[Obligation]]:
    """What each matter owes at `at` (open, begun, not resting) by matter id, the earliest first."""
    cycles = {each.id: each.cycle for each in matters}
    found = await Obligation.filter(
        Q(opens_at__isnull=True) | Q(opens_at__lte=at),
        matter_id__in=list(cycles),
        ended="",
        paused_by="",
        due_at__isnull=False,
    ).order_by("due_at", "id")
    owed: dict[int, list[Obligation]] = {each: [] for each in cycles}
    for row in found:
        if row.cycle == cycles[row.matter_id]:
            owed[row.matter_id].append(row)
    return owed


async def approvals() -> list[Approval]:
    """Words on proposals that are still awaited, with their matters, the oldest first."""
    waiting = Approval.filter(verdict="", matter__state="proposed")
    return await waiting.prefetch_related("matter").order_by("id")
