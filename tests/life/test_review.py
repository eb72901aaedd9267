"""Returns, grades, recalls: what they apply to, cost and bring about (R49, R51–R58, A17, A19, A66, A68, A70, A75)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.completion import Completion
from models.feedback import Feedback
from models.ledger import Ledger
from models.notice import Notice
from models.people import Seat
from models.review import Review
from models.ruling import Ruling
from models.score import ScoreEvent
from tests.department import ACK, PROPOSE, World
from tests.life.hands import MAJOR, at, complete, hours, major, now, points, shanghai, states, told

THREE = "进展 1 3天 已完成现场核查，形成问题清单"
SEVEN = "进展 1 7天 整改方案已报分管领导审定"


@pytest.mark.requirement("R49", "R54", "A17")
async def test_a_completion_returned_for_its_material(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    await complete(world, "03-04 10:00")
    said = (await world.say("ban", "/退回 1 附件不全", at("03-06 10:00"))).text
    assert "已退回 2026-0001 的完结申请（李安，3月4日 10:00报送）" in said
    assert "理由：附件不全" in said
    assert "-0.1分" in said
    assert "3月7日 10:00前按退回意见完善后重报" in said
    owed = await world.owed(matter, "REWORK")
    assert (owed.due_at, owed.episode) == (shanghai("03-07 10:00"), 1)
    assert owed.next_notice_at == shanghai("03-07 05:00")
    assert (await now(matter)).state == "rework"
    event = await ScoreEvent.get()
    assert (event.obligation_id, event.episode, event.rule, event.reason) == (owed.id, 1, "returned", "附件不全")
    notice = await Notice.filter(kind="decision").order_by("-id").first()
    assert notice
    assert (notice.facts["verdict"], notice.facts["tenths"]) == ("returned", -1)
    kept = (await world.say("a", "进展 1 正在补充附件，重新组织报告", at("03-06 11:00"))).text
    assert kept.endswith("退回重报只能重新申请完结：请按退回意见完善材料，再回复“完结 2026-0001 理由：……”。")
    assert await world.intact()


@pytest.mark.requirement("A17")
async def test_the_third_return_is_copied_to_the_director(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    for day in (4, 5, 6):
        await complete(world, f"03-0{day} 10:00")
        said = (await world.say("ban", "/退回 1 附件不全", at(f"03-0{day} 15:00"))).text
        assert ("已抄送办公室主任" in said) is (day == 6)
        assert (world.people["wang"] in await told("decision")) is (day == 6)
    assert await states() == ["returned"] * 3
    assert await points() == [("returned", -1)] * 3
    owed = await world.owed(matter, "REWORK")
    assert owed.episode == 3


@pytest.mark.requirement("A17")
async def test_returned_as_not_done(world: World) -> None:
    matter = await world.matter(MAJOR)
    await world.say("a", ACK, 1)
    await complete(world, "03-05 08:00")
    said = (await world.say("ban", "/退回 1 未落实 现场未整改", at("03-06 09:00"))).text
    assert "按未落实处理，申请作废" in said
    assert "3月7日 09:00前反馈初步办理情况" in said
    assert await states() == ["void"]
    assert (await world.owed(matter, "N3")).due_at == shanghai("03-07 09:00")
    assert (await now(matter)).state == "running"
    assert await points() == [("returned", -1)]
    for button in ("accept", "send_back"):
        assert "已按未落实" in (await world.press("ban", f"{button}:1", hours("03-06 10:00"))).text


@pytest.mark.requirement("R49", "R54", "A19")
async def test_a_stage_feedback_returned_keeps_its_name(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    await world.say("a", THREE, at("03-04 16:00"))
    said = (await world.say("ban", "/退回 1 3天 缺数据", at("03-05 14:00"))).text
    assert "已退回 2026-0001 的3天反馈" in said
    assert "3月6日 14:00前反馈初步办理情况" in said
    owed = await world.owed(matter, "N3")
    assert (owed.ended, owed.due_at, owed.episode) == ("", shanghai("03-06 14:00"), 2)
    assert "没有可退回" in (await world.say("wang", "/退回 1 缺数据", at("03-05 15:00"))).text
    assert await points() == [("returned", -1)]
    await world.say("a", THREE, at("03-06 13:00"))
    assert await points() == [("returned", -1)]
    assert (await world.owed(matter, "N3")).ended == "met"


@pytest.mark.requirement("A19", "A71")
async def test_only_the_latest_and_within_five_working_days(world: World) -> None:
    await world.matter()
    await world.say("a", ACK, 1)
    await world.say("a", THREE, at("03-04 16:00"))
    await world.say("a", SEVEN, at("03-06 15:00"))
    assert (
        "只能退回最近一次未审核的反馈，即7天反馈"
        in (await world.say("ban", "/退回 1 第3 缺数据", at("03-07 10:00"))).text
    )
    assert "超过5个工作日" in (await world.say("ban", "/退回 1 缺数据", at("03-14 00:01"))).text
    assert not await points()
    assert "已退回" in (await world.say("ban", "/退回 1 缺数据", at("03-13 23:59"))).text


@pytest.mark.requirement("R49", "A70")
@pytest.mark.parametrize("text", ["/退回 1", "/退回 1 不计分", "/退回 1 未落实", "退回 1 第3"])
async def test_a_return_without_a_reason_is_refused(world: World, text: str) -> None:
    await world.matter()
    await world.say("a", THREE, 1)
    assert "退回须说明理由" in (await world.say("wang", text, 2)).text
    assert not await Review.exists()


@pytest.mark.requirement("A70")
async def test_without_points_by_the_director_alone(world: World) -> None:
    await world.matter()
    await complete(world, "03-02 15:00")
    assert "只能由办公室主任决定" in (await world.say("ban", "/退回 1 不计分 系统故障", at("03-02 16:00"))).text
    said = (await world.say("wang", "/退回 1 不计分 系统故障", at("03-02 16:00"))).text
    assert "本次不计分" in said
    assert not await points()
    row = await Review.get()
    assert (row.scored, row.reason) == (False, "系统故障")
    assert await Ledger.filter(verb="return").count() == 1


@pytest.mark.requirement("R51", "R52", "R57", "R58", "A34", "A35", "A68", "A71")
async def test_grades_of_stages(world: World) -> None:
    await world.matter()
    await world.say("a", ACK, 1)
    assert "1天节点不作评价" in (await world.say("ban", "/评价 1 良好", 2)).text
    await world.say("a", THREE, at("03-04 16:00"))
    assert "没有看出评价等级" in (await world.say("ban", "/评价 1 很好", at("03-04 17:00"))).text
    said = (await world.say("ban", "/评价 1 优秀", at("03-04 17:00"))).text
    assert "2026-0001 的3天反馈（李安，3月4日 16:00报送）评价为优秀，+0.1分" in said
    assert "没有可退回" in (await world.say("ban", "/退回 1 缺数据", at("03-05 10:00"))).text
    said = (await world.say("wang", "/评价 1 3天 不合格", at("03-05 10:00"))).text
    assert "替换原评价" in said
    assert await points() == [("excellent", 1), ("excellent", -1), ("fail", -1)]
    assert "超过5个工作日" in (await world.say("wang", "/评价 1 3天 合格", at("03-16 10:00"))).text
    await world.say("a", SEVEN, at("03-16 11:00"))
    await world.say("ban", "/评价 1 7天 良好", at("03-16 11:30"))
    assert (await points())[-1] == ("overdue", -1)  # a grade takes the place of grades alone
    asked = await world.say("wang", "/撤销 1 错立 重复立项", at("03-16 12:00"))
    await world.press("wang", asked.card.actions[0].key, hours("03-16 12:00"))
    before = await points()
    assert "没有可评价" in (await world.say("ban", "/评价 1 7天 优秀", at("03-16 13:00"))).text  # A46: it never was
    assert await points() == before
    assert await world.intact()


@pytest.mark.requirement("A71")
async def test_two_reports_of_one_second(world: World) -> None:
    """A grade is of the report named, and ends the review of no other one."""
    await world.matter()
    await world.say("a", ACK, 1)
    await world.say("a", THREE, 2)
    await world.say("b", SEVEN, 2)
    said = (await world.say("ban", "/评价 1 3天 优秀", 3)).text
    assert "3天反馈（李安，3月2日 11:00报送）评价为优秀" in said
    said = (await world.say("ban", "/退回 1 7天 数据不实", 4)).text
    assert "已退回 2026-0001 的7天反馈（孙贝，3月2日 11:00报送）" in said
    await world.matter(MAJOR)
    await world.say("a", ACK, 5)
    await world.say("a", SEVEN.replace("1", "2"), 6)  # meets both stages
    said = (await world.say("ban", "/评价 2 3天 优秀", 7)).text
    assert "2026-0002 的3天反馈（李安，3月2日 15:00报送）评价为优秀" in said


@pytest.mark.requirement("R51", "A68", "A71")
async def test_a_grade_after_the_end(world: World) -> None:
    await world.matter()
    await complete(world, "03-02 15:00")
    assert "还未审核，不能先评价" in (await world.say("ban", "/评价 1 良好", at("03-02 16:00"))).text
    await world.say("ban", "/同意办结 1", at("03-02 17:00"))
    assert "完结报告" in (await world.say("ban", "/评价 1 不合格", at("03-04 10:00"))).text
    assert await points() == [("fail", -1)]
    assert "替换原评价" in (await world.say("ban", "/评价 1 合格", at("03-05 10:00"))).text
    assert sum(tenths for _, tenths in await points()) == 0


@pytest.mark.requirement("A51", "A68", "A72")
async def test_of_what_the_superior_sent_back_one_grade_stands(world: World) -> None:
    """That of the version accepted last; until it has one, the earlier stays."""
    await world.matter()
    said, sums = [], []
    for day, word, then in (
        ("02", "/同意办结 1 不合格", "申诉 1 报告数据完整准确"),
        ("03", "/同意办结 1", ""),
        ("04", "/同意办结 1 优秀", ""),
        ("05", "/同意办结 1 优秀", ""),
        ("06", "/同意办结 1", "/评价 1 不合格"),
    ):
        await complete(world, f"03-{day} 15:00")
        said.append((await world.say("ban", word, at(f"03-{day} 16:00"))).text)
        sums.append(sum(tenths for _, tenths in await points()))
        if then:
            said.append((await world.say("ban" if then[0] == "/" else "a", then, at(f"03-{day} 17:00"))).text)
        assert (await Ruling.get()).verdict == ("" if day < "04" else "settled")
        if day != "06":
            await world.say("ban", "/退回 1 上级 数据有误", at(f"03-{day} 18:00"))
    assert sums == [-1, -1, 1, 1, 1]
    assert ["优秀（+0.2分）。" in said[3], "优秀。" in said[4]] == [True, True]
    assert "评价为不合格，替换原评价，-0.2分" in said[-1]
    assert (await points())[-2:] == [("excellent", -1), ("fail", -1)]
    assert sum(tenths for _, tenths in await points()) == -1


@pytest.mark.requirement("A5", "A71")
async def test_what_came_in_after_the_words_is_not_decided_by_them(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    early = timedelta(seconds=20)
    await world.say("a", THREE, at("03-03 09:00"))
    for text in ("/退回 1 没有附清单", "/退回 1 3天 没有附清单", "/评价 1 优秀", "/同意办结 1"):
        said = (await world.say("ban", text, at("03-03 09:00") - early)).text
        assert said.startswith("2026-0001 的3天反馈于3月3日 09:00报来，在您发出这条指令之后，未办理。")
    assert "已认可" in (await world.say("ban", "/同意办结 1", at("03-03 09:00"))).text
    await complete(world, "03-03 10:00")
    for text in ("/退回 1 没有附清单", "/同意办结 1 良好"):
        said = (await world.say("ban", text, at("03-03 10:00") - early)).text
        assert said.startswith("2026-0001 的完结申请于3月3日 10:00报来，在您发出这条指令之后，未办理。")
    assert (await points(), (await now(matter)).state) == ([], "review")
    assert "已退回" in (await world.say("ban", "/退回 1 没有附清单", at("03-03 10:00"))).text
    await complete(world, "03-03 12:00")
    row = await Completion.get(state="pending")  # its own card was before him, whatever the clocks say
    await world.press("ban", f"accept:{row.id}", (at("03-03 12:00") - early).total_seconds() / 3600)
    assert (await now(matter)).state == "closed"


@pytest.mark.requirement("A68")
async def test_reports_of_a_series_once_a_quarter(world: World) -> None:
    await world.matter(PROPOSE.replace("类别:一般", "类别:月报"))
    await world.say("a", ACK, 1)
    await world.say("a", "月报 1 4月 已完成现场核查，形成问题清单", at("04-10 10:00"))
    assert "评价为优秀" in (await world.say("ban", "/评价 1 优秀", at("04-11 10:00"))).text
    await world.say("a", "月报 1 5月 已完成现场核查，形成问题清单", at("05-10 10:00"))
    assert "每季度只评一次" in (await world.say("ban", "/评价 1 优秀", at("05-11 10:00"))).text
    await world.say("a", "月报 1 7月 已完成现场核查，形成问题清单", at("07-10 10:00"))
    assert "评价为优秀" in (await world.say("ban", "/评价 1 7月 优秀", at("07-11 10:00"))).text
    assert [each for each in await points() if each[0] == "excellent"] == [("excellent", 1)] * 2


@pytest.mark.requirement("A35", "A71")
async def test_accepting_a_feedback_without_a_grade(world: World) -> None:
    matter = await world.matter()
    assert "没有待审核的完结申请" in (await world.say("ban", "/同意办结 1", 1)).text
    await world.say("a", THREE, 2)
    assert "3天反馈（李安，3月2日 11:00报送）已认可，未评价" in (await world.say("ban", "/同意办结 1", 3)).text
    assert (await now(matter)).state == "running"
    assert "没有可退回" in (await world.say("ban", "/退回 1 缺数据", 4)).text


async def office_leads(world: World) -> None:
    """The office takes over the water unit's matters: its clerk is operator there."""
    unit = world.units["水资源处"]
    await Seat.filter(person_id=world.people["ban"]).update(unit_id=unit)
    await Seat.create(person_id=world.people["ban"], unit_id=unit, role="operator_b")


