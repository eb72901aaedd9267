"""Worked scenarios lived through the running bot: the same notices at the same instants, the same score."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.life import conductor
from tests.stories.theatre import Story

LIVED = [name for name in conductor.names() if name < "S17" and name not in ("C01", "S03", "S04", "S13", "S14")]
"""C01 is the demo's; in S03 and S04 the bot is down; S13 and S14 are about options of scoring and reminding."""


@pytest.fixture
def start(name: str) -> datetime:
    return datetime.fromisoformat(conductor.load(name)["inputs"][0]["at"]) - timedelta(minutes=30)


@pytest.mark.requirement(
    "R12", "R19", "R25", "R27", "R28", "R37", "R54", "R58", "A8", "A10", "A17", "A19", "A20", "A21", "A22", "A23",
    "A24", "A25", "A26", "A28", "A29", "A31", "A45", "A47", "A52", "A53", "A77", "A79", "A83", "A85", "A86",
)  # fmt: skip
@pytest.mark.parametrize("name", LIVED)
async def test_a_scenario_comes_out_in_chat(story: Story, name: str) -> None:
    scenario = conductor.load(name)
    play = conductor.Conductor(story)
    await play.play(scenario)
    assert conductor.in_time(await conductor.notices()) == conductor.in_time(scenario["expected"])
    assert await conductor.score() == scenario["score"]
