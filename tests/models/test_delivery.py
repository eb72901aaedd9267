"""The outbox: claiming against the plain ORM, leases, fencing, two claimers at once."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from models import database
from models.delivery import Delivery
from models.notice import Notice
from models.people import Person

LEASE = 60.0


async def claim(now: datetime, limit: int = 10, business: datetime | None = None) -> list[Delivery]:
    return await Delivery.claim(now, business or now, limit, LEASE)


async def oracle(wall: datetime, business: datetime, limit: int) -> list[int]:
    rows = await Delivery.filter(state__in=["pending", "sending"], due_at__lte=business)

    def is_due(row: Delivery) -> bool:
        if row.state == "sending":
            return row.lease_until is not None and row.lease_until <= wall
        return row.next_try_at is None or row.next_try_at <= wall

    due = sorted(filter(is_due, rows), key=lambda row: (-row.severity, row.due_at, row.id))
    return [row.id for row in due[:limit]]


async def test_claim_takes_what_the_orm_finds(notice: Notice, now: datetime) -> None:
    dice = random.Random(48)
    second = timedelta(seconds=1)
    for n in range(80):
        await Delivery.create(
            notice=notice,
            person=await Person.create(name=str(n)),
            lane="chat",
            kind="remind",
            severity=dice.randrange(3),
            state=dice.choice(["pending", "pending", "sending", "accepted", "failed"]),
            due_at=now + dice.choice([-2, 0, 1]) * second,
            next_try_at=dice.choice([None, now - second, now, now + second]),
            lease_until=dice.choice([None, now - second, now, now + second]),
            created_at=now,
        )
    for limit in (5, 100):
        expected = await oracle(now, now, limit)
        sending = {row.id for row in await Delivery.filter(state="sending")}
        claimed = await claim(now, limit)
        assert expected
        assert [row.id for row in claimed] == expected
        assert {row.id for row in claimed if row.lapsed} == sending & set(expected)
    assert await claim(now, 100) == []


async def test_a_claim_marks_the_row(deliveries: list[Delivery], now: datetime) -> None:
    first, second = await claim(now, limit=2)
    assert (first.severity, second.severity) == (2, 1)
    stored = await Delivery.get(id=first.id)
    assert (stored.state, stored.attempt, stored.lapsed) == ("sending", 1, False)
    assert stored.lease_until == now + timedelta(seconds=LEASE)
    assert stored.first_attempt_at == now
    for name in Delivery._meta.db_fields:
        assert getattr(first, name) == getattr(stored, name), name


async def test_the_two_clocks_are_kept_apart(deliveries: list[Delivery], now: datetime) -> None:
    day = timedelta(days=1)
    assert await claim(now + day, business=now - day) == []
    assert len(await claim(now - day, business=now)) == 3


async def test_a_lapsed_lease_is_taken_over_and_fenced(deliveries: list[Delivery], now: datetime) -> None:
    (old,) = await claim(now, limit=1)
    later = now + timedelta(seconds=LEASE)
    assert old.id not in [row.id for row in await claim(later - timedelta(seconds=1))]
    (new,) = await claim(later)
    assert (new.id, new.attempt, new.lapsed) == (old.id, 2, True)
    assert new.first_attempt_at == now
    assert not await Delivery.settle(old.id, old.attempt, state="accepted", message_id="old")
    assert await Delivery.settle(new.id, new.attempt, state="accepted", message_id="new", accepted_at=later)
    assert not await Delivery.settle(new.id, new.attempt, state="failed")
    stored = await Delivery.get(id=old.id)
    assert (stored.state, stored.message_id, stored.lease_until) == ("accepted", "new", None)


async def test_a_retry_waits_for_its_instant(deliveries: list[Delivery], now: datetime) -> None:
    (row,) = await claim(now, limit=1)
    again = now + timedelta(minutes=2)
    assert await Delivery.settle(row.id, row.attempt, state="pending", next_try_at=again, error="45009")
    assert row.id not in [each.id for each in await claim(again - timedelta(seconds=1))]
    (retried,) = await claim(again)
    assert (retried.id, retried.attempt, retried.lapsed) == (row.id, 2, False)


async def test_claimers_at_once_never_share_a_row(deliveries: list[Delivery], now: datetime) -> None:
    batches = await asyncio.gather(*(claim(now, limit=2) for _ in range(6)))
    taken = [row.id for batch in batches for row in batch]
    assert sorted(taken) == [row.id for row in deliveries]


@pytest.mark.parametrize("db_url", ["postgres"], indirect=True)  # SQLite has one writer
async def test_a_claim_skips_what_another_transaction_holds(deliveries: list[Delivery], now: datetime) -> None:
    held, done = asyncio.Event(), asyncio.Event()

    async def holder() -> list[int]:
        async with database.transaction():
            mine = await claim(now, limit=1)
            held.set()
            await asyncio.wait_for(done.wait(), 5)
        return [row.id for row in mine]

    async def other() -> list[int]:
        await held.wait()
        mine = await asyncio.wait_for(claim(now), 5)
        done.set()
        return [row.id for row in mine]

    one, two = await asyncio.gather(holder(), other())
    assert one == [deliveries[1].id]
    assert two == [deliveries[2].id, deliveries[0].id]
