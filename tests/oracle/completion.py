"""The completion application, its return, and what rests and resumes around it (R29, A17, A18, A47, A79, A85)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.oracle import plan
from tests.oracle.days import HOUR
from tests.oracle.model import Matter, Obligation


def settle(one: Obligation, now: datetime) -> None:
    """The obligation is answered; nothing more goes out for it."""
    one.state, one.backlog = "met", []
    one.episode.answered_at = one.episode.answered_at or now


def apply(matter: Matter, given: dict[str, Any], now: datetime) -> None:
    """Total silence from here on: nodes are met, weeks and months rest, extension and proposal are withdrawn."""
    if matter.pending:
        return
    held = [one for one in matter.owed if one.state in ("open", "suspended")]
    matter.old_due = min((one.due for one in held), default=None)
    if matter.suspended is not None:  # A85
        matter.old_due = matter.suspended.due
    for one in held:
        settle(one, now)
        if one.family in ("week", "month"):
            one.state = "resting"
    matter.silenced, matter.pending, matter.applied_at = held, True, now
    matter.extension = matter.suspended = matter.last_feedback = None
    matter.proposal_open = False


def give_back(matter: Matter, kind: str | None, now: datetime) -> None:
    """Returned for its material: REWORK alone is owed. Returned as not done: the application is void (A17)."""
    matter.pending = False
    matter.count("returned")
    if kind == "not_done":
        for one in matter.silenced:
            if _lapsed(matter, one, now):
                one.state = "gone"
            else:
                plan.resume(one, now)
    else:
        matter.resting = True
        soonest = now + 24 * HOUR
        plan.add(matter, "REWORK", max(matter.old_due or soonest, soonest), 5 * HOUR)


def _lapsed(matter: Matter, one: Obligation, now: datetime) -> bool:
    """A week or month whose deadline passed in review is never owed (A79)."""
    rests = one.family in ("week", "month") and matter.applied_at is not None
    return rests and matter.applied_at <= one.due <= now


def resume(matter: Matter, now: datetime) -> None:
    """REWORK has reached supervise: weeks and months whose deadline is ahead are owed again (A47, A79)."""
    matter.resting = False
    for one in matter.owed:
        if one.state == "resting":
            one.state = "open" if one.due > now else "gone"
            if one.state == "open":
                one.episode.answered_at = None
    plan.open_periods(matter, now)
