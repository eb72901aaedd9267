"""Commands hard to undo answer with a confirm card first; its button serves the words that were kept (data.md)."""

from __future__ import annotations

from dataclasses import replace

from bot import errors, render
from bot import router as routing
from bot.actions import facts as shared
from bot.actions import seats as seating
from bot.router import Reply, Router
from handlers import accountability, cards, confirm, ending, reopening, seats, steering
from handlers.turn import Turn
from models.inbound import Inbound
from models.matter import Matter
from models.people import Unit

router = Router()
SERVED = (accountability.router, steering.router, ending.router, reopening.router, seats.router)


@router.press("sure")
async def sure(turn: Turn) -> Reply:
    """确认办理: sure:<inbound>:<matter>:<ledger line>; nothing is done once anything happened to the matter since."""
    inbound_id, matter_id, line = cards.ids(turn, 3)
    matter = await Matter.get_or_none(id=matter_id)
    if matter is None:
        raise errors.Refused("stale_card")
    if matter.ledger_n != line:
        raise errors.Refused("changed_since", code=matter.code)
    reply, act = await _serve(turn, inbound_id)
    shown = {**await shared.of(await Matter.get(id=matter.id)), "token": "", "effects": [], "into": "", "act": act}
    return replace(reply, replace=render.card("confirm", **shown, now=turn.at, done="confirmed"))


@router.press("reseat")
async def reseat(turn: Turn) -> Reply:
    """确认换岗: reseat:<inbound>:<unit>:<head>:<A>:<B>; nothing is done once somebody else sits there (0: nobody)."""
    inbound_id, unit_id, *seen = cards.ids(turn, 5)
    held = await seating.holders(unit_id, turn.today)
    unit = await Unit.get_or_none(id=unit_id)
    if unit is None:
        raise errors.Refused("stale_card")
    if seen != [held[role].person_id if role in held else 0 for role in seating.POSTS]:
        raise errors.Refused("seats_changed", unit=unit.name)
    reply, _ = await _serve(turn, inbound_id)
    shown = {"unit": unit.name, "changes": [], "open": 0, "token": ""}
    return replace(reply, replace=render.card("reseat", **shown, now=turn.at, done="confirmed"))


async def _serve(turn: Turn, inbound_id: int) -> tuple[Reply, str]:
    """The reply to the words that were kept, served once and only for who wrote them; and the command's own word."""
    stored = await Inbound.get_or_none(id=inbound_id, person_id=turn.by.id)
    if stored is None or not await Inbound.filter(id=stored.id, kind="text").update(kind="confirmed"):
        raise errors.Refused("stale_card")
    said = replace(turn.message, kind="text", text=stored.text)
    served = routing.match(SERVED, said, turn.by.roles)
    if served is None:
        raise errors.Refused("stale_card")
    return await served[0].handler(replace(turn, message=said, sure=True)), confirm.act(said.text)
