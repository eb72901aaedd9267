"""What a unit's points are made of: each tenth with its obligation, rule and instant (R53–R58, A34, A36, A59, A72)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from bot.actions import setting
from bot.engine import points
from bot.rules import calendar
from bot.rules.scoring import Period
from models.ruling import Ruling
from models.score import ScoreEvent, chains

OBJECTION_DAYS = 5
"""Working days in which a point can be objected to (A72)."""


async def events(
    unit_ids: Iterable[int],
    *,
    matter_id: int | None = None,
    period: Period | None = None,
) -> list[ScoreEvent]:
    """The entries that these units bear, by matter and in the order of booking, with matter and obligation loaded."""
    found = ScoreEvent.filter(borne_by(unit_ids))
    if matter_id is not None:
        found = found.filter(matter_id=matter_id)
    if period:
        found = found.filter(within(period))
    return await found.prefetch_related("matter", "obligation").order_by("matter_id", "id")


def borne_by(unit_ids: Iterable[int]) -> Q:
    """Entries of these units: their own and what they share as cooperating units (A34)."""
    own = list(unit_ids)
    return Q(Q(unit_id__in=own), *(Q(shared__contains=f",{each},") for each in own), join_type="OR")


def bearers(entry: ScoreEvent) -> list[int]:
    """The units that bear an entry, the lead unit first (A34)."""
    return [entry.unit_id, *(int(each) for each in entry.shared.split(",") if each)]


def within(period: Period) -> Q:
    """Entries of a period."""
    return Q(year=period.year, quarter=period.quarter) if period.quarter else Q(year=period.year)


async def shown(entries: Sequence[ScoreEvent], at: datetime) -> list[dict[str, Any]]:
    """The entries as facts of a reply: by matter, in it by obligation and the D that the episode ran against."""
    objected, lost = await pending(entries), {each.id for each in standing(entries)}
    groups: dict[int, dict[str, Any]] = {}
    for each in entries:
        head = groups.setdefault(each.matter_id, {**_head(each), "total": 0, "owed": {}})
        head["total"] += each.tenths
        name = each.obligation.name if each.obligation else ""
        line = head["owed"].setdefault(
            (each.obligation_id, each.due_at), {"node": name, "due_at": each.due_at, "rows": []}
        )
        free = each.id in lost and each.id not in objected and is_open(each, at)
        line["rows"].append({**_row(each), "objected": each.id in objected, "open": free})
    return [{**each, "owed": list(each["owed"].values())} for each in groups.values()]


def _head(each: ScoreEvent) -> dict[str, Any]:
    return {"code": each.matter.code, "title": each.matter.title, "sensitive": each.matter.sensitive}


def _row(each: ScoreEvent) -> dict[str, Any]:
    back = each.seq < 0
    return {"rule": each.rule, "tenths": each.tenths, "at": each.at, "reason": each.reason, "back": back}


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


async def open_still(unit_ids: Iterable[int], period: Period, at: datetime) -> list[ScoreEvent]:
    """Entries of other periods that can still be objected to, or are: nobody overlooks them at the turn of a year."""
    others = [each for each in await events(unit_ids) if not _is_in(each, period)]
    objected = await pending(others)
    return [each for each in standing(others) if each.id in objected or is_open(each, at)]


def _is_in(each: ScoreEvent, period: Period) -> bool:
    return each.year == period.year and (not period.quarter or each.quarter == period.quarter)


async def void(entries: Sequence[ScoreEvent], at: datetime, why: str) -> int:
    """A dated counter-entry for each entry, once for ever; the tenths that come back (A46, A59, A72).

    `why` is one of `points.DECIDED`.
    """
    return sum([await points.counter(each, at, why) for each in entries])


def standing(entries: Sequence[ScoreEvent]) -> list[ScoreEvent]:
    """The entries without the pairs that cancel each other: what is still lost or won."""
    return [chain.last for chain in chains(entries) if chain.stands]
