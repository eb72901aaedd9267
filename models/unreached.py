"""What did not reach somebody, and why (未达); what could not be planned at all (data.md §What is promised)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import database
from models.fields import utc
from models.notice import Notice
from models.obligation import LABEL, Obligation
from models.prompt import Prompt

_LOST = f"""
SELECT n.id AS notice_id, n.matter_id, n.kind, n.at, {LABEL} AS node, p.name AS person,
  (SELECT count(*) FROM delivery r WHERE r.notice_id = n.id AND r.lane <> 'update'
     AND r.state IN ('accepted', 'delivered', 'read', 'overtaken')) AS reached,
  (SELECT max(l.error) FROM delivery l WHERE l.notice_id = n.id AND l.person_id = p.id AND l.lane <> 'update') AS why
FROM notice n JOIN obligation o ON o.id = n.obligation_id
JOIN delivery d ON d.notice_id = n.id AND d.lane = 'chat' JOIN person p ON p.id = d.person_id
WHERE n.at >= ? AND NOT EXISTS (SELECT 1 FROM delivery k WHERE k.notice_id = n.id AND k.person_id = d.person_id
  AND k.lane <> 'update' AND k.state NOT IN ('failed', 'unknown'))
ORDER BY n.at DESC, n.id DESC"""  # noqa: S608
_NOBODY = f"""
SELECT n.id AS notice_id, n.matter_id, n.kind, n.at, {LABEL} AS node, '' AS person, 0 AS reached, '' AS why
FROM notice n JOIN obligation o ON o.id = n.obligation_id
WHERE n.at >= ? AND n.kind IN ('initiate', 'remind', 'urge', 'supervise', 'accountability_proposal', 'resend')
  AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.notice_id = n.id) ORDER BY n.at DESC, n.id DESC"""  # noqa: S608

_BY_SMS = """
SELECT n.id AS notice_id, p.name AS person, d.error AS why FROM delivery d
JOIN notice n ON n.id = d.notice_id JOIN person p ON p.id = d.person_id
WHERE n.at >= ? AND d.lane = 'chat' AND d.state = 'failed'
  AND EXISTS (SELECT 1 FROM delivery k WHERE k.notice_id = n.id AND k.person_id = p.id AND k.lane = 'sms'
    AND k.state NOT IN ('failed', 'unknown', 'cancelled'))
ORDER BY n.at DESC, n.id DESC"""


@dataclass(frozen=True, slots=True)
class Lost:
    """A notice that did not reach `person` on any lane ("": it had no recipient); `reached` others did get it, `told`
    was told in his stead (A64)."""

    matter_id: int
    kind: str
    node: str
    at: datetime
    person: str
    reached: int
    why: str
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """A person whom cards do not reach, short messages do: how many since, why at last, who was told besides."""

    person: str
    count: int
    why: str
    told: tuple[str, ...]


async def accounts(since: datetime) -> list[Account]:
    """Persons whose card failed for a notice planned since then and who got it as a short message, by name."""
    rows = await database.rows(_BY_SMS, [since])
    steads = await _steads(row["notice_id"] for row in rows)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["person"]].append(row)
    return [
        Account(person, len(mine), mine[0]["why"] or "", _told(steads, person, [row["notice_id"] for row in mine]))
        for person, mine in sorted(found.items())
    ]


async def _steads(notice_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Notice → who was told in whose stead."""
    rows = await Notice.filter(id__in=set(notice_ids))
    return {row.id: list(row.facts.get("instead", ())) for row in rows}


def _told(steads: Mapping[int, Sequence[Mapping[str, Any]]], person: str, notice_ids: Iterable[int]) -> tuple[str, ...]:
    told = (each["name"] for notice in notice_ids for each in steads.get(notice, ()) if each["of"] == person)
    return tuple(dict.fromkeys(told))


async def lost(since: datetime) -> list[Lost]:
    """Notices planned since then that one of their recipients has on no lane, the latest first."""
    rows = [*await database.rows(_NOBODY, [since]), *await database.rows(_LOST, [since])]
    steads = await _steads(row["notice_id"] for row in rows)
    found = [
        Lost(
            row["matter_id"],
            row["kind"],
            row["node"],
            utc(row["at"]),
            row["person"],
            row["reached"],
            row["why"] or "",
            _told(steads, row["person"], [row["notice_id"]]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.reached > 0, -each.at.timestamp()))


async def faults() -> list[Obligation | Prompt]:
    """Duties and questions, each with its matter, that were set aside because planning them failed."""
    duties = await Obligation.exclude(fault="").prefetch_related("matter").order_by("id")
    return [*duties, *await Prompt.exclude(fault="").prefetch_related("matter").order_by("id")]


LOST = ("failed", "unknown")
"""States of a delivery that did not reach its person, as far as anybody can say."""
_TRIED = "SELECT d.id FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE a.id > ? AND a.id <= ?"
ALARM = ("initiate", "supervise")
"""Kinds of notice of which somebody of the unit must have heard."""
_DOUBTFUL = f"""
SELECT n.id FROM notice n WHERE n.id > ? AND n.id <= ? AND n.kind IN {ALARM}
UNION SELECT n.id FROM delivery d JOIN notice n ON n.id = d.notice_id
WHERE d.id IN ({_TRIED}) AND d.state IN {LOST} AND n.kind IN {ALARM} ORDER BY 1"""  # noqa: S608
_ALONE = f"""
SELECT DISTINCT d.person_id FROM delivery d
WHERE d.id IN ({_TRIED}) AND d.state IN {LOST} AND d.lane <> 'update' AND d.notice_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM delivery k WHERE k.notice_id = d.notice_id AND k.person_id = d.person_id AND k.lane <> 'update'
    AND k.state NOT IN {LOST})
ORDER BY d.person_id"""  # noqa: S608


async def doubtful(notices: tuple[int, int], attempts: tuple[int, int]) -> list[int]:
    """Ids of grave notices that nobody of the unit may have: new ones (id above, up to), which may have gone to others
    alone; and those of which a delivery that was tried in these attempts did not reach its person."""
    return [row["id"] for row in await database.rows(_DOUBTFUL, [*notices, *attempts])]


async def without_a_lane(attempts: tuple[int, int]) -> list[int]:
    """Ids of the persons who have a notice that was tried in these attempts on no lane."""
    return [row["person_id"] for row in await database.rows(_ALONE, [*attempts])]


async def gaps(since: datetime) -> list[Notice]:
    """What should have gone out and did not, as the auditor found it since then, with matter and obligation."""
    found = Notice.filter(kind="gap", at__gte=since).prefetch_related("matter", "obligation")
    return await found.order_by("-at", "-id")
