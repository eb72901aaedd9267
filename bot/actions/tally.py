"""Which supervise notices count: of a matter, or of a unit's year (A15), since the last decision (A16).

One counts while its episode runs; after that, if it reached a platform and no answer came before it (A5, A43), if no
outage of ours excuses its episode (A49), and if its matter was not a mistake (A46).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.actions import setting
from bot.rules import calendar
from bot.rules.accountability import Tally
from bot.rules.status import MATTER
from models import database
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation
from models.people import Unit
from models.ruling import Ruling

DECIDED = ("dropped", "started", "declined")
"""Words on a proposal after which the count starts at 0 (A16)."""

_COUNTED = """
SELECT n.id FROM notice n JOIN obligation o ON o.id = n.obligation_id JOIN matter m ON m.id = n.matter_id
WHERE n.kind = 'supervise'
  AND (o.ended = '' AND o.paused_by = '' AND o.episode = n.episode OR EXISTS (
    SELECT 1 FROM delivery d
    WHERE d.notice_id = n.id AND d.lane <> 'update' AND d.state IN ('accepted', 'delivered', 'read')))
  AND NOT EXISTS (
    SELECT 1 FROM score_event e
    WHERE e.obligation_id = n.obligation_id AND e.episode = n.episode AND e.reason = 'outage')
  AND NOT (m.state = 'withdrawn' AND EXISTS (
    SELECT 1 FROM ruling r
    WHERE r.matter_id IN (m.id, m.parent_id) AND r.kind = 'withdrawal' AND r.mistaken AND r.verdict = 'agreed'))
  AND o.unit_id = ? AND n.at >= ?"""
_OF_MATTER, _OF_YEAR = "n.matter_id = ? AND o.cycle = ?", "n.at > ? AND n.at <= ?"


async def _counted(scope: str, params: Sequence[object]) -> frozenset[int]:
    return frozenset(row["id"] for row in await database.rows(f"{_COUNTED} AND {scope}", params))


async def counted(matter: Matter) -> frozenset[int]:
    """The notices that the matter's own count stands on, by id."""
    if not matter.supervised:
        return frozenset()
    begun = await decided_at(matter), await _taken_over_at(matter)
    since = max(filter(None, begun), default=matter.proposed_at)
    return await _counted(_OF_MATTER, [matter.unit_id, since, matter.id, matter.cycle])


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
    found = await _counted(_OF_YEAR, [matter.unit_id, last, begins, ends])
    return Tally(len(found), bool(await proposals(matter.unit_id)))


async def proposals(unit_id: int) -> frozenset[int]:
    """Ids of the unit's matters on which a proposal stands, or is about to."""
    planned = Obligation.filter(unit_id=unit_id, name=MATTER, origin="proposal", next_notice_at__not_isnull=True)
    standing = Matter.filter(unit_id=unit_id, proposal_open=True)
    return frozenset([*await standing.values_list("id", flat=True), *await planned.values_list("matter_id", flat=True)])  # type: ignore[list-item]


async def decided_at(matter: Matter) -> datetime | None:
    """When the count last began anew: by a decision on this matter, or on any of the unit's where that counts."""
    words = Ruling.filter(kind="accountability", verdict__in=DECIDED).order_by("-decided_at")
    if setting.book(matter).rules.accountability_count != "unit_year":
        last = await words.filter(matter_id=matter.id).first()
        return last.decided_at if last else None
    async for each in words.prefetch_related("matter"):
        if await _unit_then(each) == matter.unit_id:
            return each.decided_at
    return None


async def _taken_over_at(matter: Matter) -> datetime | None:
    """When 改派 last began the clocks, and with them the count, anew: a unit may get a matter back (A46)."""
    gone = Ledger.filter(matter_id=matter.id, verb="reassign").order_by("-n")
    return next((each.at for each in await gone if not each.facts["keeps"]), None)


async def _unit_then(word: Ruling) -> int:
    """The unit that had the matter when the word was given: it may have gone to another one since (A46)."""
    gone = Ledger.filter(matter_id=word.matter_id, verb="reassign", at__gte=word.decided_at)
    first = await gone.order_by("n").first()
    return int(first.facts["from"]) if first else word.matter.unit_id
