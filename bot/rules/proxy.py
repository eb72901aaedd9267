"""代报: an answer given in time on another way, written down later with the instant it was given (A49)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.rules import life, report
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation


def file_for(current: Life, name: str, answered_at: datetime, book: Book) -> Life:
    """The answer to `name` as of `answered_at`: what is open is met, what was met later is met earlier.

    Refusal: closed; nothing_to_file (it was not owed then, or answered before); before_episode (the obligation was
    planned anew after that instant, by a return or a refusal).
    """
    life.alive(current)
    current = life.unfold(current, answered_at, book)
    owed = report.named(current, name, book)
    if owed is None or not owed.takes_feedback:
        raise Refusal("nothing_to_file")
    if answered_at < owed.planned_at:
        raise Refusal("before_episode")
    if owed.ended == "met" and owed.met_at and owed.met_at > answered_at:
        return life.replaced(current, owed, _earlier(owed, answered_at))
    after = report.feedback(current, name, answered_at, book)
    if after.obligations == current.obligations:
        raise Refusal("nothing_to_file")
    return after


def _earlier(owed: Obligation, answered_at: datetime) -> Obligation:
    return replace(owed, met_at=answered_at, late=owed.due_at is not None and answered_at > owed.due_at)
