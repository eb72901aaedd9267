"""考核: the units' points of a period, and closing a period on a day (A36, A59)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot import errors
from bot.actions import account, setting
from bot.engine import points
from bot.rules import scoring
from bot.rules.scoring import Period
from models import database
from models.people import Unit
from models.roster import Seated
from models.ruling import Ruling
from models.score import ScoreEvent, ScoreFreeze


@dataclass(slots=True)
class Account:
    """A unit's period in tenths: `total` as it stands, frozen or not, `corrected` what came after the freeze; `counts`
    how often each rule stands in `total`."""

    unit: str
    total: int = 0
    corrected: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def clean(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.total or self.corrected or any(self.counts.values()))


@dataclass(frozen=True, slots=True)
class Table:
    """Every unit's account of a period, in the order of the units; `base` in points, `frozen_at` None while open."""

    period: Period
    base: int
    frozen_at: datetime | None
    rows: list[Account]


async def table(period: Period, at: datetime, unit_ids: Collection[int] | None = None) -> Table:
    """The accounts of these units, or of all, as of `at`; what runs late at this instant is booked first (A87)."""
    async with database.transaction():
        await points.mark_late(at)
        return await _table(period, await frozen(period), unit_ids)


async def _table(period: Period, freeze: ScoreFreeze | None, unit_ids: Collection[int] | None = None) -> Table:
    units = await Unit.all().order_by("order", "id")
    rows = {unit.id: Account(unit.name) for unit in units if unit_ids is None or unit.id in unit_ids}
    for each in await ScoreEvent.filter(account.within(period)).order_by("id"):
        for unit_id in rows.keys() & {*account.bearers(each)}:
            _add(rows[unit_id], each, apart=freeze is not None and each.id > freeze.last_id)
    base = scoring.base(period, setting.current().rules)
    return Table(period, base, freeze.at if freeze else None, list(rows.values()))


def _add(row: Account, each: ScoreEvent, *, apart: bool) -> None:
    if apart:
        row.corrected += each.tenths
        return
    row.total += each.tenths
    # a counter-entry has the other sign and takes one off its rule
    row.counts[each.rule] += 1 if (each.tenths > 0) is (scoring.TENTHS[each.rule] > 0) else -1


async def frozen(period: Period) -> ScoreFreeze | None:
    """The freeze that binds a period: its own, for a quarter also that of its year."""
    mine = ScoreFreeze.filter(year=period.year, quarter__in={0, period.quarter})
    return await mine.order_by("-quarter").first()


async def freeze(period: Period, by: Seated, at: datetime) -> Table:
    """Close a period: its figures stay as they are, later corrections are shown apart (A59).

    Raises Refused: period_frozen, period_ahead.
    """
    async with database.transaction():
        await points.mark_late(at)
        await ScoreEvent.hold()
        await expect(period, at)
        last = await ScoreEvent.all().order_by("-id").first()
        last_id = last.id if last else 0
        row = await ScoreFreeze.create(
            year=period.year, quarter=period.quarter, last_id=last_id, at=at, person_id=by.id
        )
        return await _table(period, row)


async def objections(period: Period) -> int:
    """How many objections to points of the period wait for a decision: they count until then (A72)."""
    rows = await Ruling.filter(kind="objection", verdict="")
    mine = await ScoreEvent.filter(account.within(period), id__in={point for row in rows for point in row.points})
    ids = {each.id for each in mine}
    return sum(bool(ids & {*row.points}) for row in rows)


async def expect(period: Period, at: datetime) -> None:
    """That a period can be frozen: it has begun and is not frozen yet."""
    found = await frozen(period)
    if found:
        raise errors.Refused("period_frozen", period=period, at=found.at)
    if scoring.booked_to(at) < (period.year, period.quarter):
        raise errors.Refused("period_ahead", period=period)
