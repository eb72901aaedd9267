"""`duban demo`: a sandbox and the bot side by side on this machine, to look at or to play a matter by itself."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from pathlib import Path

import structlog


def run(headless: bool, speed: float, folder: Path | None) -> int:
    """The exit code: 0, or with `headless` 1 when anything was extra, missing or at another instant."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(30))
    with contextlib.ExitStack() as stack:
        place = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="duban-demo-")))
        return asyncio.run(_run(headless, speed, place))


async def _run(headless: bool, speed: float, folder: Path) -> int:
    from bot.demo import live, play

    return await (play.headless(folder) if headless else live.show(folder, speed))
