"""Whatever happens in a life, our own outages included: its entries are what the rules say of it (A12, A13, A49)."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from bot import workdays
from bot.engine import points
from bot.rules import ruleset, simulate
from bot.rules.life import Book
from tests.engine.desk import Desk
from tests.life import sending
from tests.life.chat import fits
from tests.rules import lives

MANY = os.environ.get("DUBAN_SCORES")
BOUNDED = settings(
    max_examples=int(MANY or 6),
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
async def desk(db: str) -> Desk:
    """A department of four, and the engine."""
    return await sending.found()


@seed(int(os.environ.get("DUBAN_SEED", "0")))
@given(lives.scenarios())
@BOUNDED
@pytest.mark.requirement("A12", "A13", "A49", "A87")
async def test_the_entries_add_up_to_what_the_rules_say(desk: Desk, scenario: dict[str, Any]) -> None:
    book = Book(ruleset.parse(scenario["config"]), workdays.calendar())
    play, chat = simulate.Play(book), sending.Sending(desk, book)
    await chat.forget()
    first, *events = scenario["inputs"]
    play.apply(datetime.fromisoformat(first["at"]), first)
    await chat.act(datetime.fromisoformat(first["at"]), first)
    for event in events:
        at = datetime.fromisoformat(event["at"])
        if event["event"] == "apply_extension":
            event = {"plan_until": (at.date() + timedelta(days=30)).isoformat(), **event}
        outage = event["event"].startswith("scheduler")
        if outage or fits(event, at, play.life, book):
            play.before(at)
            await chat.until(at, including=False)
            play.apply(at, event)
            await chat.act(at, event)
    until = datetime.fromisoformat(scenario["until"])
    if play.down is not None:  # weeks that begin while we are down are opened when we are back
        back = {"at": scenario["until"], "event": "scheduler_up"}
        play.before(until)
        play.apply(until, back)
        await chat.act(until, back)
    play.until(until)
    await chat.until(until, including=True)
    await points.mark_late(until)
    assert await sending.counted(chat.id) == play.result(until)["score"]["items"], scenario
