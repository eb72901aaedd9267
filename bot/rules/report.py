"""Which obligations a feedback serves (R11, A7, A8, A28, A77, A80, A81)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.rules import deadline, life
from bot.rules.life import Book, Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.status import NODES, rank, takes_feedback


def feedback(current: Life, name: str, at: datetime, book: Book) -> Life:
    """A feedback that names an obligation: meets it and settles the earlier open ones (A8, A28, A81).

    What is not open is a supplement: it changes nothing (A77, A80).
    """
    life.alive(current)
    current = life.unfold(current, at, book)
    target = current.find(deadline.covering(name, book.rules, book.days))
    if target is None or not (target.is_open(at) or target.paused_by == "extension"):
        return current
    if target.name == "REWORK":  # nobody reviews what a new completion application alone can answer (A79, A80)
        return current
    needs = book.rules.n7_needs if current.category == "general" else "feedback"
    current = life.mapped(
        current, lambda owed: life.end(owed, at, "met") if _serves(owed, target, at, needs, book.rules) else owed
    )
    return replace(current, filed=(target.name, at))


def _by(owed: Obligation) -> datetime:
    assert owed.due_at
    return owed.due_at


def _serves(owed: Obligation, target: Obligation, at: datetime, seven: str, rules: Ruleset) -> bool:
    """`seven`: what N7 needs; only a general matter must be solved by then (R3, A6)."""
    if not owed.is_open(at):
        return False
    if owed is target and owed.name == "NM":
        return rules.nm_met_by == "feedback"
    if not takes_feedback(owed.name) or (owed.name == "N7" and seven == "completion"):
        return False
    if target.name in ("NM", "CUSTOM"):
        return owed.name in NODES and _by(owed) <= _by(target)
    return owed is target or (rules.late_settles_earlier and rank(owed.name) < rank(target.name))
