"""What did not reach somebody, and why (未达); what could not be planned at all (data.md §What is promised)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models import database
from models.fields import utc
from models.obligation import Obligation
from models.prompt import Prompt

_LOST = """
SELECT n.id AS notice_id, n.matter_id, n.kind, n.at, o.name AS node, p.name AS person,
  (SELECT count(*) FROM delivery r WHERE r.notice_id = n.id AND r.lane <> 'update'
     AND r.state IN ('accepted', 'delivered', 'read', 'overtaken')) AS reached,
  (SELECT max(l.error) FROM delivery l WHERE l.notice_id = n.id AND l.person_id = p.id AND l.lane <> 'update') AS why
FROM notice n JOIN obligation o ON o.id = n.obligation_id
JOIN delivery d ON d.notice_id = n.id AND d.lane = 'chat' JOIN person p ON p.id = d.person_id
WHERE n.at >= ? AND NOT EXISTS (SELECT 1 FROM delivery k WHERE k.notice_id = n.id AND k.person_id = d.person_id
  AND k.lane <> 'update' AND k.state NOT IN ('failed', 'unknown'))
ORDER BY n.at DESC, n.id DESC"""
_NOBODY = """
SELECT n.id AS notice_id, n.matter_id, n.kind, n.at, o.name AS node, '' AS person, 0 AS reached, '' AS why
FROM notice n JOIN obligation o ON o.id = n.obligation_id
WHERE n.at >= ? AND n.kind IN ('initiate', 'remind', 'urge', 'supervise', 'accountability_proposal', 'resend')
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id) ORDER BY n.at DESC, n.id DESC"""


@dataclass(frozen=True, slots=True)
class Lost:
    """A notice that did not reach `person` on any lane ("": it had no recipient); `reached` others did get it."""

    matter_id: int
    kind: str
    node: str
    at: datetime
    person: str
    reached: int
    why: str


async def lost(since: datetime) -> list[Lost]:
    """Notices planned since then that one of their recipients has on no lane, the latest first."""
    rows = [*await database.rows(_NOBODY, [since]), *await database.rows(_LOST, [since])]
    found = [
        Lost(
            row["matter_id"], row["kind"], row["node"], utc(row["at"]), row["person"], row["reached"], row["why"] or ""
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.reached > 0, -each.at.timestamp()))


async def faults() -> list[Obligation | Prompt]:
    """Duties and questions, each with its matter, that were set aside because planning them failed."""
    duties = await Obligation.exclude(fault="").prefetch_related("matter").order_by("id")
    return [*duties, *await Prompt.exclude(fault="").prefetch_related("matter").order_by("id")]
