"""A month of matters by script: what people do, and what each person must hear, by the oracle alone (A37, A44)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tests.oracle import scan

MONDAY = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
UNITS = {
    "水资源处": {"head": "赵刚", "a": "张三", "b": "李四", "handler": "陈晨", "leader": "吴敏"},
    "河湖管理处": {"head": "孙丽", "a": "钱进", "b": "何平", "handler": "林涛", "leader": "吴敏"},
}
OFFICE = "王芳"
CATEGORIES = {"general": "一般", "major": "重大", "monthly": "月报"}

Told = tuple[str, str, str, int, datetime, str, str]
"""Title, kind, obligation, number of the urge, instant, person, lane."""


class Act(NamedTuple):
    """Hours after T, and what is done then."""

    hours: float
    what: dict[str, Any]


def answer(node: str) -> dict[str, Any]:
    return {"event": "feedback", "node": node}


def done(what: str, **more: Any) -> dict[str, Any]:
    return {"event": what, **more}


STORIES: dict[str, tuple[str, list[Act]]] = {
    "ignored": ("general", []),
    "prompt": (
        "general",
        [
            Act(4, answer("N1")),
            Act(6, done("assign")),
            Act(50, answer("N3")),
            Act(140, answer("N7")),
            Act(163, done("apply_completion")),
            Act(211, done("accept", grade="good")),
        ],
    ),
    "late": (
        "general",
        [
            Act(5, done("assign")),
            Act(35, answer("N1")),
            Act(97, answer("N3")),
            Act(192, done("apply_completion")),
            Act(214, done("return")),
            Act(243, done("apply_completion")),
            Act(267, done("accept", grade="excellent")),
        ],
    ),
    "returned": (
        "major",
        [
            Act(3, answer("N1")),
            Act(41, answer("N3")),
            Act(45, done("return")),
            Act(72, answer("N3")),
            Act(120, answer("N7")),
            Act(340, done("apply_completion")),
            Act(360, done("return", kind="not_done")),
        ],
    ),
    "extended": (
        "major",
        [
            Act(8, answer("N1")),
            Act(100, answer("N7")),
            Act(580, done("apply_extension", plan_until="2026-05-29")),
            Act(605, done("approve_extension")),
        ],
    ),
    "refused": (
        "major",
        [
            Act(30, answer("N7")),
            Act(560, done("apply_extension", plan_until="2026-05-29")),
            Act(584, done("reject_extension")),
        ],
    ),
    "monthly": ("monthly", [Act(29, answer("N1"))]),
}


@dataclass(frozen=True)
class Case:
    """One matter: its title, its unit, what happens to it."""

    title: str
    unit: str
    inputs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def start(self) -> datetime:
        """T."""
        return datetime.fromisoformat(self.inputs[0]["at"])

    def expected(self, until: datetime) -> Iterator[Told]:
        """Who must hear what, by when."""
        told = [each for each in self.inputs if each["event"] != "assign"]
        found = scan.run({"config": {}, "until": until.isoformat(), "inputs": told})
        for each in found["notices"]:
            at = datetime.fromisoformat(each["at"])
            for person, lane in self._told(each["kind"], at):
                yield self.title, each["kind"], each["obligation"], each.get("seq", 0), at, person, lane

    def _told(self, kind: str, at: datetime) -> Iterator[tuple[str, str]]:
        """Person and lane: the unit by role, before assignment the handler is A; one person in several roles once."""
        seats = UNITS[self.unit]
        assigned = any(each["event"] == "assign" and datetime.fromisoformat(each["at"]) <= at for each in self.inputs)
        handler = seats["handler"] if assigned else seats["a"]
        unit = [handler, seats["a"], seats["b"], seats["head"]]
        cards = {
            "initiate": [seats["head"], seats["a"], seats["b"]],
            "remind": unit[:2],
            "urge": unit,
            "supervise": [*unit, seats["leader"], OFFICE],
            "accountability_proposal": [OFFICE],
        }[kind]
        texts = {"initiate": [seats["head"], seats["a"]], "supervise": unit}.get(kind, [])
        for person in dict.fromkeys(cards):
            yield person, "chat"
        for person in dict.fromkeys(texts):
            yield person, "sms"


def month(seed: int, rounds: int) -> list[Case]:
    """Every story so many times, T in the first four days, units in turn."""
    dice = random.Random(seed)
    cases = []
    for number in range(rounds):
        for place, name in enumerate(STORIES):
            start = MONDAY + timedelta(days=dice.randrange(4), hours=dice.randrange(6), minutes=dice.randrange(10))
            cases.append(case(name, start, f"事项{name}{number}", list(UNITS)[(place + number) % 2]))
    return cases


def case(name: str, start: datetime, title: str, unit: str) -> Case:
    """A story from T on; each act at a minute of the hour that no rung of this matter shares with another act."""
    category, acts = STORIES[name]
    inputs = [{"at": start.isoformat(), "event": "initiate", "category": category}]
    for number, act in enumerate(acts, 1):
        at = start + timedelta(hours=act.hours, minutes=7 * number)
        inputs.append({"at": at.isoformat(), **act.what})
    return Case(title, unit, inputs)
