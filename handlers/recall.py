"""撤回: the officer's own latest feedback (A75)."""

from __future__ import annotations

from bot import render
from bot.actions import recall as recalls
from bot.router import Reply, Router
from handlers import officer, which, words
from handlers.turn import Turn

router = Router()


@router.text(words.pattern("recall"))
@officer.asking
async def recall(turn: Turn) -> Reply:
    """撤回 1 [7天]"""
    meant = await which.command(turn)
    done = await recalls.recall(meant.matter.id, turn.by, turn.at, meant.said.node or "")
    return Reply(render.reply("recalled", **done, now=turn.at))
