"""Clocks that differ, stop and are set anew: nothing is held up, nothing comes twice, and it shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from datetime import datetime, timedelta

import pytest

from bot import clock, health
from bot.channels import ChannelDown
from bot.engine import digest, grace, heartbeat, moot, timekeeper
from bot.engine.lanes import Lanes
from bot.engine.scheduler import Engine
from bot.router import Reply
from bot.rules import scoring
from bot.rules.calendar import SHANGHAI
from models import database
from models.delivery import Delivery
from models.notice import Notice
from models.people import Person
from models.recipient import Recipient
from models.ruling import Ruling
from models.system import Heartbeat, Outage
from tests import department
from tests.department import ACK
from tests.engine.desk import Desk, at, states
from tests.faults import skew
from tests.office.days import Days

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NEAR = timedelta(seconds=5)


@pytest.fixture
async def desk(db: str) -> Desk:
    """The engine by hand, its wall clock too."""
    return Desk(await department.found())


@pytest.fixture
async def skewed(pg_url: str) -> AsyncIterator[str]:
    """A database that has a clock of its own."""
    await skew.prepare(pg_url)
    await database.connect(pg_url)
    timekeeper.forget()
    yield pg_url
    await database.close()
    timekeeper.forget()


@pytest.fixture
async def days(pg_url: str) -> AsyncIterator[Days]:
    """Asleep from 20 h to 28 h, N1's D among them, on a database that serves several at once."""
    await database.connect(pg_url)
    days = Days(await department.found())
    await days.matter()
    await days.until(20)
    await heartbeat.beat(at(20), days.wall())
    days.wall.on(hours=8)
    yield days
    await database.close()


async def beside(beat: Awaitable[None], other: Awaitable[Reply], held: asyncio.Event, go: asyncio.Event) -> Reply:
    """The reply of what comes while the beat stands at `held`."""
    beating = asyncio.ensure_future(beat)
    await asyncio.wait_for(held.wait(), 10)
    said = asyncio.ensure_future(other)
    await asyncio.wait([said], timeout=0.3)
    go.set()
    await beating
    return await said


async def seen(engine: Engine) -> datetime:
    """The business instant that the engine works by."""
    told: list[datetime] = []

    async def half(now: datetime) -> int:
        told.append(now)
        return 0

    timekeeper.forget()
    assert await engine.run(half)
    return told[0]


@pytest.mark.parametrize("ahead", [3 * HOUR, -3 * HOUR])
async def test_replicas_agree_on_the_databases_clock(skewed: str, ahead: timedelta) -> None:
    """Whatever this machine's clock says, the engine plans, leases and beats by the database's, and is not ready."""
    await skew.shift(skewed, ahead)
    assert abs(await seen(Engine(Lanes())) - clock.wall() - ahead) < NEAR
    assert abs(Lanes().wall() - clock.wall() - ahead) < NEAR
    assert abs(timekeeper.seconds_until(clock.wall() + ahead + HOUR) - 3600) < 5
    await heartbeat.beat(timekeeper.now(), timekeeper.wall())
    report = await health.report()
    assert (report["ready"], report["heartbeat"]) == (False, True)
    assert abs(float(str(report["skew"])) - 3 * 3600) < 5


async def test_two_seconds_are_no_fault(skewed: str) -> None:
    await skew.shift(skewed, timedelta(seconds=1))
    await timekeeper.look()
    await heartbeat.beat(timekeeper.now(), timekeeper.wall())
    assert (await health.report())["ready"] is True
    await skew.shift(skewed, timedelta(seconds=-3))
    assert (await health.report())["ready"] is False


async def test_set_back_with_a_retry_ahead(desk: Desk) -> None:
    """It does not wait for an instant that now lies hours ahead; what may have arrived is not sent again."""
    await desk.urged(2)
    desk.workers = 3
    desk.wecom.errors = [ChannelDown("gone", ambiguous=True)] * 3
    await desk.send(27)
    assert await states("urge") == ["pending"] * 6
    desk.wall.on(hours=-3)
    desk.forget()
    await desk.turn(27)
    assert set(await states("urge")) == {"unknown"}  # nobody can say how long ago the first try was
    assert len(desk.wecom.raw) == 0
    assert len(desk.sms.raw) == 3


async def test_set_back_with_a_lease_ahead(desk: Desk) -> None:
    await desk.urged()
    await Delivery.filter(kind="urge").update(state="sending", lease_until=desk.wall() + MINUTE, attempt=1)
    desk.wall.on(hours=-3)
    await desk.turn(27)
    assert (desk.wecom.users, await states("urge")) == (["a", "b", "chu"], ["accepted"] * 3)


