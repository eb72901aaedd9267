"""The demo to look at: sandbox and bot with a department at work, on one page, until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from bot.demo import stage
from bot.demo.desk import Director
from bot.demo.keeper import Keeper
from bot.demo.tales import Teller
from bot.demo.world import DEPARTMENT, World, unused


@contextlib.asynccontextmanager
async def opened(
    folder: Path, speed: float = 600.0, *, pace: float = 1.0, seeded: bool = True, port: int = 0
) -> AsyncIterator[Director]:
    """The page and all behind it until the block ends; the clock stands paused, to run at `speed`.

    `seeded`: the department is at work; else it has no matters yet. `pace` stretches the pauses of stories.
    """
    director, keeper = Director(), Keeper()
    start = datetime.fromisoformat(director.seed["start"])
    database = f"sqlite://{unused(folder)}"
    raised = stage.raised(
        folder, start, speed=speed, database=database, people=DEPARTMENT, desk=director.desk(), port=port
    )
    world = World(await keeper.run(raised.__aenter__()), folder, keeper)
    director.open(world, Teller(world, pace))
    try:
        await (director.begin() if seeded else world.reset(start))
        yield director
    finally:
        await director.teller.end()
        await keeper.run(raised.__aexit__(None, None, None))


async def show(folder: Path, speed: float) -> int:
    """Serve until interrupted; what to open is printed."""
    async with opened(folder, speed) as director:
        here = director.world.here
        sys.stdout.write(
            f"page     {here.platform.url}\ncontrol  {here.platform.control}\nbot      {here.url}\n"
            f"folder   {folder}\nspeed    {speed:g}, paused until the page lets it run\nCtrl-C ends it.\n"
        )
        sys.stdout.flush()
        await asyncio.Event().wait()
    return 0
