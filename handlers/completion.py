"""完结: the officer's draft, its two ticks by card, the application."""

from __future__ import annotations

import re

from bot import errors, render
from bot.actions import completion as completions
from bot.router import Reply, Router
from handlers import cards, doubt, officer, plan, which, words
from handlers.turn import Turn
from models.completion import Completion

router = Router()
_UNDONE = re.compile(
    r"还没|[尚仍还]未|未(?:完成|办结|完结|落实|解决|整改)|没(?:完成|办完|整改完)|不(?:能|是|完结|办结|申请)|暂不"
)


@router.text(words.pattern("completion"))
@officer.asking
async def draft(turn: Turn) -> Reply:
    """完结 1 理由：… answers with the card that files it; without a report yet, with the way to the form (R40).

    The reason may be left out when it was said before.
    """
    meant = await which.command(turn)
    reason = plan.reason(meant.said.rest)
    if _UNDONE.match(reason) or doubt.asks(meant.said.rest or turn.text) or doubt.denies(meant.said.said, reason):
        doubt.refuse(meant.said, meant.matter.code)
    done = await completions.draft(meant.matter.id, reason, turn.by, turn.at)
    kind = "completion_confirm" if done.facts["pages"] else "completion_form"
    return Reply(card=render.card(kind, **done.facts, now=turn.at))


@router.press("complete")
async def submit(turn: Turn) -> Reply:
    """确认两项并提交: complete:<completion>."""
    told = await completions.submit(await _id(turn), turn.by, turn.at)
    card = render.card("completion_confirm", **told, **_NOTHING, now=turn.at, done="submitted")
    return Reply(render.reply("completion_applied", **told, now=turn.at), replace=card)


@router.press("rethink")
async def drop(turn: Turn) -> Reply:
    """再想想: rethink:<completion>."""
    told = await completions.drop(await _id(turn), turn.by, turn.at)
    return Reply(replace=render.card("completion_confirm", **told, **_NOTHING, now=turn.at, done="dropped"))


_NOTHING = {"next_node": "", "next_due_at": None}


async def _id(turn: Turn) -> int:
    found = await Completion.get_or_none(id=cards.ids(turn, 1)[0])
    if found is None:
        raise errors.Refused("stale_card")
    return found.id
