"""Completion, both kinds of return, acceptance (R29, R49, A16–A19, A47, A51, A79, A85)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.rules import deadline, life
from bot.rules.calendar import end_of_day
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.status import MATTER, is_period


def apply_completion(current: Life, at: datetime, book: Book) -> Life:
    """From here on total silence (R29, A18); a pending extension and an undecided proposal fall away (A85, A16)."""
    life.alive(current)
    if current.completion_at:
        raise Refusal("already_in_review")
    current = life.unfold(current, at, book)
    main = current.main()
    old_due = main.due_at if main and main.paused_by == "extension" else None
    current = life.mapped(current, lambda owed: _laid_to_rest(owed, at) if _rests(owed) else owed)
    return replace(
        current,
        completion_at=at,
        old_due=old_due,
        extension_at=None,
        plan_until=None,
        filed=None,
        proposal_open=False,
    )


def _rests(owed: Obligation) -> bool:
    """All that is open; the notice of the initiation itself is never lost (R31)."""
    return not owed.ended and (owed.name != MATTER or owed.origin == "proposal")


def _laid_to_rest(owed: Obligation, at: datetime) -> Obligation:
    """An application answers REWORK, and nothing else does (A79)."""
    return life.end(owed, at, "met") if owed.name == "REWORK" else life.pause(owed, at, "completion")


def send_back(current: Life, at: datetime, book: Book, *, not_done: bool = False) -> Life:
    """退回: of the pending completion (A17), else of the latest unreviewed feedback (A19, A71)."""
    life.alive(current)
    applied = current.completion_at
    if applied is None:
        return _return_feedback(current, at, book)
    if not_done:
        return _void(current, applied, at, book)
    held = [owed.due_at for owed in current.obligations if owed.due_at and _was_open(owed, applied)]
    return _reworked(current, current.old_due or min(held, default=None), at, book)


def _was_open(owed: Obligation, applied: datetime) -> bool:
    """Whether it was open when the application came in; what an earlier one laid to rest was not (A17)."""
    return _is_silenced(owed, applied) and _begun(owed, applied)


def _is_silenced(owed: Obligation, applied: datetime) -> bool:
    return applied == (owed.met_at if owed.name == "REWORK" else owed.paused_at)


def _begun(owed: Obligation, applied: datetime) -> bool:
    return owed.opens_at is None or owed.opens_at <= applied


def _reworked(current: Life, old_due: datetime | None, at: datetime, book: Book) -> Life:
    """REWORK is owed; at each further return it is the same obligation, as an episode of its own (A17).

    What was taken from another unit stays in that unit's record (A46).
    """
    due = deadline.rework(old_due, current.completion_at or at, at, book.rules, book.days)
    current, old = replace(current, completion_at=None), current.find("REWORK", ended=True)
    if old is None or old.ended == "void":
        return life.add(current, Obligation("REWORK", due, at), book)
    return life.replaced(current, old, life.reopened(old, due, at, book))


def _return_feedback(current: Life, at: datetime, book: Book) -> Life:
    old = current.answered()
    if old is None or current.filed is None:
        raise Refusal("nothing_to_return")
    if at > end_of_day(book.days.add_workdays(current.filed[1], 5)):
        raise Refusal("return_too_late")
    if old.ended != "met":  # progress that named NM: returned, but the node was open all along (A81)
        return replace(current, filed=None)
    due = deadline.after_return(old.due_at, at)
    return replace(life.replaced(current, old, life.reopened(old, due, at, book)), filed=None)


def _void(current: Life, applied: datetime, at: datetime, book: Book) -> Life:
    """未落实退回: the application is void, what was open when it came in runs again as what it is (A17)."""

    def again(owed: Obligation) -> Obligation:
        if not _is_silenced(owed, applied):
            return owed
        if owed.name == MATTER:  # the proposal is withdrawn for good (A16)
            return replace(owed, paused_by="", paused_at=None)
        if owed.name == "REWORK":
            owed = replace(owed, ended="", met_at=None, late=False)
        if not _begun(owed, applied) or _lapsed(owed, applied, at):
            return _resumed(owed, at, book)
        return life.resume(owed, deadline.after_return(owed.due_at, at), at, book)

    woken = life.mapped(current, again)
    return _continue(replace(woken, completion_at=None), current, at, book)


def _lapsed(owed: Obligation, applied: datetime, at: datetime) -> bool:
    """Whether it is a period whose D passed while it rested: it is never owed (A79)."""
    return is_period(owed.name) and owed.due_at is not None and applied <= owed.due_at <= at


def wake_periods(current: Life, at: datetime, book: Book) -> Life:
    """REWORK has reached supervise: the weekly and monthly duties that rested run again (A47, A79)."""

    def again(owed: Obligation) -> Obligation:
        rests = owed.paused_by == "completion" and is_period(owed.name)
        return _resumed(owed, at, book) if rests else owed

    return _continue(life.mapped(current, again), current, at, book)


def _resumed(owed: Obligation, at: datetime, book: Book) -> Obligation:
    """A period is owed again if its D is still ahead, else never (A79)."""
    if owed.due_at and owed.due_at <= at:
        return life.end(owed, owed.paused_at or at, "void")
    return life.resume(owed, owed.due_at, at, book)


def _continue(current: Life, before: Life, at: datetime, book: Book) -> Life:
    """A series whose last period lapsed while it rested goes on with the first whose D is still ahead (A79)."""
    last = current.last_period()
    if last and last.ended == "void" and last not in before.obligations:
        current = life.add(current, deadline.current_period(last.name, at, book.rules, book.days), book)
    return life.unfold(current, at, book)


def accept(current: Life, at: datetime) -> Life:
    """办结: every duty is met as of the application (R29, A51); the matter's obligations end."""
    if current.completion_at is None:
        raise Refusal("nothing_to_accept")
    applied = current.completion_at

    def ended(owed: Obligation) -> Obligation:
        if owed.ended or (owed.next_notice_at and not _rests(owed)):
            return owed
        void = owed.name == MATTER or not _begun(owed, applied)
        return life.end(owed, owed.paused_at or applied, "void" if void else "met")

    return replace(life.mapped(current, ended), closed_at=at, completion_at=None)


