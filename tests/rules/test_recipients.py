"""Who is told of what (A37, A44, A64)."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.rules import ladder, recipients
from bot.rules.calendar import SHANGHAI
from bot.rules.ladder import Rung
from bot.rules.ruleset import Ruleset
from bot.rules.scoring import TENTHS

AT = datetime(2026, 3, 10, 9, tzinfo=SHANGHAI)
SEATS = {"head": [1], "operator_a": [2], "operator_b": [3], "leader_in_charge": [4], "office": [5, 6]}
ALWAYS = ["initiate", "supervise"]


@pytest.mark.parametrize(
    ("kind", "cards", "sms"),
    [
        ("initiate", [1, 2, 3], [1, 2]),
        ("remind", [9, 2], []),
        ("urge", [9, 2, 3, 1], []),
        ("supervise", [9, 2, 3, 1, 4, 5, 6], [9, 2, 3, 1]),
        ("accountability_proposal", [5, 6], []),
        ("assigned", [9], []),
        ("feedback", [5, 6], []),
    ],
)
def test_each_kind(kind: str, cards: list[int], sms: list[int]) -> None:
    rung = Rung(AT, kind, 1 if kind == "urge" else 0)
    assert recipients.persons(recipients.roles(rung, Ruleset()), SEATS, 9) == cards
    assert recipients.persons(recipients.sms_roles(rung, Ruleset(), ALWAYS), SEATS, 9) == sms


def test_the_head_may_be_spared_all_urges_but_the_first_of_each_day() -> None:
    sparse = Ruleset(head_notices="sparse")
    assert recipients.roles(Rung(AT, "urge", 2), sparse) == ("handler", "operator_a", "operator_b")
    for mark in (ladder.FIRST, ladder.SECOND_DAY):
        assert "head" in recipients.roles(Rung(AT, "urge", 5, frozenset({mark})), sparse)
    assert all("head" in recipients.roles(Rung(AT, "urge", seq), Ruleset()) for seq in range(1, 21))
    assert "head" in recipients.roles(Rung(AT, "supervise"), sparse)
    assert "head" in recipients.roles(Rung(AT, "initiate"), sparse)


def test_the_first_urge_may_come_by_sms() -> None:
    rules = Ruleset(first_urge_sms=True)
    first, later = (Rung(AT, "urge", 3, frozenset({mark})) for mark in (ladder.FIRST, ladder.SECOND_DAY))
    assert recipients.sms_roles(first, rules, ALWAYS) == ("handler", "operator_a")
    assert recipients.sms_roles(first, Ruleset(), ALWAYS) == ()
    assert recipients.sms_roles(later, rules, ALWAYS) == ()
    assert recipients.sms_roles(Rung(AT, "remind", 0), rules, ALWAYS) == ()
    assert recipients.sms_roles(Rung(AT, "remind"), rules, ["remind"]) == ("handler", "operator_a")
    assert recipients.sms_roles(Rung(AT, "supervise"), rules, []) == ()


@pytest.mark.parametrize(
    ("seats", "handler", "told"),
    [
        (SEATS, None, [2, 3, 1]),
        ({"operator_b": [3], "head": [1]}, None, [3, 1]),
        ({"operator_a": [], "operator_b": [3], "head": [1]}, None, [3, 1]),
        ({"head": [1]}, None, [1]),
        ({}, None, []),
        ({}, 9, [9]),
        ({"head": [2], "operator_a": [2], "operator_b": [3]}, 3, [3, 2]),
        ({"operator_a": [7, 8]}, None, [7, 8]),
    ],
)
def test_whoever_is_there_once(seats: dict[str, list[int]], handler: int | None, told: list[int]) -> None:
    assert recipients.persons(recipients.UNIT, seats, handler) == told


def test_b_gets_what_is_as_copy_for_a_too() -> None:
    """A handler is named and nobody is A: the copy is B's, then the head's."""
    seats = {"operator_b": [3], "head": [1]}
    assert recipients.persons(("handler", "operator_a"), seats, 9) == [9, 3]
    assert recipients.persons(("handler", "operator_a"), {"head": [1]}, 9) == [9, 1]
    assert recipients.persons(("head", "operator_a"), seats, None) == [1, 3]
    assert recipients.persons(("handler",), seats, None) == [3]


def test_whoever_is_left_stands_for_the_office() -> None:
    seats = {"main_leader": [1], "office_director": [2], "office": [3], "head": [4]}
    for told in (3, 2, 1):
        assert recipients.persons(("office",), seats, None) == [told]
        seats = {role: people for role, people in seats.items() if people != [told]}
    assert recipients.persons(("office",), seats, None) == []


def test_points_are_no_kind_of_notice() -> None:
    with pytest.raises(KeyError):
        recipients.roles(Rung(AT, next(iter(TENTHS))), Ruleset())
