"""Backup while people write and cards leave, restore into an empty place: nothing lost, nothing twice, it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.actions import setting
from models import restored
from models.delivery import Delivery
from models.document import Document
from models.inbound import Inbound
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.system import Meta
from tests.faults import fire
from tests.faults.soak import store
from tests.faults.storm import HOUR, MINUTE, NOON, Storm, cards, each_at, states, texts
from tests.stories import theatre


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wheel's pg_dump and pg_restore."""
    monkeypatch.setenv("PATH", fire.tools())


@pytest.fixture
async def spare(db_url: str, pg_server: str, tmp_path: Path) -> AsyncIterator[str]:
    """Another, empty database of the same kind."""
    if db_url.startswith("sqlite"):
        yield "sqlite://restored.db"
        return
    async with store.database(pg_server) as url:
        yield url


async def test_under_load(spare: str, storm: Storm, tmp_path: Path) -> None:
    """Whatever was acknowledged before the backup began is in it, whole; what it knows can be proved."""
    file = tmp_path / "backup.tar"
    storm.unsent = {"unknown"}  # replies that were about to be pushed
    await storm.begin()
    await storm.photograph("张三")
    begun, stop, said = asyncio.Event(), asyncio.Event(), 0

    async def talk(name: str) -> None:
        nonlocal said
        while not stop.is_set():
            answer = await storm.stage.say(name, "待办")
            assert answer["status"] == 200
            said += 1
            if said == 12:
                begun.set()

    talking = [asyncio.create_task(talk(name)) for name in ("张三", "李四", "王芳")]
    await begun.wait()
    before = await Inbound.all().count()
    storm.stage.platform.platform.clock.change(to=NOON)
    planning = asyncio.create_task(storm.stage.engine.drain())
    await fire.backed_up(storm, file)
    stop.set()
    await asyncio.gather(*talking, planning)
    assert file.stat().st_mode & 0o777 == 0o600
    await fire.moved(storm, spare, file)
    assert await Inbound.all().count() >= before
    assert not [each.id for each in await Matter.all() if await Ledger.verify(each.id, setting.current().ledger_key)]
    assert [each.name for each in storm.stage.settings.storage_path.glob("??/*")] == [(await Document.get()).sha256]
    await storm.past(NOON + 3 * HOUR)
    assert sorted(await cards(storm, "urge", 2)) == each_at("03-03 15:00")
    counts = {seq: len(await cards(storm, "urge", seq)) for seq in (1, 2)}
    assert counts == {1: 3, 2: 3}


async def test_in_flight_at_the_backups_instant(spare: str, storm: Storm, tmp_path: Path) -> None:
    """Sent and not yet recorded when the backup was taken: the same bytes again, and the platform knows them."""
    file = tmp_path / "backup.tar"
    await storm.begin()
    await storm.fault("timeout_after_accept", path="/cgi-bin/message/send", count=3)
    await storm.past(NOON)
    assert await states("urge") == [("pending", 1)] * 3
    await fire.backed_up(storm, file)
    await storm.past(NOON + MINUTE)
    assert await states("urge") == [("accepted", 2)] * 3
    await fire.moved(storm, spare, file)
    assert await states("urge") == [("pending", 1)] * 3
    await storm.past(NOON + 20 * MINUTE)
    assert await states("urge") == [("accepted", 2)] * 3
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    assert await texts(storm) == []


async def test_left_between_backup_and_fire(spare: str, storm: Storm, tmp_path: Path) -> None:
    """Planned and not yet rendered at the backup, sent afterwards: not sent again, but listed; the ladder goes on, and
    no new card is taken for an old one."""
    file, engine = tmp_path / "backup.tar", storm.stage.engine
    storm.unsent = {"unknown"}
    await storm.begin()
    storm.stage.platform.platform.clock.change(to=NOON)
    assert await engine.plan(NOON) == 1
    await fire.backed_up(storm, file)
    before = await Meta.get(key="installation")
    await storm.past(NOON + 2 * HOUR)
    second = await storm.matter(theatre.PROPOSE.replace("取水许可核查", "河道清淤"))  # lost with the first place
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    await fire.moved(storm, spare, file)
    assert await Matter.filter(id=second.id).count() == 0
    assert (await Meta.get(key="installation")).value != before.value
    await storm.past(NOON + 2 * HOUR + MINUTE)
    assert await states("urge") == [("unknown", 1)] * 3
    assert {each.error for each in await Delivery.filter(kind="urge")} == {restored.WHY}
    assert "未达3条" in await storm.say("王芳", "/未达")
    again = await storm.matter(theatre.PROPOSE.replace("取水许可核查", "水库清淤"))
    assert again.code == "2026-0002"
    await storm.past(NOON + 3 * HOUR)
    assert await states("urge", seq=2) == [("accepted", 1)] * 3
    initiated = Delivery.filter(notice__matter_id=again.id, kind="initiate", lane="chat")
    assert {each.state for each in await initiated} == {"accepted"}
    shown = [each for each in await storm.shown("张三") if "水库清淤" in each]
    assert len([each for each in shown if "13710督办·交办" in each]) == 1
    assert await Notice.filter(kind="urge", seq=1).count() == 1
