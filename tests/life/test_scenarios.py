"""Worked scenarios lived by the running bot: the same notices at the same instants, deadlines and score."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import workdays
from bot.rules import ruleset, simulate
from bot.rules.life import Book
from tests.life import conductor, lived
from tests.stories.theatre import Story

STAGED = ("C04", "C06", "S02", "S09", "S10", "S12", "S16", "S30", "S32", "S47")
"""Lived once more over HTTP: a month, extensions in time, too late, again and withdrawn, quiet nights, rework, plans, a
Thursday on a holiday."""


@pytest.fixture
def start(name: str) -> datetime:
    return datetime.fromisoformat(conductor.load(name)["inputs"][0]["at"]) - timedelta(minutes=30)


def dated(scenario: dict[str, Any]) -> dict[str, Any]:
    """In chat every extension names a day; one far off brings nothing about within a scenario."""
    inputs = [
        {"plan_until": conductor.FAR, **each} if each["event"] == "apply_extension" else each
        for each in scenario["inputs"]
    ]
    return {**scenario, "inputs": inputs}


@pytest.mark.requirement(
    "R12", "R19", "R22", "R23", "R24", "R25", "R27", "R28", "R37", "R53", "R54", "R55", "R56", "R58", "A3", "A4", "A5",
    "A8", "A9", "A10", "A17", "A18", "A20", "A22", "A23", "A24", "A25", "A26", "A27", "A29", "A30", "A31", "A43",
    "A45", "A47", "A49", "A52", "A53", "A54", "A77", "A78", "A79", "A80", "A81", "A82", "A83", "A84", "A85", "A86",
)  # fmt: skip
@pytest.mark.parametrize("name", conductor.names())
async def test_a_scenario_is_lived(db: str, name: str) -> None:
    scenario = conductor.load(name)
    inputs = dated(scenario)
    book = Book(ruleset.parse(scenario["config"]), workdays.calendar())
    department = await lived.settle(book)
    for event in inputs["inputs"]:
        at = datetime.fromisoformat(event["at"])
        await department.until(at, including=False)
        await department.act(at, event)
    until = datetime.fromisoformat(scenario["until"])
    await department.until(until, including=True)
    got = await department.outcome(until)
    assert conductor.in_time(got["notices"]) == conductor.in_time(scenario["expected"])
    assert got["score"] == scenario["score"]
    assert got["deadlines"] == simulate.run(inputs, book.rules, book.days)["deadlines"]


@pytest.mark.requirement(
    "R12", "R25", "R27", "R37", "R54", "R58", "A10", "A20", "A21", "A22", "A23", "A28", "A29", "A47", "A52", "A53",
    "A79", "A83", "A85",
)  # fmt: skip
@pytest.mark.parametrize("name", STAGED)
async def test_a_scenario_comes_out_on_the_wire(story: Story, name: str) -> None:
    scenario = conductor.load(name)
    play = conductor.Conductor(story)
    await play.play(scenario)
    assert conductor.in_time(await conductor.notices()) == conductor.in_time(scenario["expected"])
    assert await conductor.score() == scenario["score"]
