"""A small department on a fresh database of each kind, the engine in its hands, and days that pass."""

from __future__ import annotations

import pytest

from tests import department
from tests.office.days import Days


@pytest.fixture
async def days(db: str) -> Days:
    """See `tests/office/days.py`."""
    made = Days(await department.found())
    await department.seat("gc", "规处长", "规划处", "head", made.world)
    return made
