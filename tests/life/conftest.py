"""A small department on a fresh database of each kind, and a stage where whole scenarios are lived."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.demo import stage as stages
from tests import department
from tests.stories.theatre import Story


@pytest.fixture
async def world(db: str) -> department.World:
    """People who write and press; see `tests/department.py`."""
    return await department.found()


@pytest.fixture
def start() -> datetime:
    """When the stage opens; a test file with another overrides this."""
    return datetime.fromisoformat("2026-03-02T08:30:00+08:00")


@pytest.fixture
async def story(db_url: str, tmp_path: Path, start: datetime) -> AsyncIterator[Story]:
    """Sandbox and bot over real HTTP, time standing at `start` until it is stepped."""
    folder = tmp_path / "stage"
    folder.mkdir()
    async with stages.raised(folder, start, stepped=True, database=db_url) as stage:
        told = Story(stage)
        yield told
        await told.check()
