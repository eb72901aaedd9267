"""`python -m tests.faults.soak [--quick]`: the month and the weathers on both databases, then the mutants; exit 1 when
a promise breaks.

`--quick` plays a day and a half and writes no report. DUBAN_TEST_DSN names a PostgreSQL server; its sessions are cut,
but only one started from the wheel is restarted.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot import clock
from tests.faults import fire
from tests.faults.soak import mutants, report, store, trial, upgrade, weather
from tests.faults.soak.store import Server
from tests.faults.soak.tally import Row
from tests.faults.soak.trial import Plan, Result


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak")
    parser.add_argument("--quick", action="store_true", help="a day and a half, no report")
    parser.add_argument("--seed", type=int, default=13710)
    sys.exit(asyncio.run(_all(**vars(parser.parse_args()))))


async def _all(quick: bool, seed: int) -> int:
    plan = trial.quick(deaths=1, seed=seed) if quick else trial.whole(seed)
    started, results, weathers, convicted = clock.monotonic(), {}, {}, {}
    for kind in ("sqlite", "postgres"):
        results[kind] = await _on(kind, plan)
        weathers[kind] = [] if quick else await _weathers(kind)
        rows = [*results[kind].rows, *weathers[kind]]
        print(f"{kind}: {clock.monotonic() - started:.0f} s\n{report.table(rows)}", flush=True)
    for name, kind in (("results without fencing", "postgres"), *((APART, each) for each in results)):
        with tempfile.TemporaryDirectory() as folder:
            tree = mutants.mutated(name, Path(folder) / "tree")
            convicted[name, kind] = await _on(kind, trial.convicting(name, seed), tree)
        print(f"{name} on {kind}: {report.table(convicted[name, kind].rows)}", flush=True)
    problems = [*_broken(results, plan.least), *_wet(weathers), *_acquitted(convicted)]
    about = {"days": 33, "matters": len(plan.cases), "burst": plan.burst}
    if not quick:
        report.write(results, weathers, convicted, {**about, "seconds": round(clock.monotonic() - started)})
    print("\n".join(problems) or "every promise held")
    return 1 if problems else 0


APART = "cursor and outbox committed apart"


async def _on(kind: str, plan: Plan, tree: Path = trial.TREE) -> Result:
    with tempfile.TemporaryDirectory(prefix="duban-soak-") as folder:
        if kind == "sqlite":
            return await trial.run(plan, store.file(Path(folder)), tree=tree)
        async with _postgres() as (server, url):
            return await trial.run(plan, url, server=server, tree=tree)


async def _weathers(kind: str) -> list[Row]:
    """The platform's faults, the clocks' and the disks'. What the bot logs of them goes nowhere."""
    os.environ["PATH"] = fire.tools()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if kind == "sqlite":
        return await weather.every(kind, "")
    async with _postgres() as (server, url):
        return await weather.every(kind, server.url if server else url)


@asynccontextmanager
async def _postgres() -> AsyncIterator[tuple[Server | None, str]]:
    server = None if store.given() else Server()
    try:
        async with store.database(server.url if server else store.given()) as url:
            yield server, url
    finally:
        if server:
            server.close()


def _broken(results: dict[str, Result], least: int) -> list[str]:
    """Promises that did not hold, and fail-points that were not hit as often as wanted."""
    found = []
    for kind, result in results.items():
        found += [f"{kind}: {line}" for line in result.wrong]
        found += [f"{kind}: lost {result.lost}, doubled {result.doubled}"] * bool(result.lost + result.doubled)
        wanted = [*trial.POINTS, upgrade.POINT, *([trial.FROZEN] if kind == "postgres" else [])]
        fewer = min(least, trial.ENOUGH)
        found += [f"{kind}: {each} hit {result.fired[each]} times" for each in wanted if result.fired[each] < fewer]
        if result.most_a_minute > trial.LIMIT:
            found.append(f"{kind}: {result.most_a_minute} messages to one member in a minute")
    return found


def _wet(weathers: dict[str, list[Row]]) -> list[str]:
    """Faults through which something was lost or doubled, or that did not strike at all."""
    found = []
    for kind, rows in weathers.items():
        for row in rows:
            found += [f"{kind}: {row.fault}: lost {row.lost}, doubled {row.doubled}"] * bool(row.lost + row.doubled)
            found += [f"{kind}: {row.fault} did not strike"] * (not row.injected)
    return found


def _acquitted(convicted: dict[tuple[str, str], Result]) -> list[str]:
    return [f"{name} on {kind} was not seen" for (name, kind), one in convicted.items() if not one.lost + one.doubled]


if __name__ == "__main__":
    main()
