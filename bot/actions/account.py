"""What a unit's points are made of: each tenth with its obligation, rule and instant (R53–R58, A36, A59)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.actions import setting
from bot.rules import calendar
from models.people import Unit
from models.ruling import Ruling
from models.score import ScoreEvent

OBJECTION_DAYS = 5
"""Working days in which a point can be objected to (A72)."""


@dataclass(frozen=True, slots=True)
class Account:
    """A unit's year: `total` in tenths, `counts` how often each rule stands (counter-entries taken off)."""

    unit: str
    total: int = 0
    counts: dict[str, int] = field(default_factory=dict)


async def events(unit_ids: Iterable[int], *, matter_id: int | None = None, year: int | None = None) -> list[ScoreEvent]:
    """The entries of these units, by matter and instant, with matter and obligation loaded."""
    found = ScoreEvent.filter(unit_id__in=list(unit_ids))
    if matter_id is not None:
        found = found.filter(matter_id=matter_id)
    if year is not None:
        found = found.filter(year=year)
    return await found.prefetch_related("matter", "obligation").order_by("matter_id", "at", "id")


async def shown(entries: Sequence[ScoreEvent], at: datetime) -> list[dict[str, Any]]:
    """The entries as facts of a reply: by matter, in it by obligation."""
    objected, lost = await pending(entries), {each.id for each in standing(entries)}
    groups: dict[int, dict[str, Any]] = {}
    for each in entries:
        head = groups.setdefault(each.matter_id, {**_head(each), "total": 0, "owed": {}})
        head["total"] += each.tenths
        owed = each.obligation
        line = head["owed"].setdefault(
            each.obligation_id, {"node": owed.name if owed else "", "due_at": owed and owed.due_at, "rows": []}
        )
        free = each.id in lost and each.id not in objected and is_open(each, at)
        line["rows"].append({**_row(each), "objected": each.id in objected, "open": free})
    return [{**each, "owed": list(each["owed"].values())} for each in groups.values()]


def _head(each: ScoreEvent) -> dict[str, Any]:
    return {"code": each.matter.code, "title": each.matter.title, "sensitive": each.matter.sensitive}


def _row(each: ScoreEvent) -> dict[str, Any]:
    return {"rule": each.rule, "tenths": each.tenths, "at": each.at, "reason": each.reason}


def until(each: ScoreEvent) -> datetime:
    """The last instant of an objection to the entry: the end of the fifth working day after it (A72)."""
    return calendar.end_of_day(setting.current().days.add_workdays(each.at, OBJECTION_DAYS))


def is_open(each: ScoreEvent, at: datetime) -> bool:
    """Whether a deduction may still be objected to by its date."""
    return each.tenths < 0 and at <= until(each)


async def pending(entries: Sequence[ScoreEvent]) -> set[int]:
    """Ids of entries with an objection that waits for a decision; they count until then (A72)."""
    matters = {each.matter_id for each in entries}
    found = await Ruling.filter(kind="objection", verdict="", matter_id__in=matters) if matters else []
    return {point for each in found for point in each.points}


async def total(unit_id: int, year: int) -> int:
    """The unit's tenths of a year."""
    return sum(each.tenths for each in await ScoreEvent.filter(unit_id=unit_id, year=year))


async def table(year: int) -> list[Account]:
    """Every unit's account of a year, in the order of the units."""
    sums: dict[int, int] = defaultdict(int)
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit_id, rule, tenths in await ScoreEvent.filter(year=year).values_list("unit_id", "rule", "tenths"):
        sums[unit_id] += tenths
        # a counter-entry has the other sign and takes one off its rule
        counts[unit_id][rule] += -1 if (tenths > 0) != (rule == "excellent") else 1
    units = await Unit.all().order_by("order", "id")
    return [Account(unit.name, sums[unit.id], {k: v for k, v in counts[unit.id].items() if v}) for unit in units]


async def void(entries: Sequence[ScoreEvent], at: datetime, why: str) -> int:
    """A dated counter-entry for each entry, once for ever; the tenths that come back (A46, A59, A72).

    `why` is a key of [point] in words.toml. A counter-entry's `seq` is the entry's id with the sign turned.
    """
    back = 0
    for each in entries:
        key: dict[str, Any] = {"obligation_id": each.obligation_id, "episode": each.episode, "rule": each.rule}
        rest: dict[str, Any] = {"matter_id": each.matter_id, "unit_id": each.unit_id, "year": each.year}
        if not await ScoreEvent.filter(**key, seq=-each.id).exists():
            await ScoreEvent.create(**key, **rest, seq=-each.id, tenths=-each.tenths, at=at, reason=why)
            back -= each.tenths
    return back


def standing(entries: Sequence[ScoreEvent]) -> list[ScoreEvent]:
    """The entries without the pairs that cancel each other: what is still lost or won."""
    left: list[ScoreEvent] = []
    for each in entries:
        twin = next((other for other in left if _cancels(other, each)), None)
        if twin:
            left.remove(twin)
        else:
            left.append(each)
    return left


def _cancels(one: ScoreEvent, other: ScoreEvent) -> bool:
    same = (one.obligation_id, one.episode, one.rule) == (other.obligation_id, other.episode, other.rule)
    return same and one.tenths == -other.tenths


def year_of(on: date, said: str) -> int:
    """The year written as 2026 or 2026年, else the year of `on`."""
    digits = said.strip().removesuffix("年")
    return int(digits) if digits.isdecimal() and len(digits) == 4 else on.year
