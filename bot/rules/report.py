"""Which obligations a feedback serves (R11, A7, A8, A28, A57, A77, A80, A81)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.rules import deadline, life
from bot.rules.calendar import HOUR
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.status import NODES, rank


def feedback(current: Life, name: str, at: datetime, book: Book) -> Life:
    """A feedback that names an obligation: meets it and settles the earlier open ones (A8, A28, A81).

    What is not open, or meets nothing, is a supplement: it changes nothing (A77, A80).
    """
    life.alive(current)
    current = life.unfold(current, at, book)
    target = named(current, name, book)
    if target is None or not (target.is_open(at) or target.paused_by == "extension"):
        return current
    if target.name == "REWORK":  # nobody reviews what a new completion application alone can answer (A79, A80)
        return current
    served = _served(current, target, at, book)
    if not served:
        return current
    current = life.mapped(current, lambda owed: life.end(owed, at, "met") if owed in served else owed)
    return replace(current, filed=(_reviewed(target, served), at))


def _served(current: Life, target: Obligation, at: datetime, book: Book) -> list[Obligation]:
    """What the feedback meets; only a general matter must be solved by N7 (R3)."""
    needs = book.rules.n7_needs if current.category == "general" else "feedback"
    open_ = [
        owed for owed in current.obligations if owed.is_open(at) and not (owed.name == "N7" and needs != "feedback")
    ]
    served = [owed for owed in open_ if _serves(owed, target, at, book.rules)]
    following = min((owed for owed in open_ if owed not in served and _reports(owed)), key=_by, default=None)
    # an answer to a leader's date serves the next duty too, if that is due within 24 h (A57)
    return [*served, following] if target.is_limit and following and _by(following) <= at + 24 * HOUR else served


def named(current: Life, name: str, book: Book) -> Obligation | None:
    """What a feedback names, open or ended, or the moved week that stands for it (A23).

    CUSTOM alone means the leader's date that is due first, if there is one (A57).
    """
    if name == "CUSTOM" and (limit := current.limit()):
        return limit
    own = current.find(name, ended=True)
    return own or current.find(deadline.covering(name, book.rules, book.days), ended=True)


def _reports(owed: Obligation) -> bool:
    return owed.takes_feedback and not owed.is_limit


def _reviewed(target: Obligation, served: list[Obligation]) -> str:
    """What the office reviews: the last duty that an answer to a leader's date served, else what was named."""
    duties = [owed for owed in served if _reports(owed)]
    return max(duties, key=_by).name if target.is_limit and duties else target.name


def recall(current: Life, at: datetime, book: Book) -> Life:
    """撤回: the latest feedback, before D and before a review; what it met is owed again by the same D (A75)."""
    life.alive(current)
    target = current.answered()
    if target is None or current.filed is None:
        raise Refusal("nothing_to_recall")
    if target.due_at and at > target.due_at:
        raise Refusal("recall_too_late")
    filed_at = current.filed[1]

    def again(owed: Obligation) -> Obligation:
        if owed.ended != "met" or owed.met_at != filed_at or not owed.takes_feedback:
            return owed
        return life.resume(replace(owed, ended="", met_at=None), owed.due_at, at, book)

    return replace(life.mapped(current, again), filed=None)


def _by(owed: Obligation) -> datetime:
    assert owed.due_at
    return owed.due_at


def _serves(owed: Obligation, target: Obligation, at: datetime, rules: Ruleset) -> bool:
    """Whether a feedback for `target` meets `owed`, which is open."""
    if owed is target and owed.name == "NM":
        return rules.nm_met_by == "feedback"
    if not owed.takes_feedback:
        return False
    if target.name in ("NM", "CUSTOM") and not target.is_limit:
        return owed.name in NODES and (target.name == "NM" or _by(owed) <= _by(target))
    if not rules.late_settles_earlier:
        return owed is target
    if owed.is_limit or target.is_limit:  # what is still ahead waits for an answer of its own (A57)
        return owed is target or (owed.is_overdue(at) and _by(owed) <= _by(target))
    return rank(owed.name) <= rank(target.name)
