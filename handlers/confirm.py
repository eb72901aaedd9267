"""The card that asks back before a command hard to undo (interfaces.md §Chat)."""

from __future__ import annotations

from bot import render
from bot.actions import facts as shared
from bot.channels import Card
from bot.router import Reply
from handlers import words
from handlers.turn import Turn
from models.matter import Matter


async def ask(turn: Turn, matter: Matter, *effects: str, into: Matter | None = None) -> Reply:
    """What the turn's command will do, as keys of [effect] in words.toml; its button is bound to what is now.

    `into`: the other matter, of a merge.
    """
    token = f"{turn.inbound_id}:{matter.id}:{matter.ledger_n}"
    shown = {**await shared.of(matter), "token": token, "effects": list(effects), "act": act(turn.text)}
    other = f"{into.code} {'' if into.sensitive else into.title}".strip() if into else ""
    return Reply(card=render.card("confirm", **shown, into=other, now=turn.at))


async def done(turn: Turn, matter: Matter, said: str) -> Card:
    """The card in its answered form; `said` is the command's own word."""
    shown = {**await shared.of(matter), "token": "", "effects": [], "act": said}
    return render.card("confirm", **shown, now=turn.at, done="confirmed")


def again(what: str) -> Reply:
    """The button was pressed once more after all was done."""
    return Reply(render.reply("confirmed", what=what))


def act(text: str) -> str:
    """The command's own words, for the card's head."""
    said = words.command(text)
    assert said
    return said.said