def return_from_above(current: Life, at: datetime, book: Book) -> Life:
    """上级退回: an accepted report that the superior sent back is REWORK, with 24 h or the house's clock (A51, A17).

    What the acceptance ended stays ended; the matter's own record is open again, so that a proposal can rest on it, and
    the weeks or months that would follow rest (A47).
    """
    if current.closed_at is None:
        raise Refusal("not_accepted")
    woken = life.mapped(
        replace(current, closed_at=None),
        lambda owed: replace(owed, ended="", met_at=None) if owed.name == MATTER and owed.ended == "void" else owed,
    )
    return _reworked(_resting(woken, at, book), None, at, book)


def _resting(current: Life, at: datetime, book: Book) -> Life:
    """The series goes on with the first period that nothing has met and whose D is ahead, and rests (A47, A79); of the
    weeks that another unit owed nothing is left (A46)."""
    last = current.last_period()
    if last is None or not (current.follow_up_at or current.category == "monthly"):
        return current
    met = last.ended == "met"
    name = deadline.following(last.name, at, book.rules, book.days).name if met else last.name
    current = life.add(current, deadline.current_period(name, at, book.rules, book.days), book)
    added = current.obligations[-1]
    return life.replaced(current, added, life.pause(added, at, "completion"))


def review(current: Life) -> Life:
    """The latest feedback is reviewed: graded, or left without a grade; it can't be returned any more (A19, A71)."""
    if current.filed is None:
        raise Refusal("nothing_to_accept")
    return replace(current, filed=None)
