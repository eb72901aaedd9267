"""What simulate says of inputs it can't read, and of those the rules refuse."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.rules import simulate
from bot.rules.calendar import Calendar
from bot.rules.life import Book
from bot.rules.ruleset import Ruleset
from bot.rules.scoring import Outage

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
        ([START, {"at": "2027-03-02T09:00:00+08:00", "event": "nap"}], UNTIL, ["'nap'", "2027"]),
        ([START, {"at": "0001-01-01T00:00:00+14:00", "event": "accept"}], UNTIL, ["inputs[1].at", "0001-01-01"]),
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


OUT = [
    START,
    {"at": "2026-03-03T05:00:00+08:00", "event": "scheduler_down"},
    {"at": "2026-03-07T10:30:00+08:00", "event": "scheduler_up"},
]
"""Down from T + 20 h to T + 121.5 h: both supervise notices leave at the recovery."""


@pytest.mark.requirement("A49")
@pytest.mark.parametrize("count", ["matter", "unit_year"])
def test_what_an_outage_excuses_does_not_count_towards_a_proposal(count: str) -> None:
    """N1 and N3 are answered in the grace: N7's notice is the first, that of the month the second."""

    def proposed(*answers: dict[str, Any]) -> list[str]:
        scenario = {"inputs": [*OUT, *answers], "until": "2026-04-10T00:00:00+08:00"}
        told = simulate.run(scenario, Ruleset(accountability_count=count), Calendar())
        return [each["at"][5:16] for each in told["notices"] if each["kind"] == "accountability_proposal"]

    first = {"at": "2026-03-07T11:00:00+08:00", "event": "feedback", "node": "N1"}
    third = {"at": "2026-03-07T11:00:00+08:00", "event": "feedback", "node": "N3"}
    assert proposed() == ["03-07T10:30"]
    assert proposed(first) == ["03-07T10:30", "03-11T09:00"]  # withdrawn, and made again by N7's
    assert proposed(third) == ["03-07T10:30", "04-04T09:00"]


@pytest.mark.requirement("A49")
def test_a_further_outage_excuses_an_answer_of_before() -> None:
    """Down from 20 h to 44 h, again from 75 h: the answer of 80 h is excused once the second outage is over."""
    play = simulate.Play(Book(Ruleset(), Calendar()))
    begun = datetime.fromisoformat(T)
    down, up = {"event": "scheduler_down"}, {"event": "scheduler_up"}
    answer = {"event": "feedback", "node": "N1"}
    counted = []
    for hours, event in ((0, START), (20, down), (50, up), (73, down), (77, answer), (82, up)):
        at = begun + timedelta(hours=hours)
        play.before(at)
        play.apply(at, event)
        counted.append(play.life.supervised if play.life else 0)
    assert counted == [0, 0, 0, 1, 1, 0]
    assert play.result(at)["score"]["items"].get("supervise", 0) == 0


NEW_YEAR = datetime.fromisoformat("2026-01-01T00:00:00+08:00")


def lived(begun: str, *events: tuple[str, dict[str, Any]], category: str = "general") -> simulate.Play:
    """A matter under `unit_year`, and what happened to it since."""
    play = simulate.Play(Book(Ruleset(accountability_count="unit_year"), Calendar()))
    for at, event in ((begun, {**START, "category": category}), *events):
        instant = datetime.fromisoformat(f"{at}+08:00")
        play.before(instant)
        play.apply(instant, event)
    return play


DOWN, UP = {"event": "scheduler_down"}, {"event": "scheduler_up"}


@pytest.mark.requirement("A15")
def test_a_proposal_rests_on_the_notices_of_its_year() -> None:
    """N7's notice, of the next year and excused there, is not what the proposal of December was made for."""
    answer = {"event": "feedback", "node": "N7"}
    play = lived("2025-12-24T09:00", ("2025-12-31T08:00", DOWN), ("2026-01-02T10:00", UP), ("2026-01-02T11:00", answer))
    assert [when < NEW_YEAR for _, when in play.supervised] == [True, True]
    assert play.life
    assert play.life.proposal_open
    assert play.excused


@pytest.mark.requirement("A15")
def test_what_is_excused_leaves_the_year_with_too_few() -> None:
    """One month's notice before New Year, two after it: an answer in the grace takes the last one."""
    first, month = ({"event": "feedback", "node": node} for node in ("N1", "M2026-01"))
    down, up = ("2026-01-31T20:00", DOWN), ("2026-02-03T10:00", UP)
    told = ("2025-10-24T10:00", first), down, up, ("2026-02-03T10:30", DOWN), ("2026-02-03T11:00", month)
    for given, before, stands in ((told[:-1], [True, False, False], True), (told, [True, False], False)):
        play = lived("2025-10-24T09:00", *given, category="monthly")
        assert [when < NEW_YEAR for _, when in play.supervised] == before
        assert play.life
        assert play.life.proposal_open is stands


