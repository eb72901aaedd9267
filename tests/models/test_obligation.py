"""What is due: the raw statement against the plain ORM; replicas skip each other's rows."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from models import database
from models.matter import Matter
from models.obligation import Obligation


async def oracle(now: datetime, limit: int) -> list[Obligation]:
    found = Obligation.filter(next_notice_at__lte=now).order_by("next_notice_at", "id").limit(limit)
    return await found.prefetch_related("matter")


def plain(row: Obligation | Matter) -> dict[str, object]:
    return {name: getattr(row, name) for name in type(row)._meta.db_fields}


async def test_due_is_what_the_orm_finds(matter: Matter, now: datetime) -> None:
    dice = random.Random(13710)
    for n in range(60):
        at = now + timedelta(seconds=dice.choice([-7200, -1, 0, 0.5, 1, 3600])) if dice.random() < 0.8 else None
        await Obligation.create(
            matter=matter, unit_id=matter.unit_id, name="N7", ordinal=n, planned_at=now, next_notice_at=at, late=n % 2
        )
    for limit in (1, 7, 100):
        due, expected = await Obligation.due(now, limit), await oracle(now, limit)
        assert expected
        assert [plain(row) for row in due] == [plain(row) for row in expected]
        assert [plain(row.matter) for row in due] == [plain(row.matter) for row in expected]


async def test_due_keeps_types(obligations: list[Obligation], now: datetime) -> None:
    (first,) = await Obligation.due(now, 10)
    assert first.next_notice_at == now
    assert first.late is False
    assert first.matter.ruleset == {"a": 1}
    assert first.matter.proposed_at == now


async def test_nothing_due(obligations: list[Obligation], now: datetime) -> None:
    assert await Obligation.due(now - timedelta(seconds=1), 10) == []
    assert await Obligation.first_due_at() == now
    await Obligation.all().update(next_notice_at=None)
    assert await Obligation.first_due_at() is None


@pytest.mark.parametrize("db_url", ["postgres"], indirect=True)  # SQLite has one writer
async def test_replicas_share_what_is_due(obligations: list[Obligation], now: datetime) -> None:
    first_has_them, second_is_done = asyncio.Event(), asyncio.Event()

    async def first() -> list[int]:
        async with database.transaction():
            mine = await Obligation.due(now + timedelta(days=1), 3)
            first_has_them.set()
            await asyncio.wait_for(second_is_done.wait(), 5)
        return [row.id for row in mine]

    async def second() -> list[int]:
        await first_has_them.wait()
        async with database.transaction():
            mine = await Obligation.due(now + timedelta(days=1), 3)
        second_is_done.set()
        return [row.id for row in mine]

    one, two = await asyncio.gather(first(), second())
    assert one == [row.id for row in obligations[:3]]
    assert two == [row.id for row in obligations[3:]]
