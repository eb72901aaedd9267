"""The access token: fetched once for all who wait, kept until shortly before its end (document 91039)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot import clock
from bot.channels import ChannelError

MARGIN = 300.0  # seconds before its end at which a token is no longer used
PAUSE = 5.0  # seconds in which a failed fetch answers for the next ones: failing calls lead to an hour's block


class Token:
    """One app's token in this process. `fetch` gives (token, seconds it lives) or raises a ChannelError."""

    def __init__(self, fetch: Callable[[], Awaitable[tuple[str, float]]], *, pause: float = PAUSE) -> None:
        self._fetch = fetch
        self._pause = pause
        self._value = ""
        self._until = 0.0
        self._failure: tuple[ChannelError, float] | None = None
        self._flight: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """A usable token; however many ask, one request is under way. Raises what the fetch raised."""
        if self._value and clock.monotonic() < self._until:
            return self._value
        if self._failure and clock.monotonic() < self._failure[1]:
            raise self._failure[0].with_traceback(None)
        if self._flight is None:
            self._flight = asyncio.create_task(self._refresh())
            self._flight.add_done_callback(self._landed)
        # Shielded: the one who asked first may be cancelled while others wait for the same fetch.
        return await asyncio.shield(self._flight)

    def drop(self, value: str) -> None:
        """The platform refused this token; a newer one fetched meanwhile stays."""
        if value == self._value:
            self._value = ""

    async def close(self) -> None:
        """Stop a fetch that is under way."""
        if self._flight:
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)

    async def _refresh(self) -> str:
        try:
            value, seconds = await self._fetch()
        except ChannelError as error:
            self._failure = (error, clock.monotonic() + self._pause)
            raise
        self._failure = None
        # A very short life must not make every call fetch anew.
        self._value, self._until = value, clock.monotonic() + max(seconds - MARGIN, seconds / 2)
        return value

    def _landed(self, task: asyncio.Task[str]) -> None:
        self._flight = None
        if not task.cancelled():
            task.exception()  # seen, even if all who waited have been cancelled
