"""The table of jobs: the tick, the heartbeat, the sweep of replies nobody took. The rows are the schedule (ADR 1)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.engine import alarm, due, heartbeat, outbox
from bot.engine.lanes import Lanes
from models import replies
from models.obligation import Obligation

UNANSWERED = timedelta(seconds=20)
"""The platform calls three times within 15 s; a reply nobody took by then is pushed (data.md)."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Engine:
    """Plans and sends. `tick` seconds (wall) between looks; `batch` obligations and deliveries at once."""

    lanes: Lanes
    tick: float = 5.0
    batch: int = 500
    workers: int = 8
    _turning: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def turn(self, now: datetime) -> int:
        """Plan and send what is due at `now` (business), once; how many rows were moved."""
        async with self._turning:
            planned = await due.advance(now, self.batch)
            return planned + await outbox.send(now, self.lanes, limit=self.batch, workers=self.workers)

    async def drain(self) -> int:
        """Turn until nothing is due any more; what waits for a retry or a rate limit stays."""
        total = 0
        while moved := await self.turn(clock.now()):
            total += moved
        return total

    async def safely(self) -> bool:
        """One drain; a failure is logged, and False: the next tick tries again."""
        try:
            await self.drain()
        except Exception:
            _log.exception("tick_failed")
            return False
        return True

    async def watch(self) -> None:
        """Turn at the very instant the next notice falls due, and when a committed change or the clock rings."""
        well = True
        while True:
            await alarm.wait(await self._pause() if well else self.tick)
            well = await self.safely()

    async def _pause(self) -> float:
        """Wall seconds to the next notice, `tick` at the most: accelerated time comes sooner."""
        try:
            first = await Obligation.first_due_at()
        except Exception:
            _log.exception("tick_failed")
            return self.tick
        return min(clock.seconds_until(first), self.tick) if first else self.tick


async def sweep() -> None:
    """Push replies that no callback took with it."""
    await replies.push_overdue(clock.wall() - UNANSWERED, clock.now())


async def beat() -> None:
    """One heartbeat."""
    await heartbeat.beat(clock.now(), clock.wall())


@contextlib.asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[Engine]:
    """Run the jobs until the block ends; the job store is memory, nothing is lost with it."""
    await beat()
    jobs = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    jobs.add_job(engine.safely, "interval", seconds=engine.tick, id="tick")
    jobs.add_job(beat, "interval", seconds=heartbeat.EVERY, id="heartbeat")
    jobs.add_job(sweep, "interval", seconds=UNANSWERED.total_seconds(), id="replies")
    jobs.start()
    watcher = asyncio.create_task(engine.watch())
    unwatch = clock.watch(alarm.ring)
    alarm.ring()
    try:
        yield engine
    finally:
        unwatch()
        jobs.shutdown(wait=False)
        watcher.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watcher
