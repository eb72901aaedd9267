"""Commands hard to undo answer with a confirm card first; its button serves the words that were kept (data.md)."""

from __future__ import annotations

from dataclasses import replace

from bot import errors, render
from bot import router as routing
from bot.actions import family
from bot.actions import seats as seating
from bot.router import Reply, Router
from handlers import accountability, cards, confirm, ending, reopening, seats, steering
from handlers.turn import Turn
from models import roster
from models.inbound import Inbound
from models.matter import Matter
from models.people import Unit

router = Router()
SERVED = (accountability.router, steering.router, ending.router, reopening.router, seats.router)
CONFIRMED = "confirmed"
"""Kind of the words once they were confirmed: a second press finds that they are served."""


@router.press("sure")
async def sure(turn: Turn) -> Reply:
    """确认办理: sure:<inbound>:<matter>:<ledger line>; nothing is done once anything happened to the matter since."""
    inbound_id, matter_id, line = cards.ids(turn, 3)
    stored = await _stored(turn, inbound_id)
    if not await Matter.exists(id=matter_id):
        raise errors.Refused("stale_card")
    matter = await family.lock(matter_id)  # what is compared stays so until it is done
    if stored.kind != CONFIRMED and matter.ledger_n != line:
        raise errors.Refused("changed_since", code=matter.code)
    reply = await _serve(turn, stored, matter.code)
    return replace(reply, replace=await confirm.done(turn, await Matter.get(id=matter.id), confirm.act(stored.text)))


@router.press("reseat")
async def reseat(turn: Turn) -> Reply:
    """确认换岗: reseat:<inbound>:<unit>:<head>:<A>:<B>; nothing is done once somebody else sits there (0: nobody)."""
    inbound_id, unit_id, *seen = cards.ids(turn, 5)
    stored, unit = await _stored(turn, inbound_id), await Unit.get_or_none(id=unit_id)
    if unit is None:
        raise errors.Refused("stale_card")
    await roster.lock()
    held = await seating.holders(unit_id, turn.today)
    if stored.kind != CONFIRMED and seen != [held[role].person_id if role in held else 0 for role in seating.POSTS]:
        raise errors.Refused("seats_changed", unit=unit.name)
    reply = await _serve(turn, stored, unit.name)
    shown = {"unit": unit.name, "changes": [], "open": 0, "token": ""}
    return replace(reply, replace=render.card("reseat", **shown, now=turn.at, done="confirmed"))


async def _stored(turn: Turn, inbound_id: int) -> Inbound:
    """The words that were kept, for who wrote them."""
    found = await Inbound.get_or_none(id=inbound_id, person_id=turn.by.id, kind__in=("text", CONFIRMED))
    if found is None:
        raise errors.Refused("stale_card")
    return found


async def _serve(turn: Turn, stored: Inbound, about: str) -> Reply:
    """The reply to the words that were kept, which are served once; after that, that they were."""
    if not await Inbound.filter(id=stored.id, kind="text").update(kind=CONFIRMED):
        return confirm.again(f"{confirm.act(stored.text)} {about}")
    said = replace(turn.message, kind="text", text=stored.text)
    served = routing.match(SERVED, said, turn.by.roles)
    if served is None:
        raise errors.Refused("stale_card")
    return await served[0].handler(replace(turn, message=said, sure=True))
