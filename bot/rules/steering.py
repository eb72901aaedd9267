"""What the office and the approvers do to a matter: supervise by hand, convert, make monthly,
follow up, withdraw, reassign, reopen.

Verbs in the style of `report` and `extension` (A46, A50, A55, A69).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.rules import deadline, extension, ladder, life, outcome
from bot.rules.accountability import Tally
from bot.rules.calendar import HOUR, day_of, instant
from bot.rules.ladder import Rung
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation
from bot.rules.status import MATTER, NOT_MONTHLY, WAITING


def supervise(current: Life, name: str, at: datetime, book: Book, tally: Tally | None = None) -> Life:
    """督办 by hand, of what is overdue: it stands for the automatic one, no more urges follow (A69).

    Refusal: closed, not_overdue, already_supervised.
    """
    life.alive(current)
    current = life.unfold(current, at, book)
    owed = current.find(name)
    if owed is None or not owed.is_overdue(at):
        raise Refusal("not_overdue")
    rungs = ladder.rungs(owed, book.rules, book.days)
    if is_supervised(owed, rungs):
        raise Refusal("already_supervised")
    # past the end: also where the ladder has no supervise notice (A21)
    moved = replace(owed, rung=len(rungs) + 1, next_notice_at=None)
    return outcome.supervised(life.replaced(current, owed, moved), moved, at, book, tally)


def is_supervised(owed: Obligation, rungs: tuple[Rung, ...]) -> bool:
    """Whether the ladder of the running episode has gone out to its supervise notice, which is its last rung, or was
    brought past its end by hand."""
    ended = owed.rung == len(rungs) and bool(rungs) and rungs[-1].kind == "supervise"
    return ended or owed.rung > len(rungs)


def convert(current: Life, at: datetime, book: Book) -> Life:
    """转重大: T, every D and what is settled stay; NM = T + 1 month, once that is past the conversion + 24 h (A55).

    Refusal: closed, already_major, not_general, under_review, extension_pending.
    """
    life.alive(current)
    current = life.begin(current, at, book)
    if current.category != "general":
        raise Refusal("already_major" if current.category == "major" else "not_general")
    _expect_free(current)
    month = current.find("NM")
    current = replace(current, category="major")
    due = deadline.month_node(current.initiated_at, book.rules)
    if month is None:
        if current.find("NM", ended=True):
            return current
        ahead = due > at
        owed = Obligation("NM", due if ahead else at + 24 * HOUR, at, origin="" if ahead else "converted")
        return life.add(current, owed, book)
    if not month.is_overdue(at):
        return current
    again = replace(month, origin="converted", caught_up_at=None)
    return life.replaced(current, month, life.resume(again, at + 24 * HOUR, at, book))


def make_monthly(current: Life, at: datetime, book: Book) -> Life:
    """转月报: T, N1, what is settled and an own deadline stay; N3, N7 and NM are owed no more, months are (A55, R15).

    The first month is that of T by A27, or else the first whose D is ahead. An answer to a node that closes can be
    neither returned nor taken back. Not out of follow-up: its weeks end with the completion alone (R13).
    Refusal: closed, already_monthly, weekly_until_done, under_review, extension_pending.
    """
    life.alive(current)
    current = life.begin(current, at, book)
    if current.category == "monthly":
        raise Refusal("already_monthly")
    if current.follow_up_at:
        raise Refusal("weekly_until_done")
    _expect_free(current)
    current = life.mapped(
        current, lambda owed: life.end(owed, at, "void") if owed.name in NOT_MONTHLY and not owed.ended else owed
    )
    filed = None if current.filed and current.filed[0] in NOT_MONTHLY else current.filed
    first = deadline.month(*deadline.first_month(current.initiated_at, book.rules), at)
    owed = deadline.current_period(first.name, at, book.rules, book.days)
    return life.add(replace(current, category="monthly", filed=filed), owed, book)


def follow_up(current: Life, at: datetime, book: Book) -> Life:
    """转持续跟进 by decision, without an application: the month node is settled, the Thursdays begin (A50, R12).

    Refusal: closed, already_follow_up, not_for_monthly, under_review, extension_pending.
    """
    life.alive(current)
    current = life.begin(current, at, book)
    if current.follow_up_at:
        raise Refusal("already_follow_up")
    if current.category == "monthly":
        raise Refusal("not_for_monthly")
    _expect_free(current)
    return extension.approve_extension(replace(current, extension_at=at), at, book)


def _expect_free(current: Life) -> None:
    """Nothing is under the office's hands already: what waits for a decision is decided first."""
    if current.state in ("review", "rework"):
        raise Refusal("under_review")
    if current.extension_at:
        raise Refusal("extension_pending")


def limit(current: Life, day: date, at: datetime, book: Book) -> Life:
    """限期 of a leader: a further date, answered by words; the nodes stay as they are (A57).

    Refusal: closed, in_review, limit_past, already_limited.
    """
    life.alive(current)
    if current.completion_at:
        raise Refusal("in_review")
    due = deadline.promised(day)
    if due <= at:
        raise Refusal("limit_past")
    owed = Obligation("CUSTOM", due, at, origin="leader")
    if current.find(owed.address):
        raise Refusal("already_limited")
    return life.add(current, owed, book)


def withdraw(current: Life, at: datetime) -> Life:
    """撤销: all ends, nothing goes out any more (A46). Refusal: closed."""
    life.alive(current)
    current = life.mapped(current, lambda owed: owed if owed.ended else life.end(owed, at, "void"))
    return replace(current, closed_at=at, completion_at=None, extension_at=None, filed=None, proposal_open=False)


def reassign(current: Life, at: datetime, book: Book) -> Life:
    """改派: N1…NM run anew for the new unit, an own deadline stays absolute, the old unit keeps its record (A46).

    An own deadline that is past already would fall on a unit that never had it: D = `at` + 24 h.
    Refusal: closed, under_review, extension_pending.
    """
    life.alive(current)
    if current.completion_at:
        raise Refusal("under_review")
    if current.extension_at:
        raise Refusal("extension_pending")
    own = [owed for owed in current.obligations if owed.name == "CUSTOM" and not owed.ended]
    current = life.mapped(current, lambda owed: _handed_over(owed, at, book))
    current = replace(current, initiated_at=at, follow_up_at=None, filed=None, old_due=None, plan_until=None)
    current = replace(current, supervised=0, proposal_open=False)
    due_on = next((day_of(owed.due_at) for owed in own if owed.due_at and not owed.origin), None)
    for owed in life.initiate(current.category, at, due_on, book).obligations:
        if owed.name not in (MATTER, "CUSTOM"):
            current = life.add(current, owed, book)
    for owed in own:
        due = deadline.ahead(owed.due_at or at, at)
        current = life.add(current, Obligation("CUSTOM", due, at, origin=owed.origin), book)
    return current


def _handed_over(owed: Obligation, at: datetime, book: Book) -> Obligation:
    if owed.ended:
        return owed
    if owed.name != MATTER:
        return life.end(owed, at, "void")
    waits = WAITING if book.rules.clock_start != "dispatch" else ""
    return life.resume(replace(owed, origin=waits, episode=owed.episode + 1), None, at, book)


def reopen(current: Life, at: datetime, due_on: date | None, book: Book) -> Life:
    """重开: a closed matter begins a new cycle at T = `at`; the life of the old one stays as it ended.

    An own deadline that is past belongs to the old cycle. Refusal: not_closed.
    """
    if current.closed_at is None:
        raise Refusal("not_closed")
    ahead = due_on if due_on and instant(due_on, 24) > at else None
    return life.initiate(current.category, at, ahead, book)
