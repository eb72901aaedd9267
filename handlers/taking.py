"""签收: the unit accepts what it was given, where its clocks wait for that (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot import errors, render
from bot.actions import facts as shared
from bot.actions import taking
from bot.router import Reply, Router
from handlers import cards, stage, which
from handlers.turn import Turn
from models.matter import Matter
from models.obligation import Obligation

router = Router()


async def accepted(turn: Turn, matters: Sequence[Matter]) -> Reply | None:
    """Accept those of the matters that wait for it; the card of the first stage follows. None when none waits."""
    found = await taking.waiting(matters, "acceptance")
    taken = [each for each in found if await taking.take_up(each.id, turn.by, turn.at)]
    owing = await which.owing(turn, "N1", taken)
    if not owing:
        return None
    shown = await stage.facts(*owing[0], turn)
    codes = [each.code for each in taken]
    text = render.reply("taken_up", codes=codes, due_at=shown["due_at"], now=turn.at)
    return Reply(text, card=render.card("acknowledge", **shown))


@router.press("take")
async def take(turn: Turn) -> Reply:
    """签收 on the card of the initiation: take:<obligation that carries the matter>."""
    owed = await Obligation.get_or_none(id=cards.ids(turn, 1)[0])
    if owed is None:
        raise errors.Refused("stale_card")
    matter = await Matter.get(id=owed.matter_id)
    reply = await accepted(turn, [matter])
    if reply is None:
        raise errors.Refused("stale_card")
    shown = {**await shared.of(matter), "node": "", "due_at": None, "waits": "acceptance", "now": turn.at}
    ids = {"obligation_id": owed.id, "episode": owed.episode, "delivery": 0}
    return replace(reply, replace=render.card("initiate", **shown, **ids, done="taken_up"))
