"""What every card and reply says about a matter: the shared facts of `bot.render.card`, as JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.actions import setting
from bot.rules import obligation
from models import roster
from models.matter import Matter
from models.people import Unit


async def of(matter: Matter) -> dict[str, Any]:
    """Code, title, names of units and handler, marks; what depends on an obligation or an instant is the caller's."""
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=[matter.unit_id, *matter.cooperating])}
    handler = (await roster.names([matter.handler_id])).get(matter.handler_id or 0, "")
    return {
        "code": matter.code,
        "proposal_no": matter.proposal_no,
        "title": matter.title,
        "unit": units[matter.unit_id],
        "cooperating": [units[each] for each in matter.cooperating if each in units],
        "source": matter.source,
        "category": matter.category,
        "handler": handler,
        "handler_id": matter.handler_id or "",
        "sensitive": matter.sensitive,
        "urgent": matter.urgent,
    }


def page(matter: Matter, name: str) -> str:
    """The address of a page of the matter; "" when pages can't be reached from a phone."""
    base = setting.current().public_url
    return f"{base.rstrip('/')}/m/{matter.code}/{name}" if base else ""


def following(owed: Iterable[obligation.Obligation], at: datetime) -> dict[str, Any]:
    """`next_node` and `next_due_at`: the open duty that is due first; "" and None when nothing is open."""
    found = next(iter(sorted((each.due_at, each.name) for each in owed if each.due_at and each.is_open(at))), None)
    return (
        {"next_node": found[1], "next_due_at": found[0].isoformat()}
        if found
        else {"next_node": "", "next_due_at": None}
    )
