"""Deadlines as a table: month ends, leap years, working days over the holidays of 2026, 24:00 (A2–A4, A29, A59)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import workdays
from bot.rules import calendar, deadline, life
from bot.rules.calendar import SHANGHAI
from bot.rules.ruleset import Ruleset

DAYS = workdays.calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "clamped", "thirty"),
    [
        ("2026-01-31T09:00", "2026-02-28T09:00", "2026-03-02T09:00"),
        ("2028-01-31T09:00", "2028-02-29T09:00", "2028-03-01T09:00"),
        ("2026-02-28T23:59", "2026-03-28T23:59", "2026-03-30T23:59"),
        ("2026-03-31T00:00", "2026-04-30T00:00", "2026-04-30T00:00"),
        ("2026-12-31T12:00", "2027-01-31T12:00", "2027-01-30T12:00"),
        ("2026-11-30T12:00", "2026-12-30T12:00", "2026-12-30T12:00"),
    ],
)
def test_a_month(start: str, clamped: str, thirty: str) -> None:
    assert deadline.month_node(at(start), Ruleset()) == at(clamped)
    assert deadline.month_node(at(start), Ruleset(month="30d")) == at(thirty)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-02-13T10:00", 3, "2026-02-25T10:00"),  # Saturday 02-14 is worked, then nine days off
        ("2026-02-13T10:00", 1, "2026-02-14T10:00"),
        ("2026-04-30T10:00", 3, "2026-05-08T10:00"),  # 05-01 … 05-05 off
        ("2026-09-30T10:00", 3, "2026-10-10T10:00"),  # Saturday 10-10 is worked
        ("2026-03-06T10:00", 7, "2026-03-17T10:00"),
        ("2026-12-30T10:00", 3, "2027-01-04T10:00"),  # past the coverage only weekends are free
    ],
)
def test_working_days(start: str, count: int, due: str) -> None:
    rules = Ruleset(calendar="workday")
    assert deadline.node(at(start), count, rules, DAYS) == at(due)
    assert deadline.node(at(start), count, Ruleset(), DAYS) == at(start) + timedelta(days=count)


@pytest.mark.parametrize(
    ("start", "literal", "same_day", "next_day"),
    [
        ("2026-03-02T09:00", "2026-03-03T09:00", "2026-03-03T00:00", "2026-03-04T00:00"),
        ("2026-03-02T00:00", "2026-03-03T00:00", "2026-03-03T00:00", "2026-03-04T00:00"),
        ("2026-03-02T23:59", "2026-03-03T23:59", "2026-03-03T00:00", "2026-03-04T00:00"),
        ("2026-12-31T18:00", "2027-01-01T18:00", "2027-01-01T00:00", "2027-01-02T00:00"),
    ],
)
def test_one(start: str, literal: str, same_day: str, next_day: str) -> None:
    ways = (("24h", literal), ("end_of_day", same_day), ("end_of_next_day", next_day))
    for one, due in ways:
        assert deadline.one(at(start), Ruleset(one=one)) == at(due)


def test_rounding_to_the_end_of_the_day() -> None:
    rules = Ruleset(round_days="end_of_day")
    assert deadline.node(at("2026-03-02T09:00"), 3, rules, DAYS) == at("2026-03-06T00:00")
    assert deadline.node(at("2026-03-02T00:00"), 3, rules, DAYS) == at("2026-03-05T00:00")
    assert deadline.month_node(at("2026-01-31T09:00"), rules) == at("2026-03-01T00:00")


@pytest.mark.parametrize(
    ("due", "end_of_day", "exact"),
    [
        ("2026-04-02T09:00", "2026-04-01T00:00", "2026-03-31T09:00"),
        ("2026-04-02T00:00", "2026-03-31T00:00", "2026-03-31T00:00"),  # due at 24:00 of the 1st
        ("2026-03-01T00:01", "2026-02-28T00:00", "2026-02-27T00:01"),
    ],
)
def test_the_extension_cut_off(due: str, end_of_day: str, exact: str) -> None:
    assert deadline.extension_cutoff(at(due), Ruleset()) == at(end_of_day)
    assert deadline.extension_cutoff(at(due), Ruleset(extension_cutoff="exact")) == at(exact)


def test_midnight_belongs_to_the_day_that_ends() -> None:
    midnight = at("2026-03-01T00:00")
    assert calendar.day_of(midnight) == date(2026, 2, 28)
    assert calendar.day_of(midnight + timedelta(microseconds=1)) == date(2026, 3, 1)
    assert calendar.end_of_day(midnight) == midnight
    assert calendar.end_of_day(midnight + timedelta(minutes=1)) == at("2026-03-02T00:00")
    assert calendar.instant(date(2026, 2, 28), 24) == midnight
    assert deadline.promised(date(2026, 2, 28)) == midnight


def test_other_zones_are_read_in_shanghai() -> None:
    assert calendar.day_of(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 1)
    assert calendar.day_of(datetime(2026, 3, 1, 16, 1, tzinfo=UTC)) == date(2026, 3, 2)
    assert calendar.add_month(datetime(2026, 1, 30, 17, 0, tzinfo=UTC)) == at("2026-02-28T01:00")


def test_after_a_return() -> None:
    now = at("2026-03-10T09:00")
    assert deadline.after_return(None, now) == at("2026-03-11T09:00")
    assert deadline.after_return(at("2026-03-11T08:59"), now) == at("2026-03-11T09:00")
    assert deadline.after_return(at("2026-03-11T09:01"), now) == at("2026-03-11T09:01")


@pytest.mark.parametrize(
    ("clock", "due", "returned", "rework"),
    [
        ("later_of", "2026-03-20T09:00", "2026-03-12T10:00", "2026-03-20T09:00"),
        ("later_of", "2026-03-11T09:00", "2026-03-12T10:00", "2026-03-13T10:00"),
        ("remaining", "2026-03-15T09:00", "2026-03-12T10:00", "2026-03-17T10:00"),
        ("remaining", "2026-03-10T09:00", "2026-03-12T10:00", "2026-03-13T10:00"),  # nothing remained
        ("remaining", None, "2026-03-12T10:00", "2026-03-13T10:00"),
        ("next_workday_18", "2026-03-20T09:00", "2026-03-12T10:00", "2026-03-13T18:00"),
        ("next_workday_18", None, "2026-09-30T10:00", "2026-10-08T18:00"),
        ("next_workday_18", None, "2026-09-30T00:00", "2026-09-30T18:00"),  # 24:00 of the 29th
    ],
)
def test_rework(clock: str, due: str | None, returned: str, rework: str) -> None:
    """Applied for on 2026-03-10 09:00 (A17)."""
    rules = Ruleset(rework_clock=clock)
    old = at(due) if due else None
    assert deadline.rework(old, at("2026-03-10T09:00"), at(returned), rules, DAYS) == at(rework)


@pytest.mark.parametrize(
    ("category", "due_on", "names"),
    [
        ("general", None, "MATTER N1 N3 N7 NM"),
        ("major", None, "MATTER N1 N3 N7 NM"),
        ("monthly", None, "MATTER N1 M2026-03"),
        ("general", date(2026, 3, 8), "MATTER N1 N3 N7 NM CUSTOM"),  # 24:00 of the 8th is before N7
        ("general", date(2026, 3, 9), "MATTER N1 N3 N7 CUSTOM"),
        ("major", date(2026, 3, 9), "MATTER N1 N3 N7 NM CUSTOM"),
        ("monthly", date(2026, 3, 9), "MATTER N1 M2026-03 CUSTOM"),
    ],
)
def test_what_a_matter_owes(category: str, due_on: date | None, names: str) -> None:
    owed = deadline.initial(category, at("2026-03-02T09:00"), due_on, Ruleset(), DAYS)
    assert " ".join(one.name for one in owed) == names
    assert all(one.due_at == calendar.instant(due_on, 24) for one in owed if due_on and one.name == "CUSTOM")


@pytest.mark.parametrize(
    ("dispatched", "due"),
    [
        ("2026-03-08T23:59:59", "2026-03-09T00:00"),
        ("2026-03-09T00:00", "2026-03-10T00:00"),
        ("2026-03-13T09:00", "2026-03-14T09:00"),
    ],
)
def test_an_own_deadline_that_is_past_at_t_is_a_day_from_then(dispatched: str, due: str) -> None:
    """A45: what went by before T is not the unit's lateness."""
    for category in ("general", "monthly"):
        owed = deadline.initial(category, at(dispatched), date(2026, 3, 8), Ruleset(), DAYS)
        assert (owed[-1].name, owed[-1].due_at) == ("CUSTOM", at(due))


