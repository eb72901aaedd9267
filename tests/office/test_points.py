"""扣分, 申诉, /考核 (A36, A59, A72)."""

from __future__ import annotations

import asyncio

import pytest

from bot.actions import account, asks, setting
from bot.engine import heartbeat, moot, points
from bot.rules import ruleset
from models.delivery import Delivery
from models.notice import Notice
from models.people import Seat, Unit
from models.ruling import Ruling
from models.score import ScoreEvent
from tests import department
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days

DAY = 24


@pytest.mark.requirement("R53", "R55", "R56", "A59")
async def test_each_tenth_with_its_obligation_and_instant(days: Days) -> None:
    await days.silent(73)
    text = await days.said("a", "扣分 1", 72)
    assert "水资源处2026年累计-0.7分" in text
    for line in ("逾期-0.1 3月3日 12:00，到期前", "催办-0.1 3月3日 12:00，催办前", "督办-0.5 3月5日 09:00，督办前"):
        assert f"\n　{line}报送可免" in text
    assert "申诉 2026-0001 理由" in text
    text = await days.said("a", "扣分")
    assert "1天（3月3日 09:00到期）：逾期-0.1 3月3日 12:00；催办-0.1 3月3日 12:00；督办-0.5 3月5日 09:00" in text
    assert "申诉 编号 理由" in text
    assert "-0.7" in await days.said("ban", "/扣分 2026-1")
    assert "-0.7" in await days.said("fen", "扣分 1")


async def test_nothing_lost_and_whose_it_is(days: Days) -> None:
    await days.matter()
    assert "2026-0001 没有扣分加分记录" in await days.said("a", "扣分 1")
    assert "2026年没有" in await days.said("b", "扣分")
    assert "承办处室是水资源处" in await days.said("gui", "扣分 1")
    assert "没有写明事项编号" in await days.said("ban", "扣分")
    assert "没有编号为" in await days.said("a", "扣分 9")


async def test_matter_by_matter_whichever_lost_first(days: Days) -> None:
    await days.matter()
    await days.matter()
    await days.said("a", f"1 {ACK}", 1)
    await days.until(76)
    text = await days.said("a", "扣分")
    assert text.index("2026-0001") < text.index("2026-0002")


async def test_a_sensitive_matter_shows_its_number(days: Days) -> None:
    matter = await days.silent(30)
    assert "取水" in await days.said("a", "扣分 1")
    matter.sensitive = True
    await matter.save()
    assert "取水" not in await days.said("a", "扣分 1")


@pytest.mark.requirement("A59", "A72")
async def test_objection_agreed_by_card(days: Days) -> None:
    await days.silent(72)
    await days.until(72.01)
    days.forget()
    text = await days.said("a", "申诉 1 3月3日停电，系统打不开", 72)
    assert "涉及3项（-0.7分）" in text
    assert "由王主任裁定，裁定前仍计分" in text
    assert await days.score() == -7
    assert await days.told("objection") == ["wang"]
    assert "申诉中" in await days.said("b", "扣分 1")
    row = await Ruling.get()
    assert "不由您裁定" in (await days.world.press("ban", f"uphold:{row.id}", 74)).text
    turned = await days.world.press("wang", f"uphold:{row.id}", 74)
    assert turned.replace.done == "已同意"
    await days.turn(74)
    assert await days.score() == 0
    assert await days.told("objection_decided") == ["a", "b", "chu"]
    assert "已由王主任同意" in (await days.world.press("wang", f"uphold:{row.id}", 75)).text
    assert await days.score() == 0
    assert "申诉冲回+0.5" in await days.said("a", "扣分 1")
    assert "有异议的" not in await days.said("a", "扣分 1")
    assert "已申诉过" in await days.said("a", "申诉 1 再来一次")
    assert await days.world.intact()


@pytest.mark.requirement("A72")
async def test_objection_dismissed_needs_a_reason(days: Days) -> None:
    await days.silent(73)
    await days.said("a", "申诉 1 1天 3月3日停电")
    assert "“/申诉 2026-0001 同意”“/申诉 2026-0001 驳回 理由”" in await days.said("wang", "待办")
    assert "没有待办事项" in await days.said("fen", "待办")
    assert "驳回须说明理由" in await days.said("wang", "/申诉 1 驳回")
    assert "未办理" in await days.said("wang", "/申诉 1 同意？")
    text = await days.said("wang", "/申诉 1 驳回 停电已恢复")
    assert "已驳回 2026-0001 的申诉" in text
    assert await days.score() == -7
    assert "已由王主任驳回" in await days.said("wang", "/申诉 1 同意")
    assert "没有待办事项" in await days.said("wang", "待办")
    assert "已申诉过" in await days.said("a", "申诉 1 再看一次")
    assert "申诉中" not in await days.said("a", "扣分 1")
    assert await days.world.intact()


