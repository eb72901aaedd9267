"""The life of a matter as a pure state: who owes what, and the few moves every verb is made of.

The verbs are in `report`, `completion`, `extension`; `outcome` says what a notice brings about. Verbs take the life
and an instant and give the new life; `Refusal` means the rules do not allow it and nothing is changed. Inbound at t
applies before outbound at t (A5): the caller applies verbs before it advances the ladders to the same instant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.rules import deadline, ladder
from bot.rules.calendar import Calendar, day_of
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.status import MATTER, WAITING, is_period


class Refusal(Exception):
    """The rules do not allow it; the message is a code that names the template."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a verb consults: the matter's own ruleset and the calendar of working days."""

    rules: Ruleset
    days: Calendar


@dataclass(frozen=True, slots=True)
class Life:
    """A matter's state. `completion_at`, `extension_at`: pending applications; `old_due`: D of the
    month node when the completion withdrew an extension (A85); `filed`: the latest feedback that is
    neither returned nor graded, as (obligation, instant); `supervised` counts since the last decision (A15, A16)."""

    category: str
    initiated_at: datetime
    obligations: tuple[Obligation, ...] = ()
    follow_up_at: datetime | None = None
    completion_at: datetime | None = None
    old_due: datetime | None = None
    extension_at: datetime | None = None
    plan_until: date | None = None
    filed: tuple[str, datetime] | None = None
    supervised: int = 0
    proposal_open: bool = False
    closed_at: datetime | None = None

    @property
    def state(self) -> str:
        """closed, review, rework, follow_up or running."""
        if self.closed_at:
            return "closed"
        if self.completion_at:
            return "review"
        if any(owed.name == "REWORK" and not owed.ended for owed in self.obligations):
            return "rework"
        return "follow_up" if self.follow_up_at else "running"

    def find(self, name: str, *, ended: bool = False) -> Obligation | None:
        """The newest obligation of that name, open ones only unless `ended`; a leader's date by its address."""
        found = [owed for owed in self.obligations if owed.address == name and (ended or not owed.ended)]
        return found[-1] if found else None

    def limit(self) -> Obligation | None:
        """The leader's date that is due first (A57); None when none is open."""
        limits = [owed for owed in self.obligations if owed.is_limit and not owed.ended]
        return min(limits, key=lambda owed: owed.due_at or owed.planned_at, default=None)

    def last_period(self) -> Obligation | None:
        """The newest week or month, open or ended; None of a matter that never had any."""
        return next((owed for owed in reversed(self.obligations) if is_period(owed.name)), None)

    def answered(self) -> Obligation | None:
        """What the latest feedback is kept for (`filed`): what it met, else what it named (A81)."""
        if self.filed is None:
            return None
        name, at = self.filed
        met = [owed for owed in self.obligations if owed.name == name and owed.ended == "met" and owed.met_at == at]
        return met[-1] if met else self.find(name, ended=True)

    def main(self) -> Obligation | None:
        """What an extension suspends: NM, or the own deadline that replaced it as back-stop (A31, A45)."""
        return self.find("NM") or (None if self.find("NM", ended=True) else self.find("CUSTOM"))


def mapped(life: Life, change: Callable[[Obligation], Obligation]) -> Life:
    return replace(life, obligations=tuple(change(owed) for owed in life.obligations))


def replaced(life: Life, old: Obligation, new: Obligation) -> Life:
    """The life with one obligation exchanged."""
    return mapped(life, lambda owed: new if owed is old else owed)


def add(life: Life, owed: Obligation, book: Book) -> Life:
    ordinal = sum(other.name == owed.name for other in life.obligations)
    planned = ladder.plan(replace(owed, ordinal=ordinal), book.rules, book.days)
    return replace(life, obligations=(*life.obligations, planned))


def end(owed: Obligation, at: datetime, how: str) -> Obligation:
    late = owed.late or (how == "met" and owed.due_at is not None and at > owed.due_at)
    return replace(owed, ended=how, met_at=at, late=late, next_notice_at=None, paused_by="", paused_at=None)


def pause(owed: Obligation, at: datetime, by: str) -> Obligation:
    since = owed.paused_at if owed.paused_by == by else at
    return replace(owed, paused_by=by, paused_at=since, next_notice_at=None)


def resume(owed: Obligation, due_at: datetime | None, at: datetime, book: Book) -> Obligation:
    """Run again from `at`; a moved D opens a new episode, an unmoved one skips what is past (A17, A31, A79)."""
    moved = due_at != owed.due_at
    again = replace(owed, due_at=due_at, planned_at=at, paused_by="", paused_at=None, episode=owed.episode + moved)
    return ladder.plan(again, book.rules, book.days)


def alive(life: Life) -> None:
    if life.closed_at:
        raise Refusal("closed")


def reopened(owed: Obligation, due_at: datetime, at: datetime, book: Book) -> Obligation:
    """Owed again after a return, as an episode of its own (A17, A19).

    A D that moves brings REWORK's reminder and ladder with it.
    """
    moved = "limit_back" if owed.is_limit else "return"
    origin = owed.origin if due_at == owed.due_at else moved
    blank = replace(owed, ended="", met_at=None, late=False, caught_up_at=None)
    again = replace(blank, due_at=due_at, origin=origin, planned_at=at, episode=owed.episode + 1)
    return ladder.plan(again, book.rules, book.days)


def initiate(category: str, at: datetime, due_on: date | None, book: Book) -> Life:
    """Dispatch to the unit: what is owed from T on (A1). T is `at`, or waits for the delivery or the acceptance; the
    source's own deadline is absolute and waits for nothing (A45)."""
    life, waits = Life(category, at), book.rules.clock_start != "dispatch"
    for owed in deadline.initial(category, at, due_on, book.rules, book.days):
        if owed.name == MATTER and waits:
            owed = replace(owed, origin=WAITING)
        if not waits or owed.name in (MATTER, "CUSTOM"):
            life = add(life, owed, book)
    return life


def begin(current: Life, at: datetime, book: Book) -> Life:
    """T = `at` for a matter whose clocks waited for its delivery or its acceptance (A1); any other is left alone.

    What begins while a completion is in review or reworked rests with it, as of the application (A47)."""
    matter, own = current.find(MATTER), current.find("CUSTOM")
    if matter is None or matter.origin != WAITING:
        return current
    told = replace(matter, origin="", next_notice_at=None if matter.rung else matter.next_notice_at)
    current = replace(replaced(current, matter, told), initiated_at=at)
    if current.closed_at:
        return current
    due_on, rests = day_of(own.due_at) if own and own.due_at else None, current.state in ("review", "rework")
    for owed in deadline.initial(current.category, at, due_on, book.rules, book.days):
        if owed.name not in (MATTER, "CUSTOM"):
            current = add(current, owed, book)
            if rests:
                added = current.obligations[-1]
                current = replaced(current, added, pause(added, current.completion_at or at, "completion"))
    return current


def unfold(current: Life, at: datetime, book: Book) -> Life:
    """Let the series of periods run up to `at`: each that has begun is followed by the next, until the completion (R12,
    R13, R15, A77).

    A period begins by the calendar, whether or not our scheduler was up; a resting series stands still (A47), and one
    whose last period was never owed is over: the matter went to another unit (A46).
    """
    if current.closed_at:
        return current
    while last := current.last_period():
        if last.ended == "void" or last.paused_by or last.opens_at is None or last.opens_at > at:
            return current
        current = add(current, deadline.following(last.name, last.opens_at, book.rules, book.days), book)
    return current
