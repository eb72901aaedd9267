"""Connections to a database for as long as a block, or a piece of work, lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from models import database


@asynccontextmanager
async def connected(url: str, pool: int = 20) -> AsyncIterator[None]:
    """This process connected to the database at `url`."""
    await database.connect(url, pool=pool)
    try:
        yield
    finally:
        await database.close()


def within(url: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do something to the database between two commands that have loops of their own."""

    async def run() -> None:
        async with connected(url):
            await work()

    asyncio.run(run())
