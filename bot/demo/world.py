"""The demo's world: a department, a bot and a platform that begin anew, and time that steps from event to event."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import wording
from bot.demo import matters, play, stage
from bot.demo.keeper import Keeper
from bot.demo.stage import Stage
from bot.sandbox.platform import Platform
from models import schedule

DEPARTMENT = wording.TEMPLATES / "demo" / "department.csv"

Act = Mapping[str, Any]
"""`at` and one deed as in the headless demo's story: `say`, `photo` (a page's number), or `card`, `press` and
`choose`; `who` does it."""


def unused(folder: Path) -> str:
    """The name of a database that the folder does not hold yet."""
    return next(name for n in itertools.count(1) if not (folder / (name := f"demo-{n}.db")).exists())


class World:
    """One sandbox for good, and bots that come and go: a reset stops the bot and starts another on an empty database.

    `moving` is held by whoever steps the clock, so that two jumps never mix; `awake` by whoever needs the bot to be
    there, or takes it away.
    """

    def __init__(self, here: Stage, folder: Path, keeper: Keeper) -> None:
        self.here = here
        self.folder = folder
        self.keeper = keeper
        self.moving = asyncio.Lock()
        self.awake = asyncio.Lock()
        self._is_used = False

    @property
    def platform(self) -> Platform:
        """The sandbox's state."""
        return self.here.platform.platform

    async def reset(self, start: datetime) -> None:
        """A department without matters at `start`, its clock paused; every screen is empty."""
        if self._is_used:
            async with self.awake:
                await self.keeper.run(self._renew(start))
        else:
            self.platform.clock.restart(start)
        self._is_used = True
        await self._titles()

    async def _renew(self, start: datetime) -> None:
        self.platform.clock.hold(True)
        await self.here.settle()  # nothing is at work when the bot stops
        await self.here.stop()
        self.platform.clock.restart(start)
        self.platform.forget()
        self.platform.events.publish("reset", {})
        self.here.settings = stage.configure(self.folder, self.here.platform, self.database())
        await self.here.start()
        await stage.seed(self.here, DEPARTMENT)

    def database(self) -> str:
        """The URL of a file that is not there yet: an old one is never touched."""
        return f"sqlite://{unused(self.folder)}"

    async def _titles(self) -> None:
        titles = await matters.titles()
        for person in self.platform.people.all("wecom"):
            person.title = titles.get(person.id, "")

    async def play(self, acts: Sequence[Act]) -> None:
        """Everything people did, in order, and what went out between."""
        for act in acts:
            await self.jump(datetime.fromisoformat(act["at"]))
            await self.perform(act)

    async def perform(self, act: Act) -> None:
        """One deed, and what it brings about at once; RuntimeError when it can't be done."""
        await play.perform(self.here, act)
        await self.here.settle()

    async def jump(self, to: datetime, rest: float = 0.0, most: float = 0.0) -> None:
        """Step to `to`, through every event on the way; an instant gone by is no jump.

        After each event there is a pause of `rest` seconds, shorter and shorter so that all take `most` at most.
        """
        async with self.moving:
            clock = self.platform.clock
            clock.hold(True)
            try:
                await self.here.settle()
                while (first := await schedule.first_due_at()) and first <= to:
                    await self._step(first)
                    pause = min(rest, most / 8)
                    most -= pause
                    await asyncio.sleep(pause)
                await self._step(to)
            finally:
                clock.hold(False)

    async def next(self) -> None:
        """Step to the next event; nothing when there is none."""
        first = await schedule.first_due_at()
        if first:
            await self.jump(max(first, self.platform.clock.now()))

    async def _step(self, at: datetime) -> None:
        clock = self.platform.clock
        if at > clock.now():
            clock.change(to=at)
        await self.here.settle()
