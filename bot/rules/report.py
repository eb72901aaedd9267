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
    needs = book.rules.n7_needs if current.category == "general" else "feedback"
    following = _following(current, target, at)
    served = [
        owed
        for owed in current.obligations
        if owed is following or _serves(owed, target, at, book.rules)
        if owed.is_open(at) and not (owed.name == "N7" and needs == "completion")
    ]
    if not served:
        return current
    current = life.mapped(current, lambda owed: life.end(owed, at, "met") if owed in served else owed)
    return replace(current, filed=(_reviewed(target, served), at))


def named(current: Life, name: str, book: Book, *, ended: bool = False) -> Obligation | None:
    """What a feedback names, or the moved week that stands for it (A23).

    CUSTOM alone means the leader's date that is due first, if there is one (A57).
    """
    if name == "CUSTOM" and (limit := current.limit()):
        return limit
    own = current.find(name, ended=ended)
    return own or current.find(deadline.covering(name, book.rules, book.days), ended=ended)


def _following(current: Life, target: Obligation, at: datetime) -> Obligation | None:
    """The next open duty after a leader's date: an answer to that serves it too, if it is due within 24 h (A57)."""
    after = [owed for owed in current.obligations if owed.is_open(at) and _reports(owed) and _by(owed) > _by(target)]
    first = min(after, key=_by, default=None)
    return first if first and target.is_limit and _by(first) <= at + 24 * HOUR else None


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
    """Whether a feedback for `target` meets `owed`, open as it is; only a general matter must be solved by N7 (R3)."""
    if owed is target and owed.name == "NM":
        return rules.nm_met_by == "feedback"
    if not owed.takes_feedback:
        return False
    if owed is target:
        return True
    if target.name in ("NM", "CUSTOM") and not target.is_limit:
        return owed.name in NODES and _by(owed) <= _by(target)
    if owed.is_limit and not target.is_limit and not owed.is_overdue(at):  # its own answer is still to come (A57)
        return False
    if owed.is_limit or target.is_limit:
        return rules.late_settles_earlier and _by(owed) <= _by(target)
    return rules.late_settles_earlier and rank(owed.name) < rank(target.name)
