"""One scenario for each choice of the ruleset that a matter's dates, notices or points show (issue 4 item 8).

A row says what is so with the choice and what by default; `tests/rules/test_options.py` plays it through the rules,
`tests/life/test_options.py` through the running bot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]
YEAR = "2026"


@dataclass(frozen=True)
class Row:
    """`key` = `choice`, with `also` other keys that it needs; `seen` what to look at in the outcome: D of an
    obligation, `remind N1` and other kinds as the instants at which they went out, `score`, `refused`."""

    key: str
    choice: Any
    inputs: Sequence[Event]
    until: str
    seen: Mapping[str, Any]
    default: Mapping[str, Any]
    also: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.key}={self.choice}".replace(":", "")

    def scenario(self, *, chosen: bool = True) -> dict[str, Any]:
        """As `duban simulate` reads it; not `chosen`: by the key's default."""
        config = {**self.also, self.key: self.choice} if chosen else dict(self.also)
        return {
            "config": config,
            "inputs": [{**each, "at": at(each["at"])} for each in self.inputs],
            "until": at(self.until),
        }


def at(text: str) -> str:
    """03-02 09:00 → that instant of 2026 in Shanghai; a year may stand before it."""
    day, clock = text.split()
    return f"{day if len(day) > 5 else f'{YEAR}-{day}'}T{clock}:00+08:00"


def general(when: str = "03-02 09:00", **rest: Any) -> Event:
    return {"at": when, "event": "initiate", "category": "general", **rest}


def major(when: str = "03-02 09:00", **rest: Any) -> Event:
    return {"at": when, "event": "initiate", "category": "major", **rest}


def monthly(when: str = "03-02 09:00") -> Event:
    return {"at": when, "event": "initiate", "category": "monthly"}


def feedback(when: str, node: str) -> Event:
    return {"at": when, "event": "feedback", "node": node}


def event(when: str, name: str, **rest: Any) -> Event:
    return {"at": when, "event": name, **rest}


ANSWERED = [feedback("03-02 10:00", "N1"), feedback("03-02 11:00", "N7")]
FOLLOWED = [
    *ANSWERED,
    event("03-25 09:00", "apply_extension", plan_until="2026-12-31"),
    event("03-31 09:00", "approve_extension"),
]
APPLIED = [*ANSWERED, event("03-10 09:00", "apply_completion")]
NIGHT = ["03-03 12:00", "03-03 15:00", "03-03 18:00", "03-03 21:00"]
THREE_HOURLY = [*NIGHT, "03-04 00:00", "03-04 03:00", "03-04 06:00", "03-04 09:00"]
WEEK_LADDER = [f"04-10 {hour:02}:00" for hour in range(3, 24, 3)] + [f"04-11 {hour:02}:00" for hour in range(0, 24, 2)]

