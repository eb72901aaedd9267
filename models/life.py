"""Rows ↔ the pure state of `bot.rules.life`: load a matter's life under its locks, store what a verb changed."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any

from bot.rules import obligation as rule
from bot.rules.life import Life
from models.matter import Matter
from models.obligation import Obligation

_FIELDS = tuple(entry.name for entry in dataclass_fields(rule.Obligation))


def owed(row: Obligation) -> rule.Obligation:
    """The pure record of a row."""
    return rule.Obligation(**{name: getattr(row, name) for name in _FIELDS})


async def rows(matter: Matter) -> list[Obligation]:
    """The obligations of the running cycle by id, locked in that order until the transaction ends (data.md)."""
    mine = Obligation.filter(matter_id=matter.id, cycle=matter.cycle)
    return await mine.select_for_update(no_key=True).order_by("id")


async def load(matter: Matter) -> Life:
    """The life of a matter that the caller has locked."""
    if matter.initiated_at is None:
        raise ValueError(f"matter {matter.id} is not initiated")
    return Life(
        category=matter.category,
        initiated_at=matter.initiated_at,
        obligations=tuple(owed(row) for row in await rows(matter)),
        follow_up_at=matter.follow_up_at,
        completion_at=matter.completion_at,
        old_due=matter.old_due_at,
        extension_at=matter.extension_at,
        plan_until=matter.plan_until,
        filed=(matter.filed, matter.filed_at) if matter.filed and matter.filed_at else None,
        supervised=matter.supervised,
        proposal_open=matter.proposal_open,
        closed_at=matter.closed_at,
    )


async def store(matter: Matter, before: Life | None, after: Life) -> dict[tuple[str, int], int]:
    """Write what differs between two lives; the ids of the obligations written, by (name, ordinal)."""
    old = {(each.name, each.ordinal): each for each in before.obligations} if before else {}
    written: dict[tuple[str, int], int] = {}
    for each in after.obligations:
        key = (each.name, each.ordinal)
        if old.get(key) != each:
            written[key] = await _write(matter, each, exists=key in old)
    changed = _columns(after) | ({"plan_version": matter.plan_version + 1} if before and written else {})
    await Matter.filter(id=matter.id).update(**changed)
    matter.update_from_dict(changed)
    return written


def _columns(after: Life) -> dict[str, Any]:
    return {
        "category": after.category,
        "state": after.state,
        "initiated_at": after.initiated_at,
        "follow_up_at": after.follow_up_at,
        "completion_at": after.completion_at,
        "old_due_at": after.old_due,
        "extension_at": after.extension_at,
        "plan_until": after.plan_until,
        "filed": after.filed[0] if after.filed else "",
        "filed_at": after.filed[1] if after.filed else None,
        "supervised": after.supervised,
        "proposal_open": after.proposal_open,
        "closed_at": after.closed_at,
    }


async def _write(matter: Matter, each: rule.Obligation, *, exists: bool) -> int:
    values = {name: getattr(each, name) for name in _FIELDS}
    key = {"matter_id": matter.id, "cycle": matter.cycle, "name": each.name, "ordinal": each.ordinal}
    if exists:
        mine = Obligation.filter(**key)
        await mine.update(**{name: value for name, value in values.items() if name not in ("name", "ordinal")})
        return (await mine.get()).id
    return (await Obligation.create(**{**values, **key}, unit_id=matter.unit_id)).id
