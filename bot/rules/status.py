"""The words of the rules: categories, sources, states, roles, kinds of notice, names of obligations."""

from __future__ import annotations

CATEGORIES = ("general", "major", "monthly")
SOURCES = ("provincial_13710", "province", "meeting", "unit")
GRADES = ("excellent", "good", "pass", "fail")
STATES = (
    "proposed",
    "refused",
    "running",
    "review",
    "rework",
    "follow_up",
    "split",
    "closed",
    "withdrawn",
    "merged",
)
CLOSED = frozenset({"refused", "closed", "withdrawn", "merged"})
ROLES = (
    "head",
    "operator_a",
    "operator_b",
    "handler",
    "office",
    "office_director",
    "leader_in_charge",
    "main_leader",
    "admin",
)

MATTER = "MATTER"
WAITING = "waiting"
"""Origin of MATTER while T waits for the delivery or the acceptance (A1)."""
NODES = ("N1", "N3", "N7")
STAGES = ("N1", "N3", "N7", "NM")
NOT_MONTHLY = ("N3", "N7", "NM")
"""What a monthly matter does not owe (R15)."""
SEVERITY = {"open": 0, "initiate": 4, "remind": 1, "urge": 2, "supervise": 3, "accountability_proposal": 5}
NEVER_SKIPPED = frozenset({"open", "initiate", "supervise", "accountability_proposal"})


def is_period(name: str) -> bool:
    """Whether the obligation is one report of a series: W<Thursday> or M<year-month>."""
    return name[0] == "W" or (name[0] == "M" and name != MATTER)


def takes_feedback(name: str) -> bool:
    """Whether a feedback meets it: N1, N3, N7 and periods; NM, CUSTOM and REWORK need more (A7, A45, A79)."""
    return name in NODES or is_period(name)


def rank(name: str) -> tuple[int, str]:
    """The order in which feedback duties follow each other (A8)."""
    return NODES.index(name) if name in NODES else len(NODES), name
