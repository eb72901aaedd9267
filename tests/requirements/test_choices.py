"""Every choice of the ruleset is shown at work: by a scenario in tests/rules/options.py, or by a marked test."""

from __future__ import annotations

import ast
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from bot.rules.ruleset import PRESETS, Ruleset
from tests.rules.options import ROWS

TESTS = Path(__file__).parents[1]
FREE = "another value"
"""Stands for every value of a key that has no list of choices."""


def wanted() -> set[tuple[str, Any]]:
    """(key, choice) of every choice that is no default."""
    return {(entry.name, choice) for entry in fields(Ruleset) for choice in _others(entry)}


def _others(entry: Field[Any]) -> list[Any]:
    if type(entry.default) is bool:
        return [not entry.default]
    return [each for each in entry.metadata["choices"] if each != entry.default] or [FREE]


def shown() -> set[tuple[str, Any]]:
    """(key, choice) of every scenario and every marked test."""
    marked = {pair for path in sorted(TESTS.rglob("test_*.py")) for pair in _marks(path)}
    free = {name for name, choice in wanted() if choice == FREE}
    found = marked | {(row.key, row.choice) for row in ROWS}
    default = {entry.name: entry.default for entry in fields(Ruleset)}
    return {(key, FREE if key in free else value) for key, value in found if value != default[key]}


def _marks(path: Path) -> set[tuple[str, Any]]:
    calls = [each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Call)]
    marks = [each for each in calls if ast.unparse(each.func) == "pytest.mark.choice"]
    return {tuple(ast.literal_eval(value) for value in each.args) for each in marks}  # type: ignore[misc]


def test_every_choice_is_shown_at_work() -> None:
    assert shown() == wanted()


def test_what_most_offices_choose_is_what_the_rules_list() -> None:
    assert PRESETS["common"] == {
        "quiet_mode": "defer",  # quiet hours on
        "head_notices": "sparse",  # head spared all but two urges
        "first_urge_sms": True,  # first urge also by SMS
        "monthly_supervise_holiday": "shift",  # monthly supervise notice moved off statutory holidays
        "rework_clock": "next_workday_18",  # REWORK due on a working day
    }
