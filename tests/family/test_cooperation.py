"""配合处室: told at the initiation, no clock, their material meets nothing (A62)."""

from __future__ import annotations

import pytest

from models.feedback import Feedback
from models.obligation import Obligation
from models.people import Seat
from tests import department
from tests.department import ACK, PROPOSE
from tests.office.days import Days

WITH = f"{PROPOSE} 配合:规划处"
TEXT = "已提供取水口规划数据一份"


@pytest.mark.requirement("A62")
async def test_told_and_listed_without_a_clock(days: Days) -> None:
    await days.world.matter(WITH)
    await days.turn(0)
    assert await days.told("cooperate") == ["gc", "gui"]
    assert await days.told("initiate") == ["a", "b", "chu"]
    text = await days.said("gui", "待办")
    assert "配合事项1件，不计时限" in text
    assert "2026-0001 关于开展取水许可核查的…（水资源处牵头）" in text
    assert "2026-0001" in await days.said("gui", "事项")
    assert "2026-0001" in await days.said("a", "事项 取水")
    await days.until(60)
    assert not [card for card in await days.cards("gui") if "催办" in card or "督办：" in card]


@pytest.mark.requirement("A62")
async def test_their_material_meets_nothing(days: Days) -> None:
    matter = await days.world.matter(WITH)
    await days.said("a", f"1 {ACK}", 1)
    text = await days.said("gui", f"进展 1 {TEXT}", 2)
    assert text == "已存为 2026-0001 的配合材料，并转水资源处承办人和A岗；不抵节点，规划处不计时限。"
    assert await days.told("cooperation") == ["a", "zhang"]
    assert "规划员" in (await days.cards("zhang"))[-1]
    assert (await days.world.owed(matter, "N3")).ended == ""
    assert "配合材料" in await days.said("gc", f"补充 2026-1 {TEXT}", 3)
    kept = await Feedback.filter(kind="cooperation").order_by("id")
    assert [(each.obligation_id, each.text) for each in kept] == [(None, TEXT), (None, TEXT)]
    assert await days.verbs() == ["propose", "approve", "initiate", "acknowledge", "cooperation", "cooperation"]
    assert await days.world.intact()


@pytest.mark.requirement("A62")
async def test_told_though_the_lead_unit_lacks_posts(days: Days) -> None:
    await Seat.filter(role__in=["operator_b", "head"], unit_id=days.world.units["水资源处"]).delete()
    await days.matter(WITH)
    assert await days.told("cooperate") == ["gc", "gui"]


async def test_a_cooperating_unit_files_nothing_else(days: Days) -> None:
    await days.world.matter(WITH)
    for text in (f"1 {ACK}", "完结 1 理由：已全部整改到位", "分办 1 张三"):
        assert "配合处室不能办理此项" in await days.said("gui", text)
    assert "不足10个字" in await days.said("gui", "进展 1 已办")
    assert not await Feedback.exists()


async def test_in_a_second_round_and_when_the_handler_names_himself(days: Days) -> None:
    matter = await days.world.matter(WITH)
    await days.world.hand_in()
    await days.world.press("a", (await days.world.say("a", "完结 1 理由：已全部整改到位")).card.actions[0].key)
    await days.said("ban", "/同意办结 1")
    await days.sure("ban", "/重开 1 问题反弹", 1)
    assert "已分办给李安" in await days.said("a", "分办 1 李安", 2)
    assert await days.told("assigned") == []
    await days.said("gui", f"进展 1 {TEXT}", 3)
    assert await days.told("cooperation") == ["a"]
    owed = await Obligation.get(matter_id=matter.id, name="N1", cycle=2)
    chosen = {"person": [str(days.world.people["gui"])]}
    refused = await days.world.press("a", f"ack:{owed.id}:1:0", 4, chosen)
    assert refused.text.startswith("水资源处名单中没有“规划员”，本条未登记。请写全名重发")


async def test_without_a_number_nothing_is_guessed(days: Days) -> None:
    await days.world.matter(WITH)
    asked = await days.world.say("gui", f"进展 {TEXT}")
    assert asked.card
    kept = await days.world.press("gui", asked.card.actions[0].key, 0, {"matter": ["1"]})
    assert "配合材料" in kept.text
    # a matter of its own is meant by words without a number
    own = await days.world.matter(PROPOSE.replace("水资源处", "规划处"), 1)
    await days.said("gui", f"进展 {TEXT}", 2)
    assert (await Obligation.get(matter_id=own.id, name="N1")).ended == "met"


async def test_after_the_end_and_who_sits_in_both(days: Days) -> None:
    await department.seat("a", "李安", "规划处", "operator_b", days.world)
    await days.world.matter(WITH)
    await days.turn(0)
    assert await days.told("cooperate") == ["gc", "gui"]
    assert "已收到 2026-0001" in await days.said("a", f"1 {ACK}", 1)
    await days.sure("wang", "/撤销 1 任务取消", 2)
    assert "gui" in await days.told("withdrawn")
    assert "已于" in await days.said("gui", f"进展 1 {TEXT}", 3)
