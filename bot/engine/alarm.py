"""The engine sleeps until its next tick; a committed change wakes it at once (data.md §Locks). The tick is the net."""

from __future__ import annotations

import asyncio
import contextlib

_event: asyncio.Event | None = None
_loop: asyncio.AbstractEventLoop | None = None


def ring() -> None:
    """Wake the engine of this process, if one is waiting; used after commit."""
    if _event:
        _event.set()


async def wait(seconds: float) -> None:
    """Sleep until `ring` or until `seconds` (wall) have passed."""
    event = _of_this_loop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    event.clear()


def _of_this_loop() -> asyncio.Event:
    global _event, _loop
    if _event is None or _loop is not asyncio.get_running_loop():
        _event, _loop = asyncio.Event(), asyncio.get_running_loop()
    return _event