@pytest.mark.requirement("A66")
async def test_the_offices_own_matter_is_its_leaders(world: World) -> None:
    await office_leads(world)
    await world.matter()
    await complete(world, "03-02 15:00", "ban")
    assert await told("completion") == [world.people["fen"]]
    for user in ("ban", "wang"):
        assert "由分管厅领导审核" in (await world.say(user, "/同意办结 1", at("03-02 16:00"))).text
    assert "已同意 2026-0001 办结" in (await world.say("fen", "/同意办结 1 良好", at("03-02 17:00"))).text


@pytest.mark.requirement("A66")
async def test_nobody_reviews_what_he_filed(world: World) -> None:
    await Seat.create(person_id=world.people["wang"], unit_id=world.units["水资源处"], role="head")
    await world.matter()
    await world.say("wang", THREE, 2)
    assert "由您本人报送，不能自行审核" in (await world.say("wang", "/评价 1 优秀", 3)).text
    assert "由您本人报送，不能自行审核" in (await world.say("wang", "/退回 1 缺数据", 3)).text
    await complete(world, "03-02 15:00", "wang")
    assert "由您本人报送，不能自行审核" in (await world.say("wang", "/同意办结 1", at("03-02 16:00"))).text
    assert not await Review.exists()


@pytest.mark.requirement("A75")
async def test_recalled_before_its_deadline(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    await world.say("a", THREE, at("03-04 16:00"))
    said = (await world.say("a", "撤回 1", at("03-04 17:00"))).text
    assert "已撤回 2026-0001 的3天反馈" in said
    assert "请在3月5日 09:00前反馈初步办理情况" in said
    owed = await world.owed(matter, "N3")
    assert (owed.ended, owed.episode, owed.due_at) == ("", 1, shanghai("03-05 09:00"))
    assert owed.next_notice_at == shanghai("03-05 04:00")
    assert await told("recalled") == [world.people["ban"]]
    assert await Feedback.all().order_by("id").values_list("kind", flat=True) == ["acknowledge", "recalled"]
    assert "没有可退回" in (await world.say("ban", "/退回 1 缺数据", at("03-04 18:00"))).text
    assert "2026-0001 没有可撤回" in (await world.say("a", "撤回 1", at("03-04 18:00"))).text
    await world.say("a", THREE, at("03-05 09:00"))
    assert not await points()
    assert await world.intact()


@pytest.mark.requirement("A75")
async def test_what_can_not_be_recalled(world: World) -> None:
    await world.matter()
    assert "没有可撤回" in (await world.say("a", "撤回 1", 0)).text
    await world.say("a", THREE, 2)
    assert "由李安报送，只能本人撤回" in (await world.say("b", "撤回 1", 3)).text
    assert "只能撤回最近一次反馈，即3天反馈" in (await world.say("a", "撤回 1 1天", 3)).text
    assert "已到期，反馈不能撤回" in (await world.say("a", "撤回 1", timedelta(hours=72, seconds=1))).text
    await world.say("ban", "/评价 1 良好", 71)
    assert "没有可撤回" in (await world.say("a", "撤回 1", 71)).text


async def test_all_that_it_had_settled_is_owed_again(world: World) -> None:
    matter = await major(world)
    await world.say("a", "撤回 1", 3)
    assert [(await world.owed(matter, name)).ended for name in ("N1", "N3", "N7")] == ["met", "", ""]


@pytest.mark.parametrize(
    ("user", "text", "words"),
    [
        ("a", "/退回 1 缺数据", "您的岗位不能使用“退回”"),
        ("gui", "/评价 1 优秀", "您的岗位不能使用“评价”"),
        ("fen", "/退回 1 缺数据", "由厅办公室审核"),
        ("gui", "撤回 1", "承办处室是水资源处"),
        ("ban", "/退回 9 缺数据", "没有编号为 9"),
    ],
)
async def test_others_are_refused_and_told_who(world: World, user: str, text: str, words: str) -> None:
    await world.matter()
    await world.say("a", THREE, 1)
    lines = await Ledger.all().count()
    assert words in (await world.say(user, text, 2)).text
    assert await Ledger.all().count() == lines
