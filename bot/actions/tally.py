"""How often a unit was supervised in a year, where its ruleset counts so (A15), and since which decision (A16)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from bot.actions import setting
from bot.rules import calendar
from bot.rules.accountability import Tally
from bot.rules.status import MATTER
from models import database
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Unit
from models.ruling import Ruling

DECIDED = ("dropped", "started", "declined")
"""Words on a proposal after which the count starts at 0 (A16)."""

_COUNT = """
SELECT count(*) AS n FROM notice n JOIN obligation o ON o.id = n.obligation_id
WHERE o.unit_id = ? AND n.kind = 'supervise' AND n.at > ? AND n.at <= ? AND n.at >= ?
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id AND d.state = 'overtaken')"""


async def of(matter: Matter, at: datetime) -> Tally | None:
    """The unit's count in the year of `at`, None where each matter counts by itself.

    The unit is locked: notices of two of its matters at once are counted one after the other.
    """
    if setting.book(matter).rules.accountability_count != "unit_year":
        return None
    await Unit.filter(id=matter.unit_id).select_for_update(no_key=True)
    year = calendar.day_of(at).year
    begins, ends = calendar.instant(date(year, 1, 1)), calendar.instant(date(year + 1, 1, 1))
    last = await decided_at(matter) or begins
    found = await database.rows(_COUNT, [matter.unit_id, begins, ends, last])
    return Tally(found[0]["n"], await _is_open(matter.unit_id))


async def _is_open(unit_id: int) -> bool:
    """Whether a proposal stands on a matter of the unit, or is about to."""
    planned = Obligation.filter(unit_id=unit_id, name=MATTER, origin="proposal", next_notice_at__not_isnull=True)
    return await Matter.filter(unit_id=unit_id, proposal_open=True).exists() or await planned.exists()


async def unearned(matter: Matter, void: Collection[tuple[str, int, int]], at: datetime) -> int:
    """How many of the supervise notices counted now were planned at `at` or later for these (name, ordinal, episode):
    an answer of `at` came before them (A5, A49)."""
    if not matter.supervised:
        return 0
    since = max(at, await decided_at(matter) or at)
    sent = Notice.filter(matter_id=matter.id, kind="supervise", at__gte=since).prefetch_related("obligation")
    mine = [(each.obligation, each.episode) for each in await sent if each.obligation.cycle == matter.cycle]
    return sum((owed.name, owed.ordinal, episode) in void for owed, episode in mine)


async def decided_at(matter: Matter) -> datetime | None:
    """When the count last began anew: by a decision on this matter, or on any of the unit's where that counts."""
    words = Ruling.filter(kind="accountability", verdict__in=DECIDED)
    by_unit = setting.book(matter).rules.accountability_count == "unit_year"
    mine = words.filter(matter__unit_id=matter.unit_id) if by_unit else words.filter(matter_id=matter.id)
    last = await mine.order_by("-decided_at").first()
    return last.decided_at if last else None
