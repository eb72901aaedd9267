"""推演 agrees with what the ladders send."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.rules import completion, forecast, life, report, steering
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.life import Book
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
HOUR = timedelta(hours=1)
BOOK = Book(Ruleset(), Calendar())


def test_a_fresh_matter() -> None:
    first, *rest = forecast.ahead(life.initiate("general", T, None, BOOK), T, BOOK)
    assert (first.name, first.due_at) == ("N1", T + 24 * HOUR)
    assert first.reminders == (T + 19 * HOUR,)
    assert (len(first.urges), first.urges[0], first.urges[-1]) == (19, T + 27 * HOUR, T + 70 * HOUR)
    assert first.supervise == T + 72 * HOUR
    assert [each.name for each in rest] == ["N3", "N7", "NM"]


def test_what_is_answered_supervised_or_rests_sends_nothing() -> None:
    current = report.feedback(life.initiate("general", T, None, BOOK), "N1", T + HOUR, BOOK)
    assert [each.name for each in forecast.ahead(current, T + HOUR, BOOK)] == ["N3", "N7", "NM"]
    current = steering.supervise(current, "N3", T + 73 * HOUR, BOOK)
    first = forecast.ahead(current, T + 73 * HOUR, BOOK)[0]
    assert (first.name, first.reminders, first.urges, first.supervise) == ("N3", (), (), None)
    resting = forecast.ahead(completion.apply_completion(current, T + 80 * HOUR, BOOK), T + 80 * HOUR, BOOK)
    assert {each.paused_by for each in resting} == {"completion"}
    assert not any(each.urges for each in resting)
    assert forecast.ahead(steering.withdraw(current, T + 80 * HOUR), T + 80 * HOUR, BOOK) == []


def test_a_week_is_told_with_its_working_days() -> None:
    current = steering.follow_up(life.initiate("major", T, None, BOOK), T + HOUR, BOOK)
    week = next(each for each in forecast.ahead(current, T + 7 * 24 * HOUR, BOOK) if each.name == "W2026-03-12")
    assert week.reminders == (datetime(2026, 3, 11, 9, tzinfo=SHANGHAI),)


def test_a_period_that_has_not_begun_is_left_out() -> None:
    current = life.initiate("monthly", T, None, BOOK)
    assert [each.name for each in forecast.ahead(current, T, BOOK)] == ["N1", "M2026-03"]
    begun = datetime(2026, 4, 1, 10, tzinfo=SHANGHAI)
    assert [each.name for each in forecast.ahead(current, begun, BOOK)] == ["N1", "M2026-03", "M2026-04"]
