"""One obligation, minute by minute: which notices would an unanswered one bring about? (R16–R28, A9, A10, A20–A25)

Shares nothing with the program, nor with the scan of whole scenarios: plain arithmetic on minutes since D.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

MINUTE = timedelta(minutes=1)
HOURS_AHEAD = {"N1": 5, "N3": 5, "REWORK": 5, "returned": 5, "N7": 24, "CUSTOM": 24, "NM": 48, "plan": 48}


class Sent(NamedTuple):
    """A notice: minute, kind, number of the urge."""

    at: datetime
    kind: str
    seq: int = 0


class Ways(NamedTuple):
    """The options that bear on one obligation. quiet: (from, to) as minutes of the day; gap in minutes."""

    quiet: tuple[int, int] | None = None
    gap: int = 90
    at_deadline: bool = False
    each_last_day: bool = False
    supervise_at_midnight: bool = False


def walk(what: str, due: datetime, ways: Ways) -> list[Sent]:
    """All notices of an obligation due at `due`; `what` is a key of HOURS_AHEAD, or `month`."""
    sent: list[Sent] = []
    held: list[Sent] = []
    closed_until = due - timedelta(days=30)
    reminders = {awake_before(at, ways) for at in _reminders(what, due, ways)}
    now = due - timedelta(days=4)
    for _ in range(9 * 1440):
        if now in reminders:
            sent.append(Sent(now, "remind"))
        held += _planned(what, due, now, ways)
        if held and not is_quiet(now, ways):
            closed_until = _release(sent, held, now, closed_until, ways)
            held = []
        now += MINUTE
    return sent


def is_quiet(at: datetime, ways: Ways) -> bool:
    """Whether nothing may go out in this minute; the minute in which the quiet hours end is awake."""
    if ways.quiet is None:
        return False
    begin, end = ways.quiet
    minute = at.hour * 60 + at.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def awake_before(at: datetime, ways: Ways) -> datetime:
    """A reminder of the quiet hours goes out half an hour before they begin; any other when it is due (A10)."""
    if not is_quiet(at, ways):
        return at
    while is_quiet(at - MINUTE, ways):
        at -= MINUTE
    return at - 30 * MINUTE


def _release(sent: list[Sent], held: list[Sent], now: datetime, closed_until: datetime, ways: Ways) -> datetime:
    """One notice for all that is held; urges near after a morning's notice are that notice, renumbered."""
    latest, deferred = held[-1], any(is_quiet(one.at, ways) for one in held)
    if latest.kind == "urge" and now < closed_until:
        sent[-1] = sent[-1]._replace(seq=latest.seq)
        return closed_until
    sent.append(latest._replace(at=now))
    return now + ways.gap * MINUTE if deferred else closed_until


def _reminders(what: str, due: datetime, ways: Ways) -> list[datetime]:
    if what != "month":
        return [due - timedelta(hours=HOURS_AHEAD[what])]
    return [due - timedelta(hours=24 * back - 8) for back in ((3, 2, 1) if ways.each_last_day else (3,))]


def _planned(what: str, due: datetime, now: datetime, ways: Ways) -> Iterator[Sent]:
    since = (now - due) // MINUTE
    if what == "month":
        hours = {8: 1, 15: 2, 32: 3, 39: 4}
        if since % 60 == 0 and since // 60 in hours:
            yield Sent(now, "urge", hours[since // 60])
        if since == 60 * (48 if ways.supervise_at_midnight else 56):
            yield Sent(now, "supervise")
        return
    first = 1 if ways.at_deadline else 0
    if since == 0 and ways.at_deadline:
        yield Sent(now, "urge", 1)
    elif 0 < since <= 1440 and since % 180 == 0:
        yield Sent(now, "urge", first + since // 180)
    elif 1440 < since < 2880 and since % 120 == 0:
        yield Sent(now, "urge", first + 8 + (since - 1440) // 120)
    elif since == 2880:
        yield Sent(now, "supervise")
