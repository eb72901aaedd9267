"""Our own outage costs nobody a point, and whoever may have answered in vain hears of it (A49)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actions import setting
from bot.engine import heartbeat
from bot.rules import ruleset
from models.delivery import Delivery
from models.matter import Matter
from models.score import ScoreEvent
from models.system import Outage
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days

WALL = timedelta(hours=1)
STAGE = "进展 {} 3天 已完成现场核查，形成问题清单"


async def down(days: Days, began: float, ended: float) -> None:
    """The last beat was at `began`, the first one after it at `ended`; then what was missed goes out."""
    await days.until(began)
    await heartbeat.beat(at(began), days.wall())
    days.wall.on(hours=ended - began)
    await heartbeat.beat(at(ended), days.wall())
    days.now = ended
    days.forget()
    await days.turn(ended)


@pytest.mark.requirement("A49")
async def test_answered_in_the_grace(days: Days) -> None:
    await days.matter()
    await down(days, 20, 28)  # N1's D lies in it; the first urge is caught up
    assert await days.score() == -2
    [card] = [each for each in days.wecom.sent if each["user"] == "a"]
    assert "补报" in str(card["facts"])
    assert "系统曾中断，标“补报”的请于3月3日 21:00前重新报送，不计逾期" in card["text"]
    await days.until(36)
    await days.said("a", ACK, 36)  # the very end of the grace
    assert await days.score() == 0
    assert "系统中断免扣+0.1" in await days.said("a", "扣分 1")
    await days.until(60)
    assert await days.score() == 0
    assert await days.world.intact()


@pytest.mark.requirement("A49")
async def test_answered_after_the_grace(days: Days) -> None:
    await days.matter()
    await down(days, 20, 25)  # nothing was missed, and yet he may have answered
    [card] = [each for each in days.wecom.sent if each["user"] == "a"]
    assert (card["title"], card["keys"]) == ("系统曾中断，请补报：1天反馈", ["ack:2:1:9"])
    assert "3月3日 05:00至3月3日 10:00系统中断" in card["text"]
    assert "3月3日 15:00前报送的，不计逾期、不扣分" in card["text"]
    await days.until(30.01)
    await days.said("a", ACK, 30.01)
    assert await days.score() == -2
    assert [each[2].done for each in days.wecom.replaced if each[0] == "a" and "补报" in each[2].title] == [
        "已安排张三"
    ]


@pytest.mark.requirement("A49")
async def test_one_message_a_person_and_only_who_is_concerned(days: Days) -> None:
    for number in (1, 2, 3):
        await days.world.matter(PROPOSE.replace("类别:一般", "类别:重大"))
        await days.turn(0)
        if number == 1:
            await days.said("a", ACK, 0)
    await days.said("a", STAGE.format("2026-1"), 1)
    await days.until(72)
    await down(days, 72, 79)  # N3 of the second and the third, none of the first
    assert await Delivery.filter(kind="resend", lane="chat").count() == 2
    assert {each["user"] for each in days.wecom.sent if "补报" in str(each)} == {"a"}
    assert len([each for each in days.wecom.sent if each["user"] == "a"]) == 1
    days.wall.on(hours=1)
    await heartbeat.beat(at(80), days.wall())
    assert await Outage.all().count() == 2


@pytest.mark.requirement("A49")
async def test_answered_before_anybody_knew_of_the_outage(days: Days) -> None:
    await days.matter()
    await days.until(20)
    await heartbeat.beat(at(20), days.wall())
    await days.until(30.5)
    await days.said("a", ACK, 30.5)
    assert await days.score() == -2
    await days.said("ban", "/退回 1 请写明承办人", 31)
    assert await days.score() == -3
    days.wall.on(hours=11)
    await heartbeat.beat(at(31), days.wall())
    # N1's first run is over; the return is a point of its own
    assert await days.score() == -1
    assert [each.reason for each in await ScoreEvent.filter(seq__lt=0)] == ["outage"] * 2


@pytest.mark.requirement("A16", "A49")
async def test_supervise_notices_of_an_outage_do_not_count(days: Days) -> None:
    """Both are caught up when we are back, and both duties are answered in the grace."""
    await days.matter()
    await down(days, 20, 121.5)
    assert ((await Matter.get()).supervised, (await Matter.get()).proposal_open) == (2, True)
    await days.said("a", f"1 {ACK}", 122)
    assert ((await Matter.get()).supervised, (await Matter.get()).proposal_open) == (1, False)
    await days.said("a", STAGE.format(1), 122)
    assert (await Matter.get()).supervised == 0
    assert await days.world.intact()


@pytest.mark.requirement("A16", "A49")
async def test_nor_when_the_outage_is_known_only_later(days: Days) -> None:
    await days.matter()
    await days.until(20)
    await heartbeat.beat(at(20), days.wall())
    await days.until(121)
    await days.said("a", f"1 {ACK}", 121)
    assert ((await Matter.get()).supervised, (await Matter.get()).proposal_open) == (2, True)
    days.wall.on(hours=101)
    await heartbeat.beat(at(121), days.wall())
    assert ((await Matter.get()).supervised, (await Matter.get()).proposal_open) == (1, False)
    assert await days.world.intact()


@pytest.mark.requirement("A49")
async def test_a_grace_in_which_we_are_down_again_is_longer(days: Days) -> None:
    """Down from 20 h to 28 h and, a minute later, until 40 h: the grace of N1's D ends at 48 h, and he is told so."""
    await days.matter()
    await down(days, 20, 28)
    await down(days, 28 + 1 / 60, 40)
    assert "补报" in str([each for each in days.wecom.sent if each["user"] == "a"])
    await days.said("a", ACK, 47.9)
    assert await days.score() == 0


@pytest.mark.requirement("A10", "A49")
async def test_at_night_it_waits_for_the_morning_when_the_grace_does(days: Days) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"quiet_mode": "defer"})))
    await days.matter()
    await down(days, 23, 39.5)  # up again at half past midnight; the grace ends in the afternoon
    assert days.wecom.sent == []
    await days.turn(47)
    assert [each["user"] for each in days.wecom.sent if "补报" in str(each)] == ["a"]
