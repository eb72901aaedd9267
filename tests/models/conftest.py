"""A matter with the people around it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person, Unit

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

Make = Callable[..., Awaitable[Matter]]


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
async def matter(db: str) -> Matter:
    """A running matter of a fresh unit and person."""
    unit = await Unit.create(name="水资源处")
    person = await Person.create(name="张三")
    return await Matter.create(
        title="河道整治",
        source="meeting",
        category="general",
        state="running",
        unit=unit,
        proposer=person,
        proposed_at=NOW,
        ruleset={"a": 1},
    )


@pytest.fixture
async def obligations(matter: Matter) -> list[Obligation]:
    """Five open obligations, due one hour apart from NOW on, stored in reverse."""
    made = [
        await Obligation.create(
            matter=matter,
            unit_id=matter.unit_id,
            name="N7",
            ordinal=n,
            planned_at=NOW,
            next_notice_at=NOW + timedelta(hours=n),
        )
        for n in reversed(range(5))
    ]
    return made[::-1]


@pytest.fixture
async def notice(obligations: list[Obligation]) -> Notice:
    return await Notice.create(
        matter_id=obligations[0].matter_id, obligation=obligations[0], kind="remind", at=NOW, created_at=NOW
    )


@pytest.fixture
async def deliveries(notice: Notice) -> list[Delivery]:
    """Three pending deliveries due NOW, of severity 0, 2, 1."""
    people = [await Person.create(name=f"承办{n}") for n in range(3)]
    return [
        await Delivery.create(
            notice=notice, person=person, lane="chat", kind="remind", severity=level, due_at=NOW, created_at=NOW
        )
        for person, level in zip(people, (0, 2, 1), strict=True)
    ]
