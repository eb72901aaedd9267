"""哪件事项 was asked by card, and one was chosen: the words that were kept are served for that matter."""

from __future__ import annotations

from dataclasses import replace

from bot import errors, render
from bot import router as routing
from bot.router import Reply, Router
from handlers import cards, completion, extension, officer, recall, unknown
from handlers.turn import Turn
from models.inbound import Inbound
from models.matter import Matter

router = Router()
SERVED = (officer.router, extension.router, completion.router, recall.router, unknown.router)
LEAST = 600  # seconds for which the words count as said when they were sent, as for a late callback (data.md)


@router.press("pick")
async def pick(turn: Turn) -> Reply:
    """确定 under 哪件事项: pick:<inbound>; the words that were kept are served as if they had named the matter."""
    stored = await Inbound.get_or_none(id=cards.ids(turn, 1)[0], person_id=turn.by.id)
    matter = await Matter.get_or_none(id=cards.selected(turn, "matter") or 0)
    # words are served once: a second press on the same card finds them picked
    if stored is None or not await Inbound.filter(id=stored.id, kind="text").update(kind="picked"):
        raise errors.Refused("stale_card")
    if matter is None:
        raise errors.Refused("nothing_picked")
    recent = (turn.at - stored.answered_at).total_seconds() <= LEAST
    said = replace(turn.message, kind="text", text=stored.text, at=stored.answered_at if recent else turn.at)
    again = replace(turn, message=said, picked=matter.id)
    served = routing.match(SERVED, said, turn.by.roles)
    assert served
    options = [(matter.id, matter.code, matter.title, matter.sensitive)]
    reply = await served[0].handler(again)
    card = render.card("choose", token=stored.id, options=options, words=stored.text, now=turn.at, done="picked")
    return replace(reply, replace=card)
