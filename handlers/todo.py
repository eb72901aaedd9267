"""待办: what the sender's matters owe next, the proposals that wait for his word, the applications for his review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions import facts as shared
from bot.actions import office, posts, rights
from handlers import which
from handlers.turn import Turn
from models import open as opened
from models.completion import Completion
from models.extension import Extension
from models.matter import Approval, Matter
from models.people import Unit


async def facts(turn: Turn) -> dict[str, Any]:
    """The facts of the reply `todo`."""
    waiting = await proposals(turn)
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=[each.matter.unit_id for each in waiting])}
    approvals = [{**_head(each.matter), "unit": units[each.matter.unit_id]} for each in waiting]
    mine = await items(turn, await which.his(turn))
    said = {"name": turn.by.name, "items": mine, "approvals": approvals, "reviews": await reviews(turn)}
    return {**said, "helped": await helped(turn)}


async def helped(turn: Turn) -> list[dict[str, Any]]:
    """What the sender's units cooperate with: no clock, nothing owed (A62)."""
    found = await opened.helped(turn.by.units(rights.FILERS))
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=[each.unit_id for each in found])}
    return [{**_head(each), "unit": units[each.unit_id]} for each in found]


async def items(turn: Turn, matters: Sequence[Matter]) -> list[dict[str, Any]]:
    """All that is overdue and the next duty of each matter, the earliest deadline first."""
    owed = await opened.duties(matters, turn.at)
    found = []
    for each in matters:
        late = [row for row in owed[each.id] if row.due_at and row.due_at < turn.at]
        ahead = [row for row in owed[each.id] if row not in late][:1]
        head = {**_head(each), **shared.needs(each)}
        found += [{**head, "node": row.label, "due_at": row.due_at} for row in late + ahead]
    return sorted(found, key=lambda item: item["due_at"])


async def proposals(turn: Turn) -> list[Approval]:
    """Approvals that the sender may give, one a proposal, the oldest first."""
    found: dict[int, Approval] = {}
    for each in await opened.approvals() if turn.by.roles & {*posts.APPROVERS} else []:
        if each.matter_id not in found and await _may(turn, each):
            found[each.matter_id] = each
    return list(found.values())


async def reviews(turn: Turn) -> list[dict[str, Any]]:
    """Completions and extensions that the sender may decide on, the oldest first (A61, A66)."""
    if not turn.by.roles & {*office.DECIDERS}:
        return []
    rows: list[Completion | Extension] = [
        *await Completion.filter(state="pending").prefetch_related("matter"),
        *await Extension.filter(state__in=("pending", "late")).prefetch_related("matter"),
    ]
    return [
        {**_head(each.matter), "what": "completion" if isinstance(each, Completion) else "extension", "since": each.at}
        for each in sorted(rows, key=lambda row: row.at)
        if turn.by.id in (await office.desk(each.matter, turn.at, each.person_id)).may
    ]


async def _may(turn: Turn, approval: Approval) -> bool:
    held = await posts.holders(approval.matter, [approval.role], turn.today)
    return turn.by.id in held[approval.role]


def _head(matter: Matter) -> dict[str, Any]:
    return {
        "code": matter.code,
        "proposal_no": matter.proposal_no,
        "title": matter.title,
        "sensitive": matter.sensitive,
    }
