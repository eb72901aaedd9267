"""待办: what the sender's matters owe next, the proposals that wait for his word, the applications for his review,
the requests for his ruling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.actions import accountability, asks, objection, office, posts, rights
from bot.actions import facts as shared
from handlers import which
from handlers.turn import Turn
from models import open as opened
from models.completion import Completion
from models.extension import Extension
from models.matter import Approval, Matter
from models.people import Unit
from models.ruling import Ruling


async def facts(turn: Turn) -> dict[str, Any]:
    """The facts of the reply `todo`."""
    waiting = await proposals(turn)
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=[each.matter.unit_id for each in waiting])}
    approvals = [{**_head(each.matter), "unit": units[each.matter.unit_id]} for each in waiting]
    mine = await items(turn, await which.his(turn))
    said = {"name": turn.by.name, "items": mine, "approvals": approvals, "reviews": await reviews(turn)}
    return {**said, "helped": await helped(turn), "rulings": await rulings(turn)}


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


async def rulings(turn: Turn) -> list[dict[str, Any]]:
    """Objections, ends asked for and both steps of accountability that the sender may decide on (A16, A46, A72), as
    `kind` of the card that asks; `into` of a merge is the other matter's number."""
    if not turn.by.roles & {*objection.JUDGES}:
        return []
    rows = await Ruling.filter(verdict="").prefetch_related("matter", "into").order_by("id")
    found = [
        {**_head(row.matter), "kind": asks.CARDS.get(row.kind, row.kind), "into": row.into.code if row.into else ""}
        for row in rows
        if _decides(turn, row)
    ]
    reported = {row.matter_id for row in rows if row.kind == accountability.KIND}
    proposed = await Matter.filter(proposal_open=True).exclude(id__in=reported).order_by("id")
    judged = {unit: (await posts.over(unit, turn.today))[1] for unit in {each.unit_id for each in proposed}}
    mine = [each for each in proposed if turn.by.id in judged[each.unit_id]]
    return found + [{**_head(each), "kind": "accountability_proposal", "into": ""} for each in mine]


def _decides(turn: Turn, row: Ruling) -> bool:
    """Whether the word that is awaited is one of the sender's posts; each unit that leads has its own leader."""
    post, _, nth = row.role.partition(":")
    if post != "leader_in_charge":
        return post in turn.by.roles
    units = row.matter.leads or [row.matter.unit_id]
    return units[int(nth or 1) - 1] in turn.by.units((post,))


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
