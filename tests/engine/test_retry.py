"""When the channel does not work: retries, leases, the second lane, and where trying ends (A44, data.md)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels import ChannelDown, RateLimited, Unreachable
from bot.engine import outbox
from models.delivery import Delivery
from tests.engine.desk import Desk, at, states


async def test_a_retry_sends_the_same_bytes(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = ChannelDown("gone", ambiguous=True)
    await desk.turn(27)
    first = sorted(desk.wecom.raw)
    desk.wecom.always = None
    desk.forget()
    await desk.turn(27)
    assert desk.wecom.raw == []  # the backoff is wall time
    desk.wall.on(seconds=5)
    await desk.turn(30.5)  # hours later by business time: a card rendered now would read otherwise
    assert [each for each in sorted(desk.wecom.raw) if each in first] == first
    assert await states("urge") == ["accepted"] * 6


async def test_the_pause_doubles_up_to_five_minutes(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = ChannelDown("gone")
    pauses = []
    for _ in range(9):
        await desk.send(27)
        one = await Delivery.filter(kind="urge", lane="chat").order_by("id").first()
        assert one
        assert one.next_try_at
        pauses.append((one.next_try_at - desk.wall()).total_seconds())
        desk.wall.at = one.next_try_at
    assert pauses == [5, 10, 20, 40, 80, 160, 285, 300, 300]  # the SMS is decided after ten minutes


async def test_an_outage_is_told_by_one_sms_while_the_card_goes_on_trying(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = ChannelDown("gone")
    for minutes in range(0, 30):
        await desk.turn(27)
        assert bool(desk.sms.raw) is (minutes >= 10)
        desk.wall.on(minutes=1)
    assert len(desk.sms.raw) == 3
    assert await states("urge") == ["pending"] * 3
    desk.wecom.always = None
    desk.wall.on(minutes=5)
    desk.forget()
    await desk.turn(27)
    assert desk.wecom.users == ["a", "b", "chu"]
    assert not desk.sms.raw
    assert await states("urge") == ["accepted"] * 3


async def test_waiting_in_our_own_queue_does_not_count_towards_the_sms(desk: Desk) -> None:
    await desk.urged()
    await Delivery.claim(desk.wall(), at(27), 500, outbox.LEASE)  # this process ends here, before anything is rendered
    desk.wall.on(hours=1)
    await desk.send(27)
    assert desk.wecom.users == ["a", "b", "chu"]
    assert not desk.sms.raw


async def test_a_platform_that_is_busy_for_long_is_an_outage_too(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = RateLimited(60.0, "45009")
    await desk.send(27)
    one = await Delivery.filter(kind="urge", lane="chat").first()
    assert one
    assert one.next_try_at == desk.wall() + timedelta(seconds=60)
    desk.wall.on(seconds=59)
    assert await desk.send(27) == 0
    for _ in range(11):
        desk.wall.on(minutes=1)
        await desk.turn(27)
    assert len(desk.sms.raw) == 3
    assert await states("urge") == ["pending"] * 3


@pytest.mark.parametrize(("ambiguous", "state"), [(False, "failed"), (True, "unknown")])
async def test_after_four_hours_the_card_is_given_up(desk: Desk, ambiguous: bool, state: str) -> None:
    await desk.urged()
    desk.wecom.always = ChannelDown("gone", ambiguous=ambiguous)
    await desk.turn(27)
    desk.wall.on(hours=4, minutes=1)
    desk.wecom.always = None
    desk.forget()
    await desk.turn(27)
    assert desk.wecom.raw == []
    assert len(desk.sms.raw) == 3
    assert await states("urge") == [state] * 3


@pytest.mark.requirement("A44")
async def test_who_cannot_be_reached_gets_one_sms(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.always = Unreachable("60111")
    await desk.turn(27)
    await desk.turn(27.1)
    assert len(desk.sms.raw) == 3
    assert len(desk.wecom.raw) == 3
    assert "60111" in (await Delivery.filter(kind="urge", lane="chat").first()).error  # type: ignore[union-attr]


async def test_a_supervise_notice_has_its_sms_already(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(71)
    await Delivery.filter(state="pending").update(state="cancelled")
    desk.wecom.always = Unreachable("60111")
    await desk.turn(72)
    assert len(desk.sms.raw) == 5  # unit by rule, leader and office because the card failed
    assert len(set(desk.sms.users)) == 5


async def test_a_lease_that_ran_out_is_sent_again_and_the_old_result_is_not_written(desk: Desk) -> None:
    await desk.urged()
    desk.workers = 3
    desk.wecom.hang = asyncio.Event()
    desk.wecom.errors = [Unreachable("late news")] * 3
    old = asyncio.create_task(desk.send(27))
    await desk.wecom.three.wait()
    hang, desk.wecom.hang = desk.wecom.hang, None
    desk.wall.on(seconds=61)
    await desk.send(27)
    assert sorted(desk.wecom.raw[3:]) == sorted(desk.wecom.raw[:3])
    hang.set()
    await old
    rows = await Delivery.filter(kind="urge")
    assert {(each.state, each.attempt, each.lane) for each in rows} == {("accepted", 2, "chat")}
    assert not desk.sms.raw


async def test_an_sms_whose_outcome_is_open_is_never_sent_again(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(72)
    desk.sms.hang = asyncio.Event()
    old = asyncio.create_task(desk.send(72))
    await desk.sms.three.wait()
    desk.wall.on(seconds=61)
    await desk.turn(72)
    assert len(desk.sms.raw) == 3
    assert await states("supervise", "sms") == ["unknown"] * 3
    desk.sms.hang.set()
    await old
    assert await states("supervise", "sms") == ["unknown"] * 3


async def test_an_sms_that_never_left_is_sent_after_a_crash(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(72)
    await Delivery.claim(desk.wall(), at(72), 500, outbox.LEASE)
    desk.wall.on(seconds=61)
    await desk.turn(72)
    assert len(desk.sms.raw) == 3
    assert await states("supervise", "sms") == ["accepted"] * 3


async def test_an_sms_gateway_that_may_have_taken_it_is_not_asked_again(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(72)
    desk.sms.always = ChannelDown("no answer", ambiguous=True)
    await desk.turn(72)
    desk.wall.on(hours=1)
    await desk.turn(72)
    assert len(desk.sms.raw) == 3
    assert await states("supervise", "sms") == ["unknown"] * 3


async def test_a_crash_before_the_sms_is_queued_leaves_the_card_to_the_next_look(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.urged()
    desk.wecom.deduplicates, desk.wecom.always = False, ChannelDown("timeout", ambiguous=True)

    async def dies(_: object) -> None:
        raise ConnectionResetError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(Delivery, "queue", dies)
        with pytest.raises(ConnectionResetError):
            await desk.send(27)
    assert (await states("urge"), await states("urge", "sms")) == (["sending"] * 3, [])
    desk.wall.on(minutes=2)
    await desk.turn(27)
    assert (await states("urge"), await states("urge", "sms")) == (["unknown"] * 3, ["accepted"] * 3)


async def test_an_sms_gateway_that_is_down_is_asked_again(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(72)
    desk.sms.always = ChannelDown("no connection")
    await desk.turn(72)
    desk.sms.always = None
    desk.wall.on(seconds=5)
    await desk.turn(72)
    assert await states("supervise", "sms") == ["accepted"] * 3


async def test_a_channel_that_breaks_otherwise_leaves_the_outcome_open(desk: Desk) -> None:
    await desk.urged()
    desk.wecom.errors = [RuntimeError("a defect")] * 3
    await desk.send(27)
    assert await states("urge") == ["sending"] * 3
    assert not desk.sms.raw
    desk.wall.on(seconds=61)
    await desk.send(27)
    assert len(set(desk.wecom.raw)) == 3
    assert await states("urge") == ["accepted"] * 3


async def test_a_long_queue_gives_back_what_would_outlive_its_lease(desk: Desk) -> None:
    await desk.urged()
    desk.workers = 1
    desk.wecom.hang = asyncio.Event()
    sending = asyncio.create_task(desk.send(27))
    await desk.wecom.entered.wait()
    desk.wall.on(seconds=21)
    desk.wecom.hang.set()
    await sending
    assert await states("urge") == ["accepted", "pending", "pending"]
    assert await Delivery.filter(kind="urge", first_attempt_at__isnull=True).count() == 2
    await desk.send(27)
    assert await states("urge") == ["accepted"] * 3
    assert desk.wecom.users == ["a", "b", "chu"]


async def test_a_changed_card_is_tried_again_when_the_platform_is_down(desk: Desk) -> None:
    await desk.urged()
    await desk.send(27)
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 27.5)
    desk.wecom.always = ChannelDown("gone")
    await desk.send(27.5)
    assert desk.wecom.replaced == []
    desk.wecom.always = None
    desk.wall.on(seconds=10)
    await desk.turn(27.5)
    assert {user for user, _, _ in desk.wecom.replaced} == {"a", "b", "chu"}
