"""Extension: suspend, approve into follow-up, refuse (R34–R38, A29–A31, A45, A52–A54, A83–A86)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.rules import deadline, life
from bot.rules.life import Book, Life, Refusal
from bot.rules.obligation import Obligation


def apply_extension(
    current: Life, at: datetime, plan_until: date | None, book: Book, *, override: bool = False
) -> Life:
    """延期 to a later day: suspends the month node alone, never N7 (R34, A29–A32, A83–A86).

    In follow-up, and of monthly matters, it revises the plan (A53).
    """
    life.alive(current)
    if current.state in ("review", "rework"):
        raise Refusal("in_review")
    if current.extension_at:
        raise Refusal("already_applied")
    current = replace(current, extension_at=at, plan_until=plan_until)
    if current.follow_up_at or current.category == "monthly":
        return current
    main = current.main()
    if main is None:
        raise Refusal("nothing_to_extend")
    last = cutoff(main, book)
    if last and at > last and not override:
        raise Refusal("extension_too_late")
    if plan_until and main.due_at and deadline.promised(plan_until) <= main.due_at and not override:
        raise Refusal("until_not_later")
    return life.replaced(current, main, life.pause(main, at, "extension"))


def cutoff(main: Obligation, book: Book) -> datetime | None:
    """The last instant of an application for the node (A29); None where a late conversion waived it (A55)."""
    if main.due_at is None or main.origin == "converted":
        return None
    return deadline.extension_cutoff(main.due_at, book.rules)


def approve_extension(current: Life, at: datetime, book: Book) -> Life:
    """Settle the month node and the own deadline, move the matter to follow-up, watch the promised date (R5, R37, A52,
    A54, A84)."""
    if current.extension_at is None:
        raise Refusal("nothing_to_approve")
    plan, revised = current.plan_until, current.follow_up_at is not None or current.category == "monthly"
    settled = {"CUSTOM"} if revised else {"CUSTOM", "NM"}
    current = life.mapped(
        current, lambda owed: life.end(owed, at, "settled") if owed.address in settled and not owed.ended else owed
    )
    current = replace(current, extension_at=None, plan_until=None)
    if not revised:
        current = replace(current, follow_up_at=at, category="major")
        thursday = deadline.first_thursday(at, book.rules, book.days)
        current = life.add(current, deadline.week(thursday, at, book.rules, book.days), book)
    if plan:
        due = deadline.ahead(deadline.promised(plan), at)
        current = life.add(current, Obligation("CUSTOM", due, at, origin="plan"), book)
    return current


def reject_extension(current: Life, at: datetime, book: Book) -> Life:
    """The month node runs again with D = max(D, refusal + 24 h); it costs nothing (A31)."""
    if current.extension_at is None:
        raise Refusal("nothing_to_reject")
    grace = timedelta(hours=book.rules.extension_grace_hours)
    current = replace(current, extension_at=None, plan_until=None)

    def again(owed: Obligation) -> Obligation:
        if owed.paused_by != "extension":
            return owed
        return life.resume(owed, deadline.after_return(owed.due_at, at + grace), at, book)

    return life.mapped(current, again)
