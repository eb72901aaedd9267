"""Deadlines: what a matter owes by when (R1–R5, R12–R15, A2–A4, A20–A29, A45, A52)."""

from __future__ import annotations

from datetime import date, datetime

from bot.rules.calendar import (
    DAY,
    HOUR,
    Calendar,
    add_month,
    day_of,
    days_in,
    end_of_day,
    instant,
    local,
    next_month,
    thursday_of,
)
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.status import MATTER


def initial(category: str, at: datetime, due_on: date | None, rules: Ruleset, days: Calendar) -> list[Obligation]:
    """What a matter dispatched at `at` owes: nodes and a back-stop (R1–R4, R11, A6), or N1 and months (R14, R15); its
    own deadline (A45)."""
    at = local(at)
    owed = [Obligation(MATTER, None, at), Obligation("N1", one(at, rules), at)]
    if category == "monthly":
        owed.append(month(*first_month(at, rules), at))
    else:
        owed += [Obligation(f"N{count}", node(at, count, rules, days), at) for count in (3, 7)]
        if category == "major" or (rules.month_backstop and not _replaces(due_on, owed[-1])):
            owed.append(Obligation("NM", month_node(at, rules), at))
    if due_on:
        owed.append(Obligation("CUSTOM", ahead(promised(due_on), at), at))
    return owed


def _replaces(due_on: date | None, seven: Obligation) -> bool:
    """An own deadline later than N7 stands in for the back-stop of a general matter (A45)."""
    return due_on is not None and seven.due_at is not None and instant(due_on, 24) > seven.due_at


UNACCEPTED = 24 * HOUR
"""After which a matter that nobody accepted begins by itself, where T is its acceptance (A1)."""


def one(at: datetime, rules: Ruleset) -> datetime:
    """D of N1 (R1, A2): 24 hours are hours, whatever the calendar of days."""
    if rules.one == "24h":
        return local(at) + 24 * HOUR
    return instant(local(at).date(), 24 if rules.one == "end_of_day" else 48)


def node(at: datetime, count: int, rules: Ruleset, days: Calendar) -> datetime:
    """D of N3 and N7 (R2, R3, A3)."""
    due = days.add_workdays(at, count) if rules.calendar == "workday" else local(at) + count * DAY
    return end_of_day(due) if rules.round_days == "end_of_day" else due


def month_node(at: datetime, rules: Ruleset) -> datetime:
    """D of NM (R4, A4)."""
    due = add_month(at) if rules.month == "calendar_clamp" else local(at) + 30 * DAY
    return end_of_day(due) if rules.round_days == "end_of_day" else due


def extension_cutoff(due_at: datetime, rules: Ruleset) -> datetime:
    """The last instant at which an extension of the node due at `due_at` may be applied for (R34, A29, A82)."""
    exact = local(due_at) - 2 * DAY
    return end_of_day(exact) if rules.extension_cutoff == "end_of_day" else exact


def first_month(at: datetime, rules: Ruleset) -> tuple[int, int]:
    """The month of the first monthly report: T's own when 15 days of it remain (A27, A60)."""
    at = local(at)
    same = at.year, at.month
    remain = instant(date(*same, days_in(*same)), 24) - at
    own = {"half": remain >= 15 * DAY, "same": True, "next": False}[rules.first_month]
    return same if own else next_month(*same)


def month(year: int, number: int, at: datetime) -> Obligation:
    """The report for a month: open from its 1st (A77), due at its end (R15)."""
    name, first = f"M{year}-{number:02d}", instant(date(year, number, 1))
    return Obligation(name, month_end(name), at, opens_at=max(first, local(at)))


def month_end(name: str) -> datetime:
    """24:00 of the last day of the month M<year-month> (R15)."""
    return instant(last_day(name), 24)


def last_day(name: str) -> date:
    """The last day of the month M<year-month>."""
    first = date.fromisoformat(f"{name[1:]}-01")
    return first.replace(day=days_in(first.year, first.month))


def first_thursday(at: datetime, rules: Ruleset, days: Calendar) -> date:
    """The first weekly report after an approval at `at`: the next ISO week's (A22)."""
    thursday = thursday_of(local(at).date())
    if rules.weekly_first == "same" and _week_due(thursday, rules, days) > at:
        return thursday
    return thursday + 7 * DAY


