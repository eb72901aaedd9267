"""A delivery's way out: claimed, checked, rendered once, sent, settled by the attempt that holds it (data.md)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot import clock
from bot.channels import ChannelDown, Unreachable
from bot.engine import letter, outbox
from models import replies
from models.delivery import Attempt, Delivery
from models.notice import Notice
from models.people import Person
from models.score import ScoreEvent
from tests.engine.desk import Desk, at, states


async def scored(rule: str) -> int:
    return sum(await ScoreEvent.filter(rule=rule).values_list("tenths", flat=True))  # type: ignore[arg-type]


@pytest.mark.requirement("R55", "A12")
async def test_an_urge_reaches_its_people_and_is_scored_once(desk: Desk) -> None:
    await desk.urged()
    assert await scored("urge_episode") == 0
    await desk.send(27)
    assert desk.wecom.users == ["a", "b", "chu"]
    assert await states("urge") == ["accepted"] * 3
    assert await scored("urge_episode") == -1
    await desk.turn(30)
    assert await scored("urge_episode") == -1
    assert not desk.sms.raw


@pytest.mark.requirement("R24", "R31", "A44")
async def test_initiation_and_supervision_go_by_sms_too(desk: Desk) -> None:
    await desk.world.matter()
    await desk.turn(0)
    assert desk.sms.users == sorted([await desk.phone("a"), await desk.phone("chu")])
    desk.forget()
    await desk.turn(72)
    assert desk.sms.users == sorted([await desk.phone(each) for each in ("a", "b", "chu")])
    assert all(len(each["text"]) <= 70 and "督办" in each["text"] for each in desk.sms.sent)
    assert await scored("supervise") == -5


async def test_what_was_answered_after_the_claim_does_not_leave(desk: Desk) -> None:
    await desk.urged()
    claimed = await Delivery.claim(desk.wall(), at(27), 500, outbox.LEASE)
    assert await letter.still_current(claimed)
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 27.01)
    assert not await letter.still_current(claimed)
    await desk.send(27.02)
    assert "urge" not in [each["title"] for each in desk.wecom.sent]
    assert await states("urge") == ["cancelled"] * 3
    assert await scored("urge_episode") == 0


async def test_an_answer_while_others_are_being_sent_stops_the_rest(desk: Desk) -> None:
    await desk.urged()
    desk.workers = 1
    desk.wecom.hang = asyncio.Event()
    sending = asyncio.create_task(desk.send(27))
    await asyncio.wait_for(desk.wecom.entered.wait(), 10)  # one is on its way, two wait for it
    await desk.world.say("b", "进展 1 已召开专题会议研究部署任务", 27.01)
    desk.wecom.hang.set()
    await sending
    assert len(desk.wecom.raw) == 1
    assert await states("urge") == ["accepted", "cancelled", "cancelled"]


async def test_a_card_on_its_way_when_the_answer_comes_turns_once_it_lands(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.hang = asyncio.Event()
    sending = asyncio.create_task(desk.send(27))
    await asyncio.wait_for(desk.wecom.three.wait(), 10)  # all three are on their way
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 27.01)
    hang, desk.wecom.hang = desk.wecom.hang, None
    await desk.send(27.02)
    before = len(desk.wecom.replaced)  # the cards of the initiation and the reminder
    hang.set()
    await sending
    assert await states("urge") == ["accepted"] * 3  # planned before the answer: it counts
    assert await scored("urge_episode") == -1
    desk.wall.on(seconds=6)
    await desk.turn(27.03)
    landed = desk.wecom.replaced[before:]
    assert sorted((user, card.done != "") for user, _, card in landed) == [("a", True), ("b", True), ("chu", True)]
    codes = [code for _, code, _ in landed]
    assert len(codes) == len(set(codes))
    assert "" not in codes


async def test_what_was_planned_after_the_answer_is_overtaken_in_flight(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.hang = asyncio.Event()
    sending = asyncio.create_task(desk.send(27))
    await asyncio.wait_for(desk.wecom.three.wait(), 10)  # all three are on their way
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 26.999)
    desk.wecom.hang.set()
    await sending
    assert await states("urge") == ["overtaken"] * 3
    assert await scored("urge_episode") == 0
    assert await scored("overdue") == -1


@pytest.mark.parametrize(("answered", "state", "tenths"), [(26.999, "overtaken", 0), (27.001, "accepted", -1)])
async def test_answered_and_returned_while_it_is_on_its_way(
    desk: Desk, answered: float, state: str, tenths: int
) -> None:
    """What is owed again when the urge lands was answered all the same, before the urge or after it (A5, A12)."""
    await desk.urged()
    desk.wecom.hang = asyncio.Event()
    sending = asyncio.create_task(desk.send(27))
    await asyncio.wait_for(desk.wecom.three.wait(), 10)
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", answered)
    assert "已退回" in (await desk.world.say("ban", "/退回 1 请写明承办人", 27.01)).text
    desk.wecom.hang.set()
    await sending
    assert await states("urge") == [state] * 3
    assert await scored("urge_episode") == tenths


@pytest.mark.parametrize(("kind", "rule", "hours"), [("urge", "urge_episode", 27), ("supervise", "supervise", 72)])
async def test_a_completion_that_comes_first_overtakes_what_is_in_flight(
    desk: Desk, kind: str, rule: str, hours: float
) -> None:
    """An application pauses what it answers: at the instant of the notice it still comes first (A5, R29), also when it
    was refused as not done before the notice lands."""
    await desk.urged()
    await desk.turn(hours - 1 / 60)
    before = await scored(rule)
    await desk.plan(hours)
    await desk.world.hand_in("a", hours)
    asked = await desk.world.say("a", "完结 1 理由：已全部整改到位", hours)
    desk.wecom.hang, desk.wecom.entered = asyncio.Event(), asyncio.Event()
    sending = asyncio.create_task(desk.send(hours))
    await asyncio.wait_for(desk.wecom.entered.wait(), 10)
    await desk.world.press("a", asked.card.actions[0].key, hours)  # type: ignore[union-attr]
    assert "已退回" in (await desk.world.say("ban", "/退回 1 未落实 尚未整改", hours + 0.01)).text
    desk.wecom.hang.set()
    await sending
    assert "overtaken" in await states(kind)
    assert "accepted" not in await states(kind)
    assert await scored(rule) == before


async def test_what_is_in_flight_when_its_matter_turns_out_a_mistake_costs_nothing(desk: Desk) -> None:
    """错立 voids the points of the matter, also the one that is booked when its urge lands (A46)."""
    await desk.urged()
    asked = await desk.world.say("wang", "/撤销 1 错立 重复立项", 27.01)
    desk.wecom.hang = asyncio.Event()
    sending = asyncio.create_task(desk.send(27))
    await asyncio.wait_for(desk.wecom.three.wait(), 10)
    await desk.world.press("wang", asked.card.actions[0].key, 27.02)  # type: ignore[union-attr]
    desk.wecom.hang.set()
    await sending
    assert await states("urge") == ["accepted"] * 3
    assert await scored("urge_episode") == await scored("overdue") == 0


async def test_what_was_planned_after_the_answer_is_overtaken_when_it_had_left(desk: Desk) -> None:
    await desk.urged()
    await desk.send(27)
    assert await scored("urge_episode") == -1
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 26.999)
    assert await states("urge") == ["overtaken"] * 3
    assert await scored("urge_episode") == 0
    assert await scored("overdue") == -1
    await desk.turn(27.1)
    assert {user for user, _, _ in desk.wecom.replaced} == {"a", "b", "chu"}


async def test_an_earlier_urge_that_stands_keeps_its_tenth(desk: Desk) -> None:
    await desk.urged()
    await desk.turn(27)
    await desk.turn(30)
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 29.999)
    assert await states("urge") == ["accepted"] * 3 + ["overtaken"] * 3
    assert await scored("urge_episode") == -1


@pytest.mark.requirement("A12")
async def test_an_urge_that_reached_nobody_is_never_scored(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = desk.sms.always = Unreachable("nobody")
    await desk.turn(27)
    assert await states("urge") == await states("urge", "sms") == ["failed"] * 3
    assert await scored("urge_episode") == 0


async def test_an_urge_that_arrived_by_sms_alone_is_scored(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = Unreachable("nobody")
    await desk.turn(27)
    assert await states("urge", "sms") == ["accepted"] * 3
    assert len(desk.sms.raw) == 3
    assert await scored("urge_episode") == -1


async def test_a_person_without_account_gets_an_sms_and_without_phone_shows_up(desk: Desk) -> None:
    await desk.urged()
    await Person.filter(wecom_id="b").update(wecom_id=None)
    await Person.filter(wecom_id="chu").update(wecom_id=None, phone="")
    await desk.turn(27)
    assert desk.wecom.users == ["a"]
    assert len(desk.sms.raw) == 1
    lost = await Delivery.filter(kind="urge", state="failed").order_by("id")
    assert [(each.lane, each.error) for each in lost] == [
        ("chat", "no address on this lane"),
        ("chat", "no address on this lane"),
        ("sms", "no address on this lane"),
    ]


async def test_without_sms_a_failed_card_just_fails(desk: Desk) -> None:
    await desk.urged()
    desk.mode, desk.wecom.always = "off", Unreachable("nobody")
    await desk.turn(27)
    assert await states("urge") == ["failed"] * 3
    assert not desk.sms.raw


async def test_who_left_after_the_planning_is_not_written_to(desk: Desk) -> None:
    await desk.urged()
    await Person.filter(wecom_id="chu").update(active=False)
    await desk.turn(27)
    assert desk.wecom.users == ["a", "b"]
    assert not desk.sms.raw
    assert (await Delivery.get(kind="urge", state="failed")).error == "no longer in the roster"


async def test_what_cannot_be_rendered_fails_visibly_and_alone(desk: Desk) -> None:
    await desk.urged(2)
    broken = await Notice.filter(kind="urge").order_by("-id").first()
    assert broken
    await Notice.filter(id=broken.id).update(facts={"due_at": "never"})
    await desk.turn(27)
    assert desk.wecom.users == ["a", "b", "chu"]
    bad = await Delivery.filter(notice_id=broken.id, lane="chat")
    assert {each.state for each in bad} == {"failed"}
    assert all("ValueError" in each.error for each in bad)
    good = await Delivery.filter(kind="urge", lane="chat").exclude(notice_id=broken.id)
    assert {each.state for each in good} == {"accepted"}


async def test_a_reply_nobody_took_is_pushed_once(desk: Desk) -> None:
    await desk.matter()
    await desk.world.say("a", "待办", 1)
    later = (await Person.get(wecom_id="a")).id
    for _ in range(2):
        await replies.push_overdue(at(10**6), at(1))
        await desk.turn(1)
    mine = [each for each in desk.wecom.sent if each["user"] == "a"]
    assert len(mine) == 1
    assert "2026-0001" in mine[0]["text"]
    assert await Delivery.filter(kind="reply", person_id=later, state="accepted").count() == 1


async def test_a_reply_of_a_future_that_was_none_is_pushed(desk: Desk) -> None:
    """After the clock was set back it does not wait as long as the step."""
    await desk.world.say("a", "待办", 1)
    now = clock.wall()
    assert await replies.push_overdue(now - timedelta(minutes=9), at(1)) == 0
    assert await replies.push_overdue(now - timedelta(minutes=11), at(1)) == 1


async def test_every_try_leaves_a_line(desk: Desk) -> None:
    await desk.urged()
    desk.workers = 1
    desk.wecom.errors = [ChannelDown("503")]
    await desk.send(27)
    desk.wall.on(seconds=5)
    await desk.send(27)
    one = await Delivery.filter(kind="urge").order_by("id").first()
    assert one
    lines = await Attempt.filter(delivery_id=one.id).order_by("id").values_list("n", "channel", "outcome")
    assert lines == [(1, "wecom", "postponed"), (2, "wecom", "accepted")]
