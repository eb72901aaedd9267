"""代报: an answer given in time on another way, written down later with the instant it was given (A49)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.rules import life, report
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation


def file_for(current: Life, name: str, answered_at: datetime, book: Book) -> Life:
    """The answer to `name` as of `answered_at`: what it meets, open, met later or laid to rest later, is met then (A8).

    Refusal: closed; nothing_to_file (`name` is "", it was not owed then, or answered before); before_episode (the
    obligation was planned anew after that instant, by a return or a refusal).
    """
    life.alive(current)
    current = life.unfold(current, answered_at, book)
    owed = report.named(current, name, book) if name else None
    if owed is None or not owed.takes_feedback:
        raise Refusal("nothing_to_file")
    if answered_at < owed.planned_at:
        raise Refusal("before_episode")
    then = as_of(current, answered_at)
    after = report.feedback(then, owed.address, answered_at, book)
    met = {each.key: each for each in after.obligations if each not in then.obligations}
    if not met:
        raise Refusal("nothing_to_file")
    # what waits for a review stays what was said last
    filed = current.filed if owed.ended or owed.paused_by else after.filed
    return replace(life.mapped(current, lambda each: met.get(each.key, each)), filed=filed)


def as_of(current: Life, at: datetime) -> Life:
    """The life as it stood at `at`, as far as answers go: what was due then, though met or laid to rest since."""
    return life.mapped(current, lambda each: _as_of(at, each))


def _as_of(at: datetime, owed: Obligation) -> Obligation:
    """The obligation as it stood then: nothing had met it yet, no application had laid it to rest (A8, A29); what was
    planned since had not begun."""
    if owed.planned_at > at:
        return replace(owed, opens_at=owed.planned_at)
    since = owed.met_at if owed.ended == "met" else owed.paused_at
    return replace(owed, ended="", late=False, paused_by="") if since and since > at else owed
