"""The working calendar: the State Council's days as published, and an office's own table on top (A3, A23).

chinesecalendar knows 2004 to 2026 and raises past that; here what lies past the coverage is weekends only, and
`Calendar.covers` says so. holidays.toml beside the configuration adds a year before the library has it:

    covered_until = 2027-12-31
    holidays = [2027-01-01]     # days off, whatever the weekday
    workdays = [2027-02-07]     # days worked, whatever the weekday
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.errors import ConfigError
from bot.rules.calendar import Calendar

NAME = "holidays.toml"
_KEYS = ("covered_until", "holidays", "workdays")


@lru_cache(maxsize=1)
def published() -> Calendar:
    """What the State Council has arranged: weekday holidays and weekend make-up days of the years covered."""
    from chinese_calendar import constants  # 40 ms, and only who asks about working days pays them

    return Calendar(
        holidays=frozenset(day for day in constants.holidays if day.weekday() < 5),
        makeup=frozenset(day for day in constants.workdays if day.weekday() > 4),
        covered_until=date(max(day.year for day in constants.holidays), 12, 31),
    )


def calendar(folder: Path | None = None) -> Calendar:
    """The published calendar with `folder`/holidays.toml on top when there is one; ConfigError names its mistake."""
    path = folder / NAME if folder else None
    return override(published(), read(path)) if path and path.exists() else published()


def override(base: Calendar, table: dict[str, Any]) -> Calendar:
    """`base` with a table's days off and days worked in place of its own."""
    off, worked = frozenset(table.get("holidays", ())), frozenset(table.get("workdays", ()))
    return Calendar(
        holidays=(base.holidays | {day for day in off if day.weekday() < 5}) - worked,
        makeup=(base.makeup | {day for day in worked if day.weekday() > 4}) - off,
        covered_until=table.get("covered_until", base.covered_until),
    )


def read(path: Path) -> dict[str, Any]:
    """The table of a holidays.toml; ConfigError names the key and what to do."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: can't be read as TOML ({error})") from None
    for key, value in table.items():
        if key not in _KEYS:
            raise ConfigError(f"{path}: {key} is no key; known are {', '.join(_KEYS)}")
        days = [value] if key == "covered_until" else value
        if not isinstance(days, list) or not all(_is_day(day) for day in days):
            raise ConfigError(f"{path}: {key}: write days such as 2027-01-01, without quotes")
    _check(path, table)
    return table


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _check(path: Path, table: dict[str, Any]) -> None:
    off, worked = set(table.get("holidays", ())), set(table.get("workdays", ()))
    if both := sorted(off & worked):
        raise ConfigError(f"{path}: {both[0]} stands in holidays and in workdays; keep one")
    covered = table.get("covered_until", published().covered_until)
    late = max(off | worked, default=None)
    if late and covered and late > covered:
        raise ConfigError(
            f"{path}: {late} lies after the year that is known; add covered_until = {late.year}-12-31 "
            f"when the table has all days of {late.year}"
        )