async def test_set_forward_by_hours(desk: Desk) -> None:
    """A retry that is hours late by the new clock may not be recognised any more: the SMS tells."""
    await desk.urged()
    desk.wecom.errors = [ChannelDown("gone", ambiguous=True)] * 3
    await desk.send(27)
    desk.wall.on(hours=5)
    desk.forget()
    await desk.turn(27)
    assert (desk.wecom.raw, len(desk.sms.raw)) == ([], 3)
    desk.wall.on(hours=-5)
    desk.forget()
    await desk.turn(27)
    assert (desk.wecom.raw, desk.sms.raw) == ([], [])


async def test_set_back_the_rate_limit_forgets_the_future(db: str) -> None:
    del db
    person, now = await Person.create(name="张三"), datetime(2026, 3, 3, 12, tzinfo=SHANGHAI)
    waits = [(await Recipient.take([person.id], "wecom", now + 3 * HOUR))[person.id] for _ in range(16)]
    assert waits[:15] == [0.0] * 15
    assert 0 < waits[15] <= 4
    waits = [(await Recipient.take([person.id], "wecom", now))[person.id] for _ in range(16)]
    assert waits[:15] == [0.0] * 15
    assert 0 < waits[15] <= 4


async def test_set_back_the_heart_goes_on(db: str) -> None:
    """A beat of a future that was none hides no outage, also one of a worker that died meanwhile."""
    del db
    now = clock.wall()
    await Heartbeat.create(worker="gone", at=now + 3 * HOUR, wall=now + 3 * HOUR)
    await heartbeat.beat(now, now)
    assert await heartbeat.is_fresh(now)
    assert not await Outage.exists()
    await heartbeat.beat(now + HOUR, now + HOUR)
    outages = [(now, now + HOUR)]
    assert [(each.began_at, each.ended_at) for each in await Outage.all()] == outages
    # our own beat lies ahead: a worker that ended before it makes no outage of its own
    await Heartbeat.filter(worker="gone").update(at=now - 48 * HOUR, wall=now - 48 * HOUR)
    await heartbeat.beat(now + HOUR - 4 * MINUTE, now + HOUR - 4 * MINUTE)
    assert [(each.began_at, each.ended_at) for each in await Outage.all()] == outages
    await heartbeat.beat(now + 2 * HOUR, now + 2 * HOUR)
    assert await Outage.all().count() == 2


async def test_asleep_for_hours(db: str) -> None:
    """The gap stands in the record, the process is not ready until its heart beats again."""
    del db
    now = clock.wall()
    await heartbeat.beat(now, now)
    later = now + 8 * HOUR
    assert not await heartbeat.is_fresh(later)
    await asyncio.gather(heartbeat.beat(later, later))
    assert await heartbeat.is_fresh(later)
    assert [(each.began_at, each.ended_at) for each in await Outage.all()] == [(now, later)]


@pytest.mark.requirement("A49")
async def test_an_answer_beside_the_first_beat_after_a_sleep(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    held, go, tell = asyncio.Event(), asyncio.Event(), grace._tell

    async def slow(since: datetime, outage: Outage, outages: Sequence[scoring.Outage], now: datetime) -> None:
        held.set()
        await go.wait()
        await tell(since, outage, outages, now)

    monkeypatch.setattr(grace, "_tell", slow)
    said = await beside(heartbeat.beat(at(28), days.wall()), days.world.say("a", ACK, 28), held, go)
    assert "1天节点已反馈" in said.text
    await days.turn(28)
    assert await days.score() == 0


@pytest.mark.requirement("A49", "A72")
async def test_a_word_on_an_objection_beside_the_first_beat(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    await days.until(28.5)
    await days.said("a", ACK, 28.5)
    await days.said("a", "申诉 1 系统中断，未能报送", 28.6)
    held, go, settle = asyncio.Event(), asyncio.Event(), moot._settle

    async def slow(row: Ruling, when: datetime) -> None:
        held.set()
        await go.wait()
        await settle(row, when)

    monkeypatch.setattr(moot, "_settle", slow)
    word = days.world.say("wang", "/申诉 1 驳回 证据不足", 28.7)
    said = await beside(heartbeat.beat(at(28.7), days.wall()), word, held, go)
    assert "已据实全部冲回，不需要再裁定" in said.text
    assert (await Ruling.get(kind="objection")).verdict == "settled"
    assert await Notice.filter(kind="objection_decided").count() == 1
    assert await days.world.intact()


async def test_set_back_by_a_year_the_digest_comes_all_the_same(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(95)
    friday = datetime(2026, 3, 6, 8, 30, tzinfo=SHANGHAI)
    assert await digest.plan(friday + timedelta(days=367)) > 0  # a Monday
    assert await digest.plan(friday) > 0
    assert await digest.plan(friday) == 0
    assert await digest.plan(friday + timedelta(days=3)) > 0
