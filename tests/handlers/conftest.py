"""A small department on a fresh database of each kind."""

from __future__ import annotations

import pytest

from tests import department


@pytest.fixture
async def world(db: str) -> department.World:
    """People who write and press; see `tests/department.py`."""
    return await department.found()
