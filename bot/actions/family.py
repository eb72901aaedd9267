"""Units that lead together: a parent without clocks, a child for each unit, closed when all have closed (A62)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.actions import change, consent
from bot.rules.status import CLOSED, MATTER
from models import database
from models.matter import Matter
from models.obligation import Obligation
from models.roster import Seated

SPLIT = "split"
_SHARED = (
    *(
        "state",
        "year",
        "number",
        "title",
        "source",
        "category",
        "proposer_id",
        "cooperating",
        "document_no",
        "document_on",
    ),
    *("due_on", "urgent", "sensitive", "ruleset", "proposed_at", "initiated_at"),
)


async def bear(parent: Matter, at: datetime) -> list[Matter]:
    """A child for each leading unit of the numbered parent, which is split from now on; the caller starts clocks."""
    born = [await _child(parent, nth, unit, at) for nth, unit in enumerate(parent.leads or (), 1)]
    await Matter.filter(id=parent.id).update(state=SPLIT)
    parent.state = SPLIT
    return born


async def _child(parent: Matter, nth: int, unit_id: int, at: datetime) -> Matter:
    shared: dict[str, Any] = {name: getattr(parent, name) for name in _SHARED}
    child = await Matter.create(**shared, parent_id=parent.id, child=nth, unit_id=unit_id)
    await Obligation.create(matter_id=child.id, unit_id=unit_id, name=MATTER, planned_at=at)
    return child


async def lock(matter_id: int) -> Matter:
    """The matter, locked; of a child the parent before it, so that two children that end at once wait in line."""
    found = await Matter.get(id=matter_id)
    if found.parent_id:
        await database.lock_matter(found.parent_id)
    return await database.lock_matter(matter_id)


async def children(parent: Matter) -> list[Matter]:
    """In the order of their numbers."""
    return await Matter.filter(parent_id=parent.id).order_by("child")


async def settle(child: Matter, by: Seated, at: datetime) -> None:
    """After a matter ended, was written off or began again: its parent, when it has one, follows its children.

    The caller has locked both by `lock`.
    """
    if child.parent_id is None:
        return
    parent = await database.lock_matter(child.parent_id)
    mine = await children(parent)
    now = {"state": _state(mine), "written_off_at": _written_off_at(mine)}
    if now == {name: getattr(parent, name) for name in now}:
        return
    closed_at = (parent.closed_at or at) if now["state"] in CLOSED else None
    await Matter.filter(id=parent.id).update(**now, closed_at=closed_at)
    await consent.drop(parent, at)  # what was asked about it was asked of the parent as it was
    states = {each.code: each.state for each in mine}
    await change.record(parent, "follow_children", by=by.id, at=at, facts={"state": now["state"], "children": states})


def _state(mine: Sequence[Matter]) -> str:
    """Split while a child is open; closed when one was done, else as the last resort of them ended."""
    states = {each.state for each in mine}
    if states - CLOSED:
        return SPLIT
    return next(each for each in ("closed", "merged", "withdrawn") if each in states)


def _written_off_at(mine: Sequence[Matter]) -> datetime | None:
    """When the last of those that were done was written off; None while one is not."""
    done: list[Any] = [each.written_off_at for each in mine if each.state == "closed"]
    return None if None in done or {each.state for each in mine} - CLOSED else max(done, default=None)
