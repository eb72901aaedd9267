"""The working calendar against the published arrangements, and an office's own table on top."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from bot import workdays
from bot.errors import ConfigError


def test_it_agrees_with_the_published_arrangement_on_every_day_covered() -> None:
    known = workdays.published()
    day = date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        assert known.is_workday(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
    assert known.covers(date(2026, 12, 31))


def test_past_the_coverage_weekends_alone_are_free() -> None:
    known = workdays.published()
    assert not known.covers(date(2027, 1, 1))
    assert known.is_workday(date(2027, 1, 1))
    assert not known.is_workday(date(2027, 1, 2))
    assert known.last_workday_before(date(2030, 10, 7)) == date(2030, 10, 4)


def test_an_own_table_adds_a_year(tmp_path: Path) -> None:
    (tmp_path / "holidays.toml").write_text(
        "covered_until = 2027-12-31\nholidays = [2027-01-01, 2026-10-10]\nworkdays = [2027-02-07, 2026-10-01]\n"
    )
    known = workdays.calendar(tmp_path)
    assert not known.is_workday(date(2027, 1, 1))
    assert known.is_workday(date(2027, 2, 7))
    assert known.covers(date(2027, 12, 31))
    # it also takes back what was published: a make-up Saturday off, a holiday worked
    assert workdays.published().is_workday(date(2026, 10, 10))
    assert not known.is_workday(date(2026, 10, 10))
    assert known.is_workday(date(2026, 10, 1))
    assert workdays.calendar(tmp_path / "elsewhere") == workdays.published()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("holiday = []", "holiday is no key; known are covered_until, holidays, workdays"),
        ('holidays = ["2027-01-01"]', "holidays: write days such as 2027-01-01, without quotes"),
        ("holidays = 2027-01-01", "holidays: write days"),
        ("covered_until = 2027-12-31T00:00:00", "covered_until: write days"),
        ("holidays = [2027-01-01]", "add covered_until = 2027-12-31"),
        ("holidays = [2026-01-01]\nworkdays = [2026-01-01]", "2026-01-01 stands in holidays and in workdays"),
        ("holidays = [", "can't be read as TOML"),
    ],
)
def test_a_mistake_in_the_table_is_one_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "holidays.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        workdays.calendar(tmp_path)
    assert str(caught.value).startswith(f"{path}: ")
    assert sentence in str(caught.value)
