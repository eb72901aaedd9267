"""What leaders write: /批示 1 话."""

from __future__ import annotations

from bot import errors, render
from bot.actions import instruction
from bot.router import Reply, Router
from handlers import lookup, words
from handlers.turn import Turn

router = Router()
LEADERS = ("leader_in_charge", "main_leader")


@router.text(words.pattern("instruct"), *LEADERS)
async def instruct(turn: Turn) -> Reply:
    """/批示 1 话"""
    meant = await lookup.command(turn)
    if len(meant.said.rest.strip()) < 2:
        example = f"/{meant.said.said} {meant.matter.code} 请抓紧落实"
        raise errors.Refused("words_missing", word=meant.said.said, example=example)
    done = await instruction.instruct(meant.matter.id, turn.by, turn.at, meant.said.rest.strip())
    return Reply(render.reply("instructed", **done, now=turn.at))
