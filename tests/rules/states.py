"""Lives to begin with, and what helps to compare whole states."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.rules import life, report, steering
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset

T = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)  # a Monday
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BOOK = Book(Ruleset(), Calendar())


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")


def changed(current: Life, name: str, **fields: object) -> Life:
    """The life with fields of this obligation replaced."""
    return life.mapped(current, lambda owed: replace(owed, **fields) if owed.name == name else owed)  # type: ignore[arg-type]


def refused(verb, *arguments: object) -> str:
    with pytest.raises(Refusal) as refusal:
        verb(*arguments)
    return str(refusal.value)


def get(current: Life, name: str) -> Obligation:
    found = current.find(name, ended=True)
    assert found
    return found


def planned(name: str, due: datetime, when: datetime) -> Obligation:
    """A new obligation with the cursor of its ladder set."""
    return life.add(Life("general", T), Obligation(name, due, when), BOOK).obligations[0]


FRESH = life.initiate("general", T, None, BOOK)
TOLD = changed(FRESH, "MATTER", rung=1, next_notice_at=None)
MONTH = report.feedback(life.initiate("major", T, None, BOOK), "N7", T + HOUR, BOOK)
"""Only NM is open, due on April 2nd at 9."""
WEEKLY = steering.follow_up(changed(MONTH, "MATTER", rung=1, next_notice_at=None), at("03-03 11:00"), BOOK)
"""Its first week is due on March 12th at 24:00 and open from the 9th."""


def weeks(current: Life) -> list[tuple[str, str, datetime | None]]:
    return [(owed.name[6:], owed.ended, owed.due_at) for owed in current.obligations if owed.name[0] == "W"]
