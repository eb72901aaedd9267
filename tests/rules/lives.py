"""Random lives of one matter, for whoever compares two ways of living them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.rules.calendar import SHANGHAI, thursday_of

Event = dict[str, Any]

CHOICES: dict[str, list[Any]] = {
    "quiet_hours": ["22:00-08:00", "21:30-07:15", "12:00-14:00", "00:00-06:00", "23:45-00:10"],
    "min_gap_minutes": [0, 30, 90, 200, 600],
    "calendar": ["natural", "workday"],
    "month": ["calendar_clamp", "30d"],
    "urge_first": ["after_interval", "at_deadline"],
    "one": ["24h", "end_of_day", "end_of_next_day"],
    "month_backstop": [False, True],
    "extension_cutoff": ["end_of_day", "exact"],
    "weekly_due": ["thursday_24", "thursday_18", "wednesday_24"],
    "weekly_missed": ["ladder", "off"],
    "weekly_first": ["next", "same"],
    "monthly_remind": ["once", "daily"],
    "monthly_supervise": ["third_0800", "third_0000"],
    "first_month": ["half", "same", "next"],
    "urge_scoring": ["episode", "message"],
    "scoring": ["cumulative", "highest"],
}
"""What the oracle reads as the rules do. `daily` urges of a week end in a supervise notice here, never there."""


@st.composite
def configs(draw: st.DrawFn) -> dict[str, Any]:
    """A few keys that differ from the defaults."""
    names = draw(st.lists(st.sampled_from(sorted(CHOICES)), unique=True, max_size=5))
    return {name: draw(st.sampled_from(CHOICES[name])) for name in names}


@st.composite
def starts(draw: st.DrawFn) -> datetime:
    """An instant of 2026, to the minute, often a plain hour."""
    day = draw(st.dates(date(2026, 1, 1), date(2026, 11, 30)))
    minute = draw(st.one_of(st.sampled_from([0, 540, 600, 1320]), st.integers(0, 1439)))
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(minutes=minute)


STEPS = st.one_of(
    st.integers(0, 180),
    st.integers(0, 5 * 1440),
    st.sampled_from([0, 60, 180, 1440, 2880, 4320, 7 * 1440, 24 * 60 - 300, 3 * 1440 - 300, 26 * 1440]),
    st.integers(0, 40 * 1440),
)
"""Minutes from one thing to the next: close together, on the rungs, or far apart."""


def names(at: datetime) -> list[str]:
    """What a feedback written at `at` could sensibly name."""
    week = thursday_of(at.date())
    months = {f"M{at + timedelta(days=days):%Y-%m}" for days in (-31, 0, 31)}
    weeks = {f"W{(week + timedelta(days=days)).isoformat()}" for days in (-7, 0, 7)}
    return ["N1", "N3", "N7", "NM", "CUSTOM", "REWORK", *sorted(months), *sorted(weeks)]


KINDS = st.sampled_from(
    ["feedback"] * 3
    + ["apply_completion", "return"] * 3
    + ["accept", "apply_extension", "approve_extension"] * 2
    + ["reject_extension", "scheduler_down", "scheduler_up", "limit"]
)


@st.composite
def events(draw: st.DrawFn, at: datetime) -> Event:
    """One thing that happens at `at`."""
    kind = draw(KINDS)
    event: Event = {"at": at.isoformat(), "event": kind}
    if kind == "feedback":
        event["node"] = draw(st.sampled_from(names(at)))
    elif kind == "return" and draw(st.booleans()):
        event["kind"] = "not_done"
    elif kind == "limit":
        event["deadline"] = (at.date() + timedelta(days=draw(st.integers(-1, 12)))).isoformat()
    elif kind == "accept":
        event["grade"] = draw(st.sampled_from(["excellent", "good", "pass", "fail"]))
    elif kind == "apply_extension" and draw(st.booleans()):
        event["plan_until"] = (at.date() + timedelta(days=draw(st.integers(0, 60)))).isoformat()
    return event


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """A whole life: an initiation, up to twelve things that happen, an end."""
    config = draw(configs())
    at = draw(starts())
    first: Event = {"at": at.isoformat(), "event": "initiate"}
    first["category"] = draw(st.sampled_from(["general", "major", "monthly"]))
    if draw(st.integers(0, 3)) == 0:
        first["deadline"] = (at.date() + timedelta(days=draw(st.integers(0, 60)))).isoformat()
    inputs = [first]
    for _ in range(draw(st.integers(0, 12))):
        at += timedelta(minutes=draw(STEPS))
        inputs.append(draw(events(at)))
    until = at + timedelta(minutes=draw(st.integers(0, 12 * 1440)))
    if not config.get("month_backstop", True) and first["category"] == "general":
        # the scan keeps such a matter general after an approved extension, where the rules make it major (A54)
        inputs = [one for one in inputs if one["event"] != "approve_extension"]
    return {"config": config, "inputs": _plain(_one_own_date(inputs)), "until": until.isoformat()}


def _one_own_date(inputs: list[Event]) -> list[Event]:
    """A leader's date at the most once, and no other date beside it: both go by the name CUSTOM in what is told."""
    limits = [n for n, one in enumerate(inputs) if one["event"] == "limit"]
    if not limits:
        return inputs
    bare = [{key: value for key, value in one.items() if key not in ("deadline", "plan_until")} for one in inputs]
    bare[limits[0]] = inputs[limits[0]]
    return [one for n, one in enumerate(bare) if n not in limits[1:]]


def _plain(inputs: list[Event]) -> list[Event]:
    """Without progress on a node that an extension settles later: returned, it reopens the node in the scan alone."""
    last = max((n for n, one in enumerate(inputs) if one["event"] == "approve_extension"), default=-1)
    return [one for n, one in enumerate(inputs) if n > last or one.get("node") not in ("NM", "CUSTOM")]
