"""The ladder of one obligation, for any D and any option, against a walk minute by minute; its order and edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import workdays
from bot.rules import deadline, ladder
from bot.rules.calendar import HOUR, SHANGHAI, instant
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from tests.oracle import minute

FEW = settings(max_examples=60, deadline=None, derandomize=True, database=None)
MANY = settings(max_examples=300, deadline=None, derandomize=True, database=None)
LONG_AGO = datetime(2020, 1, 1, tzinfo=SHANGHAI)

SPANS = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda span: 0 < (span[1] - span[0]) % 1440 < 1409)
"""Quiet hours of any span that leave more than half an hour awake."""
DUES = st.builds(
    lambda day, minutes: instant(day) + timedelta(minutes=minutes),
    st.dates(date(2026, 1, 5), date(2027, 1, 20)),
    st.integers(0, 1439),
)


@st.composite
def ways(draw: st.DrawFn) -> minute.Ways:
    quiet = draw(st.one_of(st.none(), st.just((1320, 480)), SPANS))
    gap = draw(st.one_of(st.just(90), st.integers(0, 900)))
    return minute.Ways(quiet, gap, draw(st.booleans()), draw(st.booleans()), draw(st.booleans()))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def ruleset_of(how: minute.Ways) -> Ruleset:
    hours = f"{clock(how.quiet[0])}-{clock(how.quiet[1])}" if how.quiet else "22:00-08:00"
    return Ruleset(
        quiet_mode="defer" if how.quiet else "off",
        quiet_hours=hours,
        min_gap_minutes=how.gap,
        urge_first="at_deadline" if how.at_deadline else "after_interval",
        monthly_remind="daily" if how.each_last_day else "once",
        monthly_supervise="third_0000" if how.supervise_at_midnight else "third_0800",
    )


def owed_as(what: str, due: datetime) -> Obligation:
    if what == "month":
        last = due - timedelta(days=1)
        return deadline.month(last.year, last.month, LONG_AGO)
    if what == "plan":
        return Obligation("CUSTOM", due, LONG_AGO, origin="plan")
    if what == "returned":
        return Obligation("N7", due, LONG_AGO, origin="return")
    return Obligation(what, due, LONG_AGO)


def climbed(owed: Obligation, rules: Ruleset) -> list[minute.Sent]:
    found = ladder.rungs(owed, rules, workdays.calendar())
    numbered = [rung.seq if rung.kind == "urge" else 0 for rung in found]
    return [
        minute.Sent(rung.at, rung.kind, seq) for rung, seq in zip(found, numbered, strict=True) if rung.kind != "open"
    ]


@given(what=st.sampled_from([*minute.HOURS_AHEAD, "month"]), due=DUES, how=ways())
@FEW
def test_the_ladder_is_what_a_walk_through_the_minutes_finds(what: str, due: datetime, how: minute.Ways) -> None:
    if what == "month":
        due = instant(due.date().replace(day=1))
    assert climbed(owed_as(what, due), ruleset_of(how)) == minute.walk(what, due, how)


NAMES = st.sampled_from([*minute.HOURS_AHEAD, "month", "week"])
RULES = st.builds(
    lambda how, missed, unchanged, headsup: {
        "how": how,
        "weekly_missed": missed,
        "weekly_holiday": "unchanged" if unchanged else "shift",
        "extension_headsup": headsup,
    },
    ways(),
    st.sampled_from(["ladder", "daily", "off"]),
    st.booleans(),
    st.booleans(),
)


def any_owed(what: str, due: datetime, rules: Ruleset) -> Obligation:
    if what == "week":
        thursday = due.date() + timedelta(days=3 - due.weekday())
        return deadline.week(thursday, LONG_AGO, rules, workdays.calendar())
    return owed_as(what, instant(due.date().replace(day=1)) if what == "month" else due)


def full(options: dict[str, object]) -> Ruleset:
    how = options["how"]
    assert isinstance(how, minute.Ways)
    return replace(ruleset_of(how), **{key: value for key, value in options.items() if key != "how"})  # type: ignore[arg-type]


@given(what=NAMES, due=DUES, options=RULES)
@MANY
def test_instants_rise_and_kinds_keep_their_side_of_the_deadline(
    what: str, due: datetime, options: dict[str, object]
) -> None:
    rules = full(options)
    owed = any_owed(what, due, rules)
    assert owed.due_at
    found = climbed(owed, rules)
    assert all(one.at < after.at for one, after in pairwise(found))
    assert all((one.at < owed.due_at) == (one.kind == "remind") for one in found)
    urges = [one.seq for one in found if one.kind == "urge"]
    assert urges == sorted(set(urges))
    assert all(one.seq == 0 for one in found if one.kind != "urge")
    keys = [(rung.kind, rung.seq) for rung in ladder.rungs(owed, rules, workdays.calendar())]
    assert len(keys) == len(set(keys)), "a notice is unique by obligation, episode, kind and seq"
    assert [one.kind for one in found].count("supervise") == (not (what == "week" and rules.weekly_missed == "off"))
    assert not any(ladder.quiet_window(one.at, rules) for one in found)


@given(at=DUES, span=SPANS)
@MANY
def test_the_quiet_window_is_the_one_that_holds_the_instant(at: datetime, span: tuple[int, int]) -> None:
    rules = ruleset_of(minute.Ways(span))
    window = ladder.quiet_window(at, rules)
    assert (window is not None) == minute.is_quiet(at, minute.Ways(span))
    assume(window is not None)
    assert window is not None
    begin, end = window
    assert begin <= at < end
    assert end - begin == timedelta(minutes=(span[1] - span[0]) % 1440)
    assert (end.hour * 60 + end.minute) == span[1]


def test_by_default_there_are_nineteen_urges_and_one_supervise_notice() -> None:
    due = instant(date(2026, 3, 3), 9)
    found = climbed(Obligation("N1", due, LONG_AGO), Ruleset())
    hours = [(one.at - due) / HOUR for one in found]
    assert hours == [-5, *range(3, 25, 3), *range(26, 47, 2), 48]
    assert [one.seq for one in found] == [0, *range(1, 20), 0]


@pytest.mark.parametrize(
    ("name", "origin", "ahead"),
    [
        ("N7", "", 24),
        ("N7", "return", 5),
        ("CUSTOM", "leader", 24),
        ("CUSTOM", "limit_back", 5),
        ("CUSTOM", "plan", 48),
    ],
)
def test_what_a_return_moved_is_reminded_of_five_hours_ahead(name: str, origin: str, ahead: int) -> None:
    due = instant(date(2026, 3, 9), 9)
    first = ladder.rungs(Obligation(name, due, LONG_AGO, origin=origin), Ruleset(), workdays.calendar())[0]
    assert first == ladder.Rung(due - ahead * HOUR, "remind")


DAYTIME = [(3, 12, 1), (3, 15, 2), (3, 18, 3), (3, 21, 4)]
EARLY = [(3, 8, 1), (3, 11, 2), (3, 14, 3), (3, 17, 4), (3, 20, 5)]


@pytest.mark.parametrize(
    ("hour", "gap", "urges", "second"),
    [
        (9, 90, [*DAYTIME, (4, 8, 8), (4, 11, 9)], 9),
        # the reminder of 04:00 leaves at 21:30, and takes no urge in however wide the gap
        (9, 900, [*DAYTIME, (4, 8, 14), (5, 8, 19)], 14),
        # no gap: what would leave at the very same instant is one all the same, as the latest
        (9, 0, [*DAYTIME, (4, 8, 7), (4, 9, 8), (4, 11, 9)], 9),
        # what is due at 08:00 itself was not held back: nothing joins it that follows
        (5, 900, [*EARLY, (4, 8, 16)], 16),
        (5, 181, [*EARLY, (4, 8, 11), (4, 13, 12)], 11),
        (5, 180, [*EARLY, (4, 8, 10), (4, 11, 11)], 10),
        (5, 0, [*EARLY, (4, 8, 9), (4, 9, 10)], 9),
    ],
)
def test_the_urges_of_a_night_are_one_in_the_morning(
    hour: int, gap: int, urges: list[tuple[int, ...]], second: int
) -> None:
    """A10: 22:00-08:00, and what follows 08:00 within the gap; it stands for the first of the second day too."""
    rules = Ruleset(quiet_mode="defer", min_gap_minutes=gap)
    found = ladder.rungs(Obligation("N1", instant(date(2026, 3, 3), hour), LONG_AGO), rules, workdays.calendar())
    told = [(rung.at.day, rung.at.hour, rung.seq) for rung in found if rung.kind == "urge"]
    assert told[: len(urges)] == urges
    marks = [(rung.seq, mark) for rung in found for mark in rung.marks]
    assert marks == [(1, ladder.FIRST), (second, ladder.SECOND_DAY)]


def test_a_rung_far_from_the_night_never_takes_in_an_earlier_one() -> None:
    """An urge moved to 14:00 merges with what follows it, not with the one that left at 09:00 (A10)."""
    due = instant(date(2026, 3, 4))
    rules = Ruleset(quiet_mode="defer", quiet_hours="12:00-14:00", min_gap_minutes=600)
    found = [(one.at.hour, one.seq) for one in climbed(Obligation("N1", due, LONG_AGO), rules) if one.kind == "urge"]
    assert found[:4] == [(3, 1), (6, 2), (9, 3), (14, 7)]


@pytest.mark.requirement("A37", "A44")
@given(due=DUES, how=ways(), what=st.sampled_from(["N3", "NM", "month"]))
@FEW
def test_an_urge_knows_what_it_stands_for_whatever_joined_it(due: datetime, how: minute.Ways, what: str) -> None:
    ladder_ = ladder.rungs(owed_as(what, due), ruleset_of(how), workdays.calendar())
    urges = [rung for rung in ladder_ if rung.kind == "urge"]
    numbers = {ladder.FIRST: 1, ladder.SECOND_DAY: 3 if what == "month" else 9 + how.at_deadline}
    for before, rung in zip([0, *(rung.seq for rung in urges)], urges, strict=False):
        assert rung.marks == {mark for mark, seq in numbers.items() if before < seq <= rung.seq}
