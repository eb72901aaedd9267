"""Buttons: the stage-1 card, approvals, old cards, cards in the wrong hands, the card that asks which matter."""

from __future__ import annotations

import asyncio

from models.delivery import Delivery
from models.feedback import Feedback
from models.inbound import Inbound
from models.matter import Approval, Matter
from models.notice import Notice
from tests.department import PROPOSE, World


async def ack(
    world: World, matter: Matter, user: str = "a", who: str = "zhang", at: float = 2, episode: int = 1, card: int = 7
):
    owed = await world.owed(matter, "N1")
    return await world.press(user, f"ack:{owed.id}:{episode}:{card}", at, {"person": [str(world.people[who])]})


async def test_the_stage_one_card(world: World) -> None:
    matter = await world.matter()
    told = await ack(world, matter)
    assert (told.text, told.replace.done) == ("", "已安排张三")
    assert (await Matter.get()).handler_id == world.people["zhang"]
    assert (await Feedback.get()).text == "收到此项任务，经处室负责人批示，已安排张三处理解决。"


async def test_two_officers_at_once(world: World) -> None:
    matter = await world.matter()
    told = await asyncio.gather(ack(world, matter, "a", "zhang"), ack(world, matter, "b", "b"))
    assert sorted(await Feedback.all().values_list("kind", flat=True)) == ["acknowledge"]
    done = [each.replace.done for each in told]
    assert len({*done}) == 2
    assert "已由他人办理" in done
    handler = (await Matter.get()).handler_id
    assert handler == world.people["zhang" if done[0] == "已安排张三" else "b"]


async def test_an_old_card_changes_nothing(world: World) -> None:
    matter = await world.matter()
    assert "已过期" in (await ack(world, matter, episode=2)).text
    assert not await Feedback.exists()
    await ack(world, matter)
    told = await ack(world, matter, "b", "b")
    assert "已过期" in told.text
    assert told.replace.done == "已由他人办理"
    assert await Feedback.all().count() == 1


async def test_a_button_that_is_not_ours(world: World) -> None:
    for key in ("ack:1", "ack:x:1:1", "ack:999:1:1", "approve:999", "pick:999", "gone:1", "approve:"):
        assert "已过期" in (await world.press("a", key)).text, key


async def test_a_card_gives_no_rights(world: World) -> None:
    matter = await world.matter()
    assert "承办处室是水资源处" in (await ack(world, matter, "gui")).text
    assert "名单中没有" in (await ack(world, matter, "a", "gui")).text
    owed = await world.owed(matter, "N1")
    assert "没有看清承办人" in (await world.press("a", f"ack:{owed.id}:1:0", 2)).text
    assert not await Feedback.exists()


async def test_approval_by_card(world: World) -> None:
    await world.say("ban", PROPOSE)
    asked = await Approval.get()
    assert "不担任" in (await world.press("a", f"approve:{asked.id}")).text
    told = await world.press("wang", f"approve:{asked.id}")
    assert told.replace.done == "已同意"
    assert (await Matter.get()).code == "2026-0001"
    assert "不能重复" in (await world.press("wang", f"approve:{asked.id}")).text


async def test_refusal_by_card(world: World) -> None:
    await world.say("ban", PROPOSE)
    told = await world.press("wang", f"refuse:{(await Approval.get()).id}")
    assert told.replace.done == "已不同意"
    assert (await Matter.get()).state == "refused"
    assert await Delivery.filter(notice__kind="refused").values_list("person_id", flat=True) == [world.people["ban"]]


async def two(world: World) -> list[Matter]:
    first = await world.matter()
    second = await world.matter(PROPOSE.replace("取水许可", "水源地"))
    return [first, second]


async def test_several_fit_so_a_card_asks(world: World) -> None:
    _, second = await two(world)
    told = await world.say("a", "进展 已完成现场核查，形成问题清单", 2)
    assert told.card.choice.options[0][1].startswith("2026-0001")
    assert not await Feedback.exists()
    key = told.card.actions[0].key
    picked = await world.press("a", key, 2.1, {"matter": [str(second.id)]})
    assert "2026-0002" in picked.text
    assert picked.replace.done == "已选择"
    filed = await Feedback.get()
    assert (filed.matter_id, filed.text) == (second.id, "已完成现场核查，形成问题清单")
    stored = await Inbound.get(kind="picked")
    assert filed.at == stored.answered_at
    # the words are served once
    again = await world.press("a", key, 2.2, {"matter": [str(second.id)]})
    assert "已过期" in again.text
    assert await Feedback.all().count() == 1


async def test_words_picked_long_after_count_from_the_press(world: World) -> None:
    first, _ = await two(world)
    told = await world.say("a", "进展 已完成现场核查，形成问题清单", 23)
    await world.press("a", told.card.actions[0].key, 30, {"matter": [str(first.id)]})
    assert (await world.owed(first, "N1")).late


async def test_somebody_elses_words_are_not_picked(world: World) -> None:
    first, _ = await two(world)
    told = await world.say("a", "进展 已完成现场核查，形成问题清单", 2)
    key = told.card.actions[0].key
    assert "已过期" in (await world.press("b", key, 2, {"matter": [str(first.id)]})).text
    assert "没有选择事项" in (await world.press("a", key, 2)).text
    assert "2026-0001" in (await world.press("a", key, 2, {"matter": [str(first.id)]})).text


async def test_acknowledging_where_one_of_two_owes_it(world: World) -> None:
    first, second = await two(world)
    await ack(world, first)
    told = await world.say("a", "收到此项任务，经处室负责人批示，已安排孙贝处理解决。", 3)
    assert "2026-0002" in told.text
    assert (await Matter.get(id=second.id)).handler_id == world.people["b"]


async def test_digits_that_might_be_a_number_are_asked_about(world: World) -> None:
    await world.matter()
    told = await world.say("a", "进展 5 已完成现场核查，形成问题清单", 2)
    assert told.card.choice
    told = await world.say("a", "5 收到此项任务，经处室负责人批示，已安排张三处理解决。", 2)
    assert told.card.choice
    assert not await Feedback.exists()


async def test_received_meets_nothing_but_brings_the_card_back(world: World) -> None:
    matter = await world.matter()
    for words in ("收到", "好的", "已阅", "收到，谢谢"):
        told = await world.say("a", words, 2)
        assert "不算反馈" in told.text
        assert told.card.actions[0].key == f"ack:{(await world.owed(matter, 'N1')).id}:1:0"
    assert not await Feedback.exists()
    await ack(world, matter)
    told = await world.say("a", "收到", 3)
    assert (told.card, "3天" in told.text or "初步办理" in told.text) == (None, True)


async def test_cards_answered_elsewhere_turn(world: World) -> None:
    matter = await world.matter()
    owed = await world.owed(matter, "MATTER")
    notice = await Notice.create(
        matter_id=matter.id, obligation_id=owed.id, kind="initiate", at=owed.planned_at, created_at=owed.planned_at
    )
    sent = {}
    for user in ("a", "b"):
        sent[user] = await Delivery.create(
            notice_id=notice.id,
            person_id=world.people[user],
            lane="chat",
            kind="initiate",
            state="accepted",
            response_code=f"code-{user}",
            accepted_at=owed.planned_at,
            due_at=owed.planned_at,
            created_at=owed.planned_at,
        )
    await ack(world, matter, "a", card=sent["a"].id)
    turned = await Delivery.get(lane="update")
    assert (turned.person_id, turned.response_code) == (world.people["b"], "code-b")
