"""The notice ladder: when an obligation's reminders, urges and supervise notice go out (R16–R28, A9–A11, A20–A29, A43).

A ladder is a pure function of the obligation and its ruleset; the obligation carries only a cursor into it. Instants
are absolute, counted from D, so a restart can't slide them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile

from bot.rules import deadline
from bot.rules.calendar import DAY, HOUR, Calendar, instant, local
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.status import MATTER, NEVER_SKIPPED, SEVERITY, WAITING, is_period

FIRST, SECOND_DAY = "first", "second_day"


@dataclass(frozen=True, slots=True)
class Rung:
    """One planned notice; `seq` counts urges from 1, reminders from 0. Kind `open` is silent: a period begins (A77).

    `marks` say what it stands for, also where several became one: FIRST, the obligation's first urge; SECOND_DAY, the
    first of the second day's (A37, A44).
    """

    at: datetime
    kind: str
    seq: int = 0
    marks: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that goes out now: the rung it stands for; `caught_up` when it stands for missed ones (A43)."""

    obligation: Obligation
    rung: Rung
    caught_up: bool = False


def rungs(owed: Obligation, rules: Ruleset, days: Calendar) -> tuple[Rung, ...]:
    """The whole ladder of this episode, in order; rungs before `planned_at` included."""
    return _rungs(owed.name, owed.due_at, owed.opens_at, owed.origin, owed.planned_at, rules, days)


@lru_cache(maxsize=4096)
def _rungs(
    name: str,
    due: datetime | None,
    opens: datetime | None,
    origin: str,
    planned: datetime,
    rules: Ruleset,
    days: Calendar,
) -> tuple[Rung, ...]:
    if due is None:
        kind = "accountability_proposal" if origin == "proposal" else "initiate"
        begins = origin == WAITING and rules.clock_start == "acceptance"
        by_itself = (Rung(local(planned) + deadline.UNACCEPTED, "open"),) if begins else ()
        return (Rung(local(planned), kind), *by_itself)
    due = local(due)
    overdue = _numbered(list(_overdue(name, due, rules, days)), due)
    opening = [Rung(local(opens), "open")] if opens else []
    reminders = [replace(rung, seq=count) for count, rung in enumerate(_reminders(name, due, origin, rules, days))]
    ladder = [*opening, *_awake(reminders, rules), *_merged(overdue, rules)]
    return tuple(sorted(ladder, key=lambda rung: rung.at))


def _reminders(name: str, due: datetime, origin: str, rules: Ruleset, days: Calendar) -> Iterator[Rung]:
    """What goes out before D (R16–R19, R25, A20, A23, A24, A29, A45, A52)."""
    if origin in ("return", "limit_back"):
        yield Rung(due - 5 * HOUR, "remind")
    elif name[0] == "W":
        if rules.weekly_remind:
            yield Rung(deadline.eve(date.fromisoformat(name[1:]), rules, days), "remind")
    elif is_period(name):  # a month
        last = deadline.last_day(name)
        for back in (2, 1, 0) if rules.monthly_remind == "daily" else (2,):
            yield Rung(instant(last - back * DAY, 8), "remind")
    else:
        if name == "NM" and rules.extension_headsup:
            yield Rung(due - 3 * DAY, "remind")
        yield Rung(due - _ahead(name, origin), "remind")


def _ahead(name: str, origin: str) -> timedelta:
    if name in ("N1", "N3", "REWORK"):
        return 5 * HOUR
    return 2 * DAY if name == "NM" or origin == "plan" else DAY


def _overdue(name: str, due: datetime, rules: Ruleset, days: Calendar) -> Iterator[Rung]:
    """Urges from D on, then the supervise notice (R21–R24, R27, R28, A9, A21, A25, A26).

    A month whose D a return moved off its end has the node ladder (A17).
    """
    if name[0] == "W" and rules.weekly_missed != "ladder":
        yield from _daily(due) if rules.weekly_missed == "daily" else ()
    elif name[0] == "M" and due == deadline.month_end(name):
        yield from _monthly(due, rules, days)
    else:
        first = 0 if rules.urge_first == "at_deadline" else 1
        for hours in (*range(3 * first, 24 + first, 3), *range(24 + 2 * first, 48, 2)):
            yield Rung(due + hours * HOUR, "urge")
        yield Rung(due + 48 * HOUR, "supervise")


def _numbered(ladder: list[Rung], due: datetime) -> list[Rung]:
    """The urges among them counted from 1, with what they stand for."""
    bearers = {FIRST: ladder[:1], SECOND_DAY: [rung for rung in ladder if rung.at > due + DAY][:1]}

    def urge(rung: Rung, count: int) -> Rung:
        return replace(rung, seq=count, marks=frozenset(mark for mark in bearers if rung in bearers[mark]))

    return [urge(rung, count) if rung.kind == "urge" else rung for count, rung in enumerate(ladder, start=1)]


def _daily(due: datetime) -> Iterator[Rung]:
    morning = instant(due.date(), 9)
    first = morning if morning > due else morning + DAY
    yield Rung(first, "urge")
    yield Rung(first + DAY, "urge")  # at 48 h itself the supervise notice takes it in
    yield Rung(due + 48 * HOUR, "supervise")


