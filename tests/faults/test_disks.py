"""A full disk, a database that may only be read, a row that can't be planned: the rest goes on, it shows, nothing is
half done."""

from __future__ import annotations

from typing import Any

import pytest

from bot import health
from bot.engine import scheduler
from models import database
from models.delivery import Delivery
from models.inbound import Inbound
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from tests.faults import disks
from tests.faults.storm import HOUR, MINUTE, NOON, Storm, cards, each_at, states, texts
from tests.stories import theatre

LONG = "进展 1天 " + "已完成现场核查，形成问题清单。" * 40
TABLES = ("inbound", "feedback", "notice", "delivery", "attempt", "ledger", "score_event")


async def ready(storm: Storm) -> int:
    async with storm.stage.session.get(f"{storm.stage.url}/readyz") as answer:
        return answer.status


async def counts() -> dict[str, int]:
    return {each: (await database.rows(f"SELECT count(*) AS n FROM {each}"))[0]["n"] for each in TABLES}


async def beat(storm: Storm) -> None:
    await storm.stage.engine.job(scheduler.beat)


async def fails(storm: Storm, rest: dict[str, Any]) -> None:
    """Nobody is told anything, an answer is left to the platform's next call, and both show."""
    engine = storm.stage.engine
    storm.stage.platform.platform.clock.change(to=NOON)
    assert not await engine.run(engine.plan)
    answer = await storm.stage.say("张三", LONG)
    assert (answer["status"], answer["tries"]) == (500, 3)
    report = await health.report()
    troubles = dict(report["trouble"])  # type: ignore[call-overload]
    assert report["ready"] is False
    assert {"plan", "answers"} <= troubles.keys()
    assert await ready(storm) == 503
    assert await counts() == rest
    assert (await Obligation.get(name="N1")).next_notice_at == NOON


async def heals(storm: Storm) -> None:
    """The rung that could not go out is caught up with, once; the person writes again."""
    storm.stage.platform.platform.clock.change(to=NOON + 20 * MINUTE)
    await disks.recovered(storm.stage.engine)
    await storm.past(NOON + 20 * MINUTE)
    assert await cards(storm, "urge") == each_at("03-03 12:20")
    assert await texts(storm) == []
    assert "已" in await storm.say("张三", LONG)
    await storm.past(NOON + 4 * HOUR)
    assert await cards(storm, "urge") == each_at("03-03 12:20")
    await beat(storm)
    assert (await health.report())["trouble"] == {}
    assert await ready(storm) == 200


async def test_a_full_disk(storm: Storm, capsys: pytest.CaptureFixture[str]) -> None:
    await storm.begin()
    await disks.fill()
    await fails(storm, await counts())
    assert await Inbound.filter(text__contains="形成问题清单").count() == 0
    await disks.free()
    await heals(storm)
    said = capsys.readouterr().out
    assert "full" in said or "No space left" in said
    assert "形成问题清单" not in said


async def test_a_disk_that_fills_up_while_cards_are_on_their_way(storm: Storm) -> None:
    """What was sent could not be recorded: it is asked for again byte for byte, and nobody sees it twice."""
    engine = storm.stage.engine
    await storm.begin()
    storm.stage.platform.platform.clock.change(to=NOON)
    assert await engine.plan(NOON) == 1
    await storm.fault("timeout_after_accept", path="/cgi-bin/message/send", count=3)
    await engine.send(NOON)
    assert await states("urge") == [("pending", 1)] * 3
    await disks.fill()
    storm.stage.platform.platform.clock.change(to=NOON + MINUTE)
    assert not await engine.run(engine.send)
    assert await states("urge") == [("sending", 2)] * 3
    assert (await health.report())["ready"] is False
    await disks.free()
    await storm.past(NOON + 5 * MINUTE)
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    assert set((await storm.wired("urge")).values()) == {3}
    assert await states("urge") == [("accepted", 3)] * 3
    assert await texts(storm) == []


async def test_a_database_that_may_only_be_read(storm: Storm) -> None:
    await storm.begin()
    rest, url = await counts(), storm.stage.settings.database_url
    await disks.lock(url)
    await fails(storm, rest)
    await beat(storm)
    assert "beat" in dict((await health.report())["trouble"])  # type: ignore[call-overload]
    await disks.unlock(url)
    await heals(storm)


async def test_a_poison_row(storm: Storm) -> None:
    """One matter's rules can't be read any more: it alone is set aside, and the office can see it."""
    storm.quarantined = True
    await storm.until(theatre.T)
    spoilt = await storm.matter()
    await storm.matter(theatre.PROPOSE.replace("取水许可核查", "河道清淤"))
    await Matter.filter(id=spoilt.id).update(ruleset={"urge_first": "on_tuesdays"})
    await storm.past(NOON)
    told = await storm.sent("urge")
    assert {each.split()[4] for each in told} == {"2026-0002"}
    assert len(told) == 3
    row = await Obligation.get(matter_id=spoilt.id, name="N1")
    assert (row.next_notice_at, "urge_first" in row.fault) == (None, True)
    assert await Notice.filter(matter_id=spoilt.id, kind__in=["remind", "urge"]).count() == 0
    report = await health.report()
    assert (report["ready"], report["quarantined"]) == (True, 1)
    assert "2026-0001 1天计划出错" in await storm.say("王芳", "/未达")
    assert not await Delivery.filter(state__in=["pending", "sending"]).exists()
