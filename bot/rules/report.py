"""Which obligations a feedback serves (R11, A7, A8, A28, A77, A80, A81)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.rules import deadline, life
from bot.rules.life import Book, Life, Refusal
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


def recall(current: Life, at: datetime, book: Book) -> Life:
    """撤回: the latest feedback, before D and before a review; what it met is owed again by the same D (A75)."""
    life.alive(current)
    target = current.find(current.filed[0], ended=True) if current.filed else None
    if target is None or current.filed is None:
        raise Refusal("nothing_to_recall")
    if target.due_at and at > target.due_at:
        raise Refusal("recall_too_late")
    filed_at = current.filed[1]

    def again(owed: Obligation) -> Obligation:
        if owed.ended != "met" or owed.met_at != filed_at or not takes_feedback(owed.name):
            return owed
        return life.resume(replace(owed, ended="", met_at=None), owed.due_at, at, book)

    return replace(life.mapped(current, again), filed=None)


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
