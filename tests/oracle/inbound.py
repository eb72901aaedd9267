"""What people did, applied to the matter; whatever the rules refuse changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.oracle import completion, days, plan
from tests.oracle.days import DAY, HOUR
from tests.oracle.model import Matter, Obligation

STAGES = ["N1", "N3", "N7", "NM"]
Input = dict[str, Any]


def apply(matter: Matter, given: Input, now: datetime) -> None:
    """One input at its instant; nothing but the scheduler moves once the matter is closed."""
    what = given["event"]
    if what == "initiate":
        plan.begin(matter, given["category"], now, given.get("deadline"))
    elif what.startswith("scheduler_") or not matter.closed:
        EVENTS[what](matter, given, now)
    plan.open_periods(matter, now)


def feedback(matter: Matter, given: Input, now: datetime) -> None:
    """Settles the obligation it names and every earlier one still open (A8, A28, A81); else a supplement (A80)."""
    named = _named(matter, given["node"])
    if matter.pending or named is None or named.state not in ("open", "suspended"):
        return
    if named.name == "REWORK" or (matter.resting and named.family != "limit"):
        return
    answered = [other for other in matter.owed if other.state == "open" and _serves(matter, named, other, now)]
    if named.family == "limit":
        answered += _next_within_a_day(matter, answered, now)
    if not answered:
        return
    for other in answered:
        completion.settle(other, now)
    duties = [other for other in answered if other.family != "limit"]
    kept = max(duties, key=lambda other: other.due) if duties and named.family == "limit" else named
    matter.last_feedback = (kept, now)


def _named(matter: Matter, name: str) -> Obligation | None:
    """CUSTOM is a leader's date first, the one due soonest (A57)."""
    limits = [one for one in matter.owed if name == "CUSTOM" and one.family == "limit" and one.state == "open"]
    return min(limits, key=lambda one: one.due) if limits else matter.find(name)


def _next_within_a_day(matter: Matter, answered: list[Obligation], now: datetime) -> list[Obligation]:
    """The next open node, week or month, if it is due within 24 hours: an answer to a leader's date serves it (A57)."""
    left = [one for one in matter.owed if one.state == "open" and _by_report(matter, one) and one not in answered]
    first = min(left, key=lambda one: one.due, default=None)
    return [first] if first is not None and first.due <= now + 24 * HOUR else []


def _by_report(matter: Matter, one: Obligation) -> bool:
    """A feedback meets it: not NM, REWORK or the source's own date, and N7 not where it needs a completion (A6, A7)."""
    if one.name == "N7" and matter.category == "general" and not matter.config.get("month_backstop", True):
        return False
    return one.family in ("week", "month") or one.name in STAGES[:3]


def _serves(matter: Matter, named: Obligation, other: Obligation, now: datetime) -> bool:
    if named is other and named.family == "limit":
        return True
    if named.family == "limit" or other.family == "limit":
        reports = named.family != "node" or named.name in STAGES[:3]
        met = other.family == "limit" or _by_report(matter, other)
        return reports and met and now > other.due and other.due <= named.due
    if other.family != "node":
        return named.family == other.family and other.name <= named.name  # a returned week may be due after the next
    if other.name not in STAGES[:3]:
        return False
    if other.name == "N7" and matter.category == "general" and not matter.config.get("month_backstop", True):
        return False
    if named.name in STAGES:
        return STAGES.index(other.name) <= STAGES.index(named.name)
    return named.family != "node" or other.due <= named.due


def give_back(matter: Matter, given: Input, now: datetime) -> None:
    """A return: of the pending completion, else of the latest unreviewed stage feedback (A17, A19, A71)."""
    if matter.pending:
        completion.give_back(matter, given.get("kind"), now)
        return
    if matter.last_feedback is None:
        return
    one, filed = matter.last_feedback
    if now.date() > days.plus_days(filed, 5, working=True).date():
        return
    matter.last_feedback = None
    if one.family != "limit":
        matter.count("returned")
    if one.state == "met":
        plan.return_to(one, now)