ROWS = [
    Row(
        "accountability_count",
        "unit_year",
        [general("12-27 09:00")],
        "2027-01-05 09:00",
        {
            "supervise N1": ["12-30 09:00"],
            "supervise N3": ["2027-01-01 09:00"],
            "supervise N7": ["2027-01-05 09:00"],
            "proposal": ["2027-01-05 09:00"],
        },
        {
            "supervise N1": ["12-30 09:00"],
            "supervise N3": ["2027-01-01 09:00"],
            "supervise N7": ["2027-01-05 09:00"],
            "proposal": ["2027-01-01 09:00"],
        },
    ),
    Row(
        "clock_start",
        "delivery",
        [general(), event("03-02 08:00", "scheduler_down"), event("03-02 12:00", "scheduler_up")],
        "03-03 13:00",
        {"N1": "03-03 12:00", "N3": "03-05 12:00"},
        {"N1": "03-03 09:00", "N3": "03-05 09:00"},
    ),
    Row(
        "clock_start",
        "acceptance",
        [general(), event("03-02 15:00", "accept_task")],
        "03-03 16:00",
        {"N1": "03-03 15:00", "NM": "04-02 15:00"},
        {"N1": "03-03 09:00", "NM": "04-02 09:00"},
    ),
    Row(
        "one",
        "end_of_day",
        [general()],
        "03-03 03:00",
        {"N1": "03-03 00:00", "urge N1": ["03-03 03:00"]},
        {"N1": "03-03 09:00", "urge N1": []},
    ),
    Row(
        "one",
        "end_of_next_day",
        [general()],
        "03-04 03:00",
        {"N1": "03-04 00:00", "urge N1": ["03-04 03:00"]},
        {"N1": "03-03 09:00", "urge N1": [*NIGHT, "03-04 00:00", "03-04 03:00"]},
    ),
    Row(
        "calendar",
        "workday",
        [general("03-05 09:00")],
        "03-05 10:00",
        {"N1": "03-06 09:00", "N3": "03-10 09:00", "N7": "03-16 09:00"},
        {"N1": "03-06 09:00", "N3": "03-08 09:00", "N7": "03-12 09:00"},
    ),
    Row(
        "round_days",
        "end_of_day",
        [general()],
        "03-02 10:00",
        {"N1": "03-03 09:00", "N3": "03-06 00:00", "NM": "04-03 00:00"},
        {"N1": "03-03 09:00", "N3": "03-05 09:00", "NM": "04-02 09:00"},
    ),
    Row("month", "30d", [major()], "03-02 10:00", {"NM": "04-01 09:00"}, {"NM": "04-02 09:00"}),
    Row(
        "month_backstop",
        False,
        [general(), *ANSWERED],
        "03-31 10:00",
        {"NM": None, "remind NM": []},
        {"NM": "04-02 09:00", "remind NM": ["03-31 09:00"]},
    ),
    Row(
        "n7_needs",
        "completion",
        [general(), *ANSWERED],
        "03-09 12:00",
        {"urge N7": ["03-09 12:00"], "score": "-0.2"},
        {"urge N7": [], "score": "0.0"},
    ),
    Row(
        "nm_met_by",
        "feedback",
        [major(), *ANSWERED, feedback("03-20 09:00", "NM")],
        "04-02 12:00",
        {"remind NM": [], "urge NM": [], "score": "0.0"},
        {"remind NM": ["03-31 09:00"], "urge NM": ["04-02 12:00"], "score": "-0.2"},
    ),
    Row(
        "late_settles_earlier",
        False,
        [general(), feedback("03-03 10:00", "N3")],
        "03-03 12:00",
        {"urge N1": ["03-03 12:00"], "score": "-0.2"},
        {"urge N1": [], "score": "-0.1"},
    ),
    Row(
        "urge_first",
        "at_deadline",
        [general()],
        "03-03 12:00",
        {"urge N1": ["03-03 09:00", "03-03 12:00"]},
        {"urge N1": ["03-03 12:00"]},
    ),
    Row(
        "quiet_hours",
        "21:00-07:00",
        [general()],
        "03-04 07:00",
        {"remind N1": ["03-02 20:30"], "urge N1": [*NIGHT[:3], "03-04 07:00"]},
        {"remind N1": ["03-02 21:30"], "urge N1": NIGHT},
        also={"quiet_mode": "defer"},
    ),
    Row(
        "quiet_mode",
        "defer",
        [general()],
        "03-04 08:00",
        {"remind N1": ["03-02 21:30"], "urge N1": [*NIGHT, "03-04 08:00"]},
        {"remind N1": ["03-03 04:00"], "urge N1": [*NIGHT, "03-04 00:00", "03-04 03:00", "03-04 06:00"]},
    ),
    Row(
        "min_gap_minutes",
        0,
        [general()],
        "03-04 09:00",
        {"urge N1": [*NIGHT, "03-04 08:00", "03-04 09:00"]},
        {"urge N1": [*NIGHT, "03-04 08:00"]},
        also={"quiet_mode": "defer"},
    ),
    Row("urge_scoring", "message", [general()], "03-03 15:00", {"score": "-0.3"}, {"score": "-0.2"}),
    Row("scoring", "highest", [general()], "03-05 09:00", {"score": "-0.5"}, {"score": "-0.7"}),
    Row(
        "accountability_grace_hours",
        5,
        [general()],
        "03-07 14:00",
        {"proposal": ["03-07 14:00"]},
        {"proposal": ["03-07 09:00"]},
    ),
    Row(
        "rework_clock",
        "remaining",
        [major(), *APPLIED, event("03-12 10:00", "return")],
        "03-12 11:00",
        {"REWORK": "04-04 10:00"},
        {"REWORK": "04-02 09:00"},
    ),
    Row(
        "rework_clock",
        "next_workday_18",
        [major(), *APPLIED, event("03-13 10:00", "return")],
        "03-13 11:00",
        {"REWORK": "03-16 18:00"},
        {"REWORK": "04-02 09:00"},
    ),
    Row(
        "weekly_due",
        "thursday_18",
        [major(), *FOLLOWED],
        "04-09 21:00",
        {"W2026-04-09": "04-09 18:00", "urge W2026-04-09": ["04-09 21:00"]},
        {"W2026-04-09": "04-10 00:00", "urge W2026-04-09": []},
    ),
    Row(
        "weekly_due",
        "wednesday_24",
        [major(), *FOLLOWED],
        "04-09 03:00",
        {"W2026-04-09": "04-09 00:00", "urge W2026-04-09": ["04-09 03:00"]},
        {"W2026-04-09": "04-10 00:00", "urge W2026-04-09": []},
    ),
    Row(
        "weekly_remind",
        False,
        [major(), *FOLLOWED],
        "04-08 09:00",
        {"remind W2026-04-09": []},
        {"remind W2026-04-09": ["04-08 09:00"]},
    ),
    Row(
        "weekly_missed",
        "daily",
        [major(), *FOLLOWED],
        "04-12 00:00",
        {"urge W2026-04-09": ["04-10 09:00", "04-11 09:00"], "supervise W2026-04-09": ["04-12 00:00"], "score": "-0.7"},
        {"urge W2026-04-09": WEEK_LADDER, "supervise W2026-04-09": ["04-12 00:00"], "score": "-0.7"},
    ),
    Row(
        "weekly_missed",
        "off",
        [major(), *FOLLOWED],
        "04-12 00:00",
        {"urge W2026-04-09": [], "supervise W2026-04-09": [], "score": "-0.1"},
        {"supervise W2026-04-09": ["04-12 00:00"], "score": "-0.7"},
    ),
    Row(
        "weekly_first",
        "same",
        [major(), *FOLLOWED],
        "04-01 09:00",
        {"W2026-04-02": "04-03 00:00", "remind W2026-04-02": ["04-01 09:00"]},
        {"W2026-04-02": None},
    ),
    Row(
        "weekly_holiday",
        "unchanged",
        [
            major("09-01 09:00"),
            feedback("09-01 10:00", "N7"),
            event("09-22 09:00", "apply_extension", plan_until="2026-12-31"),
            event("09-24 09:00", "approve_extension"),
        ],
        "10-01 12:00",
        {"W2026-10-01": "10-02 00:00", "remind W2026-10-01": ["09-30 09:00"]},
        {"W2026-10-01": "10-09 00:00", "remind W2026-10-01": ["09-30 09:00"]},
    ),
    Row(
        "monthly_remind",
        "daily",
        [monthly(), feedback("03-02 10:00", "N1")],
        "03-31 08:00",
        {"remind M2026-03": ["03-29 08:00", "03-30 08:00", "03-31 08:00"]},
        {"remind M2026-03": ["03-29 08:00"]},
    ),
    Row(
        "monthly_supervise",
        "third_0000",
        [monthly(), feedback("03-02 10:00", "N1")],
        "04-03 08:00",
        {"supervise M2026-03": ["04-03 00:00"]},
        {"supervise M2026-03": ["04-03 08:00"]},
    ),
    Row(
        "monthly_supervise_holiday",
        "shift",
        [monthly("09-01 09:00"), feedback("09-01 10:00", "N1")],
        "10-08 08:00",
        {"supervise M2026-09": ["10-08 08:00"]},
        {"supervise M2026-09": ["10-03 08:00"]},
    ),
    Row(
        "first_month", "same", [monthly("03-20 09:00")], "03-20 10:00", {"M2026-03": "04-01 00:00"}, {"M2026-03": None}
    ),
    Row(
        "first_month",
        "next",
        [monthly()],
        "04-01 00:00",
        {"M2026-03": None, "M2026-04": "05-01 00:00"},
        {"M2026-03": "04-01 00:00"},
    ),
    Row(
        "extension_cutoff",
        "exact",
        [major(), *ANSWERED, event("03-31 10:00", "apply_extension", plan_until="2026-12-31")],
        "04-02 12:00",
        {"urge NM": ["04-02 12:00"], "refused": ["extension_too_late"]},
        {"urge NM": [], "refused": []},
    ),
    Row(
        "extension_headsup",
        True,
        [major(), *ANSWERED],
        "03-31 09:00",
        {"remind NM": ["03-30 09:00", "03-31 09:00"]},
        {"remind NM": ["03-31 09:00"]},
    ),
    Row(
        "extension_grace_hours",
        12,
        [
            major(),
            *ANSWERED,
            event("03-25 09:00", "apply_extension", plan_until="2026-12-31"),
            event("04-02 10:00", "reject_extension"),
        ],
        "04-02 11:00",
        {"NM": "04-03 22:00"},
        {"NM": "04-03 10:00"},
    ),
    Row(
        "catch_up",
        "gap",
        [general(), event("03-03 11:00", "scheduler_down"), event("03-03 16:00", "scheduler_up")],
        "03-03 18:00",
        {"urge N1": ["03-03 18:00"]},
        {"urge N1": ["03-03 16:00", "03-03 18:00"]},
    ),
    Row(
        "catch_up_after_minutes",
        60,
        [general(), event("03-04 10:30", "scheduler_down"), event("03-04 11:40", "scheduler_up")],
        "03-04 15:00",
        {"urge N1": [*THREE_HOURLY, "03-04 11:40", "03-04 13:00", "03-04 15:00"]},
        {"urge N1": [*THREE_HOURLY, "03-04 11:40", "03-04 15:00"]},
    ),
]
