"""/人员: who sits where, and what is missing; `posts_missing = block` (R50, A39)."""

from __future__ import annotations

import pytest

from bot.actions import setting
from bot.rules.ruleset import Ruleset
from models.matter import Matter
from models.people import Person, Seat, Unit
from tests import department
from tests.department import KEY, PROPOSE
from tests.office.days import Days


@pytest.mark.requirement("A39", "A64")
async def test_a_unit(days: Days) -> None:
    text = await days.said("ban", "/人员 水资源处")
    assert "负责人：陈处长\nA岗：李安\nB岗：孙贝\n承办人：张三\n分管厅领导：分管\n" in text
    assert "空缺" not in text
    await days.said("ban", "/代班 李安 张三 3月5日至9日")
    await days.said("ban", "/代班 陈处长 张三 3月25日")
    await days.said("ban", "/代班 陈处长 规划员 3月20日")
    await Person.filter(wecom_id="b").update(active=False)
    text = await days.said("fen", "人员 水资源处")
    assert "A岗：李安（3月5日 周四至3月9日 周一由张三代班）" in text
    head = "负责人：陈处长（3月20日 周五至3月20日 周五由规划员代班）（3月25日 周三至3月25日 周三由张三代班）"
    assert head in text
    assert "B岗：孙贝（账号停用）\n" in text
    assert "空缺：B岗。\n补岗请回复“/换岗 水资源处 B:姓名”" in text
    assert "空缺：负责人、B岗、分管厅领导" in await days.said("wang", "/人员 规划处")
    assert "没有名为“水利处”的处室" in await days.said("ban", "/人员 水利处")
    assert "不能使用" in await days.said("a", "/人员 水资源处")


@pytest.mark.requirement("A39")
async def test_all_units(days: Days) -> None:
    text = await days.said("ban", "/人员")
    assert "主要领导：厅长\n办公室主任：王主任\n厅办公室：办公员\n" in text
    assert "水资源处：陈处长 A李安 B孙贝\n" in text
    assert "规划处：缺负责人 A规划员 缺B岗" in text
    assert text.index("水资源处：") < text.index("规划处：")
    await Unit.filter(name="水资源处").update(order=1)
    text = await days.said("ban", "/人员")
    assert text.index("规划处：") < text.index("水资源处：")  # as the roster's file has them


@pytest.mark.choice("posts_missing", "block")
@pytest.mark.requirement("A39")
async def test_a_missing_post_may_block_the_initiation(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(posts_missing="block")))
    await days.world.say("ban", PROPOSE)
    await Seat.filter(role="operator_b").update(until="2026-03-01")
    assert "缺B岗，按口径不能承办" in await days.said("ban", PROPOSE)
    assert "缺B岗，按口径不能下发" in await days.said("wang", "/批准 1")
    assert (await Matter.get()).number is None
    await days.sure("ban", "/换岗 水资源处 B:张三")
    assert "立项为 2026-0001" in await days.said("wang", "/批准 1")
    assert "规划处缺B岗，按口径不能承办" in await days.said("ban", "/改派 1 规划处 职责不符")
    setting.use(setting.Setting(KEY))
    assert "规划处" in await days.sure("ban", "/改派 1 规划处 职责不符")  # by default it is a warning


@pytest.mark.requirement("A64")
async def test_two_of_one_name(days: Days) -> None:
    await department.seat("zhang2", "张三", "规划处", "handler", days.world)
    await department.seat("zhang3", "张三", "财务处", "handler", days.world)
    refused = await days.said("ban", "/代班 李安 张三 3月5日")
    assert "花名册中有3位“张三”" in refused
    assert "请写明处室，如“水资源处张三”" in refused
    await days.sure("ban", "/换岗 水资源处 B:张三")  # of two the unit's own
    seats = Seat.filter(role="operator_b", until__isnull=True)
    assert (await seats.get()).person_id == days.world.people["zhang"]
    for said in ("规划处张三", "张三（规划处）"):
        card = (await days.world.say("ban", f"/换岗 水资源处 B:{said}")).card
        assert card, said
    await days.world.press("ban", card.actions[0].key)
    assert (await seats.get()).person_id == days.world.people["zhang2"]
    assert "没有“水资源处规划员”" in await days.said("ban", "/换岗 水资源处 B:水资源处规划员")
