"""The ruleset as data: what is refused and in which words, presets, quiet hours, the way into a snapshot and back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules import ruleset
from bot.rules.ruleset import Ruleset


@pytest.mark.parametrize(
    ("given_keys", "message"),
    [
        ({"preset": "strict"}, "rules.preset = 'strict': choose one of literal, common"),
        ({"moth": "30d"}, "rules.moth: no such key; `duban rules` lists them all"),
        ({"month": "31d"}, "rules.month = '31d': choose one of calendar_clamp, 30d"),
        ({"month": 30}, "rules.month = 30: write a text in quotes"),
        ({"month_backstop": 1}, "rules.month_backstop = 1: write true or false"),
        ({"month_backstop": "no"}, "rules.month_backstop = 'no': write true or false"),
        ({"min_gap_minutes": "90"}, "rules.min_gap_minutes = '90': write a whole number"),
        ({"min_gap_minutes": True}, "rules.min_gap_minutes = True: write a whole number"),
        ({"min_gap_minutes": 1.5}, "rules.min_gap_minutes = 1.5: write a whole number"),
        ({"min_gap_minutes": -1}, "rules.min_gap_minutes = -1: write a number from 0 to 10000"),
        ({"min_gap_minutes": 10001}, "rules.min_gap_minutes = 10001: write a number from 0 to 10000"),
        ({"score_base": 50}, "rules.score_base = 50: choose one of 0, 100"),
        ({"quiet_hours": "22-8"}, 'rules.quiet_hours = "22-8": write it as "22:00-08:00"'),
        ({"quiet_hours": "24:00-08:00"}, 'rules.quiet_hours = "24:00-08:00": write it as "22:00-08:00"'),
        ({"quiet_hours": "22:60-08:00"}, 'rules.quiet_hours = "22:60-08:00": write it as "22:00-08:00"'),
        ({"quiet_hours": "22:00-08:00 "}, 'rules.quiet_hours = "22:00-08:00 ": write it as "22:00-08:00"'),
        ({"quiet_hours": "08:00-08:00"}, 'rules.quiet_hours = "08:00-08:00": start and end are the same'),
        ({"quiet_hours": "x", "quiet_mode": "off"}, 'rules.quiet_hours = "x": write it as "22:00-08:00"'),
        ({"digest_at": "8:30"}, 'rules.digest_at = "8:30": write it as "08:30"'),
    ],
)
def test_what_cannot_be_read_is_named(given_keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        ruleset.parse(given_keys)
    assert str(caught.value) == message


def test_the_ends_of_a_number_are_allowed() -> None:
    assert ruleset.parse({"min_gap_minutes": 0}).gap == timedelta(0)
    assert ruleset.parse({"min_gap_minutes": 10_000}).min_gap_minutes == 10_000


def test_presets() -> None:
    assert ruleset.parse({}) == ruleset.parse({"preset": "literal"}) == Ruleset()
    common = ruleset.parse({"preset": "common"})
    assert common == Ruleset(
        quiet_mode="defer",
        head_notices="sparse",
        first_urge_sms=True,
        monthly_supervise_holiday="shift",
        rework_clock="next_workday_18",
    )
    mine = ruleset.parse({"preset": "common", "head_notices": "all", "month": "30d"})
    assert mine == replace(common, head_notices="all", month="30d")


@pytest.mark.parametrize(
    ("given_keys", "quiet"),
    [
        ({}, None),
        ({"quiet_hours": "22:30-07:15"}, (22.5, 7.25)),
        ({"quiet_hours": "00:00-23:59"}, (0, 23 + 59 / 60)),
        ({"quiet_hours": "22:00-08:00", "quiet_mode": "off"}, None),
        ({"quiet_mode": "defer"}, (22, 8)),
        ({"quiet_hours": ""}, None),
        ({"quiet_hours": "", "quiet_mode": "defer"}, None),
        ({"preset": "common"}, (22, 8)),
        ({"preset": "common", "quiet_hours": ""}, None),
        ({"preset": "common", "quiet_hours": "21:00-07:00"}, (21, 7)),
    ],
)
def test_quiet_hours(given_keys: dict[str, Any], quiet: tuple[float, float] | None) -> None:
    span = ruleset.parse(given_keys).quiet
    assert (span and tuple(side / timedelta(hours=1) for side in span)) == quiet


def test_without_quiet_hours_all_else_is_as_given() -> None:
    assert ruleset.parse({"quiet_hours": "", "month": "30d"}) == Ruleset(month="30d")
    assert ruleset.parse({"preset": "common", "quiet_hours": ""}).quiet_mode == "off"


def test_a_key_carries_its_default_its_requirement_and_its_choices() -> None:
    @dataclass
    class Sample:
        one: str = ruleset._key("24h", "A2", "24h", "end_of_day")

    (entry,) = fields(Sample)
    assert (Sample().one, entry.default) == ("24h", "24h")
    assert entry.metadata == {"source": "A2", "choices": ("24h", "end_of_day")}


@st.composite
def rulesets(draw: st.DrawFn) -> Ruleset:
    values: dict[str, Any] = {}
    for entry in fields(Ruleset):
        choices = entry.metadata["choices"]
        if choices:
            values[entry.name] = draw(st.sampled_from(choices))
        elif type(entry.default) is bool:
            values[entry.name] = draw(st.booleans())
        elif type(entry.default) is int:
            values[entry.name] = draw(st.integers(0, 10_000))
    return Ruleset(**values, quiet_hours=draw(st.sampled_from(["22:00-08:00", "12:00-14:00"])))


@given(rulesets())
@settings(max_examples=50, derandomize=True, deadline=None, database=None)
def test_a_snapshot_comes_back_as_it_was(rules: Ruleset) -> None:
    assert ruleset.parse(ruleset.to_mapping(rules)) == rules


def test_every_key_is_explained() -> None:
    rows = ruleset.explain(Ruleset(month="30d"))
    assert [row[0] for row in rows] == [entry.name for entry in fields(Ruleset)]
    assert ("month", "30d", "calendar_clamp", "A4", ("calendar_clamp", "30d")) in rows
    for name, value, default, source, choices in rows:
        assert (value == default) == (name != "month")
        assert source.startswith("A")
        assert not choices or default in choices


@pytest.mark.parametrize(
    ("name", "default"),
    [("min_gap_minutes", 90), ("catch_up_after_minutes", 15), ("look_back_days", 30), ("pending_workdays", 3)],
)
def test_numbers_of_the_source(name: str, default: int) -> None:
    assert getattr(Ruleset(), name) == default