def accept(matter: Matter, given: Input, now: datetime) -> None:
    """Accepts the pending completion, which closes the matter; else grades the latest feedback (A68, A71)."""
    grade = given.get("grade", "pass")
    if matter.pending:
        matter.pending, matter.closed = False, True
        _grade(matter, grade, "completion")
    elif matter.last_feedback is not None:
        one = matter.last_feedback[0]
        matter.last_feedback = None
        quarter = f"{now.year}Q{(now.month + 2) // 3}"
        if one.name != "N1" and one.family != "limit":
            _grade(matter, grade, one.name if one.family == "node" else quarter)


def _grade(matter: Matter, grade: str, key: str) -> None:
    if key not in matter.graded and grade in ("excellent", "fail"):
        matter.count(grade)
    matter.graded.add(key)


def apply_extension(matter: Matter, given: Input, now: datetime) -> None:
    """Suspends the month node (A31, A86) up to the cut-off (A29); in follow-up it revises the plan (A53)."""
    if matter.pending or matter.resting or matter.extension is not None:
        return
    if matter.first_thursday is not None or matter.category == "monthly":
        matter.extension = given
        return
    one = plan.backstop(matter)
    if one is None or one.state != "open" or now > _cut_off(matter, one):
        return
    if given.get("plan_until") and days.end_of(date.fromisoformat(given["plan_until"])) <= one.due:
        return  # no extension ends before what it extends
    matter.extension, matter.suspended, one.state = given, one, "suspended"
    one.backlog = []


def _cut_off(matter: Matter, one: Obligation) -> datetime:
    if matter.config.get("extension_cutoff") == "exact":
        return one.due - 48 * HOUR
    return days.end_of(days.day_that_ends(one.due - 2 * DAY))


def approve_extension(matter: Matter, given: Input, now: datetime) -> None:
    """NM and the source's own date are settled, follow-up begins (R37, A45), the plan's date binds (A52)."""
    if matter.extension is None:
        return
    until = matter.extension.get("plan_until")
    own = matter.find("CUSTOM")
    if matter.suspended is not None:
        completion.settle(matter.suspended, now)
        matter.first_thursday = plan.first_thursday(matter, now)
    if own is not None and own.state == "open":
        completion.settle(own, now)
    if until:
        plan.add(matter, "CUSTOM", plan.bound(days.end_of(date.fromisoformat(until)), now), 2 * DAY)
    matter.extension = matter.suspended = None


def reject_extension(matter: Matter, given: Input, now: datetime) -> None:
    """NM is owed again, at least 24 h from now; no point is taken (A31)."""
    if matter.suspended is not None:
        one = matter.suspended
        lead = DAY if one.name == "CUSTOM" else 2 * DAY
        plan.replan(one, max(one.due, now + 24 * HOUR), lead)
    matter.extension = matter.suspended = None


def limit(matter: Matter, given: Input, now: datetime) -> None:
    """A leader's date: nodes stay, never scored; not in review, not in the past, each day once (A57)."""
    due = days.end_of(date.fromisoformat(given["deadline"]))
    same = [one for one in matter.owed if one.family == "limit" and one.state == "open" and one.due == due]
    if not matter.pending and due > now and not same:
        one = Obligation("CUSTOM", "limit", due)
        matter.owed.append(one)
        plan.replan(one, due, DAY)


def scheduler_down(matter: Matter, given: Input, now: datetime) -> None:
    """Nothing goes out from now on, this instant included."""
    matter.down_since = matter.down_since or now


def scheduler_up(matter: Matter, given: Input, now: datetime) -> None:
    """Sending resumes; the outage is remembered (A49)."""
    if matter.down_since is not None:
        matter.outages.append((matter.down_since, now))
    matter.down_since = None


EVENTS: dict[str, Callable[[Matter, Input, datetime], None]] = {
    "feedback": feedback,
    "apply_completion": completion.apply,
    "return": give_back,
    "accept": accept,
    "apply_extension": apply_extension,
    "approve_extension": approve_extension,
    "reject_extension": reject_extension,
    "limit": limit,
    "scheduler_down": scheduler_down,
    "scheduler_up": scheduler_up,
}
