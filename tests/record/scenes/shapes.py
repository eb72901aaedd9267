"""What the scenes share: how a state is entered, matters beside the first, a completion in one go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.actions import setting
from bot.rules.ruleset import Ruleset
from tests.department import PROPOSE
from tests.office.days import Days
from tests.roles.states import WITH

Given = dict[str, Any]
SECOND = WITH.replace("取水", "用水")
"""Another matter of the same unit."""
TOGETHER = PROPOSE.replace("处室:水资源处", "处室:水资源处、财务处")
OWN: dict[str, Callable[[Days], Awaitable[Given]]] = {}
"""The states of the scenes, by name."""


def state(made: Callable[[Days], Awaitable[Given]]) -> Callable[[Days], Awaitable[Given]]:
    """Enter a state by the name of what makes it."""
    OWN[made.__name__] = made
    return made


def rules(**values: Any) -> None:
    """Other choices of the ruleset, from here on."""
    setting.use(replace(setting.current(), rules=Ruleset(**values)))


async def end(days: Days, number: int, hours: float, by: str = "a", child: int = 0) -> None:
    """The report is handed in and the completion applied for."""
    which = f"{number}-{child}" if child else f"{number}"
    await days.world.hand_in(by, hours, number=number, child=child)
    asked = await days.world.say(by, f"完结 {which} 理由：已全部整改到位", hours)
    await days.world.press(by, asked.card.actions[0].key, hours)
