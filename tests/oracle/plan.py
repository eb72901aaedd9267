"""Which obligations a matter has, their deadlines and reminder instants; weeks and months as they open."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.oracle import days
from tests.oracle.days import DAY, HOUR
from tests.oracle.model import Episode, Matter, Obligation


def begin(matter: Matter, category: str, start: datetime, deadline: str | None) -> None:
    """Initiation: the nodes of the category (R1–R5, R11, R15, A2–A6) and the source's own date (A45)."""
    matter.category, matter.start, matter.unannounced = category, start, True
    add(matter, "N1", _first_node(matter, start), 5 * HOUR)
    if category == "monthly":
        matter.first_month = _first_month(matter, start)
    else:
        working = matter.config.get("calendar") == "workday"
        add(matter, "N3", days.plus_days(start, 3, working=working), 5 * HOUR)
        add(matter, "N7", days.plus_days(start, 7, working=working), DAY)
    own = days.end_of(date.fromisoformat(deadline)) if deadline else None
    if _has_month_node(matter, own):
        add(matter, "NM", _month_node(matter, start), 2 * DAY)
    if own:
        add(matter, "CUSTOM", bound(own, start), DAY)


def bound(own: datetime, now: datetime) -> datetime:
    """What a date of people's words means to a unit that is bound by it now: nobody is late at once (A45, A52)."""
    return now + 24 * HOUR if own <= now else own


def add(matter: Matter, name: str, due: datetime, lead: timedelta) -> Obligation:
    """A node obligation, or a new episode of the one that has the name already."""
    one = matter.find(name)
    if one is None:
        one = Obligation(name, "node", due)
        matter.owed.append(one)
    replan(one, due, lead)
    return one


def replan(one: Obligation, due: datetime, lead: timedelta) -> None:
    """A new episode with this deadline, the reminder so long before it; past ones are never looked at again."""
    one.due, one.state, one.drop_until, one.backlog = due, "open", None, []
    one.reminders = [due - lead]
    one.episodes.append(Episode(due))


def return_to(one: Obligation, now: datetime) -> None:
    """Owed again after a return: D = max(old D, return + 24 h). A D that stays keeps its own reminders and
    ladder; a D that moves has the reminder 5 h before and the node ladder (A17)."""
    due, reminders = max(one.due, now + 24 * HOUR), one.reminders
    moved = due > one.due
    replan(one, due, 5 * HOUR)
    if not moved:
        one.reminders = reminders
    elif one.ladder == "month":
        one.ladder = "node"


def resume(one: Obligation, now: datetime) -> None:
    """Open again by a not-done return (A17): D = max(old D, return + 24 h), the reminder as long before D as ever.

    Weeks and months keep their fixed reminders; a month whose D moved off its end has the node ladder.
    """
    due, shift = max(one.due, now + 24 * HOUR), timedelta()
    if one.family in ("node", "limit"):
        shift = due - one.due
    elif one.ladder == "month" and due > one.due:
        one.ladder = "node"
    reminders = [planned + shift for planned in one.reminders]
    replan(one, due, timedelta())
    one.reminders = reminders


def backstop(matter: Matter) -> Obligation | None:
    """What an extension is about: NM, or the own deadline that stands in NM's place (A45); None in follow-up."""
    if matter.category == "monthly" or matter.first_thursday is not None:
        return None
    one, node7 = matter.find("NM") or matter.find("CUSTOM"), matter.find("N7")
    if one is None or node7 is None or (one.name == "CUSTOM" and one.due <= node7.episodes[0].due):
        return None
    return one


def open_periods(matter: Matter, now: datetime) -> None:
    """Opens each week and month that has begun and whose deadline is still ahead (A77, A79)."""
    if matter.closed or matter.pending or matter.resting:
        return
    if matter.first_thursday is not None:
        near = days.thursday_of(now.date())
        for week in range(-2, 4):
            thursday = near + week * 7 * DAY
            if thursday >= matter.first_thursday:
                _open_week(matter, thursday, now)
    if matter.first_month is not None and now.date() >= matter.first_month:
        _open_month(matter, now.date())


def first_thursday(matter: Matter, approved: datetime) -> date:
    """The first weekly duty after the approval (A22)."""
    this = days.thursday_of(approved.date())
    return this if matter.config.get("weekly_first") == "same" else this + 7 * DAY


def _first_node(matter: Matter, start: datetime) -> datetime:
    one = matter.config.get("one", "24h")
    if one == "24h":
        return start + 24 * HOUR
    return days.end_of(start.date() + (DAY if one == "end_of_next_day" else 0 * DAY))


def _has_month_node(matter: Matter, own: datetime | None) -> bool:
    if matter.category != "general":
        return matter.category == "major"
    node7 = matter.find("N7")
    replaced = own is not None and node7 is not None and own > node7.due
    return bool(matter.config.get("month_backstop", True)) and not replaced


def _month_node(matter: Matter, start: datetime) -> datetime:
    return start + 30 * DAY if matter.config.get("month") == "30d" else days.plus_month(start)


def _first_month(matter: Matter, start: datetime) -> date:
    rule = matter.config.get("first_month", "half")
    this = start.date().replace(day=1)
    enough = days.end_of(days.month_end(this)) - start >= 15 * DAY
    return this if rule == "same" or (rule == "half" and enough) else days.next_month(this)


def _open_week(matter: Matter, thursday: date, now: datetime) -> None:
    name = f"W{thursday.isoformat()}"
    due, reminder = week_times(matter, thursday)
    opens = min(days.at(thursday - 3 * DAY), reminder)
    if not opens <= now < due or matter.find(name):
        return
    last = thursday - 7 * DAY
    if last >= (matter.first_thursday or thursday) and _worked_on(last) >= thursday:
        before = matter.find(f"W{last.isoformat()}")  # A23: one report serves both; the earlier week stands for the two
        if before is not None:
            before.alias = name
        return
    missed = matter.config.get("weekly_missed", "ladder")
    one = Obligation(name, "week", due, reminders=[reminder], ladder="node" if missed == "ladder" else missed)
    one.episodes.append(Episode(due))
    matter.owed.append(one)


def _worked_on(thursday: date) -> date:
    return thursday if days.is_working(thursday) else days.working_day_after(thursday)


def week_times(matter: Matter, thursday: date) -> tuple[datetime, datetime]:
    """(deadline, reminder) of a Thursday (A20), moved off a public holiday (A23)."""
    rule = matter.config.get("weekly_due", "thursday_24")
    if days.is_working(thursday):
        last, remind_on = thursday, thursday - DAY
        if rule == "wednesday_24":
            last -= DAY
    else:
        last, remind_on = days.working_day_after(thursday), days.working_day_before(thursday)
    due = days.at(last, 18) if rule == "thursday_18" else days.end_of(last)
    return due, days.at(remind_on, 9)


def _open_month(matter: Matter, day: date) -> None:
    name = f"M{day:%Y-%m}"
    if matter.find(name):
        return
    last = days.month_end(day)
    lead_days = [2, 1, 0] if matter.config.get("monthly_remind") == "daily" else [2]
    due, reminders = days.end_of(last), [days.at(last - n * DAY, 8) for n in lead_days]
    one = Obligation(name, "month", due, reminders=reminders, ladder="month")
    one.episodes.append(Episode(due))
    matter.owed.append(one)
