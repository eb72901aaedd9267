"""完结 through chat: the two ticks, silence, acceptance, writing off (R29, R39–R48, A16, A18, A47, A51, A74, A85)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from models.completion import Completion
from models.delivery import Delivery
from models.extension import Extension
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.review import Review
from tests import department
from tests.department import ACK, PROPOSE, World
from tests.life.hands import ASK, DONE, MAJOR, at, complete, hours, major, now, points, shanghai, states, told


@pytest.mark.requirement("R47", "A74")
async def test_nothing_is_filed_before_both_ticks(world: World) -> None:
    matter = await world.matter()
    await world.hand_in()
    asked = await world.say("a", DONE, at("03-04 10:00"))
    assert asked.card
    assert asked.card.title == "请确认两项，提交后才算申请完结"
    assert "未提交前照常计时：1天反馈，3月3日 09:00截止" in asked.card.text
    assert [each.text for each in asked.card.actions] == ["确认两项并提交", "再想想"]
    row = await Completion.get()
    assert (row.state, row.talked, row.all_done) == ("draft", False, False)
    assert (await now(matter)).state == "running"
    assert (await world.owed(matter, "N1")).next_notice_at
    assert not await Notice.filter(kind="completion").exists()


@pytest.mark.requirement("R29", "A18")
async def test_the_press_files_it_and_all_falls_silent(world: World) -> None:
    matter = await world.matter()
    done = await complete(world, "03-04 10:00")
    assert "已提交 2026-0001 的完结申请，报厅办公室审核" in done.text
    assert done.replace.done == "已提交"
    row = await Completion.get()
    assert (row.state, row.talked, row.all_done, row.attempt) == ("pending", True, True, 1)
    assert (await now(matter)).state == "review"
    owed = await Obligation.filter(matter_id=matter.id, ended="").exclude(name="MATTER")
    assert {each.paused_by for each in owed} == {"completion"}
    assert {each.next_notice_at for each in owed} == {None}
    assert await told("completion") == [world.people["ban"]]
    assert await points() == [("overdue", -1)]
    assert await Ledger.filter(verb="apply_completion").count() == 1
    assert await world.intact()


@pytest.mark.requirement("A63")
async def test_a_handlers_application_is_copied_to_a(world: World) -> None:
    await major(world)
    await world.say("zhang", ASK, at("03-30 10:00"))
    assert await told("applied") == [world.people["a"]]
    await complete(world, "03-30 11:00", "zhang")
    notices = await Notice.filter(kind="applied").order_by("id")
    assert [each.facts["applied"] for each in notices] == ["extension", "completion"]
    await world.say("ban", "/退回 1 附件不全", at("03-30 12:00"))
    await complete(world, "03-30 13:00", "a")
    assert await Notice.filter(kind="applied").count() == 2


async def test_pressed_twice_and_by_two(world: World) -> None:
    await world.matter()
    await world.hand_in()
    asked = await world.say("a", DONE, at("03-02 15:00"))
    key = asked.card.actions[0].key
    said = await asyncio.gather(*(world.press(user, key, hours("03-02 15:01")) for user in ("a", "b", "chu")))
    assert sum("已提交" in each.text for each in said) == 1
    assert sum("正在厅办公室审核，未重复提交" in each.text for each in said) == 2
    assert await states() == ["pending"]
    assert await Ledger.filter(verb="apply_completion").count() == 1
    assert await Notice.filter(kind="completion").count() == 1


async def test_think_again(world: World) -> None:
    matter = await world.matter()
    await world.hand_in()
    asked = await world.say("a", DONE, at("03-02 15:00"))
    dropped = await world.press("a", asked.card.actions[1].key, hours("03-02 15:01"))
    assert dropped.replace.done == "未提交"
    assert "已过期" in (await world.press("a", asked.card.actions[0].key, hours("03-02 15:02"))).text
    assert await states() == ["dropped"]
    assert (await now(matter)).state == "running"


async def test_a_new_draft_outdates_the_old_card(world: World) -> None:
    await world.matter()
    await world.hand_in()
    first = await world.say("a", DONE, at("03-02 15:00"))
    second = await world.say("b", "申请办结 1 已全部整改完毕并验收", at("03-02 15:05"))
    assert "已过期" in (await world.press("a", first.card.actions[0].key, hours("03-02 15:06"))).text
    assert "已提交" in (await world.press("a", second.card.actions[0].key, hours("03-02 15:07"))).text
    row = await Completion.get(state="pending")
    assert (row.reason, row.person_id) == ("已全部整改完毕并验收", world.people["a"])


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("text", ["完结", "完结 1", "办结 1 理由：", "完结 1 理由：好"])
async def test_the_reason_is_asked_for(world: World, text: str) -> None:
    await world.matter()
    assert "申请完结须说明理由，未提交" in (await world.say("a", text, 1)).text
    assert not await Completion.exists()


@pytest.mark.requirement("A85")
async def test_it_withdraws_a_pending_extension(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    await complete(world, "03-30 11:00")
    assert (await Extension.get()).state == "withdrawn"
    matter = await now(matter)
    assert (matter.extension_at, matter.old_due_at) == (None, shanghai("04-02 09:00"))
    assert "没有待批的延期申请" in (await world.say("ban", "/同意延期 1", at("03-30 12:00"))).text
    row = await Extension.get()
    assert "已失效" in (await world.press("ban", f"extend:{row.id}", hours("03-30 12:00"))).text
    left = Delivery.filter(notice__kind="extension", state="pending", lane="chat")
    assert not await left.exists()
    assert "完结申请正在厅办公室审核，不能申请延期" in (await world.say("a", ASK, at("03-30 13:00"))).text


@pytest.mark.requirement("A80")
async def test_words_during_the_review_are_kept(world: World) -> None:
    matter = await world.matter()
    await complete(world, "03-02 15:00")
    said = await world.say("a", "进展 1 1天 已完成现场核查，形成问题清单", at("03-02 16:00"))
    assert "补充材料" in said.text
    assert (await world.owed(matter, "N1")).ended == ""


@pytest.mark.requirement("R6", "R52", "R58", "A7", "A51")
async def test_accepted_with_a_grade(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    await complete(world, "03-04 10:00")
    said = (await world.say("ban", "/同意办结 1 优秀", at("03-06 10:00"))).text
    assert "已同意 2026-0001 办结：水资源处李安3月4日 10:00的完结申请，评价：优秀（+0.1分）" in said
    assert "报告请上报省政府“13710”系统" in said
    matter = await now(matter)
    assert (matter.state, matter.closed_at, matter.completion_at) == ("closed", shanghai("03-06 10:00"), None)
    assert matter.written_off_at is None
    ended = Obligation.filter(matter_id=matter.id, name__in=("N3", "N7", "NM"))
    assert await ended.values_list("ended", "met_at") == [("met", shanghai("03-04 10:00"))] * 3
    assert await points() == [("excellent", 1)]
    people = [world.people[user] for user in ("chu", "a", "b", "zhang")]
    assert await told("decision") == sorted(people)
    assert await world.intact()


@pytest.mark.requirement("R52")
async def test_the_offices_card(world: World) -> None:
    matter = await world.matter()
    await complete(world, "03-04 10:00")
    row = await Completion.get()
    asked = await world.press("ban", f"send_back:{row.id}", hours("03-05 10:00"))
    assert "/退回 2026-0001 理由" in asked.text
    done = await world.press("ban", f"accept:{row.id}", hours("03-05 10:00"), {"grade": ["3"]})
    assert done.replace.done == "已同意办结"
    assert "评价：合格" in done.text
    assert (await Review.get()).grade == "pass"
    assert (await now(matter)).state == "closed"
    assert "已于3月5日 10:00结束" in (await world.press("wang", f"accept:{row.id}", hours("03-05 11:00"))).text
    assert await Review.all().count() == 1


async def test_receive_asks_by_card_first(world: World) -> None:
    matter = await world.matter()
    assert "没有待审核的完结申请" in (await world.say("ban", "/受理 1", 1)).text
    await complete(world, "03-04 10:00")
    asked = await world.say("ban", "受理 1", at("03-05 10:00"))
    assert asked.card
    assert (await now(matter)).state == "review"
    done = await world.press("ban", asked.card.actions[0].key, hours("03-05 10:01"), {"grade": ["0"]})
    assert "可在5个工作日内写“/评价 2026-0001 良好”" in done.text
    assert (await now(matter)).state == "closed"


@pytest.mark.requirement("R6", "R48", "A51")
async def test_a_provincial_matter_is_written_off_by_word(world: World) -> None:
    matter = await world.matter()
    assert "尚未办结，不能销号" in (await world.say("ban", "/销号 1", 1)).text
    await complete(world, "03-04 10:00")
    await world.say("ban", "/同意办结 1", at("03-05 10:00"))
    said = (await world.say("ban", "/销号 1 晋政办〔2026〕3号", at("03-20 10:00"))).text
    assert "已销号：2026-0001，文号：晋政办〔2026〕3号" in said
    matter = await now(matter)
    assert (matter.written_off_at, matter.written_off_no) == (shanghai("03-20 10:00"), "晋政办〔2026〕3号")
    assert "已于3月20日 10:00销号" in (await world.say("wang", "/销号 1", at("03-21 10:00"))).text


@pytest.mark.requirement("R9", "R48", "A51")
async def test_a_meetings_matter_is_written_off_at_once(world: World) -> None:
    await world.say("ban", PROPOSE.replace("省政府13710", "党组会"))
    await world.say("ting", "/批准 1")
    await complete(world, "03-04 10:00")
    assert "已同时销号" in (await world.say("ban", "/同意办结 1", at("03-05 10:00"))).text
    assert (await Matter.get()).written_off_at == shanghai("03-05 10:00")


@pytest.mark.parametrize(
    ("user", "text", "words"),
    [
        ("gui", DONE, "承办处室是水资源处"),
        ("a", "/同意办结 1", "您的岗位不能使用“同意办结”"),
        ("chu", "/受理 1", "您的岗位不能使用"),
        ("b", "/销号 1", "您的岗位不能使用"),
        ("fen", "/同意办结 1", "由厅办公室审核"),
        ("ban", "/同意办结 1 优", "没有看出评价等级"),
        ("ban", "/同意办结 9", "没有编号为 9"),
    ],
)
async def test_others_are_refused_and_told_who(world: World, user: str, text: str, words: str) -> None:
    matter = await world.matter()
    await complete(world, "03-02 15:00")
    lines = await Ledger.all().count()
    assert words in (await world.say(user, text, at("03-02 16:00"))).text
    assert await Ledger.all().count() == lines
    assert (await now(matter)).state == "review"


@pytest.mark.requirement("R6", "R13")
async def test_after_the_end_everything_is_refused(world: World) -> None:
    await major(world)
    await complete(world, "03-04 10:00")
    await world.say("ban", "/同意办结 1", at("03-05 10:00"))
    for text in (DONE, ASK, "撤回 1"):
        assert "已于3月5日 10:00结束" in (await world.say("a", text, at("03-06 10:00"))).text
    assert "已于3月5日 10:00结束" in (await world.say("ban", "/退回 1 附件不全", at("03-06 10:00"))).text


@pytest.mark.requirement("R29", "A47")
async def test_in_follow_up_the_weeks_rest(world: World) -> None:
    matter = await major(world, MAJOR)
    await world.say("a", ASK, at("03-30 10:00"))
    await world.say("ban", "/同意延期 1", at("03-31 15:00"))
    await complete(world, "04-07 10:00")
    week = await world.owed(matter, "W2026-04-09")
    assert (week.paused_by, week.next_notice_at) == ("completion", None)


@pytest.mark.requirement("A17", "A46")
async def test_another_units_applications_are_counted_from_its_own_first(world: World) -> None:
    matter = await world.matter()
    await department.seat("gc", "规处长", "规划处", "head", world)
    for when in ("03-02 15:00", "03-02 16:00"):
        await complete(world, when)
        await world.say("ban", "/退回 1 附件不全", at(when) + timedelta(minutes=30))
    asked = await world.say("ban", "/改派 1 规划处 职责调整", at("03-02 17:00"))
    assert [each.attempt for each in await Completion.filed(matter)] == [1, 2]
    await world.press("ban", asked.card.actions[0].key, hours("03-02 17:00"))
    assert await Completion.filed(matter) == []
    for when in ("03-02 17:00", "03-02 18:00"):
        await complete(world, when, "gui")
        await world.say("ban", "/退回 1 附件不全", at(when) + timedelta(minutes=30))
    assert [each.attempt for each in await Completion.filed(matter)] == [1, 2]
    asked = await world.say("ban", "/改派 1 水资源处 由原处室继续办理", at("03-03 09:00"))
    await world.press("ban", asked.card.actions[0].key, hours("03-03 09:00"))
    assert await Completion.filed(matter) == []
