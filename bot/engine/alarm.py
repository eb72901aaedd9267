"""The engine sleeps until its next tick; a committed change wakes it at once (data.md §Locks). The tick is the net."""

from __future__ import annotations

import asyncio
import contextlib

_event: asyncio.Event | None = None


def ring() -> None:
    """Wake the engine of this process, if one is waiting; used after commit."""
    if _event:
        _event.set()


async def wait(seconds: float) -> None:
    """Sleep until `ring` or until `seconds` (wall) have passed."""
    global _event
    _event = _event or asyncio.Event()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(_event.wait(), seconds)
    _event.clear()
