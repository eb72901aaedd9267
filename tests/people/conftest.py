"""A small department on a fresh database of each kind, the engine in its hands, and days that pass."""

from __future__ import annotations

import pytest

from models.people import Person
from tests import department
from tests.office.days import Days


@pytest.fixture
async def days(db: str) -> Days:
    """See `tests/office/days.py`; everybody has a phone of his own."""
    made = Days(await department.found())
    for each in await Person.all():
        await Person.filter(id=each.id).update(phone=f"1390000{each.id:04}")
    return made
