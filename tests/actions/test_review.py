"""Which obligation a person named, and how long the office may look at an answer (A19, A68, A71)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.actions import review
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.life import Book
from bot.rules.ruleset import Ruleset

NAMES = ("MATTER", "N1", "N3", "N7", "NM", "CUSTOM", "REWORK", "W2026-04-09", "W2026-04-16", "M2026-03", "M2026-12")
WEEKS, MONTHS = NAMES[7:9], NAMES[9:]


@pytest.mark.requirement("A71")
@pytest.mark.parametrize(
    ("hint", "meant"),
    [
        *[(name, (name,)) for name in NAMES],
        ("W", WEEKS),
        ("M", MONTHS),
        ("W04-09", WEEKS[:1]),
        ("M03", MONTHS[:1]),
        ("M12", MONTHS[1:]),
        ("W04-10", ()),
        ("M04", ()),
        ("M13", ()),
        ("CUSTOM03-20", ("CUSTOM",)),
    ],
)
def test_the_obligation_that_was_named(hint: str, meant: tuple[str, ...]) -> None:
    assert tuple(name for name in NAMES if review.is_of(name, hint)) == meant


@pytest.mark.requirement("A19", "A68")
def test_five_working_days_to_the_end_of_the_last() -> None:
    wednesday, ends = (datetime(2026, 3, day, hour, tzinfo=SHANGHAI) for day, hour in ((4, 16), (12, 0)))
    book = Book(Ruleset(), Calendar())
    assert review.in_time(wednesday, ends, book)
    assert not review.in_time(wednesday, ends + timedelta(seconds=1), book)
