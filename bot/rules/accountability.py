"""Accountability (问效): the decision on a proposal, and the count it stands on (R59, A15, A16, A78)."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.life import Life, Refusal

ENOUGH = 2
"""Supervise notices since the last decision that make a proposal (R59)."""


def expect_open(current: Life) -> None:
    """Refusal no_proposal: none was made, it is decided, or a completion withdrew it (A16)."""
    if not current.proposal_open or current.closed_at:
        raise Refusal("no_proposal")


def decide(current: Life) -> Life:
    """A decision, whatever it is: the count starts at 0 (A16). Refusal: no_proposal."""
    expect_open(current)
    return replace(current, supervised=0, proposal_open=False)


def recount(current: Life, unearned: int) -> Life:
    """`unearned` supervise notices should not have gone out: an answer given before them came to light (A49)."""
    left = max(0, current.supervised - unearned)
    return replace(current, supervised=left, proposal_open=current.proposal_open and left >= ENOUGH)
