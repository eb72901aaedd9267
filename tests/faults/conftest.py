"""A stage whose weather can be made; at the end of every story the deliveries must have told the truth."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import stage as stages
from tests.faults.soak import store
from tests.faults.storm import Storm
from tests.stories import theatre


@pytest.fixture
async def pg_empty(pg_server: str) -> AsyncIterator[str]:
    """An empty PostgreSQL database, not migrated."""
    async with store.database(pg_server) as url:
        yield url


@pytest.fixture
async def storm(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Storm]:
    """Sandbox and bot over real HTTP on SQLite, time standing at Monday 2026-03-02 08:30 until it is stepped."""
    async with _raised(sqlite_url, tmp_path) as told:
        yield told


@pytest.fixture
async def storm_on_both(db_url: str, tmp_path: Path) -> AsyncIterator[Storm]:
    """The same on a database of each kind."""
    async with _raised(db_url, tmp_path) as told:
        yield told


@contextlib.asynccontextmanager
async def _raised(url: str, folder: Path) -> AsyncIterator[Storm]:
    (folder / "stage").mkdir()
    async with stages.raised(folder / "stage", theatre.START, stepped=True, database=url) as stage:
        told = Storm(stage)
        client = told.equip()
        try:
            yield told
            await told.check()
            await told.truth()
        finally:
            await client.close()
