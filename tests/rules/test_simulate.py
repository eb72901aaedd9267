"""What simulate says of inputs it can't read, and of those the rules refuse."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules import simulate
from bot.rules.calendar import Calendar
from bot.rules.ruleset import Ruleset

T = "2026-03-02T09:00:00+08:00"
UNTIL = "2026-03-03T09:00:00+08:00"
START = {"at": T, "event": "initiate", "category": "general"}


def run(*inputs: dict[str, Any], until: Any = UNTIL) -> dict[str, Any]:
    return simulate.run({"inputs": list(inputs), "until": until}, Ruleset(), Calendar())


@pytest.mark.parametrize(
    ("inputs", "until", "words"),
    [
        ([START], None, ["until", "None", "2026-03-02T09:00:00+08:00"]),
        ([START], "soon", ["until", "'soon'"]),
        ([START], "2026-03-02T09:00:00", ["until", "with its zone"]),
        ([START, {"event": "feedback"}], UNTIL, ["inputs[1].at", "None"]),
        ([{**START, "at": "2026-03-02T09:00"}], UNTIL, ["inputs[0].at", "with its zone"]),
        ([{**START, "category": "urgent"}], UNTIL, ["category 'urgent'", "general, major, monthly", T]),
        ([START, START], UNTIL, ["one matter"]),
        ([START, {"at": T, "event": "nap"}], UNTIL, ["'nap'", "apply_completion", "scheduler_up", T]),
        ([START, {"at": T, "event": "return", "kind": "notdone"}], UNTIL, ["'notdone'", "not_done", T]),
        ([START, {"at": T, "event": "feedback", "node": "N2"}], UNTIL, ["'N2'", "N1 N3 N7 NM", T]),
        ([START, {"at": T, "event": "feedback"}], UNTIL, ["node ''"]),
        ([START, {"at": T, "event": "accept", "grade": "A"}], UNTIL, ["grade 'A'", "excellent, good, pass, fail"]),
        ([{"at": T, "event": "apply_completion"}], UNTIL, ["initiate"]),
    ],
)
def test_the_input_that_cannot_be_read_is_named(inputs: list[dict[str, Any]], until: Any, words: list[str]) -> None:
    with pytest.raises(ValueError) as caught:
        run(*inputs, until=until)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("event", "where"),
    [
        ({"at": T, "event": "feedback", "node": "W2026-13-01"}, "W2026-13-01"),
        ({"at": T, "event": "feedback", "node": "W12"}, "W12"),
        ({"at": T, "event": "feedback", "node": "MONTH"}, "MONTH"),
        ({"at": T, "event": "apply_extension", "plan_until": "May"}, "plan_until"),
        ({**START, "deadline": "30.5."}, "deadline"),
    ],
)
def test_a_date_that_cannot_be_read_is_named(event: dict[str, Any], where: str) -> None:
    inputs = [event] if event["event"] == "initiate" else [START, event]
    with pytest.raises(ValueError, match=where):
        run(*inputs)


def test_an_empty_scenario_gives_an_empty_answer() -> None:
    assert run() == {"notices": [], "deadlines": {}, "score": {"items": {}, "total": "0.0"}}
    assert run(START, until="2026-03-02T08:59:00+08:00") == run()


def test_the_end_itself_belongs_to_the_scenario() -> None:
    assert [one["kind"] for one in run(START, until=T)["notices"]] == ["initiate"]
    reminder = "2026-03-03T04:00:00+08:00"
    assert run(START, until=reminder)["notices"][-1] == {"at": reminder, "kind": "remind", "obligation": "N1"}
    assert len(run(START, until="2026-03-03T03:59:00+08:00")["notices"]) == 1


def test_inputs_may_stand_in_any_order_and_zone() -> None:
    answer = {"at": "2026-03-02T02:00:00+00:00", "event": "feedback", "node": "N1"}
    assert run(answer, START) == run(START, answer)
    assert len(run(answer, START)["notices"]) == 1


def test_refusals_are_listed_and_change_nothing() -> None:
    refused = run(START, {"at": UNTIL, "event": "approve_extension"})
    assert refused.pop("refused") == [{"at": UNTIL, "event": "approve_extension", "why": "nothing_to_approve"}]
    assert refused == run(START)


def test_the_scheduler_may_be_told_twice() -> None:
    down, up = {"at": T, "event": "scheduler_down"}, {"at": UNTIL, "event": "scheduler_up"}
    assert run(START, down, down, up, up) == run(START, down, up)
    assert run(START, up) == run(START)