def _monthly(due: datetime, rules: Ruleset, days: Calendar) -> Iterator[Rung]:
    start = due.date()
    for day in (start, start + DAY):
        yield Rung(instant(day, 8), "urge")
        yield Rung(instant(day, 15), "urge")
    third = start + 2 * DAY
    if rules.monthly_supervise_holiday == "shift" and days.is_holiday(third):
        third = days.first_workday_after(third)
    yield Rung(instant(third, 8 if rules.monthly_supervise == "third_0800" else 0), "supervise")


def _awake(ladder: list[Rung], rules: Ruleset) -> list[Rung]:
    """The rungs moved out of the quiet hours: reminders earlier, the rest to the morning (A10)."""
    return [replace(rung, at=_shifted(rung, rules)) for rung in ladder]


def _merged(overdue: list[Rung], rules: Ruleset) -> list[Rung]:
    """Urges that meet in the morning, or follow it within the gap, are one, numbered as the latest; a supervise notice
    keeps its own instant and takes in only what would leave at the very same one (A10)."""
    moved = _awake(overdue, rules)
    mornings = {_shifted(rung, rules) for rung in overdue if quiet_window(rung.at, rules)}
    kept: list[Rung] = []
    for rung in moved:
        last = kept[-1] if kept else None
        if last and rung.kind == "urge" and last.at in mornings and rung.at - last.at < rules.gap:
            kept[-1] = replace(last, seq=rung.seq, marks=last.marks | rung.marks)
            continue
        if last and rung.at == last.at:
            kept.pop()
        kept.append(rung)
    return kept


def _shifted(rung: Rung, rules: Ruleset) -> datetime:
    window = quiet_window(rung.at, rules)
    if not window:
        return rung.at
    return window[0] - timedelta(minutes=30) if rung.kind == "remind" else window[1]


def quiet_window(at: datetime, rules: Ruleset) -> tuple[datetime, datetime] | None:
    """The quiet hours `at` falls into as (start, end); the end itself is awake. None when it falls into none (A10)."""
    if not rules.quiet:
        return None
    begin, end = rules.quiet
    for day in (local(at).date() - DAY, local(at).date()):
        start = instant(day) + begin
        stop = start + (end - begin) % DAY
        if start <= at < stop:
            return start, stop
    return None


def plan(owed: Obligation, rules: Ruleset, days: Calendar) -> Obligation:
    """Set the cursor to the first rung at or after `planned_at` (A5, A79, A82)."""
    ladder = rungs(owed, rules, days)
    index = next((i for i, rung in enumerate(ladder) if rung.at >= owed.planned_at), len(ladder))
    return _at(owed, ladder, index)


def _at(owed: Obligation, ladder: tuple[Rung, ...], index: int) -> Obligation:
    nothing = index >= len(ladder) or owed.ended or owed.paused_by
    return replace(owed, rung=index, next_notice_at=None if nothing else ladder[index].at)


def advance(owed: Obligation, now: datetime, rules: Ruleset, days: Calendar) -> tuple[Notice | None, Obligation]:
    """What of this obligation goes out at `now`, and the obligation with its cursor moved on.

    A rung planned more than `catch_up_after_minutes` ago is missed: the most severe of what is due, numbered as the
    latest, stands for all, and rungs closer than the gap after it are dropped, never a supervise notice (A43).
    """
    if owed.next_notice_at is None or owed.next_notice_at > now:
        return None, owed
    ladder = rungs(owed, rules, days)
    first = ladder[owed.rung]
    if first.kind == "open":  # a period begins by the calendar, a matter that nobody accepted when we come to it (A1)
        began = replace(first, at=now) if owed.name == MATTER else first
        return Notice(owed, began), _at(owed, ladder, owed.rung + 1)
    late = now - timedelta(minutes=rules.catch_up_after_minutes)
    if first.at >= late:
        return Notice(owed, first), _at(owed, ladder, owed.rung + 1)
    return _catch_up(owed, now, rules, ladder)


def _catch_up(
    owed: Obligation, now: datetime, rules: Ruleset, ladder: tuple[Rung, ...]
) -> tuple[Notice | None, Obligation]:
    missed = list(takewhile(lambda rung: rung.at <= now and rung.kind != "open", ladder[owed.rung :]))
    chosen = max(missed, key=lambda rung: (SEVERITY[rung.kind], rung.seq))
    if rules.catch_up == "gap" and chosen.kind not in NEVER_SKIPPED:
        return None, _at(owed, ladder, owed.rung + len(missed))
    window = quiet_window(now, rules)
    if window and owed.name != MATTER:
        return None, replace(owed, next_notice_at=window[1])
    index = owed.rung + len(missed)
    while index < len(ladder) and ladder[index].at < now + rules.gap and ladder[index].kind not in NEVER_SKIPPED:
        index += 1
    marks = frozenset().union(*(rung.marks for rung in ladder[owed.rung : index]))
    return Notice(owed, replace(chosen, marks=marks), caught_up=True), _at(
        replace(owed, caught_up_at=now), ladder, index
    )
