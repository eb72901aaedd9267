"""Working hours: four of them until an approval is reminded of, two before a day off (A58, A65)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.rules import worktime
from bot.rules.calendar import SHANGHAI, Calendar

# 2026: Friday May 1 to Tuesday May 5 are off, Saturday May 9 is worked
DAYS = Calendar(frozenset(date(2026, 5, day) for day in (1, 4, 5)), frozenset({date(2026, 5, 9)}), date(2026, 12, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("03-02 08:30", "03-02 14:30"),
        ("03-02 09:00", "03-02 15:00"),
        ("03-02 07:00", "03-02 14:30"),
        ("03-02 12:30", "03-03 08:30"),  # four hours to the end of the day: the next one begins with it
        ("03-02 14:00", "03-03 08:30"),
        ("03-02 17:30", "03-03 14:00"),  # noon ends a span, so that the afternoon comes first
        ("03-06 17:00", "03-09 11:30"),
        ("03-07 10:00", "03-09 14:30"),
        ("04-30 16:00", "05-06 10:30"),
        ("05-08 18:00", "05-09 14:30"),
    ],
)
def test_four_working_hours(since: str, due: str) -> None:
    assert worktime.after(at(since), worktime.PENDING, DAYS) == at(due)


@pytest.mark.parametrize(
    ("now", "eve"),
    [
        ("03-06 15:59:59", False),
        ("03-06 16:00", True),
        ("03-06 23:59", True),
        ("03-07 00:00", True),
        ("03-08 23:59:59", True),
        ("03-09 00:00", False),
        ("03-05 17:00", False),
        ("04-30 16:30", True),
        ("05-05 10:00", True),
        ("05-08 17:00", False),  # Saturday is worked
        ("05-09 16:00", True),
    ],
)
def test_an_eve(now: str, eve: bool) -> None:
    assert worktime.is_eve(at(now), DAYS) is eve


def test_the_next_eve_and_the_morning_after() -> None:
    found = [worktime.next_eve(at(now), DAYS) for now in ("03-02 09:00", "03-06 16:00", "04-29 09:00", "05-07 09:00")]
    assert found == [at(f"{day} 16:00") for day in ("03-06", "03-13", "04-30", "05-09")]
    mornings = [worktime.morning_after(at(now), DAYS) for now in ("03-06 17:00", "03-08 23:59", "04-30 16:00")]
    assert mornings == [at(f"{day} 08:30") for day in ("03-09", "03-09", "05-06")]


def test_when_a_proposal_is_shown_again() -> None:
    since = at("03-05 09:00")
    assert worktime.next_reminder(since, since, DAYS) == at("03-05 15:00")
    assert worktime.next_reminder(since, at("03-05 15:00"), DAYS) == at("03-06 16:00")
    assert worktime.next_reminder(since, at("03-06 16:00"), DAYS) == at("03-13 16:00")
    late = at("03-06 15:00")  # the eve comes before the fourth hour, which still comes
    assert worktime.next_reminder(late, late, DAYS) == at("03-06 16:00")
    assert worktime.next_reminder(late, at("03-06 16:00"), DAYS) == at("03-09 09:30")


def test_an_instant_inside_working_time_is_its_own_next() -> None:
    for now, opens in (("03-02 09:00", "03-02 09:00"), ("03-02 12:00", "03-02 14:00"), ("03-06 18:00", "03-09 08:30")):
        assert worktime.after(at(now), timedelta(0), DAYS) == at(opens)
