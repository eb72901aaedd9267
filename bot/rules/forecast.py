"""推演: what will go out for a matter if nobody does anything, from the very ladders that send it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.rules import ladder, life
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation


@dataclass(frozen=True, slots=True)
class Ahead:
    """One open obligation: the instants still to come of each kind of notice; `paused_by` "" unless it rests."""

    name: str
    due_at: datetime
    reminders: tuple[datetime, ...]
    urges: tuple[datetime, ...]
    supervise: datetime | None
    paused_by: str


def ahead(current: Life, at: datetime, book: Book) -> list[Ahead]:
    """Every obligation that is open at `at`, by its D (A77: a period that has not begun is none yet)."""
    if current.closed_at:
        return []
    current = life.unfold(current, at, book)
    begun = [owed for owed in current.obligations if not owed.opens_at or owed.opens_at <= at]
    found = [_of(owed, owed.due_at, book) for owed in begun if owed.due_at and not owed.ended]
    return sorted(found, key=lambda each: each.due_at)


def _of(owed: Obligation, due_at: datetime, book: Book) -> Ahead:
    left = ladder.rungs(owed, book.rules, book.days)[owed.rung :] if owed.next_notice_at else ()
    instants = {kind: tuple(rung.at for rung in left if rung.kind == kind) for kind in ("remind", "urge", "supervise")}
    last = instants["supervise"][-1] if instants["supervise"] else None
    return Ahead(owed.label, due_at, instants["remind"], instants["urge"], last, owed.paused_by)
