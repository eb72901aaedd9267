"""The ruleset (口径): every choice that rules.md leaves open, one key each, as validated data.

A matter carries the ruleset it was initiated with; editing the configuration never moves a running clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import timedelta
from functools import lru_cache
from typing import Any


def _key(default: Any, source: str, *choices: Any) -> Any:
    return field(default=default, metadata={"source": source, "choices": choices})


@dataclass(frozen=True, slots=True)
class Ruleset:
    """One value per open question; the defaults are literal to the source."""

    clock_start: str = _key("dispatch", "A1", "dispatch", "delivery", "acceptance")
    one: str = _key("24h", "A2", "24h", "end_of_day", "end_of_next_day")
    calendar: str = _key("natural", "A3", "natural", "workday")
    round_days: str = _key("exact", "A3", "exact", "end_of_day")
    month: str = _key("calendar_clamp", "A4", "calendar_clamp", "30d")
    month_backstop: bool = _key(True, "A6")
    n7_needs: str = _key("feedback", "A6", "feedback", "completion")
    nm_met_by: str = _key("completion", "A7", "completion", "feedback")
    late_settles_earlier: bool = _key(True, "A8")
    urge_first: str = _key("after_interval", "A9", "after_interval", "at_deadline")
    quiet_hours: str = _key("22:00-08:00", "A10")
    quiet_mode: str = _key("off", "A10", "off", "defer")
    min_gap_minutes: int = _key(90, "A10, A43")
    red_digest: bool = _key(True, "A11")
    urge_scoring: str = _key("episode", "A12", "episode", "message")
    scoring: str = _key("cumulative", "A13", "cumulative", "highest")
    accountability_count: str = _key("matter", "A15", "matter", "unit_year")
    accountability_grace_hours: int = _key(0, "A16")
    rework_clock: str = _key("later_of", "A17", "later_of", "remaining", "next_workday_18")
    weekly_due: str = _key("thursday_24", "A20", "thursday_24", "thursday_18", "wednesday_24")
    weekly_remind: bool = _key(True, "A20")
    weekly_missed: str = _key("ladder", "A21", "ladder", "daily", "off")
    weekly_first: str = _key("next", "A22", "next", "same")
    weekly_holiday: str = _key("shift", "A23", "shift", "unchanged")
    monthly_remind: str = _key("once", "A24", "once", "daily")
    monthly_supervise: str = _key("third_0800", "A25", "third_0800", "third_0000")
    monthly_supervise_holiday: str = _key("unchanged", "A25", "unchanged", "shift")
    first_month: str = _key("half", "A27", "half", "same", "next")
    extension_cutoff: str = _key("end_of_day", "A29", "end_of_day", "exact")
    extension_headsup: bool = _key(False, "A29")
    extension_late: str = _key("override", "A30", "override", "refuse")
    extension_grace_hours: int = _key(0, "A31")
    graded_units: str = _key("lead", "A34", "lead", "all")
    score_base: int = _key(0, "A36", 0, 100)
    score_period: str = _key("year", "A36", "year", "quarter")
    head_notices: str = _key("all", "A37", "all", "sparse")
    posts_missing: str = _key("warn", "A39", "warn", "block")
    catch_up: str = _key("latest", "A43", "latest", "gap")
    catch_up_after_minutes: int = _key(15, "A43")
    first_urge_sms: bool = _key(False, "A44")
    reassign_clock: str = _key("restart", "A46", "restart", "keep")
    stalled_decision: bool = _key(True, "A50")
    digest_at: str = _key("08:30", "A61")
    pending_workdays: int = _key(3, "A61")
    look_back_days: int = _key(30, "A61")

    @property
    def quiet(self) -> tuple[timedelta, timedelta] | None:
        """Start and end of the quiet hours as offsets from midnight, None when notices go round the clock."""
        return _span(self.quiet_hours) if self.quiet_mode == "defer" else None

    @property
    def digest_time(self) -> timedelta:
        """When the digest goes out, as an offset from midnight (A61)."""
        return _time(self.digest_at)

    @property
    def gap(self) -> timedelta:
        """Rungs closer than this after a moved or caught-up notice merge with it (A10, A43)."""
        return timedelta(minutes=self.min_gap_minutes)


PRESETS: dict[str, dict[str, Any]] = {
    "literal": {},
    "common": {
        "quiet_mode": "defer",
        "head_notices": "sparse",
        "first_urge_sms": True,
        "monthly_supervise_holiday": "shift",
        "rework_clock": "next_workday_18",
    },
}
"""`literal` keeps to the source; `common` is what most offices choose (rules.md)."""


@lru_cache(maxsize=8)
def _time(text: str) -> timedelta:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise ValueError(f'rules.digest_at = "{text}": write it as "08:30"')
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


@lru_cache(maxsize=8)
def _span(text: str) -> tuple[timedelta, timedelta]:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise ValueError(f'rules.quiet_hours = "{text}": write it as "22:00-08:00"')
    hours = [int(part) for part in found.groups()]
    span = timedelta(hours=hours[0], minutes=hours[1]), timedelta(hours=hours[2], minutes=hours[3])
    if span[0] == span[1]:
        raise ValueError(f'rules.quiet_hours = "{text}": start and end are the same')
    return span


def parse(mapping: Mapping[str, Any]) -> Ruleset:
    """The ruleset of a `[rules]` table; `preset` names a starting point. ValueError names key and choices."""
    given = dict(mapping)
    preset = given.pop("preset", "literal")
    if preset not in PRESETS:
        raise ValueError(f"rules.preset = {preset!r}: choose one of {', '.join(PRESETS)}")
    known = {entry.name: entry for entry in fields(Ruleset)}
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"rules.{name}: no such key; `duban rules` lists them all")
        _check(name, value, known[name].default, known[name].metadata["choices"])
    if given.get("quiet_hours") and "quiet_mode" not in given:
        given["quiet_mode"] = "defer"
    if given.get("quiet_hours") == "":
        given |= {"quiet_mode": "off", "quiet_hours": "22:00-08:00"}
    ruleset = replace(Ruleset(), **{**PRESETS[preset], **given})
    _span(ruleset.quiet_hours)
    _time(ruleset.digest_at)
    return ruleset


def _check(name: str, value: Any, default: Any, choices: tuple[Any, ...]) -> None:
    if type(value) is not type(default):
        raise ValueError(f"rules.{name} = {value!r}: write {_kind(default)}")
    if choices and value not in choices:
        raise ValueError(f"rules.{name} = {value!r}: choose one of {', '.join(map(str, choices))}")
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= 10_000:
        raise ValueError(f"rules.{name} = {value}: write a number from 0 to 10000")


def _kind(default: Any) -> str:
    return {bool: "true or false", int: "a whole number", str: "a text in quotes"}[type(default)]


def to_mapping(ruleset: Ruleset) -> dict[str, Any]:
    """Every key with its value, as snapshotted into a matter."""
    return asdict(ruleset)


def explain(ruleset: Ruleset) -> list[tuple[str, Any, Any, str, tuple[Any, ...]]]:
    """(key, value, default, requirement, choices) of every key, in order."""
    return [
        (
            entry.name,
            getattr(ruleset, entry.name),
            entry.default,
            entry.metadata["source"],
            entry.metadata["choices"],
        )
        for entry in fields(Ruleset)
    ]
