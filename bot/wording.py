"""The filters of every text: an instant, a node, a span of time, a number, in the words people read.

Pure functions on values; the Chinese stands in `templates/words.toml`. Instants are aware datetimes or ISO texts
(a notice's stored facts are JSON) and are shown in Asia/Shanghai.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import bot

TEMPLATES = Path(bot.__file__).parent.parent / "templates"
SHANGHAI = ZoneInfo("Asia/Shanghai")
SEVEREST = ("accountability_proposal", "supervise", "urge", "remind", "initiate")

_WORDS: dict[str, dict[str, Any]] = tomllib.loads((TEMPLATES / "words.toml").read_text(encoding="utf-8"))
_PERIOD = re.compile(r"(?:W|CUSTOM)\d{4}-(?P<month>\d\d)-(?P<day>\d\d)|M\d{4}-(?P<only>\d\d)")


def word(table: str, key: str, **values: object) -> str:
    """A word of `words.toml`; KeyError when the table has no such key."""
    return str(_WORDS[table][key]).format(**values)


def _local(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError(f"an instant without a zone: {value!r}")
    return moment.astimezone(SHANGHAI)


def _day_of(value: date | datetime | str) -> date:
    """The calendar day; 24:00 belongs to the day that ends (A59)."""
    if isinstance(value, str) and len(value) == 10:
        return date.fromisoformat(value)
    if isinstance(value, (datetime, str)):
        return (_local(value) - timedelta(microseconds=1)).date()
    return value


def _form(name: str, day: date, now: datetime | str | None, **values: object) -> str:
    same = now is not None and _local(now).year == day.year
    return word("form", name if same else f"{name}_year", year=day.year, month=day.month, day=day.day, **values)


def instant(value: datetime | str, now: datetime | str | None = None) -> str:
    """3月5日 09:00; midnight is the 24:00 of the day before; the year is shown unless it is that of `now`."""
    moment = _local(value)
    midnight = moment.hour == moment.minute == 0
    day = (moment - timedelta(hours=1)).date() if midnight else moment.date()
    return _form("instant", day, now, time="24:00" if midnight else f"{moment:%H:%M}")


def day(value: date | datetime | str, now: datetime | str | None = None) -> str:
    """3月5日 周四; the year is shown unless it is that of `now`."""
    found = _day_of(value)
    return _form("day", found, now, weekday=_WORDS["form"]["weekdays"][found.weekday()])


def span(seconds: float) -> str:
    """2天3小时, 5小时, 4小时40分钟, 12分钟. Within five minutes of a full hour the hour is said."""
    minutes = max(1, round(abs(seconds) / 60))
    near = minutes % 60
    if minutes > 54 and (near >= 55 or near <= 5):
        minutes = (minutes + 5) // 60 * 60
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    parts = [("days", days), ("hours", hours), ("minutes", 0 if days else rest)]
    return "".join(word("form", name, n=n) for name, n in parts if n)


def left(due_at: datetime | str, now: datetime | str) -> str:
    """剩余5小时 before the deadline, 已逾期6小时 after it, 现已到期 at it."""
    seconds = (_local(due_at) - _local(now)).total_seconds()
    if abs(seconds) < 30:
        return word("form", "just_due")
    return word("form", "left" if seconds > 0 else "overdue", span=span(seconds))


def named(name: str, table: str = "node") -> str:
    """An obligation's name in a table of words: `node` 3天, `owed` 3天反馈, `duty` 反馈初步办理情况.

    Of a leader's date its address (CUSTOM2026-03-20) is a node too: several may run (A57).
    """
    found = _PERIOD.fullmatch(name)
    if not found:
        return word(table, name)
    month = int(found["month"] or found["only"])
    return word(table, name[0], month=month, day=int(found["day"] or 0))


def choice(value: str) -> str:
    """A value of the ruleset in words; numbers and spans of time as they are."""
    return str(_WORDS["choice"].get(value, value))


def code(year: int, number: int) -> str:
    """The matter's number as people see it: 2026, 1 → 2026-0001."""
    return f"{year}-{number:04d}"


def brief(shown: str) -> str:
    """The number without its zeros, for an SMS: 2026-0001 → 2026-1."""
    year, dash, number = shown.partition("-")
    return f"{year}{dash}{number.lstrip('0')}"


def points(tenths: int, base: int = 0) -> str:
    """Integer tenths of a point (A36) → -0.1, +0.1, 0; from a base of so many points → 99.9, 100.0."""
    if base:
        return f"{(base * 10 + tenths) / 10:.1f}"
    return "0" if tenths == 0 else f"{tenths / 10:+.1f}"


def period(value: Any) -> str:
    """A period of assessment (A36) → 2026年, 2026年第3季度."""
    return word("form", "quarter" if value.quarter else "year", year=value.year, quarter=value.quarter)


def short(text: str, limit: int) -> str:
    """At most `limit` characters, line breaks made spaces, the cut shown by …"""
    flat = " ".join(str(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + word("form", "more")


def listed(names: Iterable[str]) -> str:
    """甲处、乙处"""
    return word("form", "and").join(names)


def plain(text: str) -> str:
    """A title inside an SMS: without spaces and the marks that gateways take for a signature."""
    return re.sub(r"[\s【】\[\]“”\"]+", "", str(text))


def severest(items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Notices for one message, most severe first, then by deadline (A67)."""
    far = datetime.max.replace(tzinfo=UTC)

    def rank(item: Mapping[str, Any]) -> tuple[int, datetime]:
        kind, due_at = str(item["kind"]), item["due_at"]
        place = SEVEREST.index(kind) if kind in SEVEREST else len(SEVEREST)
        return place, _local(due_at) if due_at else far

    return sorted(items, key=rank)
