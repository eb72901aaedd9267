"""Weeks and months as a table: the first of them, holidays, year ends, reminders, what may serve (A22–A28, A77)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot import workdays
from bot.rules import calendar, deadline, ladder
from bot.rules.calendar import DAY, HOUR, SHANGHAI, instant
from bot.rules.ruleset import Ruleset

DAYS = workdays.calendar()
LONG_AGO = datetime(2020, 1, 1, tzinfo=SHANGHAI)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "month"),
    [
        ("2026-03-17T00:00", (2026, 3)),  # exactly 15 days remain
        ("2026-03-17T00:01", (2026, 4)),
        ("2026-02-14T00:00", (2026, 2)),
        ("2026-02-14T00:01", (2026, 3)),
        ("2028-02-15T00:00", (2028, 2)),
        ("2026-12-17T00:01", (2027, 1)),
    ],
)
def test_the_first_month(start: str, month: tuple[int, int]) -> None:
    assert deadline.first_month(at(start), Ruleset()) == month


def test_the_first_month_by_the_other_readings() -> None:
    assert deadline.first_month(at("2026-03-31T23:59"), Ruleset(first_month="same")) == (2026, 3)
    assert deadline.first_month(at("2026-12-01T00:00"), Ruleset(first_month="next")) == (2027, 1)


@pytest.mark.parametrize(
    ("approved", "following", "same"),
    [
        ("2026-03-31T10:00", "2026-04-09", "2026-04-02"),
        ("2026-04-02T23:59", "2026-04-09", "2026-04-02"),
        ("2026-04-03T00:00", "2026-04-09", "2026-04-09"),  # Thursday 24:00 has come
        ("2026-04-05T23:59", "2026-04-09", "2026-04-09"),  # Sunday ends the ISO week
        ("2026-04-06T00:00", "2026-04-16", "2026-04-09"),
        ("2026-12-31T10:00", "2027-01-07", "2026-12-31"),
        ("2026-01-02T10:00", "2026-01-08", "2026-01-01"),  # the Thursday has passed, its D has been moved
        ("2027-01-01T10:00", "2027-01-07", "2027-01-07"),
        ("2027-01-04T10:00", "2027-01-14", "2027-01-07"),
    ],
)
def test_the_first_thursday(approved: str, following: str, same: str) -> None:
    assert deadline.first_thursday(at(approved), Ruleset(), DAYS) == date.fromisoformat(following)
    rules = Ruleset(weekly_first="same")
    assert deadline.first_thursday(at(approved), rules, DAYS) == date.fromisoformat(same)


@pytest.mark.parametrize(
    ("thursday", "due", "remind", "opens"),
    [
        ("2026-03-05", "2026-03-06T00:00", "2026-03-04T09:00", "2026-03-02T00:00"),
        ("2026-01-01", "2026-01-05T00:00", "2025-12-31T09:00", "2025-12-29T00:00"),  # Sunday 01-04 is worked
        ("2026-02-19", "2026-02-25T00:00", "2026-02-14T09:00", "2026-02-14T09:00"),
        ("2026-10-01", "2026-10-09T00:00", "2026-09-30T09:00", "2026-09-28T00:00"),
        ("2026-12-31", "2027-01-01T00:00", "2026-12-30T09:00", "2026-12-28T00:00"),
        ("2027-01-07", "2027-01-08T00:00", "2027-01-06T09:00", "2027-01-04T00:00"),
    ],
)
def test_a_week(thursday: str, due: str, remind: str, opens: str) -> None:
    week = deadline.week(date.fromisoformat(thursday), LONG_AGO, Ruleset(), DAYS)
    assert (week.due_at, week.opens_at) == (at(due), at(opens))
    rungs = ladder.rungs(week, Ruleset(), DAYS)
    assert [rung.at for rung in rungs if rung.kind == "remind"] == [at(remind)]
    assert [rung.at for rung in rungs if rung.kind == "open"] == [at(opens)]


def test_a_holiday_leaves_the_week_alone_when_the_office_wants_it_so() -> None:
    rules = Ruleset(weekly_holiday="unchanged")
    week = deadline.week(date(2026, 2, 19), LONG_AGO, rules, DAYS)
    assert (week.due_at, week.opens_at) == (at("2026-02-20T00:00"), at("2026-02-16T00:00"))
    assert deadline.following("W2026-10-01", LONG_AGO, rules, DAYS).name == "W2026-10-08"


@pytest.mark.parametrize(
    ("rule", "due"),
    [("thursday_24", "2026-03-06T00:00"), ("thursday_18", "2026-03-05T18:00"), ("wednesday_24", "2026-03-05T00:00")],
)
def test_when_a_week_is_due(rule: str, due: str) -> None:
    assert deadline.week(date(2026, 3, 5), LONG_AGO, Ruleset(weekly_due=rule), DAYS).due_at == at(due)
    moved = deadline.week(date(2026, 10, 1), LONG_AGO, Ruleset(weekly_due=rule), DAYS).due_at
    assert moved == at("2026-10-08T18:00" if rule == "thursday_18" else "2026-10-09T00:00")


def test_a_week_that_begins_later_is_open_from_its_approval() -> None:
    approved = at("2026-03-04T10:00")
    assert deadline.week(date(2026, 3, 5), approved, Ruleset(), DAYS).opens_at == approved
    assert deadline.month(2026, 3, approved).opens_at == approved
    assert deadline.month(2026, 4, approved).opens_at == at("2026-04-01T00:00")


@pytest.mark.parametrize(
    ("name", "after"),
    [
        ("W2026-03-05", "W2026-03-12"),
        ("W2026-10-01", "W2026-10-15"),  # moved to 10-08, a Thursday: one report serves both
        ("W2026-02-19", "W2026-02-26"),
        ("W2026-12-31", "W2027-01-07"),
        ("M2026-12", "M2027-01"),
        ("M2026-01", "M2026-02"),
    ],
)
def test_the_period_that_follows(name: str, after: str) -> None:
    assert deadline.following(name, LONG_AGO, Ruleset(), DAYS).name == after


def test_the_week_that_a_moved_one_covers_is_that_one() -> None:
    for name, by in (("W2026-10-08", "W2026-10-01"), ("W2026-10-15", "W2026-10-15"), ("N3", "N3")):
        assert deadline.covering(name, Ruleset(), DAYS) == by
    assert deadline.covering("W2026-10-08", Ruleset(weekly_holiday="unchanged"), DAYS) == "W2026-10-08"


@pytest.mark.parametrize(
    ("name", "now", "current"),
    [
        ("W2026-03-05", "2026-03-05T23:59", "W2026-03-05"),
        ("W2026-03-05", "2026-03-06T00:00", "W2026-03-12"),
        ("W2026-03-05", "2027-03-10T00:00", "W2027-03-11"),
        ("M2026-03", "2026-03-31T23:59", "M2026-03"),
        ("M2026-03", "2026-04-01T00:00", "M2026-04"),
    ],
)
def test_the_first_period_still_ahead(name: str, now: str, current: str) -> None:
    assert deadline.current_period(name, at(now), Ruleset(), DAYS).name == current


@pytest.mark.parametrize(
    ("year", "month", "first"),
    [(2026, 1, 29), (2026, 2, 26), (2028, 2, 27), (2026, 4, 28), (2026, 12, 29)],
)
def test_the_last_three_days_of_a_month(year: int, month: int, first: int) -> None:
    owed = deadline.month(year, month, LONG_AGO)
    for rules, count in ((Ruleset(), 1), (Ruleset(monthly_remind="daily"), 3)):
        found = [rung.at for rung in ladder.rungs(owed, rules, DAYS) if rung.kind == "remind"]
        assert found == [instant(date(year, month, first + more), 8) for more in range(count)]


@pytest.mark.parametrize(
    ("options", "month", "supervise"),
    [
        ({}, 3, "2026-04-03T08:00"),
        ({"monthly_supervise": "third_0000"}, 3, "2026-04-03T00:00"),
        ({"monthly_supervise_holiday": "shift"}, 3, "2026-04-03T08:00"),
        ({"monthly_supervise_holiday": "shift"}, 9, "2026-10-08T08:00"),
        ({"monthly_supervise_holiday": "shift"}, 4, "2026-05-06T08:00"),
        ({"monthly_supervise_holiday": "shift"}, 7, "2025-08-03T08:00"),  # a Sunday like any other
        ({}, 9, "2026-10-03T08:00"),
    ],
)
def test_the_monthly_supervise_notice(options: dict[str, str], month: int, supervise: str) -> None:
    last = ladder.rungs(deadline.month(int(supervise[:4]), month, LONG_AGO), Ruleset(**options), DAYS)[-1]  # type: ignore[arg-type]
    assert last == ladder.Rung(at(supervise), "supervise")


def test_a_missed_thursday_by_the_morning() -> None:
    rules = Ruleset(weekly_missed="daily")
    week = deadline.week(date(2026, 3, 5), LONG_AGO, rules, DAYS)
    found = [(rung.at, rung.kind, rung.seq) for rung in ladder.rungs(week, rules, DAYS)[2:]]
    urges = [(at("2026-03-06T09:00"), "urge", 1), (at("2026-03-07T09:00"), "urge", 2)]
    assert found == [*urges, (at("2026-03-08T00:00"), "supervise", 0)]
    early = replace(rules, weekly_due="thursday_18")
    evening = ladder.rungs(deadline.week(date(2026, 3, 5), LONG_AGO, early, DAYS), early, DAYS)
    assert [rung.at for rung in evening if rung.kind == "urge"] == [at("2026-03-06T09:00"), at("2026-03-07T09:00")]
    off = Ruleset(weekly_missed="off", weekly_remind=False)
    assert [rung.kind for rung in ladder.rungs(week, off, DAYS)] == ["open"]


@pytest.mark.parametrize(
    ("due", "urges"),
    [
        ("2026-03-06T08:30", ["2026-03-06T09:00", "2026-03-07T09:00"]),
        ("2026-03-06T09:00", ["2026-03-07T09:00"]),  # at D it is in time, at D + 48 h the supervise notice stands
        ("2026-03-06T09:01", ["2026-03-07T09:00", "2026-03-08T09:00"]),
    ],
)
def test_mornings_strictly_between_the_deadline_and_the_supervise_notice(due: str, urges: list[str]) -> None:
    """Also of a week that a return gave another D (A17, A21)."""
    owed = replace(deadline.week(date(2026, 3, 5), LONG_AGO, Ruleset(), DAYS), due_at=at(due), origin="return")
    _, _, *found = ladder.rungs(owed, Ruleset(weekly_missed="daily"), DAYS)
    expected = [*((at(each), "urge") for each in urges), (at(due) + 2 * DAY, "supervise")]
    assert [(rung.at, rung.kind) for rung in found] == expected


def test_a_period_begins_by_the_calendar_however_late_we_look() -> None:
    """A77: Monday 00:00 is when the week began, also after an outage."""
    opens = instant(date(2026, 3, 2))
    week = ladder.plan(deadline.week(date(2026, 3, 5), LONG_AGO, Ruleset(), DAYS), Ruleset(), DAYS)
    notice, moved = ladder.advance(week, opens + 9 * HOUR, Ruleset(), DAYS)
    assert notice == ladder.Notice(week, ladder.Rung(opens, "open"))
    assert moved == replace(week, rung=1, next_notice_at=at("2026-03-04T09:00"))


def test_the_days_of_a_holiday() -> None:
    """A25: with the weekend next to it; a weekend by itself is none, nor what is worked after all."""
    thursday = date(2026, 6, 18)
    one = calendar.Calendar(frozenset({thursday}))
    assert [day.day for day in (thursday + n * DAY for n in range(-1, 5)) if one.is_holiday(day)] == [18]
    long = calendar.Calendar(frozenset({thursday + DAY}))
    assert [day.day for day in (thursday + n * DAY for n in range(-1, 5)) if long.is_holiday(day)] == [19, 20, 21]
    early = calendar.Calendar(frozenset({date(2026, 6, 22)}))
    assert [day.day for day in (thursday + n * DAY for n in range(-1, 6)) if early.is_holiday(day)] == [20, 21, 22]
    worked = calendar.Calendar(frozenset({thursday + DAY}), frozenset({thursday + DAY}))
    assert not any(worked.is_holiday(thursday + n * DAY) for n in range(-1, 5))


def test_past_the_coverage_weekends_alone_are_free() -> None:
    assert DAYS.covered_until is not None
    assert DAYS.covers(DAYS.covered_until)
    assert not DAYS.covers(DAYS.covered_until + DAY)
    assert not calendar.Calendar().covers(date(2026, 1, 1))
    assert DAYS.is_workday(date(2027, 1, 1))
    assert not DAYS.is_workday(date(2027, 1, 2))
    assert DAYS.first_workday_after(date(2027, 1, 1)) == date(2027, 1, 4)
    assert DAYS.last_workday_before(date(2027, 1, 4)) == date(2027, 1, 1)


def test_the_thursday_of_an_iso_week() -> None:
    for back in range(-3, 4):
        assert calendar.thursday_of(date(2026, 12, 31) + timedelta(days=back)) == date(2026, 12, 31)
