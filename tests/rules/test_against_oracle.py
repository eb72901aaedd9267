"""Any life a matter can have goes the same way through the rules and through the independent scan."""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, example, given, settings

from bot import workdays
from bot.rules import ruleset, simulate
from tests.oracle import scan
from tests.rules import lives

LONG = os.environ.get("DUBAN_LONG") == "1"
BOUNDED = settings(
    max_examples=5000 if LONG else 200,
    deadline=None,
    derandomize=not LONG,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def by_instant(notices: list[dict[str, Any]], *, numbered: bool = True) -> dict[str, set[tuple[str, str, int]]]:
    """What leaves at each instant, in no order; the same notice twice at one instant is a mistake by itself."""
    found: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    for one in notices:
        entry = (one["obligation"], one["kind"], one.get("seq", 0) if numbered else 0)
        assert entry not in found[one["at"]], one
        found[one["at"]].add(entry)
    return dict(found)


def options(config: dict[str, Any]) -> ruleset.Ruleset:
    """The scenario's config as a ruleset; A6 names one option for the back-stop and what N7 needs."""
    needs = {} if config.get("month_backstop", True) else {"n7_needs": "completion"}
    return ruleset.parse({**config, **needs})


BELATED: dict[str, Any] = {
    "config": {},
    "inputs": [
        {"at": "2026-03-10T09:00:00+08:00", "event": "initiate", "category": "general", "deadline": "2026-03-09"}
    ],
    "until": "2026-03-14T09:00:00+08:00",
}
"""The approval took longer than the source allowed (A45)."""


@example(BELATED)
@given(lives.scenarios())
@BOUNDED
def test_the_rules_and_the_scan_agree(scenario: dict[str, Any]) -> None:
    got = simulate.run(scenario, options(scenario["config"]), workdays.calendar())
    want = scan.run(scenario)
    # an outage that ends at night: whether the morning's notice is numbered as caught up or as merged is left open
    both = "quiet_hours" in scenario["config"] and any(one["event"] == "scheduler_up" for one in scenario["inputs"])
    assert by_instant(got["notices"], numbered=not both) == by_instant(want["notices"], numbered=not both)
    assert got["deadlines"] == want["deadlines"]
    compare(scenario["config"], got["score"], want["score"])


def compare(config: dict[str, Any], got: dict[str, Any], want: dict[str, Any]) -> None:
    """The score; `highest` may name either of two that cost the same, and says nothing of urges each on their own."""
    if config.get("scoring") != "highest":
        assert got == want
    elif config.get("urge_scoring") != "message":
        assert got["total"] == want["total"]
