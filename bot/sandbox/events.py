"""The sandbox's news: a bounded log that the web chat streams and that long polls wait on."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is inbox, said, callback, heard, clock, fault, wire or reset; `data` is what the API shows of it."""

    id: int
    kind: str
    data: dict[str, Any]


class Events:
    """The last `size` events, in order."""

    def __init__(self, size: int = 10_000) -> None:
        self._log: deque[Event] = deque(maxlen=size)
        self._news = asyncio.Event()
        self._count = 0
        self.closed = False

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """Append an event and wake everyone who waits."""
        self._count += 1
        self._log.append(Event(self._count, kind, data))
        self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def close(self) -> None:
        """Let every waiter go: the server is closing."""
        self.closed = True
        self._wake()

    def after(self, last: int) -> list[Event]:
        """The events with an id above `last`."""
        fresh = self._count - last
        if fresh <= 0:
            return []
        return list(islice(reversed(self._log), fresh))[::-1]

    @property
    def last(self) -> int:
        """The id of the newest event."""
        return self._count

    def has_after(self, last: int) -> bool:
        """Is there an event with an id above `last`?"""
        return self._count > last

    async def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return when `ready()` holds, when `seconds` have gone, or when the server closes."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (self.closed or ready()):
                    await self._news.wait()

    async def rest(self, seconds: float) -> None:
        """Hold an answer back for `seconds`, less when the server closes."""
        await self.until(lambda: False, seconds)
