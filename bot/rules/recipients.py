"""Who is told of what (A37, A44): roles by kind of notice; the caller turns roles into persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.rules.ladder import FIRST, Rung
from bot.rules.ruleset import Ruleset

UNIT = ("handler", "operator_a", "operator_b", "head")

_ROLES: Mapping[str, tuple[str, ...]] = {
    "initiate": ("head", "operator_a", "operator_b"),
    "remind": ("handler", "operator_a"),
    "urge": UNIT,
    "supervise": (*UNIT, "leader_in_charge", "office"),
    "accountability_proposal": ("office",),
    "assigned": ("handler",),
    "feedback": ("office",),
}

_OPERATORS = ("operator_a", "operator_b", "head")
_STEADS: Mapping[str, tuple[str, ...]] = {
    "handler": _OPERATORS,
    "operator_a": _OPERATORS,
    "office": ("office", "office_director", "main_leader"),
}
"""Role → who stands for it, the first that is held."""

_SMS: Mapping[str, tuple[str, ...]] = {"initiate": ("head", "operator_a"), "supervise": UNIT}


def roles(rung: Rung, rules: Ruleset) -> tuple[str, ...]:
    """The roles that get a card of this notice, the handler first (A37); before assignment the handler is A. The
    head is the first responsible, A and B the concretely responsible: all three are told of what is late (R30).

    `sparse` spares the head all urges but the first and the first of the second day, from where they come every 2 h."""
    named = _ROLES[rung.kind]
    if rung.kind == "urge" and rules.head_notices == "sparse" and not rung.marks:
        return tuple(role for role in named if role != "head")
    return named


def sms_roles(rung: Rung, rules: Ruleset, always: Sequence[str]) -> tuple[str, ...]:
    """The roles that get an SMS at once, besides the card (R24, R31, A44); the rest get one when the card fails."""
    if rung.kind == "urge" and FIRST in rung.marks and rules.first_urge_sms:
        return ("handler", "operator_a")
    return _SMS.get(rung.kind, _ROLES[rung.kind]) if rung.kind in always else ()


def persons(roles: Sequence[str], holders: Mapping[str, Sequence[int]], handler: int | None) -> list[int]:
    """Person ids by role, each once, in the order of the roles; `holders` says who sits where.

    Without a handler A stands for him; without A the B operator stands for A, without both the head (A37, A64);
    without a clerk the director stands for the office, without both the main leader (A66).
    """
    found: list[int] = []
    for role in roles:
        if role == "handler" and handler is not None:
            seated: Sequence[int] = [handler]
        else:
            seated = next((holders[each] for each in _STEADS.get(role, (role,)) if holders.get(each)), ())
        found += [person for person in seated if person not in found]
    return found
