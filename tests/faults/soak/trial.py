"""One database, one crew, one month: the faults, and the report's rows."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.faults.soak import mutants, play, script
from tests.faults.soak.crew import Arms
from tests.faults.soak.play import Disaster, Play
from tests.faults.soak.script import Case
from tests.faults.soak.store import Server
from tests.faults.soak.tally import Row, Tally
from tests.faults.soak.upgrade import upgrade
from tests.faults.soak.yard import TREE, Yard

POINTS = ("planning", "planned", "claimed", "written", "sent", "answered")
FROZEN = "claimed:freeze"
AGAIN = 30
"""Hits under which a mutant is looked at: it must show itself in one of them."""
ENOUGH = 8
"""Hits of each point in a whole month."""
_BURST = "many messages to one member at once"
LIMIT = 30
"""Messages a minute to one member (wecom.md §2)."""


@dataclass(frozen=True)
class Plan:
    """What is played and what strikes: each point `least` times; a burst and an upgrade or not."""

    cases: Sequence[Case]
    until: datetime
    least: int
    points: Sequence[str] = POINTS
    calm_until: datetime | None = None
    deaths: int = 0
    burst: int = 0
    disasters: int = 0
    seed: int = 13710

    def still(self) -> datetime:
        """The first hour after a day with nine hours behind it in which nobody acts: time for an upgrade."""
        acts = [datetime.fromisoformat(one["at"]) for each in self.cases for one in each.inputs]
        at = script.MONDAY + timedelta(hours=25.5)
        while any(at <= act <= at + timedelta(hours=9) for act in acts):
            at += timedelta(hours=1)
        return at

    def given(self, before: datetime, after: datetime) -> list[Case]:
        """The cases with what happens from `before` on and until `after` comes."""
        span = (before.isoformat(), after.isoformat())
        cut = [[one for one in each.inputs if span[0] <= one["at"] < span[1]] for each in self.cases]
        return [Case(each.title, each.unit, inputs) for each, inputs in zip(self.cases, cut, strict=True)]


@dataclass
class Result:
    """The rows, how often each fail-point was hit, and the first of what is wrong."""

    rows: list[Row]
    fired: Counter[str]
    wrong: list[str]
    most_a_minute: int = 0

    @property
    def lost(self) -> int:
        return sum(row.lost for row in self.rows)

    @property
    def doubled(self) -> int:
        return sum(row.doubled for row in self.rows)


def quick(*, deaths: int, seed: int = 13710) -> Plan:
    """A day and a half of two matters, each point once; an upgrade in the middle when there are `deaths` in it."""
    cases = [
        script.case("ignored", script.MONDAY, "不理事项", "水资源处"),
        script.case("prompt", script.MONDAY + timedelta(minutes=3), "按时事项", "水资源处"),
    ]
    until = script.MONDAY + timedelta(hours=33)
    return Plan(cases, until, 1, deaths=deaths, burst=40, disasters=1, seed=seed)


def convicting(name: str, seed: int = 13710) -> Plan:
    """A matter that nobody answers, and between its hours the fault that brings the mutant to light."""
    cases, chosen = [script.case("ignored", script.MONDAY, "不理事项", "水资源处")], mutants.MUTANTS[name]
    calm, until = (script.MONDAY + timedelta(hours=each) for each in chosen.hours)
    return Plan(cases, until, AGAIN, points=chosen.points, calm_until=calm, seed=seed)


def whole(seed: int = 13710) -> Plan:
    """A month and three days of fourteen matters, each point ten times."""
    until = script.MONDAY + timedelta(days=33, hours=3)
    return Plan(script.month(seed, 2), until, 10, deaths=8, burst=60, disasters=10, seed=seed)


async def run(plan: Plan, url: str, *, server: Server | None = None, tree: Path = TREE) -> Result:
    """Play the plan on an empty database; `server` is one that may be restarted."""
    kind = "sqlite" if url.startswith("sqlite") else "postgres"
    points = [*plan.points, *([FROZEN] if kind == "postgres" and plan.points is POINTS else [])]
    arms = Arms(points, plan.least, plan.seed, rest=plan.calm_until is not None)
    with tempfile.TemporaryDirectory(prefix="duban-soak-") as name:
        folder = Path(name)
        raised = play.raised(folder, url, arms, replicas=1 if kind == "sqlite" else 2, tree=tree)
        async with _newer(folder, wanted=bool(plan.deaths)) as later, raised as told:
            told.disasters = _disasters(told, plan.disasters, server)
            await _played(plan, told, later)
            return await _result(plan, told, kind)


@contextlib.asynccontextmanager
async def _newer(folder: Path, *, wanted: bool) -> AsyncIterator[Yard | None]:
    """Processes of a later version."""
    if not wanted:
        yield None
        return
    yard = Yard(mutants.newer(folder / "newer"))
    await yard.open()
    try:
        yield yard
    finally:
        await yard.close()


async def _played(plan: Plan, told: Play, later: Yard | None) -> None:
    if plan.calm_until:
        await _calm(plan, told, plan.calm_until)
    elif later is None:
        await told.month(plan.given(script.MONDAY, plan.until), plan.until)
    else:
        await _upgraded(plan, told, later)


async def _calm(plan: Plan, told: Play, until: datetime) -> None:
    """Nothing strikes before `until`."""
    await told.month(plan.given(script.MONDAY, until), until)
    told.crew.arms.rest = False
    for name in [*told.crew.replicas]:
        await told.crew.kill(name)
    await told.month(plan.given(until, plan.until), plan.until)


async def _upgraded(plan: Plan, told: Play, later: Yard) -> None:
    half = plan.still()
    await told.month(plan.given(script.MONDAY, half), half)
    await upgrade(told, later, plan.deaths, lambda: told.say("张三", "待办"))
    await told.month(plan.given(half, plan.until), plan.until)


async def _result(plan: Plan, told: Play, kind: str) -> Result:
    tally = await Tally(told).read()
    rows = tally.rows(plan.cases, plan.until, kind)
    rows += [tally.rest(kind), await tally.answers(kind)]
    burst = await told.burst("郑强", plan.burst) if plan.burst else None
    if burst:
        missing, twice = max(burst.wanted - burst.after, 0), max(burst.after - burst.wanted, 0)
        rows.append(Row(_BURST, kind, 1, burst.wanted, burst.before, burst.after, missing, twice))
    wrong = [*tally.wrong(plan.cases, plan.until), *await told.altered()]
    return Result(rows, told.crew.arms.fired, wrong, burst.most if burst else 0)


def _disasters(told: Play, count: int, server: Server | None) -> dict[int, tuple[str, Disaster]]:
    """What strikes the database, at steps and while somebody speaks, in turn."""
    kinds: list[tuple[str, Disaster]] = [("database locked", _locked(told))]
    if told.store.kind == "postgres":
        kinds = [("connections cut", told.store.cut)]
    if server:
        kinds.append(("server restarted", lambda: server.restart("fast")))
        kinds.append(("server crashed", lambda: server.restart("immediate")))
    found = {}
    for number in range(count * len(kinds)):
        found[4 + 13 * number] = kinds[number % len(kinds)]
        found[-2 - 7 * number] = kinds[number % len(kinds)]
    return found


def _locked(told: Play) -> Disaster:
    """Another program holds SQLite's write lock, a backup for example."""

    async def strike() -> None:
        with contextlib.closing(sqlite3.connect(told.store.url.removeprefix("sqlite://"), timeout=10)) as base:
            base.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0.3)
            base.execute("ROLLBACK")

    return strike
