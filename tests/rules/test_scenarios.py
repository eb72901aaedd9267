"""Every worked scenario comes out exactly through the rules the server runs, on the real working calendar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot import workdays
from bot.rules import ruleset, simulate

FILES = sorted((Path(__file__).parents[1] / "oracle" / "scenarios").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    scenario: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return scenario


def play(scenario: dict[str, Any]) -> dict[str, Any]:
    return simulate.run(scenario, ruleset.parse(scenario.get("config", {})), workdays.calendar())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario_comes_out_exactly(path: Path) -> None:
    scenario = load(path)
    got = play(scenario)
    assert got["notices"] == scenario["expected"]
    assert got["score"] == scenario["score"]
    assert got["deadlines"] == scenario.get("deadlines", got["deadlines"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_can_be_played_twice(path: Path) -> None:
    scenario = load(path)
    assert play(scenario) == play(scenario)


def test_an_earlier_end_gives_the_beginning() -> None:
    scenario = load(next(path for path in FILES if path.stem.startswith("C01")))
    until = "2026-03-05T07:00:00+08:00"
    got = play({**scenario, "until": until})
    assert got["notices"] == [one for one in play(scenario)["notices"] if one["at"] <= until]
    assert got["notices"][-1]["at"] == until


def test_all_scenarios_are_there() -> None:
    assert len(FILES) == 53
