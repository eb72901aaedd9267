"""The rate limits: bursts, refill, no window over the platform's limit; the budget per window."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

from models.people import Person
from models.recipient import Quota, Recipient


async def people(count: int) -> list[int]:
    return [(await Person.create(name=str(n))).id for n in range(count)]


async def sent(person: int, now: datetime, tries: list[float]) -> list[float]:
    """The offsets among `tries`, in seconds, at which a message was let through."""
    return [
        offset
        for offset in tries
        if (await Recipient.take([person], "wecom", now + timedelta(seconds=offset)))[person] == 0
    ]


def most_in(window: float, offsets: list[float]) -> int:
    inside: deque[float] = deque()
    most = 0
    for offset in offsets:
        inside.append(offset)
        while inside[0] < offset - window:
            inside.popleft()
        most = max(most, len(inside))
    return most


async def test_no_minute_sees_more_than_thirty(db: str, now: datetime) -> None:
    (person,) = await people(1)
    offsets = await sent(person, now, [*[0.0] * 40, *map(float, range(1, 130))])
    assert offsets[:16] == [*[0.0] * 15, 4.0]
    assert most_in(60, offsets) == 30
    assert len(offsets) == 15 + 129 // 4


async def test_idle_time_is_not_saved_up(db: str, now: datetime) -> None:
    (person,) = await people(1)
    assert len(await sent(person, now, [0.0])) == 1
    assert len(await sent(person, now, [86_400.0] * 40)) == 15


async def test_the_wait_told_is_the_wait_needed(db: str, now: datetime) -> None:
    (person,) = await people(1)
    for _ in range(15):
        assert (await Recipient.take([person], "wecom", now))[person] == 0
    wait = (await Recipient.take([person], "wecom", now))[person]
    assert 3.9 < wait <= 4
    early, due = now + timedelta(seconds=wait - 0.1), now + timedelta(seconds=wait + 0.002)
    assert (await Recipient.take([person], "wecom", early))[person] > 0
    assert (await Recipient.take([person], "wecom", due))[person] == 0


async def test_the_hour_counts_too(db: str, now: datetime) -> None:
    (person,) = await people(1)
    late = now + timedelta(hours=1) * (499 / 500) + timedelta(seconds=1)
    await Recipient.create(person_id=person, channel="wecom", minute_tat=now, hour_tat=late)
    wait = (await Recipient.take([person], "wecom", now))[person]
    assert 0.9 < wait <= 1.1
    assert (await Recipient.take([person], "wecom", now + timedelta(seconds=2)))[person] == 0


async def test_people_and_channels_do_not_share(db: str, now: datetime) -> None:
    one, two = await people(2)
    for _ in range(15):
        await Recipient.take([one], "wecom", now)
    waits = await Recipient.take([one, two, two], "wecom", now)
    assert waits[one] > 0
    assert waits[two] == 0
    assert (await Recipient.take([one], "dingtalk", now))[one] == 0
    assert await Recipient.take([], "wecom", now) == {}


async def test_takers_at_once_share_one_limit(db: str, now: datetime) -> None:
    everyone = await people(3)
    waits = await asyncio.gather(*(Recipient.take(everyone[:: 1 - 2 * (n % 2)], "wecom", now) for n in range(20)))
    for person in everyone:
        assert sum(each[person] == 0 for each in waits) == 15


async def test_a_budget_is_taken_whole_or_not_at_all(db: str) -> None:
    assert await Quota.take("wecom", "2026-11-24", 6, 10)
    assert not await Quota.take("wecom", "2026-11-24", 5, 10)
    assert await Quota.take("wecom", "2026-11-24", 4, 10)
    assert not await Quota.take("wecom", "2026-11-24", 1, 10)
    assert not await Quota.take("wecom", "2026-11-25", 11, 10)
    assert await Quota.take("wecom", "2026-11-25", 10, 10)
    assert (await Quota.get(channel="wecom", window="2026-11-24")).used == 10
