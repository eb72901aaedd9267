"""The card that asks back before a command hard to undo (interfaces.md §Chat)."""

from __future__ import annotations

from collections.abc import Sequence

from bot import render
from bot.actions import facts as shared
from bot.router import Reply
from handlers import words
from handlers.turn import Turn
from models.matter import Matter


async def ask(turn: Turn, matter: Matter, *effects: str) -> Reply:
    """What the turn's command will do, as keys of [effect] in words.toml; its button is bound to what is now."""
    return await _card(turn, matter, effects)


async def _card(turn: Turn, matter: Matter, effects: Sequence[str]) -> Reply:
    token = f"{turn.inbound_id}:{matter.id}:{matter.ledger_n}"
    shown = {**await shared.of(matter), "token": token, "effects": list(effects), "act": act(turn.text)}
    return Reply(card=render.card("confirm", **shown, now=turn.at))


def act(text: str) -> str:
    """The command's own words, for the card's head."""
    said = words.command(text)
    assert said
    return said.said
