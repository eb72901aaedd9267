"""What a unit answered on a matter: its feedback, in time or late, and what it applied for (A13, R34, R39)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from models.completion import Completion
from models.extension import Extension
from models.feedback import Feedback
from models.matter import Matter
from models.score import ScoreEvent

UNCOUNTED = ("supplement", "cooperation", "recalled")
"""Kinds of feedback that answer nothing (A8, A62, A75)."""


async def of(matter: Matter, begun: datetime) -> list[dict[str, Any]]:
    """What was filed and applied for since `begun`, by the instant for which it counts; kind is that of the feedback,
    completion or extension."""
    completions = Completion.filter(matter_id=matter.id, at__gte=begun, attempt__gt=0)
    extensions = Extension.filter(matter_id=matter.id, at__gte=begun)
    applied = [_applied("completion", each) async for each in completions.prefetch_related("person")]
    applied += [_applied("extension", each) async for each in extensions.prefetch_related("person")]
    return sorted([*await _filed(matter, begun), *applied], key=lambda each: each["at"])


def _applied(kind: str, row: Completion | Extension) -> dict[str, Any]:
    return {"node": "", "at": row.at, "by": row.person.name, "kind": kind, "late": False}


async def _filed(matter: Matter, begun: datetime) -> list[dict[str, Any]]:
    mine = Feedback.filter(matter_id=matter.id, created_at__gte=begun).order_by("at", "id")
    dues, last, found = await _overdue(matter), dict[int, datetime](), list[dict[str, Any]]()
    async for each in mine.prefetch_related("obligation", "person"):
        owed, late = each.obligation, False
        if owed and each.kind not in UNCOUNTED:
            late = _is_late(each.at, last.get(owed.id), [*dues[owed.id], owed.due_at])
            last[owed.id] = each.at
        said = {"node": owed.name if owed else "", "at": each.at, "by": each.person.name, "kind": each.kind}
        found.append({**said, "late": late})
    return found


async def _overdue(matter: Matter) -> dict[int | None, list[datetime | None]]:
    """Each D that passed in silence, by obligation: a return gives another one (A17, A19)."""
    found = defaultdict(list)
    async for each in ScoreEvent.filter(matter_id=matter.id, rule="overdue"):
        found[each.obligation_id].append(each.due_at)
    return found


def _is_late(at: datetime, before: datetime | None, dues: Collection[datetime | None]) -> bool:
    """Whether a D lies before the answer that the one `before` it had not met."""
    return any(due < at and (before is None or before < due) for due in dues if due)