@pytest.mark.requirement("A72")
async def test_only_what_is_named_is_objected_to(days: Days) -> None:
    """Of two matters the one, of a monthly matter the one month; objections to another matter are nothing to it."""
    await days.matter(PROPOSE.replace("类别:一般", "类别:月报"))
    await days.matter(hours=30 * DAY)
    await days.said("a", f"1 {ACK}", 30 * DAY)
    await days.until(33 * DAY - 1)
    assert "涉及3项（-0.7分）" in await days.said("a", "申诉 1 3月 系统打不开")
    assert "没有您处室可申诉的扣分" in await days.said("a", "申诉 2 3天 系统打不开")
    found = await Ruling.get()
    points_ = await ScoreEvent.filter(id__in=found.points).prefetch_related("obligation", "matter")
    assert {(each.matter.number, each.obligation.name) for each in points_ if each.obligation} == {(1, "M2026-03")}
    assert "涉及2项（-0.2分）" in await days.said("a", "申诉 2 1天 系统打不开")


@pytest.mark.requirement("A72", "A46")
async def test_the_old_unit_objects_to_what_it_lost(days: Days) -> None:
    await days.silent(73)
    await days.sure("ban", "/改派 1 规划处 职责不符", 73)
    assert "涉及4项（-0.8分）" in await days.said("a", "申诉 1 3月3日停电")
    assert "没有您处室可申诉的扣分" in await days.said("gui", "申诉 1 3月3日停电")
    assert await days.told("objection") == ["wang"]
    assert any("水资源处对4项扣分有异议" in each for each in await days.cards("wang"))
    assert "4项（-0.8分）已更正冲回，并通知水资源处" in await days.said("wang", "/申诉 1 同意")
    assert await days.told("objection_decided") == ["a", "b", "chu"]


@pytest.mark.requirement("A72")
async def test_what_two_units_lost_is_two_objections(days: Days) -> None:
    """He files for both, before and after 改派: each unit's points come back by a word of their own, and no more."""
    await department.seat("a", "李安", "规划处", "handler", days.world)
    await days.silent(73)
    await days.sure("ban", "/改派 1 规划处 职责不符", 73)
    await days.until(73 + 49)
    asked = await days.said("a", "申诉 1 3月3日停电")
    assert "涉及6项（-1.0分）：1天逾期、1天催办、1天督办、3天逾期、1天逾期、1天催办" in asked
    assert "由王主任裁定" in asked
    assert "已申诉过" in await days.said("a", "申诉 1 3月3日停电再来")
    assert await days.score() == -10
    refused = await days.said("wang", "/申诉 1 1天 同意")
    assert "有2件申诉待裁定，请写明是哪一件，未办理" in refused
    assert "第1件 李安3月7日 周六申诉1天逾期、1天催办、1天督办等4项（-0.8分）\n第2件 李安" in refused
    days.forget()
    assert "2项（-0.2分）已更正冲回，并通知规划处" in await days.said("wang", "/申诉 1 第2件 同意")
    assert await days.score() == -8
    assert await days.told("objection_decided") == ["a", "gui"]
    for each in await ScoreEvent.filter(rule="supervise"):
        await points.counter(each, at(days.now), "overtaken")
    assert "3项（-0.3分）已更正冲回，并通知水资源处" in await days.said("wang", "/申诉 1 同意")
    assert await days.score() == 0
    assert await days.world.intact()


@pytest.mark.requirement("A46", "A72")
async def test_a_word_on_an_objection_is_for_nothing_else_that_waits(days: Days) -> None:
    matter = await days.matter()
    await Ruling.create(matter_id=matter.id, kind="withdrawal", role="office_director", asked_at=at(1))
    for text in ("/申诉 1 同意", "/申诉 1 第1件 同意"):
        assert "2026-0001 没有待裁定的申诉" in await days.said("wang", text)


