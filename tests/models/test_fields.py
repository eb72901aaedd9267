"""UtcDatetimeField: a naive instant is refused on every way in, any zone comes out as UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from models import database, fields
from models.people import Person
from models.system import Heartbeat, Outage

SHANGHAI = timezone(timedelta(hours=8))
NAIVE = datetime(2026, 11, 24, 8, 0)  # noqa: DTZ001
LOCAL = datetime(2026, 11, 24, 8, 0, tzinfo=SHANGHAI)
INSTANT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


async def beat(worker: str, at: datetime = LOCAL) -> Heartbeat:
    return await Heartbeat.create(worker=worker, at=at, wall=at)


async def stored(heartbeat: Heartbeat) -> datetime:
    return (await Heartbeat.get(id=heartbeat.id)).at


async def test_naive_is_refused_by_the_constructor() -> None:
    with pytest.raises(ValueError, match="naive"):
        Heartbeat(worker="a", at=NAIVE, wall=LOCAL)
    with pytest.raises(ValueError, match="naive"):
        Heartbeat(worker="a", at="2026-11-24 08:00:00", wall=LOCAL)


async def test_naive_is_refused_on_every_way_to_the_database(db: str) -> None:
    heartbeat = await beat("a")
    with pytest.raises(ValueError, match="naive"):
        await Heartbeat.filter(id=heartbeat.id).update(at=NAIVE)
    with pytest.raises(ValueError, match="naive"):
        await Heartbeat.filter(at__lte=NAIVE).count()
    with pytest.raises(ValueError, match="naive"):
        await Heartbeat.filter(at__range=(NAIVE, LOCAL)).count()
    with pytest.raises(ValueError, match="naive"):
        await Heartbeat.filter(at__in=[NAIVE]).count()
    heartbeat.at = NAIVE
    with pytest.raises(ValueError, match="naive"):
        await heartbeat.save()
    with pytest.raises(ValueError, match="naive"):
        await Heartbeat.bulk_update([heartbeat], ["at"])
    assert await stored(heartbeat) == INSTANT


async def test_every_way_in_stores_utc(db: str) -> None:
    created, saved, updated, bulk = [await beat(name) for name in ("created", "saved", "updated", "bulk")]
    saved.at = LOCAL
    await saved.save()
    await Heartbeat.filter(id=updated.id).update(at=LOCAL)
    bulk.at = LOCAL
    await Heartbeat.bulk_update([bulk], ["at"])
    await Heartbeat.bulk_create([Heartbeat(worker="many", at=LOCAL, wall=LOCAL)])
    for heartbeat in (created, saved, updated, bulk):
        assert (await stored(heartbeat)).utcoffset() == timedelta(0)
    assert await Heartbeat.filter(at=INSTANT).count() == 5
    assert await Heartbeat.filter(at=LOCAL).count() == 5
    assert await Heartbeat.filter(at__in=[LOCAL]).count() == 5
    assert await Heartbeat.filter(at__lte=INSTANT).count() == 5
    assert await Heartbeat.filter(at__lt=INSTANT).count() == 0
    assert await Heartbeat.filter(at__range=(LOCAL, LOCAL)).count() == 5


async def test_order_is_by_instant_with_and_without_microseconds(db: str) -> None:
    for offset in (1, 0, 500_000, 999_999):
        await beat(str(offset), LOCAL + timedelta(microseconds=offset))
    found = await Heartbeat.all().order_by("at")
    assert [row.worker for row in found] == ["0", "1", "500000", "999999"]
    assert await Heartbeat.filter(at__lte=INSTANT).count() == 1


async def test_a_new_instance_shows_what_the_database_will() -> None:
    outage = Outage(began_at=LOCAL, ended_at="2026-11-24T09:00:00+08:00")
    assert outage.began_at.tzinfo is UTC
    assert outage.ended_at == INSTANT + timedelta(hours=1)


def test_the_field_never_reads_the_clock() -> None:
    with pytest.raises(TypeError, match="auto_now"):
        fields.UtcDatetimeField(auto_now=True)


async def test_wecom_ids_are_kept_in_lower_case(db: str) -> None:
    created = await Person.create(name="张三", wecom_id="ZhangSan")
    await Person.bulk_create([Person(name="王五", wecom_id="WangWu")])
    assert await Person.get(wecom_id="ZHANGSAN") == created
    await Person.filter(id=created.id).update(wecom_id="ZhangS")
    stored = await database.rows("SELECT wecom_id FROM person ORDER BY id")
    assert [row["wecom_id"] for row in stored] == ["zhangs", "wangwu"]
    await Person.create(name="李四")
    assert await Person.filter(wecom_id=None).count() == 1
