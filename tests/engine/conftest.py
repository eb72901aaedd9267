"""A small department on a fresh database of each kind, and the engine in its hands."""

from __future__ import annotations

import pytest

from models.people import Person
from tests import department
from tests.engine.desk import Desk


@pytest.fixture
async def desk(db: str) -> Desk:
    """See `tests/engine/desk.py`; everybody has a phone of his own."""
    world = await department.found()
    for each in await Person.all():
        await Person.filter(id=each.id).update(phone=f"1390000{each.id:04}")
    return Desk(world)
