"""Accountability (问效): the decision on a proposal, and the count it stands on (R59, A15, A16, A78)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.rules.life import Life, Refusal, replaced
from bot.rules.ruleset import Ruleset
from bot.rules.status import MATTER

ENOUGH = 2
"""Supervise notices since the last decision that make a proposal (R59)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """The count by unit and year (A15): the unit's supervise notices of the year since the last decision on any of its
    matters, and whether a proposal stands on one of them."""

    notices: int = 0
    is_open: bool = False


def is_due(current: Life, tally: Tally | None) -> bool:
    """Whether the supervise notice that `current` already counts makes a proposal; `tally` is as before it, None where
    the matter counts by itself. One proposal stands at a time (A16)."""
    if current.proposal_open or (tally and tally.is_open):
        return False
    return (tally.notices + 1 if tally else current.supervised) >= ENOUGH


def expect_open(current: Life) -> None:
    """Refusal no_proposal: none was made, it is decided, or a completion withdrew it (A16)."""
    if not current.proposal_open or current.closed_at:
        raise Refusal("no_proposal")


def decide(current: Life) -> Life:
    """A decision, whatever it is: the count starts at 0 (A16). Refusal: no_proposal."""
    expect_open(current)
    return replace(current, supervised=0, proposal_open=False)


def recount(current: Life, unearned: int, tally: Tally | None = None) -> Life:
    """`unearned` supervise notices turn out not to count: they never left, an answer came before them, or an outage of
    ours excuses what they were about (A43, A49). `tally` is as it is without them, in the year of `earned_at`.

    A proposal that rested on them is withdrawn, also one that has not gone out yet.
    """
    left = max(0, current.supervised - unearned)
    stands = (tally.notices if tally else left) >= ENOUGH
    current = replace(current, supervised=left, proposal_open=current.proposal_open and stands)
    matter = current.find(MATTER)
    if stands or matter is None or matter.origin != "proposal":
        return current
    return replaced(current, matter, replace(matter, next_notice_at=None))


def earned_at(current: Life, at: datetime, rules: Ruleset) -> datetime:
    """When the notice went out that made the proposal: the year that it rests on (A15). `at` where none was made."""
    matter = current.find(MATTER)
    if matter is None or matter.origin != "proposal":
        return at
    return matter.planned_at - timedelta(hours=rules.accountability_grace_hours)
