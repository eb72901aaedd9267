"""Planning many notices in one statement, idempotently."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from models import database
from models.delivery import Delivery
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person


def planned(obligation: Obligation, now: datetime, **more: Any) -> dict[str, Any]:
    row = {"matter_id": obligation.matter_id, "obligation_id": obligation.id, "kind": "urge", "at": now}
    return {**row, "created_at": now, **more}


async def test_plan_stores_each_notice_once(obligations: list[Obligation], now: datetime) -> None:
    rows = [planned(each, now, facts={"标题": "引号 \" ' \\ \n", "n": [1, None, True]}) for each in obligations]
    first = await Notice.plan(rows[:2])
    assert [each.obligation_id for each in first] == [each.id for each in obligations[:2]]
    second = await Notice.plan([*rows, rows[4]])
    assert [each.obligation_id for each in second] == [each.id for each in obligations[2:]]
    assert await Notice.all().count() == 5
    assert await Notice.plan(rows) == []


async def test_plan_gives_what_the_orm_reads(obligations: list[Obligation], now: datetime) -> None:
    local = now.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=123_456)
    rows = [planned(obligations[0], local, facts={"标题": "河道", "d": {"x": 1.5}}, seq=n, episode=2) for n in (0, 1)]
    for given in await Notice.plan(rows):
        read = await Notice.get(id=given.id)
        for name in Notice._meta.db_fields:
            assert getattr(given, name) == getattr(read, name), name
        assert read.at == local
        assert read.facts == {"标题": "河道", "d": {"x": 1.5}}
        assert read.episode == 2


async def test_plan_refuses_what_the_model_would(obligations: list[Obligation], now: datetime) -> None:
    with pytest.raises(ValueError, match="no column"):
        await Notice.plan([planned(obligations[0], now, colour="red")])
    with pytest.raises(ValueError, match="naive"):
        await Notice.plan([planned(obligations[0], now.replace(tzinfo=None))])
    assert await Notice.plan([]) == []
    assert await Notice.all().count() == 0


async def test_a_conflict_does_not_end_the_transaction(obligations: list[Obligation], now: datetime) -> None:
    row = planned(obligations[0], now)
    async with database.transaction():
        assert len(await Notice.plan([row])) == 1
        assert await Notice.plan([row]) == []
        assert await Notice.all().count() == 1


async def test_queue_tells_one_person_once(obligations: list[Obligation], now: datetime) -> None:
    (notice,) = await Notice.plan([planned(obligations[0], now)])
    person = await Person.create(name="李四")
    row = {"notice_id": notice.id, "person_id": person.id, "lane": "chat", "kind": "urge", "due_at": now}
    row["created_at"] = now
    (queued,) = await Delivery.queue([row, row])
    assert (queued.state, queued.attempt, queued.lapsed) == ("pending", 0, False)
    assert await Delivery.queue([row, {**row, "lane": "sms"}])
    reply = {**row, "notice_id": None, "kind": "reply"}
    assert len(await Delivery.queue([reply, reply])) == 2
    assert await Delivery.all().count() == 4
