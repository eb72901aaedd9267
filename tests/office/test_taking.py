"""T where it waits for the delivery of the initiation, or for the unit's acceptance (A1)."""

from __future__ import annotations

import pytest

from bot.actions import setting, taking
from bot.channels import ChannelDown
from bot.engine import notify
from bot.rules import ruleset
from models.delivery import Delivery
from models.matter import Matter
from models.obligation import Obligation
from models.roster import sender
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days
from tests.shapes import name

DAY = 24.0


def choose(clock_start: str) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"clock_start": clock_start})))


async def due(name: str = "N1") -> float | None:
    """D in hours after the department's T; None while nothing is owed."""
    row = await Obligation.get_or_none(name=name)
    return (row.due_at - at(0)).total_seconds() / 3600 if row and row.due_at else None


@pytest.mark.requirement("A1", "R31")
async def test_the_clock_starts_when_the_unit_accepts(days: Days) -> None:
    choose("acceptance")
    await days.world.say("ban", f"{PROPOSE} 截止:2026-05-30")
    assert "时限自送达或签收起算" in (await days.world.say("wang", "/批准 1")).text
    await days.turn(0)
    [card] = [each for each in days.wecom.sent if each["user"] == "a"]
    assert card["title"] == "新交办：请签收"
    root = await Obligation.get(name="MATTER")
    assert card["keys"] == [f"take:{root.id}"]
    assert ["截止", "自签收起算"] in card["facts"]
    assert [await due("N1"), await due("CUSTOM")] == [None, 90 * DAY + 15 - DAY]
    turned = await days.world.press("a", card["keys"][0], 5)
    assert turned.replace.done == "已签收"
    assert "请在3月3日 14:00前明确承办人" in turned.text
    assert [each.key.split(":")[0] for each in turned.card.actions] == ["ack"]
    assert [await due("N1"), await due("N7")] == [29, 7 * DAY + 5]
    assert name((await days.world.press("b", card["keys"][0], 6)).text) == "refused/stale_card"
    by = await sender("wecom", "b", notify.today(at(6)))
    assert by
    assert await taking.take_up(root.matter_id, by, at(6)) is None  # it runs already
    assert (await Matter.get()).initiated_at == at(5)
    await days.until(29)
    assert await days.told("remind") == ["a"]
    assert await days.world.intact()


@pytest.mark.requirement("A1")
async def test_whatever_the_unit_does_first_accepts(days: Days) -> None:
    choose("acceptance")
    await days.matter()
    assert name(await days.said("gui", "收到", 3)) == "refused/nothing_open"
    assert "1天节点已反馈" in await days.said("a", ACK, 4)
    row = await Obligation.get(name="N1")
    assert (await due(), row.ended) == (28, "met")


@pytest.mark.requirement("A1")
async def test_what_nobody_accepts_begins_by_itself(days: Days) -> None:
    choose("acceptance")
    await days.matter()
    await days.until(DAY + 1)
    assert await due() == 2 * DAY
    assert await days.score() == 0
    await days.until(2 * DAY + 3.5)
    assert await days.score() == -2


@pytest.mark.requirement("A1")
async def test_the_clock_starts_with_the_delivery(days: Days) -> None:
    choose("delivery")
    days.wecom.always = days.sms.always = ChannelDown("maintenance")
    await days.world.matter()
    await days.turn(0)
    await days.until(30)
    assert await due() is None
    days.wecom.always = days.sms.always = None
    days.wall.on(minutes=30)
    days.forget()
    await days.turn(31)
    assert await due() == 31 + DAY
    assert {each["title"] for each in days.wecom.sent if each["user"] != "ban"} == {"新交办：请即安排承办人"}
    assert "请即登录办理" in days.sms.sent[0]["text"]
    assert (await Matter.get()).initiated_at == at(31)
    assert await days.world.intact()


@pytest.mark.requirement("A1")
async def test_only_the_initiation_itself_starts_the_clock(days: Days) -> None:
    """Not another card of the matter, nor the initiation's that turned; once, and no other matter's."""
    choose("delivery")
    matter = await days.world.matter()
    await days.world.matter()
    await days.plan(0)
    approved, *_ = await Delivery.filter(kind="approved", lane="chat")
    mine = await Delivery.filter(kind="initiate", notice__matter_id=matter.id).order_by("id")
    turned = await Delivery.get(id=mine[0].id)
    turned.lane = "update"
    await taking.delivered([approved, turned], at(1))
    assert await due() is None
    for hours in (2, 3):
        await taking.delivered([approved, *mine], at(hours))
        assert await due() == 2 + DAY
    assert (await days.verbs())[-1] == "delivered"


@pytest.mark.requirement("A1", "A46")
async def test_another_unit_accepts_for_itself(days: Days) -> None:
    choose("acceptance")
    await days.matter()
    await days.said("a", "收到", 1)
    await days.sure("ban", "/改派 1 规划处 职责不符", 10)
    assert not await Obligation.filter(name="N1", ended="").exists()
    assert "已签收" in await days.said("gui", "收到", 12)
    row = await Obligation.get(name="N1", ended="")
    assert row.due_at == at(12 + DAY)
