"""The same message again, two at once, one officer's messages in order; what goes back and what is pushed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import clock
from bot.channels import Action, Card, Choice
from bot.router import Reply
from handlers import reception
from models import replies
from models.delivery import Delivery
from models.feedback import Feedback
from models.inbound import Inbound
from models.ledger import Ledger
from models.matter import Matter
from tests.department import ACK, PROPOSE, World

CARD = Card(
    "t",
    facts=[("编号", "2026-0001")],
    choice=Choice("matter", "事项", [("1", "一"), ("2", "二")], "2"),
    actions=[Action("确定", "pick:1")],
    done="已选择",
)


async def test_the_same_key_gets_the_same_reply_and_changes_nothing(world: World) -> None:
    await world.matter()
    first = await world.say("a", ACK, 2, key="same")
    lines = await Ledger.all().count()
    assert await world.say("a", ACK, 2, key="same") == first
    assert await Feedback.all().count() == 1
    assert await Inbound.filter(key="same").count() == 1
    assert await Ledger.all().count() == lines


async def test_the_same_key_twice_at_once_is_served_once(world: World) -> None:
    await world.matter()
    both = await asyncio.gather(*(world.say("a", ACK, 2, key="same") for _ in range(3)))
    assert both[0].text
    assert both == [both[0]] * 3
    assert await Feedback.all().count() == 1


async def test_the_same_key_of_another_app_is_another_message(world: World) -> None:
    await world.matter()
    message = world.message("a", "text", 2, text="待办", key="same")
    await reception.receive(message)
    await reception.receive(replace(message, agent="2"))
    assert await Inbound.filter(key="same").count() == 2


async def test_what_fails_unexpectedly_leaves_nothing_and_may_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(turn: object) -> Reply:
        await Matter.all().update(title="half done")
        raise RuntimeError("out of the blue")

    matter = await world.matter()
    message = world.message("a", "text", 2, text=ACK)
    with monkeypatch.context() as patch:
        patch.setattr(reception, "_serve", broken)
        with pytest.raises(RuntimeError):
            await reception.receive(message)
    assert not await Inbound.filter(key=message.key).exists()
    assert (await Matter.get(id=matter.id)).title == matter.title
    assert "张三" in (await reception.receive(message)).text


async def test_a_late_reply_is_pushed_once(world: World) -> None:
    message = world.message("a", "text", 0, text="待办")
    reply = await reception.receive(message)
    await reception.late(message, reply)
    await reception.late(message, reply)
    await reception.answered(message)
    delivery = await Delivery.get(kind="reply")
    assert (delivery.person_id, delivery.lane, delivery.payload) == (world.people["a"], "chat", "")
    assert await replies.content(delivery.bundle) == reply.text
    assert (await Inbound.get()).reply_via == "push"
    # the platform's retry must not say again what is pushed
    assert await reception.receive(message) == Reply()


async def test_an_answered_reply_is_not_pushed(world: World) -> None:
    message = world.message("a", "text", 0, text="待办")
    reply = await reception.receive(message)
    await reception.answered(message)
    assert (await Inbound.get()).reply_via == "passive"
    assert await reception.overdue_replies(clock.wall() + timedelta(seconds=1)) == 0
    await reception.late(message, reply)
    assert not await Delivery.filter(kind="reply").exists()
    assert await reception.receive(message) == reply


async def test_replies_that_nobody_took_are_swept_once(world: World) -> None:
    await world.say("a", "待办")
    await world.say("b", "待办")
    assert await reception.overdue_replies(clock.wall() - timedelta(seconds=20)) == 0
    assert await reception.overdue_replies(clock.wall() + timedelta(seconds=1)) == 2
    assert await reception.overdue_replies(clock.wall() + timedelta(seconds=1)) == 0
    assert await Delivery.filter(kind="reply").count() == 2


async def test_only_what_did_not_go_back_is_pushed(world: World) -> None:
    await world.matter()
    message = world.message("a", "text", 1, text="收到")
    reply = await reception.receive(message)
    await reception.late(message, replace(reply, text=""))
    delivery = await Delivery.get(kind="reply")
    assert await replies.content(delivery.bundle) == reply.card
    assert await reception.receive(message) == Reply(reply.text)


async def test_a_card_that_came_too_late_to_replace_is_said_in_words(world: World) -> None:
    matter = await world.matter()
    owed = await world.owed(matter, "N1")
    person = {"person": [str(world.people["zhang"])]}
    reply = await world.press("a", f"ack:{owed.id}:1:0", 2, person)
    assert reply.replace
    assert await reception.overdue_replies(clock.wall() + timedelta(seconds=1)) > 0
    row = await Inbound.get(kind="card")
    said = await replies.content(f"inbound:{row.id}:text")
    assert "张三" in str(said)


@pytest.mark.parametrize("reply", [Reply(), Reply("好"), Reply("好", replace=CARD), Reply(card=CARD)])
def test_a_reply_survives_its_storage(reply: Reply) -> None:
    assert replies.load(replies.dump(reply)) == reply


async def test_events_are_recorded_without_a_reply(world: World) -> None:
    for kind in ("contact", "other", "unsubscribe", "view"):
        assert await reception.receive(world.message("sys", kind, 0)) == Reply()
    assert await Inbound.filter(reply_via="passive").count() == 4


async def test_greetings_come_once_a_day(world: World) -> None:
    first = await reception.receive(world.message("a", "enter", 0))
    assert "李安" in first.text
    assert await reception.receive(world.message("a", "enter", 1)) == Reply()
    assert await reception.receive(world.message("b", "enter", 1)) != Reply()
    assert await reception.receive(world.message("a", "enter", 20)) == first


@pytest.mark.requirement("A76")
async def test_marked_text_is_refused_and_not_kept(world: World) -> None:
    await world.matter()
    told = await world.say("a", "进展 机密★1年 关于取水许可的核查情况", 1)
    assert "密级" in told.text
    row = await Inbound.all().order_by("-id").first()
    assert row
    assert (row.text, row.body) == ("", {})


async def test_upper_case_and_invisible_characters_do_not_matter(world: World) -> None:
    assert "拟-1" in (await world.say("BAN", "\u200b" + PROPOSE + "\ufeff")).text
