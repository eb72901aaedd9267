"""Each choice of the ruleset makes the difference that its scenario says, in the rules (issue 4 item 8)."""

from __future__ import annotations

from typing import Any

import pytest

from bot import workdays
from bot.rules import ruleset, simulate
from tests.rules import options
from tests.rules.options import ROWS, Row


def played(row: Row, *, chosen: bool) -> dict[str, Any]:
    scenario = row.scenario(chosen=chosen)
    return simulate.run(scenario, ruleset.parse(scenario["config"]), workdays.calendar())


def look(result: dict[str, Any], what: str) -> Any:
    """One thing of a result, as a row says it."""
    kind, _, name = what.partition(" ")
    if what == "score":
        return result["score"]["total"]
    if what == "refused":
        return [each["why"] for each in result.get("refused", [])]
    if what == "proposal":
        kind, name = "accountability_proposal", "MATTER"
    if not name:
        return result["deadlines"].get(kind)
    return [each["at"] for each in result["notices"] if (each["kind"], each["obligation"]) == (kind, name)]


def written(said: Any) -> Any:
    """Instants of a row in full; scores and refusals as they stand."""
    if isinstance(said, list):
        return [written(each) for each in said]
    return options.at(said) if isinstance(said, str) and " " in said else said


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_choice_makes_a_difference(row: Row) -> None:
    for chosen, said in ((True, row.seen), (False, row.default)):
        result = played(row, chosen=chosen)
        assert {what: look(result, what) for what in said} == {what: written(each) for what, each in said.items()}
    assert any(row.seen.get(what) != each for what, each in row.default.items())
