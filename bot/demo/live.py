"""The demo to look at: sandbox and bot running in accelerated time until it is stopped."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot import clock
from bot.demo import stage


async def show(folder: Path, speed: float) -> int:
    """Serve until interrupted; what to open and how to act is printed."""
    async with stage.raised(folder, clock.wall(), speed=speed) as here:
        sys.stdout.write(
            f"sandbox  {here.platform.url}\ncontrol  {here.platform.control}\nbot      {here.url}\n"
            f"folder   {folder}\nspeed    {speed:g}\nCtrl-C ends it.\n"
        )
        sys.stdout.flush()
        await asyncio.Event().wait()
    return 0
