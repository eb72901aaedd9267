"""The matrix as data: its rows, and who gets what by each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_READ = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = _READ["row"]
GROUPS: dict[str, list[str]] = _READ["groups"]
GIVEN = list(dict.fromkeys(row["given"] for row in ROWS))


def rows(given: str) -> list[dict[str, Any]]:
    """The rows of one state, in their order."""
    return [row for row in ROWS if row["given"] == given]


def expected(row: dict[str, Any]) -> list[tuple[str, str]]:
    """(person, outcome), sorted: as the row says, and those outside as nobody's."""
    named = [
        (person, outcome)
        for outcome, people in row["gets"].items()
        for group in people.split(", ")
        for person in GROUPS.get(group, [group])
    ]
    told = {person for person, _ in named}
    return sorted(named + [(each, "refused/not_in_roster") for each in GROUPS["outside"] if each not in told])
