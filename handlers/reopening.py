"""/重开: a closed matter begins a new cycle; the command answers with a confirm card."""

from __future__ import annotations

from bot import errors, render
from bot.actions import office, reopening
from bot.router import Reply, Router
from handlers import confirm, lookup, words
from handlers.turn import Turn

router = Router()


@router.text(words.pattern("reopen"), *office.DECIDERS)
async def reopen(turn: Turn) -> Reply:
    """/重开 1 理由; a closed matter is never guessed, its number is written."""
    said = words.command(turn.text)
    assert said
    if said.ref is None:
        raise errors.Refused("number_missing", word=said.said)
    matter, reason = (await lookup.command(turn)).matter, said.rest.strip()
    await reopening.expect(matter, turn.by, turn.at)
    if len(reason) < 2:
        raise errors.Refused("reason_needed", word=said.said, example=f"/{said.said} {matter.code} 理由")
    if not turn.sure:
        return await confirm.ask(turn, matter, "reopened")
    done = await reopening.reopen(matter.id, turn.by, turn.at, reason)
    return Reply(render.reply("reopened", **done, now=turn.at))
