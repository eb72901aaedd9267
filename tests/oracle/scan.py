"""The independent oracle: walks a scenario instant by instant and asks what the rules say is due.

It shares no code with the program under test. Slow, without a queue of planned notices: at every instant the
inputs of that instant come first, then what goes out (A5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.oracle import days, due, inbound, outbound, plan, points
from tests.oracle.days import HOUR
from tests.oracle.model import Matter


def run(scenario: dict[str, Any], *, step_minutes: int = 30) -> dict[str, Any]:
    """What `duban simulate --json` prints for this scenario.

    step_minutes: the grid within the hour that is looked at, besides the minutes of the inputs and of the quiet
    hours. All rungs lie whole hours from an input or at :00 and :30, so 30 misses nothing that 1 would find.
    """
    matter = Matter(scenario.get("config", {}))
    until = days.instant(scenario["until"])
    given = sorted(((days.instant(one["at"]), one) for one in scenario["inputs"]), key=lambda pair: pair[0])
    given = [pair for pair in given if pair[0] <= until]
    if given:
        for now in _instants(matter, [moment for moment, _ in given], until, step_minutes):
            _mark_late(matter, now)
            plan.open_periods(matter, now)
            while given and given[0][0] <= now:
                inbound.apply(matter, given.pop(0)[1], now)
                points.forgive(matter)
            outbound.send(matter, now)
    _mark_late(matter, until)
    return {
        "notices": matter.notices,
        "deadlines": {one.name: one.due.isoformat() for one in matter.owed},
        "score": points.score(matter),
    }


def _instants(matter: Matter, inputs: list[datetime], until: datetime, step: int) -> Iterator[datetime]:
    offsets = {timedelta(minutes=minute) for minute in range(0, 60, step)}
    offsets |= {timedelta(minutes=one.minute, seconds=one.second) for one in inputs}
    for edge in due.quiet(matter.config) or ():
        offsets |= {timedelta(minutes=edge.minute), timedelta(minutes=(edge.minute + 30) % 60)}
    hour = inputs[0].replace(minute=0, second=0)
    while hour <= until:
        for offset in sorted(offsets):
            if inputs[0] <= hour + offset <= until:
                yield hour + offset
        hour += HOUR


def _mark_late(matter: Matter, now: datetime) -> None:
    """Overdue counts from the first instant after the deadline (A87), never while suspended or in review."""
    for one in matter.owed:
        if one.state == "open" and one.due < now:
            one.episode.late = True
