"""What the system asks the office by itself: as long as what, and when (A6, A50, A56, A61); pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bot.rules import ladder
from bot.rules.calendar import DAY, HOUR, Calendar, day_of, instant, local, thursday_of
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.steering import is_supervised

KINDS = ("stalled", "unsolved", "look_back")

DECIDED_BY: Mapping[str, frozenset[str]] = {
    "stalled": frozenset({"followed_up", "approve_extension", "reassign", "withdraw"}),
    "unsolved": frozenset(),
    "look_back": frozenset(),
}
"""Kind → the verbs that answer it though its ground may last."""
RAISED_BY: Mapping[str, frozenset[str]] = {"look_back": frozenset({"accept"})}
"""Kind → the only verbs that give ground for it; 撤销 and 并案 close a matter too, and nobody looks back at those."""


def ground(kind: str, life: Life, book: Book) -> frozenset[object]:
    """What the question rests on; empty when there is nothing to ask.

    stalled: duties whose supervise notice went unanswered (A50); unsolved: N7 of a general matter, met though the
    matter is not solved (A6, A56); look_back: that the matter is closed (A61).
    """
    if kind == "look_back":
        return frozenset({life.closed_at} if life.closed_at else ())
    if life.closed_at:
        return frozenset()
    if kind == "unsolved":
        return _met_seven(life)
    return frozenset(owed.key for owed in silent(life, book) if book.rules.stalled_decision)


def _met_seven(life: Life) -> frozenset[object]:
    seven = life.find("N7", ended=True)
    asks = life.category == "general" and life.state == "running" and seven and seven.ended == "met"
    return frozenset({seven.key} if seven and asks else ())


def silent(life: Life, book: Book) -> list[Obligation]:
    """The duties whose supervise notice was not answered."""
    owing = [owed for owed in life.obligations if owed.due_at and not owed.ended and not owed.paused_by]
    return [owed for owed in owing if is_supervised(owed, ladder.rungs(owed, book.rules, book.days))]


def turned(kind: str, verb: str, before: Life, after: Life, book: Book) -> bool | None:
    """What a verb did to the question: True raised, False over, None left as it was."""
    old, new = ground(kind, before, book), ground(kind, after, book)
    if verb in DECIDED_BY[kind] or (old and not new):
        return False
    raises = kind not in RAISED_BY or verb in RAISED_BY[kind]
    return True if new - old and raises else None


def first(kind: str, since: datetime, book: Book) -> datetime:
    """When it is asked for the first time, counted from the instant at which its ground came to be.

    stalled: 48 h later, not in the quiet hours; unsolved: at once; look_back: 08:30 of the first working day from the
    thirtieth day on.
    """
    if kind == "stalled":
        at = local(since) + 48 * HOUR
        window = ladder.quiet_window(at, book.rules)
        return window[1] if window else at
    if kind == "look_back":
        return instant(_worked(day_of(since) + book.rules.look_back_days * DAY, book.days), 8, 30)
    return local(since)


def again(kind: str, now: datetime, book: Book) -> datetime | None:
    """When it is asked again while nobody has decided: stalled on Thursdays, unsolved each working day, at 09:00.

    Instead of a Thursday off it is the first working day after; a look-back is asked once.
    """
    today = local(now).date()
    if kind == "unsolved":
        return instant(book.days.first_workday_after(today), 9)
    if kind == "look_back":
        return None
    thursday = thursday_of(today)
    return instant(_worked(thursday if thursday > today else thursday + 7 * DAY, book.days), 9)


def _worked(day: date, days: Calendar) -> date:
    return day if days.is_workday(day) else days.first_workday_after(day)
