"""撤回: the officer's own latest feedback (A75)."""

from __future__ import annotations

import re

from bot import errors, render
from bot.actions import recall as recalls
from bot.router import Reply, Router
from handlers import doubt, officer, which, words
from handlers.turn import Turn

router = Router()
# why, or which of them: 误发, 写错了, 上一条; nothing else is taken back here
_WHY = re.compile(r"[误错]|上一?[条次]|刚才|重[报发写]|有问题|不准确")
_OTHER = re.compile(r"延期|完结|办结|申诉|分办")


@router.text(words.pattern("recall"))
@officer.asking
async def recall(turn: Turn) -> Reply:
    """撤回 1 [7天]"""
    meant = await which.command(turn)
    said = words.command(turn.text)
    assert said
    if said.rest and (_OTHER.search(said.rest) or not _WHY.search(said.rest)):
        raise errors.Refused("recall_what", code=meant.matter.code)
    doubt.expect(said, turn.text, meant.matter.code)
    done = await recalls.recall(meant.matter.id, turn.by, turn.at, meant.said.node or "")
    return Reply(render.reply("recalled", **done, now=turn.at))
