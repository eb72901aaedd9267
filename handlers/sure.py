"""Commands hard to undo answer with a confirm card first; its button serves the words that were kept (data.md)."""

from __future__ import annotations

from dataclasses import replace

from bot import errors, render
from bot import router as routing
from bot.actions import facts as shared
from bot.router import Reply, Router
from handlers import accountability, cards, confirm, ending, reopening, steering
from handlers.turn import Turn
from models.inbound import Inbound
from models.matter import Matter

router = Router()
SERVED = (accountability.router, steering.router, ending.router, reopening.router)


@router.press("sure")
async def sure(turn: Turn) -> Reply:
    """确认办理: sure:<inbound>:<matter>:<ledger line>; nothing is done once anything happened to the matter since."""
    inbound_id, matter_id, line = cards.ids(turn, 3)
    stored = await Inbound.get_or_none(id=inbound_id, person_id=turn.by.id)
    matter = await Matter.get_or_none(id=matter_id)
    if stored is None or matter is None:
        raise errors.Refused("stale_card")
    if matter.ledger_n != line:
        raise errors.Refused("changed_since", code=matter.code)
    # words are served once
    if not await Inbound.filter(id=stored.id, kind="text").update(kind="confirmed"):
        raise errors.Refused("stale_card")
    said = replace(turn.message, kind="text", text=stored.text)
    served = routing.match(SERVED, said, turn.by.roles)
    if served is None:
        raise errors.Refused("stale_card")
    reply = await served[0].handler(replace(turn, message=said, sure=True))
    shown = {
        **await shared.of(await Matter.get(id=matter.id)),
        "token": "",
        "effects": [],
        "into": "",
        "act": confirm.act(said.text),
    }
    return replace(reply, replace=render.card("confirm", **shown, now=turn.at, done="confirmed"))
