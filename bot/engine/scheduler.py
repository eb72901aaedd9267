"""The table of jobs: the tick, the heartbeat, the sweep of replies nobody took. The rows are the schedule (ADR 1)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import clock
from bot.actions import takeover
from bot.engine import alarm, anchors, auditor, digest, due, heartbeat, outbox, prompts, retention, timekeeper, trouble
from bot.engine.lanes import Lanes
from bot.engine.pictures import Fetcher
from bot.engine.retention import Keeping
from models import migrate, replies, schedule

UNANSWERED = timedelta(seconds=20)
"""The platform calls three times within 15 s; a reply nobody took by then is pushed (data.md)."""

STOP_WITHIN = 15.0
"""Seconds (wall) that sends under way get at the end: a request takes 10 at the most."""
LEAST = 0.05
"""Seconds (wall) between two looks, however fast business time runs."""
Half = Callable[[datetime], Awaitable[int]]

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Engine:
    """Plans and sends, each by itself: a channel that hangs never holds up the planning.

    Neither once the schema is a newer version's (ADR 11).

    `tick` seconds (wall) between looks; `batch` obligations and deliveries at once; `pictures` fetches what officers
    sent, beside both; `files` is the storage's folder, None where no ledger is anchored; `keeping` says what goes to
    the archive, None where nothing does.
    """

    lanes: Lanes
    tick: float = 5.0
    batch: int = 500
    workers: int = 8
    pictures: Fetcher | None = None
    files: Path | None = None
    keeping: Keeping | None = None
    stopped: bool = field(default=False, init=False)
    _told: bool = field(default=False, init=False)
    _planning: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def plan(self, now: datetime) -> int:
        """Plan what is due at `now` (business), once: notices, then questions; how many rows were moved.

        Seats come first: what falls due at the hour at which one begins is the new holder's.
        """
        async with self._planning:
            if await self.is_outdated():
                return 0
            handed = await takeover.advance(now)
            return handed + (await due.advance(now, self.batch) or await prompts.advance(now, self.batch))

    async def send(self, now: datetime) -> int:
        """Send what is due at `now` (business), once; how many deliveries were taken in hand."""
        async with self._sending:
            if await self.is_outdated():
                return 0
            return await outbox.send(now, self.lanes, limit=self.batch, workers=self.workers)

    async def is_outdated(self) -> bool:
        """Whether a newer version has migrated the database: it does the work from now on. Said once in the log."""
        newer = await migrate.newer()
        if newer and not self._told:
            _log.error("schema_is_newer", newest=newer, mend="stop this process, its version is replaced")
        self._told = bool(newer)
        return self._told

    async def job(self, work: Callable[[], Awaitable[None]]) -> None:
        """One of the table's jobs, unless this version is replaced: then nobody shall take its heartbeat for work.

        A failure is logged and kept for /readyz; the next turn tries again."""
        try:
            with trouble.told(work.__name__):
                await timekeeper.look()
                if not await self.is_outdated():
                    await work()
        except Exception:
            _log.exception("job_failed", job=work.__name__)

    async def anchor(self) -> None:
        """Anchor the ledger, and write the day's file."""
        if self.files:
            await anchors.keep(timekeeper.now(), self.files)

    async def tidy(self) -> None:
        """Archive what is past its time, once a day."""
        if self.keeping:
            await retention.tidy(timekeeper.now(), timekeeper.wall(), self.keeping)

    async def fetch(self, now: datetime) -> int:
        """Fetch pictures that are due, once; how many were tried."""
        return await self.pictures.fetch(now) if self.pictures else 0

    async def drain(self) -> int:
        """Fetch, plan and send until nothing is due any more; what waits for a retry or a rate limit stays."""
        total = 0
        await timekeeper.look()
        while moved := sum([await half(timekeeper.now()) for half in (self.fetch, self.plan, self.send)]):
            total += moved
        return total

    async def run(self, half: Half) -> bool:
        """One half until nothing is due; a failure is logged and kept for /readyz, and False: the next tick tries
        again."""
        try:
            with trouble.told(half.__name__):
                while not self.stopped and await self._once(half):
                    pass
        except Exception:
            _log.exception("tick_failed", half=half.__name__)
            return False
        return True

    async def _once(self, half: Half) -> int:
        await timekeeper.look()
        return await half(timekeeper.now())

    async def watch(self, half: Half) -> None:
        """Run a half at the very instant the next notice falls due, and when a commit or the clock rings."""
        well = True
        while not self.stopped:
            await alarm.wait(half.__name__, await self._pause() if well else self.tick)
            well = await self.run(half)

    async def quiet(self) -> None:
        """Nothing is begun any more; wait for what is under way."""
        self.stopped = True
        alarm.ring()
        async with self._planning, self._sending, self.pictures.busy if self.pictures else contextlib.nullcontext():
            pass

    async def _pause(self) -> float:
        """Wall seconds to the next notice, `tick` at the most: accelerated time comes sooner."""
        if self._told:
            return self.tick
        try:
            first = await schedule.first_due_at()
        except Exception:
            _log.exception("tick_failed")
            return self.tick
        return min(max(timekeeper.seconds_until(first), LEAST), self.tick) if first else self.tick


async def sweep() -> None:
    """Push replies that no callback took with it."""
    await replies.push_overdue(clock.wall() - UNANSWERED, timekeeper.now())


async def beat() -> None:
    """One heartbeat."""
    await heartbeat.beat(timekeeper.now(), timekeeper.wall())


async def good_morning() -> None:
    """The day's digest, when it is time (A61)."""
    await digest.plan(timekeeper.now())


async def audit() -> None:
    """The record held against the rules, a stretch of it."""
    await auditor.audit(timekeeper.now())


@contextlib.asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[Engine]:
    """Run the jobs until the block ends; the job store is memory, nothing is lost with it."""
    await engine.job(beat)
    jobs = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for half in (engine.fetch, engine.plan, engine.send):
        jobs.add_job(engine.run, "interval", [half], seconds=engine.tick, id=half.__name__)
    every = (
        *((beat, heartbeat.EVERY), (sweep, UNANSWERED.total_seconds()), (good_morning, engine.tick)),
        *((engine.anchor, anchors.EVERY), (audit, auditor.EVERY), (engine.tidy, retention.EVERY)),
    )
    for work, seconds in every:
        jobs.add_job(engine.job, "interval", [work], seconds=seconds, id=work.__name__)
    jobs.modify_job(engine.anchor.__name__, next_run_time=clock.wall())  # a day that began while nobody was here
    jobs.start()
    watchers = [asyncio.create_task(engine.watch(half)) for half in (engine.plan, engine.send)]
    unwatch = clock.watch(alarm.ring)
    alarm.ring()
    try:
        yield engine
    finally:
        unwatch()
        jobs.pause()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN):
                await engine.quiet()
        jobs.shutdown(wait=False)
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
