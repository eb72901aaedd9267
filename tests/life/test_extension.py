"""延期 through chat: what is missing, the cut-off, who decides, what follows (R34–R38, A29–A31, A52–A54, A83–A86)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.extension import Extension
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.score import ScoreEvent
from tests.department import PROPOSE, World
from tests.life.hands import ASK, MAJOR, at, hours, major, told


@pytest.mark.requirement("R5", "R35", "R36")
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("延期", "理由、方案、责任人、时限"),
        ("延期 1个月", "理由、方案、责任人、时限"),
        ("延期 1 理由：汛期 时限：2026-05-30", "方案、责任人"),
        ("申请延期 1 方案：分段推进 责任人：张三 时限：5月底", "理由"),
        ("延期 1 原因：汛期 措施：分段推进 负责人：张三", "时限"),
    ],
)
async def test_what_is_missing_is_named_and_nothing_is_filed(world: World, text: str, named: str) -> None:
    matter = await major(world)
    said = (await world.say("a", text, at("03-20 09:00"))).text
    assert f"缺少：{named}，未提交" in said
    assert not await Extension.exists()
    assert not (await world.owed(matter, "NM")).paused_by


@pytest.mark.requirement("R35", "A60")
@pytest.mark.parametrize("day", ["尽快", "2026-02-30", "2026-03-01"])
async def test_a_day_that_is_none_or_past(world: World, day: str) -> None:
    await major(world)
    said = (await world.say("a", ASK.replace("2026-05-30", day), at("03-20 09:00"))).text
    assert f"时限“{day}”" in said
    assert not await Extension.exists()


@pytest.mark.requirement("R35")
async def test_who_is_responsible_in_sixty_characters(world: World) -> None:
    await major(world)
    said = (await world.say("a", ASK.replace("张三", "张" * 61), at("03-20 09:00"))).text
    assert said == "责任人超过60个字，未提交。请精简后整条重发。"
    assert not await Extension.exists()
    assert "已提交" in (await world.say("a", ASK.replace("张三", "张" * 60), at("03-20 09:00"))).text


@pytest.mark.requirement("R34", "A45", "A60")
async def test_a_day_that_is_no_later_is_no_extension(world: World) -> None:
    await major(world)
    for day in ("今天", "3月20日", "4月1日"):
        said = (await world.say("a", ASK.replace("2026-05-30", day), at("03-10 09:00"))).text
        assert said.startswith("2026-0001 现定4月2日 09:00截止，申请延到的"), day
    assert "已提交" in (await world.say("a", ASK.replace("2026-05-30", "4月2日"), at("03-10 09:00"))).text
    await major(world, f"{PROPOSE} 截止:2026-03-20")  # its own deadline stands for the month
    own = ASK.replace("延期 1", "延期 2").replace("2026-05-30", "3月20日")
    said = (await world.say("a", own, at("03-10 09:00"))).text
    assert said.startswith("2026-0002 现定3月20日 24:00截止，申请延到的3月20日 周五 24:00并不更晚，未提交。")
    assert await Extension.all().count() == 1


@pytest.mark.requirement("R35", "R36", "A60")
async def test_any_order_and_other_words(world: World) -> None:
    await major(world)
    text = "申请延期 #1\n完成时间：5月底\n负责人：张三\n原因：汛期不能施工\n下步措施：分两段推进"
    said = (await world.say("a", text, at("03-20 09:00"))).text
    assert "5月31日 周日 24:00" in said
    row = await Extension.get()
    assert (row.reason, row.plan, row.responsible) == ("汛期不能施工", "分两段推进", "张三")


@pytest.mark.requirement("A7", "A31")
async def test_applied_suspends_the_month_and_asks_the_office(world: World) -> None:
    matter = await major(world)
    said = (await world.say("a", ASK, at("03-30 10:00"))).text
    assert "已提交 2026-0001 的延期申请" in said
    assert "4月2日 09:00截止的节点暂停催办" in said
    owed = await world.owed(matter, "NM")
    assert (owed.paused_by, owed.next_notice_at, owed.ended) == ("extension", None, "")
    assert await told("extension") == [world.people["ban"]]
    again = (await world.say("b", ASK, at("03-30 11:00"))).text
    assert "已于3月30日 10:00提交延期申请" in again
    assert await Extension.all().count() == 1
    assert await Ledger.filter(verb="apply_extension").count() == 1
    assert await world.intact()


@pytest.mark.requirement("R5", "R12", "R37", "A22", "A52")
async def test_approved_begins_the_follow_up(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    said = (await world.say("ban", "/同意延期 1", at("03-31 15:00"))).text
    assert "已同意 2026-0001 延期，转入持续跟进" in said
    assert "4月9日 24:00前报送本周进展情况" in said
    matter = await Matter.get(id=matter.id)
    assert (matter.state, matter.extension_at, matter.plan_until) == ("follow_up", None, None)
    assert (await world.owed(matter, "NM")).ended == "settled"
    week = await world.owed(matter, "W2026-04-09")
    custom = await world.owed(matter, "CUSTOM")
    assert week.due_at == datetime(2026, 4, 9, 16, tzinfo=UTC)
    assert (custom.due_at, custom.origin) == (datetime(2026, 5, 30, 16, tzinfo=UTC), "plan")
    people = [world.people[user] for user in ("chu", "a", "b", "zhang")]
    assert await told("decision") == sorted(people)
    late = (await world.say("wang", "/同意延期 1", at("03-31 16:00"))).text
    assert "没有待批的延期申请" in late
    assert await Ledger.filter(verb="approve_extension").count() == 1
    assert await world.intact()


@pytest.mark.requirement("A52", "A61")
@pytest.mark.parametrize(
    ("when", "words", "due"),
    [
        ("04-03 23:59", "时限：4月3日 周五 24:00。", "2026-04-04T00:00:00+08:00"),
        ("04-05 10:00", "时限：4月3日 周五 24:00（已过，改为4月6日 10:00）。", "2026-04-06T10:00:00+08:00"),
    ],
)
async def test_a_day_that_passed_while_the_office_thought_it_over(
    world: World, when: str, words: str, due: str
) -> None:
    matter = await major(world)
    await world.say("a", ASK.replace("2026-05-30", "2026-04-03"), at("03-30 10:00"))
    assert words in (await world.say("ban", "/同意延期 1", at(when))).text
    assert (await world.owed(matter, "CUSTOM")).due_at == datetime.fromisoformat(due)
    moved = (await Notice.get(kind="decision")).facts.get("moved_to")
    assert moved == (due if "改为" in words else None)


@pytest.mark.requirement("A31")
@pytest.mark.parametrize(("when", "due"), [("03-30 12:00", "4月2日 09:00"), ("04-03 16:00", "4月4日 16:00")])
async def test_refused_the_month_runs_again_and_costs_nothing(world: World, when: str, due: str) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    assert "须说明理由" in (await world.say("ban", "/不同意延期 1", at(when))).text
    said = (await world.say("ban", "/不同意延期 1 时间过长", at(when))).text
    assert f"1个月节点继续计时，截止：{due}" in said
    owed = await world.owed(matter, "NM")
    assert (owed.paused_by, owed.ended) == ("", "")
    assert owed.next_notice_at
    notice = await Notice.get(kind="decision")
    assert datetime.fromisoformat(str(notice.facts["next_due_at"])) == owed.due_at
    assert not await ScoreEvent.exists()
    assert (await Extension.get()).note == "时间过长"


async def test_the_cards_buttons(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    row = await Extension.get()
    when = hours("03-30 12:00")
    for text in ("/同意延期 1", "/不同意延期 1 时间过长"):  # A5: written before it came in
        said = (await world.say("ban", text, at("03-30 09:59"))).text
        assert said.startswith("2026-0001 的延期申请于3月30日 10:00报来，在您发出这条指令之后，未办理。")
    asked = await world.press("ban", f"deny:{row.id}", when)
    assert "/不同意延期 2026-0001 理由" in asked.text
    done = await world.press("ban", f"extend:{row.id}", hours("03-30 09:59"))
    assert done.replace.done == "已同意延期"
    assert (await Matter.get(id=matter.id)).state == "follow_up"
    for button in ("extend", "deny"):
        assert "延期申请已同意" in (await world.press("wang", f"{button}:{row.id}", when)).text
    assert "已过期" in (await world.press("ban", "extend:99", when)).text


@pytest.mark.requirement("R34", "A29", "A30", "A82")
@pytest.mark.parametrize(("when", "in_time"), [("04-01 00:00", True), ("04-01 00:01", False)])
async def test_the_cut_off_is_24_of_its_day(world: World, when: str, in_time: bool) -> None:
    matter = await major(world)
    said = (await world.say("a", ASK, at(when))).text
    assert ("已提交" in said) is in_time
    if not in_time:
        assert "延期须在3月31日 24:00前申请，现已过时限，未受理" in said
        assert not (await world.owed(matter, "NM")).paused_by
        assert (await Extension.get()).state == "late"
        assert not await Notice.filter(kind="extension").exists()


@pytest.mark.requirement("A30")
async def test_the_office_lets_a_late_one_pass_with_a_note(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("04-01 09:00"))
    assert "补批须写明理由" in (await world.say("ban", "/同意延期 1", at("04-01 10:00"))).text
    said = (await world.say("ban", "/同意延期 1 汛情属实", at("04-01 10:00"))).text
    assert "转入持续跟进" in said
    assert (await Matter.get(id=matter.id)).state == "follow_up"
    assert await Ledger.filter(verb="approve_extension").count() == 1
    assert await world.intact()


@pytest.mark.requirement("A54")
async def test_a_general_matter_becomes_major_with_it(world: World) -> None:
    matter = await major(world, PROPOSE)
    assert "转重大并延期申请" in (await world.say("a", ASK, at("03-20 10:00"))).text
    await world.say("wang", "/同意延期 1", at("03-21 10:00"))
    matter = await Matter.get(id=matter.id)
    assert (matter.category, matter.state) == ("major", "follow_up")


@pytest.mark.requirement("A53")
async def test_in_follow_up_the_same_words_move_the_plans_day(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    await world.say("ban", "/同意延期 1", at("03-31 15:00"))
    said = (await world.say("a", ASK.replace("05-30", "06-30"), at("05-29 10:00"))).text
    assert "方案调整申请" in said
    old = await world.owed(matter, "CUSTOM")
    assert not old.paused_by
    said = (await world.say("ban", "/同意延期 1", at("05-30 10:00"))).text
    assert "4月9日 24:00前报送本周进展情况，已逾期50天10小时。" in said
    days = await Obligation.filter(matter_id=matter.id, name="CUSTOM").order_by("id").values_list("ended", flat=True)
    assert days == ["settled", ""]


@pytest.mark.requirement("A53")
async def test_a_monthly_matters_plan(world: World) -> None:
    matter = await world.matter(PROPOSE.replace("类别:一般", "类别:月报"))
    assert "方案调整申请" in (await world.say("a", ASK, 30)).text
    said = (await world.say("ban", "/同意延期 1", 31)).text
    assert "调整方案" in said
    assert (await world.owed(matter, "CUSTOM")).origin == "plan"


@pytest.mark.parametrize(
    ("user", "text", "words"),
    [
        ("gui", ASK, "承办处室是水资源处"),
        ("wang", ASK, "承办处室是水资源处"),
        ("a", "/同意延期 1", "您的岗位不能使用“同意延期”"),
        ("chu", "/不同意延期 1 不妥", "您的岗位不能使用"),
        ("fen", "/同意延期 1", "由厅办公室审核"),
        ("ban", "/同意延期 9", "没有编号为 9"),
    ],
)
async def test_others_are_refused_and_told_who(world: World, user: str, text: str, words: str) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    lines = await Ledger.all().count()
    assert words in (await world.say(user, text, at("03-30 11:00"))).text
    assert await Ledger.all().count() == lines
    assert (await Matter.get(id=matter.id)).extension_at


async def test_without_a_number_the_only_one_that_waits(world: World) -> None:
    assert "没有等待“同意延期”" in (await world.say("ban", "/同意延期")).text
    await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    assert "转入持续跟进" in (await world.say("ban", "同意延期", at("03-31 10:00"))).text


async def test_two_matters_and_no_number_asks(world: World) -> None:
    first = await major(world)
    second = await world.matter(MAJOR)
    asked = await world.say("a", ASK.replace("延期 1 ", "延期 "), at("03-30 10:00"))
    assert asked.card
    assert not await Extension.exists()
    picked = await world.press("a", asked.card.actions[0].key, hours("03-30 10:01"), {"matter": [str(second.id)]})
    assert "已提交 2026-0002 的延期申请" in picked.text
    assert (await Extension.get()).matter_id == second.id != first.id


@pytest.mark.requirement("A83")
async def test_a_second_application_after_a_refusal(world: World) -> None:
    await major(world)
    await world.say("a", ASK, at("03-20 10:00"))
    await world.say("ban", "/不同意延期 1 方案太粗", at("03-21 10:00"))
    assert "已提交" in (await world.say("a", ASK, at("03-22 10:00"))).text
    assert await Extension.all().order_by("id").values_list("state", flat=True) == ["refused", "pending"]