@pytest.mark.requirement("A72")
async def test_one_who_is_also_of_the_office_asks_two_judges(days: Days) -> None:
    """The office's own points are its leader's in charge to give back (A66)."""
    await department.seat("ban", "办公员", "办公室", "operator_a", days.world)
    await department.seat("fu", "副厅", "办公室", "leader_in_charge", days.world)
    await department.seat("a", "李安", "办公室", "handler", days.world)
    await days.silent(73)
    await days.sure("wang", "/改派 1 办公室 职责不符", 73)
    await days.until(73 + 30)
    assert "由王主任、副厅裁定" in await days.said("a", "申诉 1 3月3日停电")
    assert await days.told("objection") == ["fu", "wang"]
    assert "不由您裁定" in await days.said("fen", "/申诉 1 同意")
    assert "不由您裁定" in await days.said("wang", "/申诉 1 第2件 同意")
    assert "并通知办公室" in await days.said("fu", "/申诉 1 同意")
    assert "已由副厅同意" in await days.said("fu", "/申诉 1 第二件 同意")
    assert "并通知水资源处" in await days.said("wang", "/申诉 1 1天 同意")
    assert "已由王主任同意" in await days.said("wang", "/申诉 1 3天 驳回 不成立")


@pytest.mark.requirement("A71", "A72")
async def test_which_of_two_objections_is_decided(days: Days) -> None:
    """By the duty or the number that is named; in doubt none, for a word can't be taken back."""
    await days.silent(73)
    await days.said("a", "申诉 1 1天 3月3日停电")
    await days.until(99)
    await days.said("b", "申诉 1 3天 3月5日停电")
    card = (await days.cards("wang"))[-1]
    assert "驳回请回复“/申诉 2026-0001 第2件 驳回 理由”" in card
    for said in ("同意", "驳回 3天的不成立", "7天 同意", "第3件 同意"):
        refused = await days.said("wang", f"/申诉 1 {said}")
        assert refused == (
            "2026-0001 有2件申诉待裁定，请写明是哪一件，未办理：\n"
            "第1件 李安3月5日 周四申诉1天逾期、1天催办、1天督办（-0.7分）\n"
            "第2件 孙贝3月6日 周五申诉3天逾期、3天催办（-0.2分）\n"
            "请回复“/申诉 2026-0001 第1件 同意”或“/申诉 2026-0001 第1件 驳回 理由”。"
        ), said
    assert "不由您裁定" in await days.said("fen", "/申诉 1 同意")
    assert {each.verdict for each in await Ruling.all()} == {""}
    assert "驳回须说明理由" in await days.said("wang", "/申诉 1 3天 驳回")
    assert "已驳回" in await days.said("wang", "/申诉 1 3天 驳回 不成立")
    assert await Ruling.all().order_by("id").values_list("verdict", flat=True) == ["", "dismissed"]
    assert "已由王主任驳回" in await days.said("wang", "/申诉 1 第２件，同意")
    refused = await days.said("wang", "/申诉 1 7天 同意")
    assert "有1件申诉待裁定" in refused
    assert "第2件" not in refused
    assert "3项（-0.7分）已更正冲回" in await days.said("wang", "/申诉 1 同意")
    assert "已由王主任驳回" in await days.said("wang", "/申诉 1 同意")
    assert "没有待裁定的申诉" in await days.said("wang", "/申诉 1 7天 同意")


@pytest.mark.requirement("A66", "A72")
async def test_the_directors_own_objection_is_decided_above_him(days: Days) -> None:
    """He sits in the unit too."""
    await Seat.create(person_id=days.world.people["wang"], unit_id=days.world.units["水资源处"], role="head")
    await days.silent(73)
    assert "由厅长裁定" in await days.said("wang", "申诉 1 3月3日停电")
    assert await days.told("objection") == ["ting"]
    own = "2026-0001 的这份材料由您本人报送，不能自行审核，未办理。请由主要领导办理。"
    assert await days.said("wang", "/申诉 1 同意") == own
    [row] = await Ruling.all()
    assert await asks.deciders(row, at(73)) == [days.world.people["ting"]]
    assert ["/申诉 2026-0001" in await days.said(user, "待办") for user in ("wang", "ting")] == [False, True]
    turned = await days.world.press("ting", f"uphold:{row.id}", 74)
    assert turned.replace.done == "已同意"
    assert "2026-0001 的申诉已由厅长同意" in await days.said("ting", "/申诉 1 驳回 停电已恢复")
    assert await days.score() == 0


