"""The engine's halves sleep until their next tick; a committed change wakes both at once. The tick is the net under it.

No LISTEN/NOTIFY and no session lock: a transaction pooler may stand between us and the database (data.md).
"""

from __future__ import annotations

import asyncio
import contextlib

_events: dict[str, asyncio.Event] = {}
_loop: asyncio.AbstractEventLoop | None = None


def ring() -> None:
    """Wake whoever waits in this process; used after commit, and when the clock is set anew."""
    for event in _events.values():
        event.set()


async def wait(who: str, seconds: float) -> None:
    """Sleep until `ring` or until `seconds` (wall) have passed; a ring while `who` was busy is not lost."""
    event = _of_this_loop(who)
    with contextlib.suppress(TimeoutError):
        # not wait_for: before Python 3.12 it swallows a cancellation that comes together with the ring
        async with asyncio.timeout(seconds):
            await event.wait()
    event.clear()


def _of_this_loop(who: str) -> asyncio.Event:
    global _loop
    if _loop is not asyncio.get_running_loop():
        _events.clear()
        _loop = asyncio.get_running_loop()
    if who not in _events:
        _events[who] = asyncio.Event()
        _events[who].set()  # who comes first looks first: a ring before now had nobody to wake
    return _events[who]
