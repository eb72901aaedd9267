"""What a notice brings about: a period begun, a proposal, duties that resume (R59, A15, A16, A47, A78)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.rules import accountability, completion, ladder, life
from bot.rules.accountability import Tally
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.status import MATTER, WAITING


def notified(
    current: Life, notice: ladder.Notice, moved: Obligation, at: datetime, book: Book, tally: Tally | None = None
) -> Life:
    """What a notice that went out at `at` brings about: a period begun, a proposal, duties that resume.

    `tally` where supervise notices count by unit and year (A15).
    """
    kind = notice.rung.kind
    current = life.replaced(current, notice.obligation, moved)
    if kind == "open":
        return life.unfold(life.begin(current, at, book), at, book)
    if kind == "accountability_proposal":
        return replace(current, proposal_open=True)
    return supervised(current, moved, at, book, tally) if kind == "supervise" else current


def supervised(current: Life, owed: Obligation, at: datetime, book: Book, tally: Tally | None = None) -> Life:
    """R59, A16, A78: from the second notice on the office is asked, once T has begun (A1); a supervised REWORK wakes
    the periods (A47)."""
    current = replace(current, supervised=current.supervised + 1)
    if owed.name == "REWORK":
        current = completion.wake_periods(current, at, book)
    matter = current.find(MATTER)
    if matter is None or matter.origin == WAITING or matter.next_notice_at or not accountability.is_due(current, tally):
        return current
    when = at + timedelta(hours=book.rules.accountability_grace_hours)
    fresh = replace(matter, origin="proposal", episode=matter.episode + 1, paused_by="", paused_at=None)
    return life.replaced(current, matter, replace(fresh, planned_at=when, rung=0, next_notice_at=when))