def test_an_own_deadline_at_the_very_end_of_n7_leaves_the_back_stop() -> None:
    owed = deadline.initial("general", at("2026-03-02T00:00"), date(2026, 3, 8), Ruleset(), DAYS)
    assert [one.name for one in owed] == ["MATTER", "N1", "N3", "N7", "NM", "CUSTOM"]


def test_without_the_back_stop_only_a_general_matter_loses_its_month() -> None:
    rules = Ruleset(month_backstop=False)
    for category, kept in (("general", False), ("major", True)):
        owed = deadline.initial(category, at("2026-03-02T09:00"), None, rules, DAYS)
        assert any(one.name == "NM" for one in owed) == kept


@pytest.mark.parametrize(
    "ask",
    [
        calendar.local,
        calendar.day_of,
        calendar.end_of_day,
        calendar.add_month,
        lambda naive: DAYS.add_workdays(naive, 1),
        lambda naive: deadline.one(naive, Ruleset()),
        lambda naive: deadline.node(naive, 3, Ruleset(), DAYS),
        lambda naive: deadline.month_node(naive, Ruleset()),
        lambda naive: deadline.first_month(naive, Ruleset()),
        lambda naive: deadline.first_thursday(naive, Ruleset(), DAYS),
        lambda naive: deadline.after_return(None, naive),
        lambda naive: life.initiate("general", naive, None, life.Book(Ruleset(), DAYS)),
    ],
)
def test_naive_instants_are_refused(ask: object) -> None:
    with pytest.raises(ValueError, match=r"^an instant without a time zone$"):
        ask(datetime(2026, 3, 2, 9, 0))  # type: ignore[operator]  # noqa: DTZ001
