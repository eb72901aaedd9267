"""The bot's callback over real HTTP with a database behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import stage as stages
from tests.http.wire import Line
from tests.stories.theatre import START


@pytest.fixture
async def line(db_url: str, tmp_path: Path) -> AsyncIterator[Line]:
    """A bot that waits for callbacks, its clock standing still."""
    folder = tmp_path / "stage"
    folder.mkdir()
    async with stages.raised(folder, START, stepped=True, database=db_url) as stage:
        yield Line(stage)


@pytest.fixture
async def live(db_url: str, tmp_path: Path) -> AsyncIterator[Line]:
    """A bot whose jobs run by themselves, on a clock as fast as the wall's."""
    folder = tmp_path / "stage"
    folder.mkdir()
    async with stages.raised(folder, START, database=db_url) as stage:
        yield Line(stage)
