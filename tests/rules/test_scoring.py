"""Points from facts, in tenths (R53–R58, A12–A14, A49)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.rules import scoring
from bot.rules.calendar import HOUR, SHANGHAI
from bot.rules.life import Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.scoring import Fact, Outage

N1, AGAIN, N3 = ("N1", 0, 1), ("N1", 0, 2), ("N3", 0, 1)
SILENCE = [Fact("overdue", N1), *[Fact("urge_episode", N1)] * 19, Fact("supervise", N1)]
AT = datetime(2026, 3, 10, 9, tzinfo=SHANGHAI)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("options", "facts", "counts", "tenths"),
    [
        ({}, [], {}, 0),
        ({}, SILENCE, {"overdue": 1, "urge_episode": 1, "supervise": 1}, -7),
        ({}, [*SILENCE, *SILENCE], {"overdue": 1, "urge_episode": 1, "supervise": 1}, -7),
        ({}, [Fact("urge_episode", N1), Fact("urge_episode", AGAIN)], {"urge_episode": 2}, -2),
        ({}, [Fact("overdue", N1), Fact("overdue", N3)], {"overdue": 2}, -2),
        ({}, [Fact("returned"), Fact("returned")], {"returned": 2}, -2),
        ({}, [Fact("excellent"), Fact("excellent"), Fact("fail")], {"excellent": 2, "fail": 1}, 1),
        ({"urge_scoring": "message"}, SILENCE, {"overdue": 1, "urge_episode": 19, "supervise": 1}, -25),
        ({"scoring": "highest"}, SILENCE, {"supervise": 1}, -5),
        ({"scoring": "highest"}, [*SILENCE, Fact("urge_episode", N3)], {"supervise": 1, "urge_episode": 1}, -6),
        ({"scoring": "highest"}, [Fact("overdue", N1), Fact("urge_episode", N1)], {"overdue": 1}, -1),
        (
            {"scoring": "highest"},
            [*SILENCE, Fact("returned"), Fact("fail")],
            {"supervise": 1, "returned": 1, "fail": 1},
            -7,
        ),
    ],
)
def test_what_counts(options: dict[str, str], facts: list[Fact], counts: dict[str, int], tenths: int) -> None:
    got = scoring.items(facts, Ruleset(**options))  # type: ignore[arg-type]
    assert got == counts
    assert scoring.total(got) == tenths


@pytest.mark.parametrize("scoring_", ["cumulative", "highest"])
def test_an_episode_without_a_fault_costs_nothing(scoring_: str) -> None:
    assert scoring.of_episode(Ruleset(scoring=scoring_), late=False, urges=0, supervised=False) == {}


def test_each_rule_has_its_tenths() -> None:
    assert dict(scoring.TENTHS) == {
        "overdue": -1,
        "returned": -1,
        "urge_episode": -1,
        "supervise": -5,
        "fail": -1,
        "excellent": 1,
    }


@pytest.mark.parametrize(
    ("tenths", "text"),
    [(0, "0.0"), (1, "0.1"), (-1, "-0.1"), (-28, "-2.8"), (10, "1.0"), (-10, "-1.0"), (-9, "-0.9"), (123, "12.3")],
)
def test_points_as_written(tenths: int, text: str) -> None:
    assert scoring.written(tenths) == text


@pytest.mark.parametrize(
    ("hours", "due", "answered", "excused"),
    [
        (6, AT, AT + 12 * HOUR, True),  # D at the outage's first instant, answered at the end of the grace
        (6, AT, AT + 12 * HOUR + MINUTE, False),
        (6, AT + 6 * HOUR, AT + 7 * HOUR, True),
        (6, AT - MINUTE, AT + 7 * HOUR, False),
        (6, AT + 6 * HOUR + MINUTE, AT + 7 * HOUR, False),
        (72, AT + HOUR, AT + 96 * HOUR, True),  # the grace is never more than a day
        (72, AT + HOUR, AT + 96 * HOUR + MINUTE, False),
    ],
)
def test_our_own_outage_costs_nobody_a_point(hours: int, due: datetime, answered: datetime, excused: bool) -> None:
    assert scoring.is_excused(due, answered, [Outage(AT, AT + hours * HOUR)]) is excused


@pytest.mark.parametrize(
    ("further", "until"),
    [
        ([], 12),
        ([(6, 8)], 14),  # down again as soon as we were up
        ([(12, 20)], 20),
        ([(12.1, 20)], 12),
        ([(14, 15), (8, 11)], 16),  # the second one lies in what the first one added
        ([(-5, -1)], 12),
    ],
)
def test_the_grace_stands_still_while_we_are_down_again(further: list[tuple[float, float]], until: float) -> None:
    """A49: D in an outage of six hours."""
    outages = [Outage(AT + began * HOUR, AT + ended * HOUR) for began, ended in [*further, (0, 6)]]
    assert scoring.grace_until(AT + HOUR, outages) == AT + until * HOUR
    assert scoring.grace_until(AT - HOUR / 2, outages) is None
    assert scoring.is_excused(AT + HOUR, AT + until * HOUR, outages)
    assert not scoring.is_excused(AT + HOUR, AT + until * HOUR + MINUTE, outages)


def test_of_two_outages_that_cover_a_deadline_the_longer_grace_counts() -> None:
    outages = [Outage(AT, AT + 6 * HOUR), Outage(AT + 6 * HOUR, AT + 16 * HOUR)]
    assert scoring.grace_until(AT + 6 * HOUR, outages) == AT + 26 * HOUR


def test_overdue_begins_after_the_deadline_and_rests_with_it() -> None:
    owed = Obligation("N1", AT, AT - 24 * HOUR)
    later = Obligation("W2026-03-12", AT, AT - 24 * HOUR, opens_at=AT + HOUR)
    paused = Obligation("N3", AT, AT - 24 * HOUR, paused_by="completion")
    matter = Obligation("MATTER", None, AT)
    current = Life("general", AT, (owed, later, paused, matter))
    assert scoring.overdue(current, AT) == []
    assert scoring.overdue(current, AT + MINUTE) == [(N1, AT)]
    assert [key[0] for key, _ in scoring.overdue(current, AT + HOUR)] == ["N1", "W2026-03-12"]


@pytest.mark.parametrize(
    ("due_at", "booked"),
    [
        (datetime(2026, 4, 1, tzinfo=SHANGHAI), (2026, 1)),
        (datetime(2026, 4, 1, 0, 1, tzinfo=SHANGHAI), (2026, 2)),
        (datetime(2027, 1, 1, tzinfo=SHANGHAI), (2026, 4)),
        (datetime(2026, 9, 30, 12, tzinfo=SHANGHAI), (2026, 3)),
    ],
)
def test_midnight_belongs_to_the_day_that_ends(due_at: datetime, booked: tuple[int, int]) -> None:
    assert scoring.booked_to(due_at) == booked


def test_periods_of_assessment() -> None:
    day = date(2028, 2, 29)
    year, quarter = (scoring.period_of(day, Ruleset(score_period=each)) for each in ("year", "quarter"))
    assert (year, quarter) == (scoring.Period(2028), scoring.Period(2028, 1))
    assert year.ends_at() == datetime(2029, 1, 1, tzinfo=SHANGHAI)
    assert quarter.ends_at() == datetime(2028, 4, 1, tzinfo=SHANGHAI)
    assert scoring.Period(2026, 4).ends_at() == datetime(2027, 1, 1, tzinfo=SHANGHAI)
    # a period that is not the house's has no base of its own
    bases = [
        scoring.base(period, Ruleset(score_base=100, score_period=mode))
        for mode in ("year", "quarter")
        for period in (year, quarter)
    ]
    assert bases == [100, 0, 0, 100]
    assert (scoring.standing(-28, 0), scoring.standing(-28, 100)) == ("-2.8", "97.2")