def week(thursday: date, at: datetime, rules: Ruleset, days: Calendar) -> Obligation:
    """The report for a week: due Thursday 24:00 (R12, A20), moved off holidays (A23); open from its Monday (A77).

    A reminder that a holiday moves before that Monday opens it: who reports on being reminded has reported.
    """
    due = _week_due(thursday, rules, days)
    opens = min(instant(thursday - 3 * DAY), eve(thursday, rules, days))
    return Obligation(f"W{thursday.isoformat()}", due, at, opens_at=max(opens, local(at)))


def eve(thursday: date, rules: Ruleset, days: Calendar) -> datetime:
    """The reminder of a week: Wednesday 09:00, or the last working day before a holiday (A20, A23)."""
    moved = rules.weekly_holiday == "shift" and not days.is_workday(thursday)
    return instant(days.last_workday_before(thursday) if moved else thursday - DAY, 9)


def _worked(thursday: date, rules: Ruleset, days: Calendar) -> date:
    moved = rules.weekly_holiday == "shift" and not days.is_workday(thursday)
    return days.first_workday_after(thursday) if moved else thursday


def _week_due(thursday: date, rules: Ruleset, days: Calendar) -> datetime:
    """Whatever the option, a holiday moves Wednesday 24:00 to the end of the first working day after (A20, A23)."""
    hour = {"thursday_24": 24, "thursday_18": 18, "wednesday_24": 0}[rules.weekly_due]
    worked = _worked(thursday, rules, days)
    return instant(worked, hour if worked == thursday else hour or 24)


def following(name: str, at: datetime, rules: Ruleset, days: Calendar) -> Obligation:
    """The period after the one named; a week that a moved deadline already covers is left out (A23)."""
    if name[0] == "M":
        after = last_day(name) + DAY
        return month(after.year, after.month, at)
    thursday = date.fromisoformat(name[1:])
    coming = thursday + 7 * DAY
    if _worked(thursday, rules, days) >= coming:
        coming += 7 * DAY
    return week(coming, at, rules, days)


def covering(name: str, rules: Ruleset, days: Calendar) -> str:
    """The period whose one report serves the period named: itself, or the moved one before it (A23)."""
    if name[0] != "W":
        return name
    before = date.fromisoformat(name[1:]) - 7 * DAY
    covered = _worked(before, rules, days) >= before + 7 * DAY
    return f"W{before.isoformat()}" if covered else name


def current_period(name: str, at: datetime, rules: Ruleset, days: Calendar) -> Obligation:
    """The first period from `name` on whose D is still ahead at `at` (A79)."""
    period = _period(name, at, rules, days)
    while period.due_at is not None and period.due_at <= at:
        period = following(period.name, at, rules, days)
    return period


def _period(name: str, at: datetime, rules: Ruleset, days: Calendar) -> Obligation:
    if name[0] == "M":
        year, number = name[1:].split("-")
        return month(int(year), int(number), at)
    return week(date.fromisoformat(name[1:]), at, rules, days)


def after_return(due_at: datetime | None, at: datetime) -> datetime:
    """max(old D, return + 24 h); without an old D, return + 24 h (A17, A31)."""
    floor = local(at) + 24 * HOUR
    return max(local(due_at), floor) if due_at else floor


def rework(due_at: datetime | None, applied_at: datetime, at: datetime, rules: Ruleset, days: Calendar) -> datetime:
    """D of REWORK for a return at `at` of an application made at `applied_at` (A17)."""
    if rules.rework_clock == "remaining" and due_at and due_at > applied_at:
        return local(at) + (due_at - applied_at)
    if rules.rework_clock == "next_workday_18":
        return instant(days.first_workday_after(day_of(at)), 18)
    return after_return(due_at, at)


def promised(day: date) -> datetime:
    """A date in people's words means 24:00 of that day (A60)."""
    return instant(day, 24)


def ahead(due_at: datetime, at: datetime) -> datetime:
    """D of a date that binds from `at` on: one that is past by then is `at` + 24 h, for nobody is late in what he did
    not owe (A45, A46, A52)."""
    return due_at if due_at > at else local(at) + 24 * HOUR
