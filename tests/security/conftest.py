"""The bot's callback over real HTTP with a database behind it, a department at the edge, stories on a stage."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import stage as stages
from tests import department
from tests.http.wire import Line
from tests.stories.theatre import START, Story


@pytest.fixture
async def world(db: str) -> department.World:
    """People who write and press; see `tests/department.py`."""
    return await department.found()


@pytest.fixture
async def line(db_url: str, tmp_path: Path) -> AsyncIterator[Line]:
    """A bot that waits for callbacks, its clock standing still."""
    folder = tmp_path / "stage"
    folder.mkdir()
    async with stages.raised(folder, START, stepped=True, database=db_url) as stage:
        yield Line(stage)


@pytest.fixture
async def story(db_url: str, tmp_path: Path) -> AsyncIterator[Story]:
    """Sandbox and bot over real HTTP, time standing still until it is stepped."""
    folder = tmp_path / "stage"
    folder.mkdir()
    async with stages.raised(folder, START, stepped=True, database=db_url) as stage:
        yield Story(stage)
