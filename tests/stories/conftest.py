"""A stage for stories on a fresh database of each kind; what must hold after every story is checked at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import stage as stages
from tests.stories import theatre


@pytest.fixture
def roster_file() -> Path:
    """The people of the department; a test file with others overrides this."""
    return stages.ROSTER


@pytest.fixture
async def story(
    db_url: str, tmp_path: Path, roster_file: Path, capsys: pytest.CaptureFixture[str]
) -> AsyncIterator[theatre.Story]:
    """Sandbox and bot over real HTTP, time standing at Monday 2026-03-02 08:30 until it is stepped."""
    folder = tmp_path / "stage"
    folder.mkdir()
    raised = stages.raised(folder, theatre.START, stepped=True, database=db_url, people=roster_file)
    async with raised as stage:
        told = theatre.Story(stage)
        yield told
        codes = await told.check()
        capsys.readouterr()
        await theatre.timeline(told, codes)
        printed = capsys.readouterr()
        assert printed.err == ""
        assert sum(line.split()[:2] == ["at", "what"] for line in printed.out.splitlines()) == len(codes)
        assert "propose" in printed.out or not codes
