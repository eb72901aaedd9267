"""What every card and reply says about a matter: the shared facts of `bot.render.card`, as JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot import wording
from bot.actions import setting
from bot.rules import obligation
from models import roster
from models.matter import Matter
from models.people import Unit


async def of(matter: Matter) -> dict[str, Any]:
    """Code, title, names of units and handler, marks; what depends on an obligation or an instant is the caller's.

    `leads` are the names of the units that lead together; `unit` is then all of them (A62).
    """
    together = await _leads(matter)
    ids = {matter.unit_id, *matter.cooperating, *together}
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=ids)}
    leads = [units[each] for each in together]
    handler = await roster.name(matter.handler_id)
    return {
        "code": matter.code,
        "proposal_no": matter.proposal_no,
        "title": matter.title,
        "unit": wording.listed(leads) or units[matter.unit_id],
        "leads": leads,
        "cooperating": [units[each] for each in matter.cooperating if each in units],
        "source": matter.source,
        "category": matter.category,
        "handler": handler,
        "handler_id": matter.handler_id or "",
        "sensitive": matter.sensitive,
        "urgent": matter.urgent,
        **needs(matter),
    }


async def units(ids: Iterable[int]) -> str:
    """The names of these units, in the units' order, as a sentence names them."""
    found = await Unit.filter(id__in=list(ids)).order_by("order")
    return wording.listed([each.name for each in found])


def needs(matter: Matter) -> dict[str, str]:
    """What meets N7 and NM by the matter's own rules (A6, A7); only a general matter must be solved by N7 (R3)."""
    rules = setting.book(matter).rules
    n7 = rules.n7_needs if matter.category == "general" else "feedback"
    return {"n7_needs": n7, "nm_met_by": rules.nm_met_by}


async def _leads(matter: Matter) -> list[int]:
    """The units that lead together now: a child may have been reassigned since."""
    if matter.leads and matter.code:
        return await Matter.filter(parent_id=matter.id).order_by("child").values_list("unit_id", flat=True)  # type: ignore[return-value]
    return matter.leads or []


def page(matter: Matter, name: str) -> str:
    """The address of a page of the matter; "" when pages can't be reached from a phone."""
    base = setting.current().public_url
    return f"{base}/m/{matter.code}/{name}" if base else ""


def following(owed: Iterable[obligation.Obligation], at: datetime) -> dict[str, Any]:
    """`next_node` and `next_due_at`: the open duty that is due first; "" and None when nothing is open."""
    found = next(iter(sorted((each.due_at, each.label) for each in owed if each.due_at and each.is_open(at))), None)
    return (
        {"next_node": found[1], "next_due_at": found[0].isoformat()}
        if found
        else {"next_node": "", "next_due_at": None}
    )
