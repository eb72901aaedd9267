"""/代班: from 00:00 of the first day to 24:00 of the last every post is the stand-in's, then comes back (A64, A65)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Approval
from models.people import Person, Seat
from tests import department
from tests.department import ACK, PROPOSE
from tests.office.days import Days
from tests.people.test_reseat import letter, told

MIDNIGHT = 15  # 03-03 00:00
FILED = "进展 1 3天 已完成现场核查，形成问题清单"


@pytest.mark.requirement("A64")
async def test_cards_and_rights_move_and_come_back(days: Days) -> None:
    await days.matter()
    said = await days.said("ban", "/代班 李安 规划员 3月3日至4日", 2)
    assert "3月3日 周二 00:00至3月4日 周三 24:00，由规划员代李安履行以下职责" in said
    assert "水资源处A岗。" in said
    assert "“/代班 李安 取消”" in said
    assert "承办处室是水资源处" in await days.said("gui", FILED, MIDNIGHT - 0.01)  # 23:59
    await days.until(MIDNIGHT + 0.01)
    text = await letter(days, "gui")
    assert "您代李安履行水资源处A岗职责，至3月4日 周三 24:00。" in text
    assert "【移交清单】未办4项" in text
    assert "由规划员代班，至3月4日 周三 24:00" in await letter(days, "a")
    assert await told(days, "taken_over") == ["gui"]
    assert not days.wecom.replaced  # his cards rest, they come back with him
    refused = await days.said("a", FILED)
    assert "承办处室是水资源处，本条未登记" in refused
    assert "您的岗位目前由规划员代班至3月4日 周三 24:00，期间请由其办理" in refused
    await days.until(28)
    assert await told(days, "remind") == ["gui"]
    assert await told(days, "urge") == ["b", "chu", "gui"]
    assert "1天节点已反馈" in await days.said("gui", ACK)
    days.forget()
    await days.until(MIDNIGHT + 48 + 0.01)  # 03-05 00:00
    assert "您恢复履行水资源处A岗职责（规划员代行结束）" in await letter(days, "a")
    assert "【移交清单】未办3项" in await letter(days, "a")
    assert "代班期间的卡片失效" in await letter(days, "gui")
    assert "承办处室是水资源处" in await days.said("gui", "进展 2026-1 3天 已完成现场核查，形成问题清单")
    assert "已登记 2026-0001 的3天" in await days.said("a", FILED)
    assert [each.actor_id for each in await Ledger.filter(verb="take_over")] == [None, None]
    assert await days.world.intact()


@pytest.mark.requirement("A64")
async def test_today_begins_at_once_and_ends_by_word(days: Days) -> None:
    matter = await days.matter()
    await days.until(28)
    days.forget()
    assert "00:00至当日 24:00" in await days.said("wang", "/代班 李安 张三 今天")
    assert "【移交清单】未办4项" in await letter(days, "zhang")
    assert "没有待办" in await days.said("a", "待办")
    n1 = await days.world.owed(matter, "N1")
    press = f"ack:{n1.id}:1:1", 28.5, {"person": [str(days.world.people["zhang"])]}
    assert "由张三代班" in (await days.world.press("a", *press)).text
    assert "即时起由李安本人履行职责" in await days.said("ban", "/代班 李安 取消", 29)
    assert "张三代行结束" in await letter(days, "a")
    assert "1天节点已反馈" in await days.said("a", ACK)
    assert "没有代班安排" in await days.said("ban", "/代班 取消 李安")
    assert "原定代班不再执行" in await _planned_and_cancelled(days)
    assert await Seat.filter(since=date(2026, 6, 1)).count() == 0


async def _planned_and_cancelled(days: Days) -> str:
    await days.said("ban", "/代班 李安 张三 6月1日至5日")
    return await days.said("ban", "/代班 李安 提前结束")


@pytest.mark.requirement("A64", "A37")
async def test_a_handlers_matters_are_his_stand_ins(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 2)
    days.forget()
    assert "水资源处承办人" in await days.said("ban", "/代班 张三 规划员 3月2日至5日", 3)
    assert "【移交清单】未办3项" in await letter(days, "gui")
    assert "3天" in await days.said("gui", "待办")
    await days.until(67.5)
    assert await told(days, "remind") == ["a", "gui"]
    assert "已登记 2026-0001 的3天" in await days.said("gui", FILED)


@pytest.mark.requirement("A65", "A64")
async def test_the_directors_stand_in_approves_for_him(days: Days) -> None:
    await days.world.say("ban", PROPOSE)
    await days.turn(0)
    assert "只能由办公室主任决定" in await days.said("ban", "/代班 王主任 规划员 3月2日至3日", 1)
    assert "不能安排自己代行" in await days.said("wang", "/代班 厅长 王主任 今天", 1)
    days.forget()
    await days.said("wang", "/代班 王主任 规划员 3月2日至3日", 1)
    refused = "“代班”只能由办公室主任决定，未办理。请报办公室主任办理。"
    assert await days.said("ban", "/代班 王主任 取消", 1) == refused
    assert "【待您审批】1件" in await letter(days, "gui")
    (card,) = [each for each in days.wecom.sent if each["user"] == "gui" and "提请立项" in each.get("title", "")]
    assert (await days.world.press("wang", card["keys"][0], 1)).text.startswith("您不担任")
    assert (await days.world.press("gui", card["keys"][0], 1)).replace.done == "已同意"
    assert (await Approval.get()).person_id == days.world.people["gui"]
    (line,) = await Ledger.filter(verb="approve")
    assert '"stands_in":true' in line.body
    await days.said("gui", "/代班 厅长 分管 3月5日", 1)
    assert await days.said("ban", "/代班 厅长 取消", 1) == refused
    assert "厅长的代班已取消" in await days.said("gui", "/代班 厅长 取消", 1)
    await days.until(MIDNIGHT + 24.01)
    assert "恢复履行办公室主任职责" in await letter(days, "wang")


@pytest.mark.requirement("A65")
async def test_a_leaders_stand_in_gives_his_word_for_him(days: Days) -> None:
    """For a matter of the meeting, which any leader approves, and for the second of two units."""
    await department.seat("jun", "分管二", "规划处", "leader_in_charge", days.world)
    for absent, other in (("分管", "规划员"), ("分管二", "张三")):
        await days.said("wang", f"/代班 {absent} {other} 今天", 1)
    meeting = PROPOSE.replace("省政府13710", "办公会")
    both = PROPOSE.replace("省政府13710", "处室").replace("处室:水资源处", "处室:水资源处、规划处")
    for number, (text, user) in enumerate([(meeting, "gui"), (both, "zhang")], 1):
        await days.said("ban", text)
        await days.said(user, f"/批准 {number}")
    lines = await Ledger.filter(verb="approve").order_by("id")
    told = [json.loads(line.body)["facts"] for line in lines]
    assert [(each["roles"], each["stands_in"]) for each in told] == [(["leader"], True), (["leader_in_charge:2"], True)]


@pytest.mark.requirement("A64")
async def test_a_post_that_changes_hands_ends_the_stand_in(days: Days) -> None:
    await days.matter()
    a = await Seat.get(person__wecom_id="a")
    days_of = {"since": date(2026, 2, 1), "until": date(2026, 2, 5), "begun": True, "ended": True}
    past = await Seat.create(
        person_id=days.world.people["b"], unit_id=a.unit_id, role=a.role, stands_in_for=a, **days_of
    )
    await days.said("ban", "/代班 李安 张三 3月2日至9日", 1)
    assert "由张三代班至3月9日 周一 24:00，不能任新岗" in await days.said("ban", "/换岗 水资源处 A:孙贝 B:李安", 2)
    await days.sure("ban", "/换岗 水资源处 A:规划员", 2)
    assert "代班期间的卡片失效" in await letter(days, "zhang")
    await days.until(28)
    assert await told(days, "urge") == ["b", "chu", "gui"]
    assert (await Seat.get(id=past.id)).until == date(2026, 2, 5)
    refused = await days.said("ban", "/代班 李安 取消")
    assert refused == "李安目前没有代班安排，未办理。请发送“/人员 处室”核对。"


@pytest.mark.requirement("A64")
async def test_who_stands_in_and_leaves_gives_it_back(days: Days) -> None:
    await days.matter()
    await days.said("ban", "/代班 李安 张三 3月2日至9日", 1)
    await Person.filter(wecom_id="zhang").update(active=False)
    await days.until(20)
    assert await told(days, "remind") == ["a"]


REFUSED = [
    ("/代班 李安", "没有看懂代班内容"),
    ("/代班 李安 张三 下个月初", "没有看懂代班日期“下个月初”"),
    ("/代班 李安 张珊 3月5日", "花名册中没有“张珊”，未办理。是否为张三？"),
    ("/代班 李安 李安 3月5日", "李安不能给自己代班"),
    ("/代班 李安 张三 3月9日至5日", "早于起日3月9日"),
    ("/代班 李安 张三 2月20日至22日", "已经过去"),
    ("/代班 李安 孙贝 3月10日至20日", "3月8日 周日至3月12日 周四已安排张三代李安，日期重叠"),
    ("/代班 张三 孙贝 3月12日", "已安排张三代李安，日期重叠"),
    ("/代班 孙贝 李安 3月8日", "已安排张三代李安，日期重叠"),
]


@pytest.mark.requirement("A64")
async def test_what_can_not_be(days: Days) -> None:
    await days.said("ban", "/代班 李安 张三 3月8日至12日")
    for text, words in REFUSED:
        assert words in await days.said("ban", text), text
    assert await Seat.filter(stands_in_for_id__isnull=False).count() == 1
    assert "3月13日" in await days.said("ban", "/代班 李安 孙贝 3月13日至20日")  # the day after is free


@pytest.mark.requirement("A64")
async def test_the_earliest_of_the_spans_in_the_way_is_told(days: Days) -> None:
    """Of who stands in for somebody that is told too, though that one's post is not the clerk's to give."""
    for span in ("3月20日至22日", "3月8日至12日"):
        await days.said("ban", f"/代班 李安 张三 {span}")
    whole = await days.said("ban", "/代班 李安 孙贝 3月5日至30日")
    assert "3月8日 周日至3月12日 周四已安排张三代李安" in whole
    await days.said("wang", "/代班 王主任 规划员 3月8日至12日")
    assert "已安排规划员代王主任，日期重叠" in await days.said("ban", "/代班 规划员 张三 3月8日")


@pytest.mark.requirement("A64")
async def test_administration_never_moves_in_chat(days: Days) -> None:
    await Seat.create(person_id=days.world.people["zhang"], role="admin")
    assert "管理" not in await days.said("ban", "/代班 张三 规划员 今天")
    assert await Seat.filter(role="admin").count() == 1
    await days.said("ban", "/代班 张三 取消")
    await Seat.filter(person_id=days.world.people["zhang"], role="handler").update(until=date(2026, 3, 1))
    assert "张三在这些日期没有可以代的岗位" in await days.said("ban", "/代班 张三 规划员 明天")


@pytest.mark.requirement("A64", "A10")
async def test_nobody_was_there_when_it_began_and_ended(days: Days) -> None:
    """An outage longer than the span: nothing is told of it, and nothing is left behind."""
    await days.matter()
    await days.said("ban", "/代班 李安 张三 3月5日至6日", 1)
    await days.turn(24 * 9)
    assert await told(days, "word") == []
    seat = await Seat.get(stands_in_for_id__isnull=False)
    assert (seat.begun, seat.ended) == (True, True)
    assert not await Delivery.filter(person_id=days.world.people["zhang"]).exists()
