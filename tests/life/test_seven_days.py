"""The seven-day card of a general matter: solved or not solved (A6, A56)."""

from __future__ import annotations

import pytest

from bot.actions import setting
from bot.engine import due, letter, prompts
from bot.rules.ruleset import Ruleset
from models.delivery import Delivery
from models.matter import Matter
from tests.department import ACK, KEY, World
from tests.life.hands import MAJOR, at, complete, hours, shanghai


async def actions(world: World, text: str = "") -> tuple[Matter, list[str]]:
    """The matter, and the buttons of its reminder of N7."""
    matter = await (world.matter(text) if text else world.matter())
    await world.say("a", ACK, 1)
    await world.say("a", "进展 1 3天 已完成现场核查，形成问题清单", 2)
    await due.advance(shanghai("03-08 09:00"), 500)
    mine = await Delivery.filter(notice__kind="remind", notice__obligation__name="N7", lane="chat").order_by("id")
    card = await letter.content(await letter.load(mine[:1]), shanghai("03-08 09:00"), "督办")
    assert not isinstance(card, str)
    return matter, [each.key for each in card.actions]


@pytest.mark.requirement("A56")
@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "完结 2026-0001 理由：落实了什么"), (1, "进展 2026-0001 7天 未解决。原因：…… 下步措施：…… 预计时间：……")],
)
async def test_a_button_says_what_to_write(world: World, number: int, words: str) -> None:
    matter, keys = await actions(world)
    said = (await world.press("a", keys[number], hours("03-08 10:00"))).text
    assert words in said
    assert "3月9日 09:00截止" in said
    assert (await world.owed(matter, "N7")).ended == ""
    assert "承办处室是水资源处" in (await world.press("gui", keys[number], hours("03-08 10:00"))).text


@pytest.mark.requirement("A6", "A56")
async def test_not_solved_meets_it(world: World) -> None:
    matter, keys = await actions(world)
    text = "进展 2026-0001 7天 未解决。原因：需跨市协调 下步措施：专题会商 预计时间：4月底"
    assert "7天反馈" in (await world.say("a", text, at("03-08 10:00"))).text
    assert (await world.owed(matter, "N7")).ended == "met"
    assert "已过期" in (await world.press("b", keys[1], hours("03-08 11:00"))).text
    await prompts.advance(shanghai("03-08 10:00"), 10)
    mine = await Delivery.filter(notice__kind="unsolved").order_by("-id")
    card = await letter.content(await letter.load(mine[:1]), shanghai("03-08 11:00"), "督办")
    assert not isinstance(card, str)
    assert [each.text for each in card.actions] == ["转重大", "维持一般"]
    assert "需跨市协调" in card.text


@pytest.mark.requirement("A6")
async def test_where_it_needs_a_completion_words_promise_nothing(world: World) -> None:
    setting.use(setting.Setting(KEY, Ruleset(n7_needs="completion")))
    _, keys = await actions(world)
    said = (await world.press("a", keys[1], hours("03-08 10:00"))).text
    assert said.startswith("7天节点须申请完结，未解决的不能抵。")
    text = "进展 2026-0001 7天 未解决。原因：需跨市协调 下步措施：专题会商 预计时间：4月底"
    assert "3月9日 09:00前落实解决，申请完结，剩余" in (await world.say("a", text, at("03-08 10:00"))).text
    await world.matter(MAJOR, hours("03-08 11:00"))
    await world.say("a", f"2 {ACK}", at("03-08 11:00"))
    kept = [
        await world.say("a", f"进展 {number} 3天 已完成现场核查，形成问题清单", at("03-08 12:00")) for number in (2, 1)
    ]
    assert "3月15日 11:00前落实解决并反馈" in kept[0].text  # a major one need not be solved by then
    assert "7天 ……" not in kept[1].text


async def test_a_major_matters_card_has_none(world: World) -> None:
    assert (await actions(world, MAJOR))[1] == []


async def test_resting_it_is_an_old_card(world: World) -> None:
    _, keys = await actions(world)
    await complete(world, "03-08 10:00")
    assert "已过期" in (await world.press("a", keys[0], hours("03-08 11:00"))).text