@pytest.mark.requirement("A72")
async def test_who_may_object_and_until_when(days: Days) -> None:
    await days.silent(73)
    assert "须说明理由" in await days.said("a", "申诉 1")
    assert "承办处室是水资源处" in await days.said("gui", "申诉 1 不服这个扣分")
    assert "没有您处室可申诉的扣分" in await days.said("a", "申诉 1 3天 不服这个扣分")
    # points of Tuesday noon and Thursday morning: the fifth working day after is Tuesday and Thursday
    assert "涉及1项（-0.5分）" in await days.said("a", "申诉 1 1天 不服这个扣分", 8 * DAY + 15.5)
    assert "已超过5个工作日" in await days.said("a", "申诉 1 1天 逾期的也不服", 8 * DAY + 15.5)
    assert await Notice.filter(kind="objection").count() == 1
    noon = await ScoreEvent.get(rule="overdue", obligation__name="N1")
    assert [account.is_open(noon, at(8 * DAY + hours)) for hours in (15, 15.001)] == [True, False]


@pytest.mark.requirement("A49", "A72")
async def test_an_objection_is_settled_when_its_points_come_back_by_facts(days: Days) -> None:
    proxy = "/代报 1 时间:3月3日 08:30 系统中断，已电话报告研究部署情况"
    await days.silent(71)
    await days.said("b", "申诉 1 3月3日停电")
    assert "冲回+0.2分" in await days.said("ban", proxy)
    row = await Ruling.get()
    assert (row.verdict, row.decided_at, row.decided_by_id) == ("settled", at(71), None)
    assert await days.told("objection_decided") == ["a", "b", "ban", "chu"]
    assert any("扣分已据实全部冲回" in each for each in await days.cards("b"))
    assert await Delivery.filter(kind="objection", lane="update", payload__contains="point_back").count() == 1
    assert "不需要再裁定" in await days.said("wang", "/申诉 1 同意")
    assert await days.score() == 0


@pytest.mark.requirement("A72")
async def test_an_objection_to_more_than_came_back_waits(days: Days) -> None:
    await days.silent(73)
    await days.said("a", "申诉 1 3月3日停电")
    for each in await ScoreEvent.filter(rule="supervise"):
        await points.counter(each, at(73), "overtaken")
    await moot.close([each.matter_id for each in await Ruling.all()], at(73))
    assert (await Ruling.get()).verdict == ""
    assert "已同意" in await days.said("wang", "/申诉 1 同意")
    assert await days.score() == 0


@pytest.mark.requirement("A49", "A72")
async def test_an_outage_settles_an_objection(days: Days) -> None:
    await days.matter()
    await days.until(24)
    await days.said("a", ACK, 25)
    await days.said("a", "申诉 1 系统打不开")
    await heartbeat.recorded(at(23), at(24.5))
    assert (await Ruling.get()).verdict == "settled"
    assert await days.score() == 0


@pytest.mark.requirement("A68", "A72")
async def test_another_grade_settles_an_objection(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 2)
    await days.said("ban", "/评价 1 不合格")
    await days.said("a", "申诉 1 清单完整")
    assert await asks.deciders(await Ruling.get(), at(2)) == [days.world.people["wang"]]
    await days.said("ban", "/评价 1 合格")
    assert (await Ruling.get()).verdict == "settled"
    assert await days.told("objection_decided") == ["a", "b", "ban", "chu", "zhang"]


@pytest.mark.requirement("A34", "A37", "A46", "A72")
async def test_whoever_bears_a_grade_hears_of_it(days: Days) -> None:
    """The unit whose work it was, also after 改派, and the cooperating one that shares it; so of what comes back."""
    setting.use(setting.Setting(KEY, ruleset.parse({"graded_units": "all"})))
    await days.matter(PROPOSE + " 配合:规划处")
    await days.said("a", ACK, 1)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 2)
    assert "已告知水资源处。" in await days.said("ban", "/评价 1 3天 良好", 3)
    assert await days.told("decision") == ["a", "b", "chu", "zhang"]
    days.forget()
    assert "已告知水资源处、规划处。" in await days.said("ban", "/评价 1 3天 不合格", 3)
    assert await days.told("decision") == sorted(["a", "b", "chu", "zhang"] * 2 + ["gui"])
    assert "不合格-0.1" in await days.said("gui", "扣分 1")
    assert "涉及1项（-0.1分）" in await days.said("gui", "申诉 1 我处已按时提供材料")
    assert "并通知水资源处、规划处" in await days.said("wang", "/申诉 1 同意")
    assert await days.told("objection_decided") == ["a", "b", "chu", "gui", "zhang"]
    await department.seat("hou", "后勤", "保障处", "operator_a", days.world)
    await days.sure("ban", "/改派 1 保障处 职责不符", 4)
    await Unit.filter(name="规划处").update(order=-1)  # units stand as the file has them
    assert "已告知规划处、水资源处。" in await days.said("ban", "/评价 1 3天 优秀", 5)
    assert (await days.told("decision")).count("hou") == 0
    assert (await days.told("decision")).count("chu") == 3


