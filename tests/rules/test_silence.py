"""After the answer nothing more goes out for what is met or paused; what went out before is the ladder (R20, R29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import workdays
from bot.rules import ruleset, simulate
from bot.rules.calendar import SHANGHAI
from tests.rules import lives

SOME = settings(max_examples=80, deadline=None, derandomize=True, database=None)
START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
UNTIL = "2026-05-20T00:00:00+08:00"


def play(config: dict[str, Any], category: str, *then: dict[str, Any]) -> list[dict[str, Any]]:
    first = {"at": START.isoformat(), "event": "initiate", "category": category}
    scenario = {"inputs": [first, *then], "until": UNTIL}
    notices: list[dict[str, Any]] = simulate.run(scenario, ruleset.parse(config), workdays.calendar())["notices"]
    return notices


def split(notices: list[dict[str, Any]], name: str, at: str) -> tuple[list[Any], list[Any]]:
    own = [one for one in notices if one["obligation"] == name]
    return [one for one in own if one["at"] < at], [one for one in own if one["at"] >= at]


@given(
    config=lives.configs(),
    category=st.sampled_from(["general", "major"]),
    name=st.sampled_from(["N1", "N3", "N7"]),
    after=st.integers(0, 12 * 1440),
)
@SOME
def test_an_answer_ends_its_ladder_and_those_before_it(
    config: dict[str, Any], category: str, name: str, after: int
) -> None:
    at = (START + timedelta(minutes=after)).isoformat()
    silent = play(config, category)
    answered = play(config, category, {"at": at, "event": "feedback", "node": name})
    for node in ("N1", "N3", "N7"):
        before, later = split(answered, node, at)
        assert before == split(silent, node, at)[0]
        assert later == ([] if node <= name else split(silent, node, at)[1])


@given(
    config=lives.configs(), category=st.sampled_from(["general", "major", "monthly"]), after=st.integers(0, 60 * 1440)
)
@SOME
def test_an_application_for_completion_brings_total_silence(config: dict[str, Any], category: str, after: int) -> None:
    at = (START + timedelta(minutes=after)).isoformat()
    applied = play(config, category, {"at": at, "event": "apply_completion"})
    assert [one for one in applied if one["at"] < at] == [one for one in play(config, category) if one["at"] < at]
    assert {one["kind"] for one in applied if one["at"] >= at} <= ({"initiate"} if after == 0 else set())


@given(config=lives.configs(), after=st.integers(0, 20 * 1440))
@SOME
def test_an_extension_pauses_the_month_alone(config: dict[str, Any], after: int) -> None:
    config = {**config, "month_backstop": True}
    at = (START + timedelta(minutes=after)).isoformat()
    before, asked = play(config, "major"), play(config, "major", {"at": at, "event": "apply_extension"})
    assert split(asked, "NM", at)[1] == []
    for node in ("N1", "N3", "N7"):
        assert split(asked, node, at) == split(before, node, at)


@given(lives.scenarios())
@SOME
def test_one_obligation_never_has_two_notices_at_one_instant(scenario: dict[str, Any]) -> None:
    """Not more than one; a second supervise notice may bring the proposal, which is the matter's own."""
    rules = replace(ruleset.parse(scenario["config"]), weekly_missed="daily")
    got = simulate.run(scenario, rules, workdays.calendar())
    instants = [one["at"] for one in got["notices"]]
    assert instants == sorted(instants)
    own = [(one["obligation"], one["at"]) for one in got["notices"] if one["obligation"] != "MATTER"]
    assert len(set(own)) == len(own)


def test_an_answer_in_the_very_minute_counts() -> None:
    """Inbound at t applies before outbound at t (A5): at the reminder's instant, and at D."""
    reminder = "2026-03-03T04:00:00+08:00"
    answered = play({}, "general", {"at": reminder, "event": "feedback", "node": "N1"})
    assert split(answered, "N1", reminder) == ([], [])
    late = play({}, "general", {"at": "2026-03-03T04:01:00+08:00", "event": "feedback", "node": "N1"})
    assert [one["at"] for one in late if one["obligation"] == "N1"] == [reminder]
