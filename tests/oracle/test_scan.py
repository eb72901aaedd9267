"""Every scenario comes out exactly, its deadlines and its score where the file gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.oracle import scan

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    scenario: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return scenario


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario_comes_out_exactly(path: Path) -> None:
    scenario = load(path)
    got = scan.run(scenario)
    assert got["notices"] == scenario["expected"]
    assert got["deadlines"] == scenario.get("deadlines", got["deadlines"])
    assert got["score"] == scenario["score"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_quiet_minutes_may_be_skipped(path: Path) -> None:
    scenario = load(path)
    assert scan.run(scenario, step_minutes=5) == scan.run(scenario)


def test_there_are_fifty_three_scenarios_named_as_their_files() -> None:
    assert len(FILES) == 53
    assert [load(path)["name"] for path in FILES] == [path.stem for path in FILES]
