"""登录: a one-time link for a desk whose browser is not the client's; the platform's own sign-in needs none."""

from __future__ import annotations

from bot import clock, errors, render
from bot.actions import setting
from bot.router import Reply, Router
from handlers import lookup, words
from handlers.turn import Turn
from models import ticket

router = Router()


@router.text(words.pattern("sign_in"))
async def link(turn: Turn) -> Reply:
    """登录 [1]: with a number it leads to that matter's form."""
    base = setting.current().public_url
    said = words.command(turn.text)
    assert said
    if not base:
        raise errors.Refused("not_offered", word=said.said)
    place = f"/m/{(await lookup.numbered(said.ref, turn)).code}/completion" if said.ref else "/"
    value = await ticket.issue(turn.by.id, clock.wall())
    return Reply(render.reply("sign_in", url=f"{base}/login/link?ticket={value}&next={place}"))