@pytest.mark.requirement("A34", "A37", "A46")
async def test_a_grade_is_told_to_nobody_whose_points_are_others(days: Days) -> None:
    """Neither the unit that was late with it before 改派, nor one whose other matter was graded."""
    setting.use(setting.Setting(KEY, ruleset.parse({"reassign_clock": "keep"})))
    await days.matter()
    await department.seat("hou", "后勤", "保障处", "operator_a", days.world)
    await days.matter(PROPOSE.replace("处室:水资源处", "处室:规划处"))
    await days.said("gui", "进展 2 3天 已完成现场核查，形成问题清单", 1)
    assert "已告知规划处。" in await days.said("ban", "/评价 2 3天 不合格", 2)
    await days.until(80)
    await days.sure("ban", "/改派 1 保障处 职责不符", 80)
    await days.said("hou", "进展 1 3天 已完成现场核查，形成问题清单", 81)
    assert {each.unit_id for each in await ScoreEvent.filter(matter__number=1)} == {days.world.units["水资源处"]}
    days.forget()
    assert "已告知保障处。" in await days.said("ban", "/评价 1 3天 良好", 82)


@pytest.mark.requirement("A68", "A71")
async def test_an_earlier_node_is_graded_by_the_answer_that_met_it(days: Days) -> None:
    """N3 was met by the words for N7: not by those for another matter, nor by a supplement, of the same instant."""
    for number in (1, 2):
        await days.matter()
        await days.said("a", f"{number} {ACK}", 1)
    for user, number in (("a", 1), ("b", 2), ("b", 1)):
        await days.said(user, f"进展 {number} 7天 已完成现场核查，形成问题清单并逐项整改", 2)
    text = await days.said("ban", "/评价 1 3天 良好", 3)
    assert "李安" in text, text


@pytest.mark.requirement("A46", "A72")
@pytest.mark.parametrize(("word", "verdict"), [("错立", "settled"), ("任务取消", "")])
async def test_a_mistaken_matter_settles_its_objections(days: Days, word: str, verdict: str) -> None:
    await days.silent(30)
    await days.said("a", "申诉 1 3月3日停电")
    await days.sure("wang", f"/撤销 1 {word} 重复立项")
    assert (await Ruling.get(kind="objection")).verdict == verdict


async def test_nor_the_other_way_round(days: Days) -> None:
    await days.silent(71)
    await days.said("a", "申诉 1 3月3日停电")
    await days.said("wang", "/申诉 1 同意")
    await days.said("ban", "/代报 1 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    assert await days.score() == 0


async def test_two_decisions_at_once(days: Days) -> None:
    await days.silent(73)
    await days.said("a", "申诉 1 3月3日停电")
    words = await asyncio.gather(
        days.world.say("wang", "/申诉 1 同意", 74), days.world.say("wang", "/申诉 1 驳回 不成立", 74)
    )
    assert sum("不能重复裁定" in each.text for each in words) == 1
    assert await ScoreEvent.filter(seq__lt=0).count() in (0, 3)


@pytest.mark.requirement("A36")
async def test_the_table_of_the_units(days: Days) -> None:
    await days.silent(72.01)
    text = await days.said("ban", "/考核", 72)
    assert "2026年考核" in text
    assert "水资源处 -0.7分（逾期1 催办1 督办1）" in text
    assert "无记录：规划处" in text
    assert "水资源处" in await days.said("ting", "考核 2026")
    assert "无记录：水资源处、规划处" in await days.said("wang", "/考核 2025")
    assert "不能使用" in await days.said("a", "/考核")
