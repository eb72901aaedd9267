"""What a feedback serves, as whole states, where it is least expected (A8, A23, A57, A79, A80, A81)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot import workdays
from bot.rules import completion, extension, life, proxy, report, steering
from bot.rules.calendar import SHANGHAI
from bot.rules.life import Book, Life
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)  # a Monday
HOUR = timedelta(hours=1)
BOOK = Book(Ruleset(), workdays.calendar())


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")


def weekly(begun: datetime, followed: datetime) -> Life:
    """A major matter in follow-up since `followed`, whose nodes are answered."""
    told = report.feedback(life.initiate("major", begun, None, BOOK), "N7", begun + HOUR, BOOK)
    return steering.follow_up(told, followed, BOOK)


def returned(current: Life, applied: datetime) -> Life:
    """Its completion came back an hour later, and REWORK has reached supervise: the periods run again (A47)."""
    back = completion.send_back(completion.apply_completion(current, applied, BOOK), applied + HOUR, BOOK)
    return completion.wake_periods(back, applied + 2 * HOUR, BOOK)


def test_progress_on_a_suspended_month_closes_the_nodes() -> None:
    """A81, A84: the extension is pending, NM goes on waiting for it."""
    asked = extension.apply_extension(life.initiate("major", T, None, BOOK), T + HOUR, None, BOOK)
    when = T + 2 * HOUR
    root, *nodes, month = asked.obligations
    met = [replace(owed, ended="met", met_at=when, next_notice_at=None) for owed in nodes]
    assert report.feedback(asked, "NM", when, BOOK) == replace(
        asked, obligations=(root, *met, month), filed=("NM", when)
    )


def test_who_names_rework_settles_nothing_beside_it() -> None:
    """A79, A80: though a month is open that comes before it."""
    current = returned(life.initiate("monthly", T, None, BOOK), T + HOUR)
    month, rework = current.find("M2026-03"), current.find("REWORK")
    assert month
    assert month.is_open(T + 4 * HOUR)
    assert rework
    assert report.feedback(current, "REWORK", T + 4 * HOUR, BOOK) == current


def test_a_leaders_date_at_rest_settles_nothing() -> None:
    """A80: it rests with the completion, an overdue week that runs again waits for an answer of its own."""
    limited = steering.limit(weekly(T, at("03-03 11:00")), date(2026, 3, 20), at("03-09 10:00"), BOOK)
    current = returned(limited, at("03-10 10:00"))
    when = at("03-13 09:00")
    week = current.find("W2026-03-12")
    assert week
    assert week.is_overdue(when)
    assert report.feedback(current, "CUSTOM", when, BOOK) == current


@pytest.mark.parametrize("named", ["W2026-03-12", "CUSTOM"])
def test_what_fell_due_at_the_same_instant_is_settled_too(named: str) -> None:
    """A8, A57: a leader's March 12th ends with the week's, one late answer serves both."""
    current = steering.limit(weekly(T, at("03-03 11:00")), date(2026, 3, 12), at("03-10 09:00"), BOOK)
    when = at("03-13 09:00")
    after = report.feedback(current, named, when, BOOK)
    assert [(owed.address, owed.late) for owed in after.obligations if owed.met_at == when] == [
        ("W2026-03-12", True),
        ("CUSTOM2026-03-12", True),
    ]


@pytest.mark.parametrize(("followed", "week"), [("09-22 11:00", "W2026-10-01"), ("09-29 11:00", "W2026-10-08")])
def test_a_week_of_the_holiday_is_found_by_either_name_after_its_answer(followed: str, week: str) -> None:
    """A23: one report serves both weeks where both are owed, and what was answered can still be filed for earlier."""
    current = weekly(at("09-01 09:00"), at(followed))
    answered = report.feedback(current, "W2026-10-08", at("10-08 12:00"), BOOK)
    owed = answered.find(week, ended=True)
    assert owed
    assert (owed.ended, owed.met_at) == ("met", at("10-08 12:00"))
    earlier = proxy.file_for(answered, "W2026-10-08", at("10-08 09:00"), BOOK)
    assert earlier == life.replaced(answered, owed, replace(owed, met_at=at("10-08 09:00")))