def test_it_stands_still_from_the_first_word_to_the_first_word() -> None:
    """A49: the outage is as long as it was, however often it was told."""
    play = simulate.Play(Book(Ruleset(), Calendar()))
    instants = [datetime.fromisoformat(f"2026-03-02T{hour:02}:00:00+08:00") for hour in range(9, 14)]
    for at, event in zip(instants, ["up", "down", "down", "up", "up"], strict=True):
        play.apply(at, {"event": f"scheduler_{event}"})
    assert play.outages == [Outage(instants[1], instants[3])]


@pytest.mark.parametrize(
    ("inputs", "until", "message"),
    [
        ([START], "soon", "until = 'soon': write an instant with its zone, like 2026-03-02T09:00:00+08:00"),
        ([{"at": T, "event": "feedback", "node": "N1"}], UNTIL, "the first event must be `initiate`"),
        (
            [START, {"at": T, "event": "nap"}],
            UNTIL,
            f"{T}: no such event 'nap'; events are initiate, accept_task, feedback, apply_completion, return, accept, "
            "apply_extension, approve_extension, reject_extension, limit, scheduler_down, scheduler_up",
        ),
    ],
)
def test_the_whole_message(inputs: list[dict[str, Any]], until: Any, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        run(*inputs, until=until)
    assert str(caught.value) == message


@pytest.mark.parametrize("first", [{**START, "deadline": "9999-12-31"}, {**START, "at": "9999-12-30T09:00:00+08:00"}])
def test_dates_that_lead_out_of_the_calendar(first: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as caught:
        run(first, until="9999-12-31T00:00:00+08:00")
    assert str(caught.value) == "a date leads out of the calendar: keep clear of the years 1 and 9999"


@pytest.mark.parametrize("node", ["N1", "N3", "N7", "NM", "CUSTOM", "REWORK", "W2026-03-05", "M2026-03"])
def test_every_duty_can_be_named(node: str) -> None:
    assert run(START, {"at": T, "event": "feedback", "node": node})["notices"][0]["kind"] == "initiate"


@pytest.mark.parametrize("node", ["X2026-03-05", "X2026-03", "2026-03-05", "W2026-03", "M2026-03-05", "W20260305", "W"])
def test_no_other_word_is_a_week_or_a_month(node: str) -> None:
    with pytest.raises(ValueError, match="is none of"):
        run(START, {"at": T, "event": "feedback", "node": node})


def test_nothing_happens_in_a_scenario_without_inputs() -> None:
    assert simulate.run({"until": UNTIL}, Ruleset(), Calendar()) == run()


def test_a_notice_stands_at_the_instant_at_which_it_left() -> None:
    """Twelve minutes of standing still delay a reminder, an hour and a half make an urge a catch-up (A43)."""
    play = simulate.Play(Book(Ruleset(), Calendar()))
    play.apply(datetime.fromisoformat(T), START)
    for down, up in (("03-03T03:59", "03-03T04:12"), ("03-03T11:00", "03-03T12:30")):
        for event, text in (("scheduler_down", down), ("scheduler_up", up)):
            at = datetime.fromisoformat(f"2026-{text}:00+08:00")
            play.before(at)
            play.apply(at, {"event": event})
    play.until(datetime.fromisoformat("2026-03-03T15:00:00+08:00"))
    left = [(f"{rung.at:%d %H:%M}", rung.kind, rung.seq) for rung in play.rungs]
    assert left == [
        ("02 09:00", "initiate", 0),
        ("03 04:12", "remind", 0),
        ("03 12:30", "urge", 1),
        ("03 15:00", "urge", 2),
    ]
    assert [(each["at"], each["kind"]) for each in play.notices] == [(rung.at, rung.kind) for rung in play.rungs]


def test_what_is_graded_and_what_is_not() -> None:
    """A68: N1 never, a stage once, a completion by itself; a series once a quarter."""
    best = {"event": "accept", "grade": "excellent"}

    def told(day: str, node: str) -> list[dict[str, Any]]:
        at = f"2026-{day}T10:00:00+08:00"
        return [{"at": at, "event": "feedback", "node": node}, {"at": at, **best}]

    def excellent(*inputs: dict[str, Any]) -> int:
        count: int = run(*inputs, until="2026-06-30T00:00:00+08:00")["score"]["items"].get("excellent", 0)
        return count

    first, stage = told("03-02", "N1"), told("03-04", "N3")
    done = [
        {"at": "2026-03-06T10:00:00+08:00", "event": "apply_completion"},
        {"at": "2026-03-06T11:00:00+08:00", **best},
    ]
    assert excellent(START, *first) == 0
    assert excellent(START, *first, *stage) == 1
    assert excellent(START, *first, *stage, *done) == 2
    months = [*told("03-31", "M2026-03"), *told("04-30", "M2026-04"), *told("05-30", "M2026-05")]
    assert excellent({**START, "category": "monthly"}, *first, *months) == 2
