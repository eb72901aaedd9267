"""Every button with every number: whatever it names, of somebody else or of another kind, it is answered in words.

A platform sends only keys that a card of ours had; but cards are old, forwarded, and of every kind.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.router import Reply
from handlers import reception
from models import database
from tests.department import ACK, PROPOSE, World

KEYS = sorted({route.key for router in reception.ROUTERS for route in router.routes if route.key})
NUMBERS = range(1, 7)
"""Of matters, obligations, notices, approvals, prompts and rulings alike: some exist, some are another's, some none."""


class _Undo(Exception):
    """Takes back what a press did, so that the next one finds the same situation."""


async def answered(world: World, who: str) -> AsyncIterator[tuple[str, Reply]]:
    """Every button, every number, and what he who presses it gets."""
    await world.matter()
    await world.say("a", ACK, 1)
    await world.say("ban", PROPOSE.replace("取水许可核查", "河道清淤"), 1)  # still waits for its approval
    for minute, key in enumerate(KEYS, 120):  # so that nobody is taken for a flood
        for number in NUMBERS:
            pressed = f"{key}:{number}:1:0"
            yield pressed, await _pressed(world, who, pressed, minute / 60)


async def _pressed(world: World, who: str, key: str, at: float) -> Reply:
    try:
        async with database.transaction():
            reply = await world.press(who, key, at, {"person": ["1"], "matter": ["1"]})
            raise _Undo
    except _Undo:
        return reply


@pytest.mark.parametrize("who", ["a", "ban", "wang"])
async def test_is_answered(world: World, who: str) -> None:
    async for key, reply in answered(world, who):
        assert reply.text or reply.card or reply.replace, key


async def test_tells_another_unit_no_title(world: World) -> None:
    async for key, reply in answered(world, "gui"):
        assert "取水许可核查" not in repr(reply), key
        assert "河道清淤" not in repr(reply), key
