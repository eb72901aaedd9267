"""A period of assessment as people write it: 2026, 2026年, 第3季度, 2026年三季度, 去年, 上季度 (A36)."""

from __future__ import annotations

import re
from datetime import date

from bot import errors
from bot.actions import setting
from bot.rules import scoring
from bot.rules.scoring import Period
from handlers import plain
from handlers.words import Command

_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}
_SAID = re.compile(
    r"(?:(?P<year>20\d\d)(?:年度?)?|(?P<ago>今年|去年))?[\s,的]*"
    r"(?:第?(?P<quarter>[1-4一二三四])季度?|(?P<back>[本上])季度?)?"
)


def names_matter(said: Command) -> bool:
    """Whether the number after the command is a matter's; a bare 2026 is a year."""
    return said.ref is not None and not (said.ref.bare and 2000 <= said.ref.number < 2100)


def of(said: Command, today: date) -> Period:
    """The period that a command names, the house's running one when it names none; Refused unknown_period."""
    words = f"{said.ref or ''} {said.rest}".strip()
    found = period(words, today)
    if found is None:
        raise errors.Refused("unknown_period", word=said.said, said=words)
    return found


def period(text: str, today: date) -> Period | None:
    """The period in the words of a whole text; None when they name none."""
    found = _SAID.fullmatch(plain.normalise(text))
    if not found:
        return None
    if not found.group():
        return scoring.period_of(today, setting.current().rules)
    year = int(found["year"]) if found["year"] else today.year - (found["ago"] == "去年")
    if found["back"]:
        count = 4 * today.year + (today.month - 1) // 3 - (found["back"] == "上")
        return Period(count // 4, count % 4 + 1)
    quarter = found["quarter"] or "0"
    return Period(year, _NUMBERS[quarter] if quarter in _NUMBERS else int(quarter))
