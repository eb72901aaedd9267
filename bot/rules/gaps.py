"""What should have gone out by now and did not: the ladder against the record of notices (data.md §What is promised).

The cursor says how far the ladder has gone; every rung behind it left a notice, or a catch-up (A43) or a supervise
notice by hand (A69) stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.rules import ladder
from bot.rules.ladder import Rung
from bot.rules.life import Book
from bot.rules.obligation import Obligation
from bot.rules.status import NEVER_SKIPPED

LONGEST_NIGHT = timedelta(hours=24)
REPEATABLE = ("initiate", "remind", "urge")
"""Rungs that bring about nothing but their notice."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice on record, of the running episode."""

    kind: str
    seq: int
    at: datetime
    caught_up: bool = False
    by_hand: bool = False


def missing(owed: Obligation, record: Iterable[Sent], book: Book) -> list[Rung]:
    """The rungs behind the cursor that no notice stands for, in order.

    Those before `planned_at` were never owed: they rested, or belong to an earlier D (A79).
    """
    sent = list(record)
    passed = ladder.rungs(owed, book.rules, book.days)[: owed.rung]
    return [each for each in passed if each.at >= owed.planned_at and not _stood_for(each, sent, book)]


def _stood_for(rung: Rung, sent: Sequence[Sent], book: Book) -> bool:
    if rung.kind == "open" or (book.rules.catch_up == "gap" and rung.kind not in NEVER_SKIPPED):
        return True
    own = [each for each in sent if not each.by_hand]
    if any((each.kind, each.seq) == (rung.kind, rung.seq) for each in own):
        return True
    if any(each.by_hand and each.kind == "supervise" and each.at <= rung.at for each in sent):
        return True
    return any(_caught(rung, each, own, book.rules.gap) for each in own if each.caught_up)


def _caught(rung: Rung, catch_up: Sent, own: Iterable[Sent], gap: timedelta) -> bool:
    """Whether this catch-up stands for the rung: missed before it, or too close after it (A43)."""
    if rung.at > catch_up.at:
        return rung.at < catch_up.at + gap and rung.kind not in NEVER_SKIPPED
    return not any(rung.at < each.at < catch_up.at for each in own)


def is_lost(owed: Obligation, now: datetime, book: Book) -> bool:
    """Whether the cursor of an open obligation does not point at its next rung: nothing more would go out.

    A catch-up may be put off to the end of the quiet hours (A10, A43).
    """
    rungs = ladder.rungs(owed, book.rules, book.days)
    if owed.ended or owed.paused_by or owed.rung >= len(rungs):
        return False
    latest = max(rungs[owed.rung].at, now + LONGEST_NIGHT)
    return owed.next_notice_at is None or owed.next_notice_at > latest


def mended(owed: Obligation, record: Iterable[Sent], book: Book) -> Obligation:
    """The obligation with its cursor behind the last rung that was sent: what is missing is caught up with (A43).

    A supervise notice was counted when the cursor passed it (A15): it is not planned a second time.
    """
    rungs = ladder.rungs(owed, book.rules, book.days)
    if owed.rung > len(rungs):  # supervised by hand: nothing more goes out (A69)
        return owed
    gone = missing(owed, record, book)
    index = owed.rung
    while index and rungs[index - 1] in gone and rungs[index - 1].kind in REPEATABLE:
        index -= 1
    return replace(owed, rung=index, next_notice_at=rungs[index].at if index < len(rungs) else None)
