"""A stage whose weather can be made; at the end of every story the deliveries must have told the truth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults import storm as storms
from tests.faults.soak import store
from tests.faults.storm import Storm


@pytest.fixture
async def pg_empty(pg_server: str) -> AsyncIterator[str]:
    """An empty PostgreSQL database, not migrated."""
    async with store.database(pg_server) as url:
        yield url


@pytest.fixture
async def storm(db_url: str, tmp_path: Path) -> AsyncIterator[Storm]:
    """Sandbox and bot over real HTTP on a database of each kind, time standing at Monday 2026-03-02 08:30."""
    async with storms.raised(db_url, tmp_path) as told:
        yield told
