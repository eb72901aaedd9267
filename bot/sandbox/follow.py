"""A bot in another process keeps its business clock on the sandbox's (data.md §Clocks)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import aiohttp

from bot import clock

RETRY_AFTER = 1.0
"""Seconds between tries while the sandbox does not answer."""

_POLL = aiohttp.ClientTimeout(total=60)
_ONCE = aiohttp.ClientTimeout(total=5)


async def sync(url: str, session: aiohttp.ClientSession) -> int:
    """Read the clock of the sandbox whose control API is at `url` once, follow it, and return its version.

    Raises aiohttp.ClientError or TimeoutError when it does not answer.
    """
    async with session.get(f"{url}/clock", timeout=_ONCE, raise_for_status=True) as response:
        return _take(await response.json())


async def follow(url: str, session: aiohttp.ClientSession, *, retry_after: float = RETRY_AFTER) -> None:
    """Follow every change until cancelled. While the sandbox is away the last setting runs on; when it is back,
    it is read afresh, whatever its version."""
    version: int | None = None
    while True:
        try:
            version = await (sync(url, session) if version is None else _next(url, session, version))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError):
            version = None
            await asyncio.sleep(retry_after)


async def _next(url: str, session: aiohttp.ClientSession, version: int) -> int:
    """The next change, or the same version once the long poll's time is over."""
    query = {"after": str(version)}
    async with session.get(f"{url}/clock", params=query, timeout=_POLL, raise_for_status=True) as response:
        return _take(await response.json())


def _take(shown: Mapping[str, Any]) -> int:
    speed = 0.0 if shown["paused"] else float(shown["speed"])
    virtual, anchor = datetime.fromisoformat(shown["virtual"]), datetime.fromisoformat(shown["anchor"])
    clock.follow(clock.Setting(virtual, anchor, speed))
    return int(shown["version"])
