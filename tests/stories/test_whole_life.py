"""One matter from its initiation to after its end, over HTTP: what the units, the office and the leaders do to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.completion import Completion
from models.extension import Extension
from models.matter import Matter
from models.obligation import Obligation
from models.review import Review
from models.score import ScoreEvent
from tests.stories.theatre import ACK, PROPOSE, SECOND, Story, T, at

NODES = {"N1": "03-03 09:00", "N3": "03-05 09:00", "N7": "03-09 09:00", "NM": "04-02 09:00"}
REPORT = "已完成现场核查，形成问题清单。"
PLAN = "理由：汛期不能施工 方案：分两段推进 责任人：陈晨 时限：2026-05-30"


async def due() -> dict[str, str]:
    """D of what is owed and does not rest, in Shanghai."""
    rows = await Obligation.filter(ended="", paused_by="", due_at__isnull=False).order_by("due_at", "id")
    return {row.name: f"{row.due_at + timedelta(hours=8):%m-%d %H:%M}" for row in rows if row.due_at}


async def points() -> list[tuple[str, int]]:
    return [(each.rule, each.tenths) for each in await ScoreEvent.all().order_by("id")]


async def complete(story: Story, reason: str = "取水口全部核查完毕，问题整改到位") -> str:
    """张三 applies for completion with a photographed report."""
    await story.say("张三", f"完结 1 理由：{reason}")
    await story.photograph("张三")
    await story.say("张三", "完结 1")
    return await story.press("张三", "请确认两项", "确认两项并提交")


@pytest.mark.requirement("R4", "R17", "R49", "R51", "R52", "R57", "A3", "A4", "A6")
@pytest.mark.requirement("A19", "A34", "A35", "A68", "A70", "A71", "A75", "A80")
async def test_stages_are_reviewed_returned_graded_and_recalled(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    assert await due() == NODES
    await story.say("张三", ACK)
    await story.until(at("03-05 04:00") + SECOND)
    assert await story.notices("remind", "N3") == ["03-05 04:00"]
    assert "3天反馈，" in await story.say("陈晨", f"进展 {REPORT}")
    assert "只能本人撤回" in await story.say("李四", "撤回 1")
    assert "已撤回 2026-0001 的3天反馈" in await story.say("陈晨", "撤回 1")
    assert (await due())["N3"] == NODES["N3"]
    assert "3天反馈，" in await story.say("陈晨", f"进展 {REPORT}")
    # a settled node named again is kept and settles nothing (A80)
    assert "补充材料" in await story.say("陈晨", f"进展 3天 {REPORT}")

    assert "退回须说明理由" in await story.say("王芳", "/退回 1")
    assert "只能由办公室主任决定" in await story.say("王芳", "/退回 1 不计分 系统故障")
    await story.until(at("03-05 14:00"))
    told = await story.say("王芳", "/退回 1 缺数据")
    assert "已退回 2026-0001 的3天反馈" in told
    assert "3月6日 14:00前反馈初步办理情况" in told
    assert any("缺数据" in words for words in await story.shown("陈晨"))
    await story.until(at("03-06 14:00"))
    assert "3天反馈，" in await story.say("陈晨", f"进展 3天 补充数据后重报：{REPORT}")
    assert await points() == [("returned", -1)]
    assert "本次不计分" in await story.say("郑强", "/退回 1 不计分 口径有变")
    await story.say("陈晨", f"进展 3天 按新口径重报：{REPORT}")
    assert await points() == [("returned", -1)]

    assert "没有看出评价等级" in await story.say("王芳", "/评价 1 很好")
    assert "评价为不合格，-0.1分" in await story.say("王芳", "/评价 1 不合格")
    assert "评价为优秀，替换原评价" in await story.say("郑强", "/评价 1 3天 优秀")
    assert await points() == [("returned", -1), ("fail", -1), ("fail", 1), ("excellent", 1)]
    unit = {each.unit_id for each in await ScoreEvent.all()}
    assert unit == {matter.unit_id}
    await story.until(at("03-16 09:00"))
    assert "超过5个工作日" in await story.say("郑强", "/评价 1 3天 合格")


@pytest.mark.requirement("R5", "R34", "R35", "R36", "A6", "A7", "A30", "A31", "A32", "A54", "A55", "A56")
@pytest.mark.requirement("A81", "A82", "A84", "A86")
async def test_not_solved_in_seven_days_nor_in_a_month(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.say("张三", ACK)
    await story.say("陈晨", f"进展 1 3天 {REPORT}")
    # an extension of a general matter asks for its conversion; N7 is never extended (A32, A54, A84)
    assert "缺少：方案、责任人" in await story.say("张三", "延期 1 理由：汛期不能施工 时限：5月底")
    assert "转重大并延期申请" in await story.say("张三", f"延期 1 {PLAN}")
    assert await due() == {"N7": NODES["N7"]}
    assert (await story.owed(matter, "NM")).paused_by == "extension"
    assert "须说明理由" in await story.say("王芳", "/不同意延期 1")
    assert "不扣分" in await story.say("王芳", "/不同意延期 1 先报7天情况")
    assert await due() == {name: NODES[name] for name in ("N7", "NM")}
    assert (await Matter.get()).category == "general"

    await story.until(at("03-08 09:00") + SECOND)
    told = await story.press("陈晨", "提醒：7天反馈", "未解决")
    assert "进展 2026-0001 7天 未解决。原因" in told
    text = "进展 2026-0001 7天 未解决。原因：需跨市协调 下步措施：专题会商 预计时间：4月底"
    assert "7天反馈，" in await story.say("陈晨", text)
    await story.until(at("03-09 09:00"))
    await story.press("王芳", "是否转重大", "转重大")
    assert "已转为重大事项" in (await story.shown("王芳"))[-1]
    assert (await Matter.get()).category == "major"
    assert await due() == {"NM": NODES["NM"]}

    # progress that names the month leaves it open (A7, A81)
    assert "补充材料" in await story.say("陈晨", f"进展 1 1个月 {REPORT}")
    assert await due() == {"NM": NODES["NM"]}
    await story.until(at("03-30 10:00"))
    assert "已提交 2026-0001 的延期申请" in await story.say("张三", f"延期 1 {PLAN}")
    # refused at the very instant of the reminder: inbound first, then the reminder goes out (A82)
    await story.until(at("03-31 09:00"))
    await story.say("王芳", "/不同意延期 1 方案太粗")
    await story.until(at("03-31 09:01"))
    assert await story.notices("remind", "NM") == ["03-31 09:00"]
    assert any("3月31日 24:00前" in words for words in await story.shown("陈晨"))
    await story.until(at("04-01 00:00") + SECOND)
    assert "现已过时限，未受理" in await story.say("张三", f"延期 1 {PLAN}")
    assert "补批须写明理由" in await story.say("王芳", "/同意延期 1")
    assert "转入持续跟进" in await story.say("王芳", "/同意延期 1 汛情属实")
    assert [each.state for each in await Extension.all().order_by("id")] == ["refused", "refused", "approved"]
    assert await due() == {"W2026-04-09": "04-10 00:00", "CUSTOM": "05-31 00:00"}
    assert (await Matter.get(id=matter.id)).state == "follow_up"
    assert await story.score() == 0


@pytest.mark.requirement("R6", "R13", "R29", "R48", "R49", "R52", "A17", "A18", "A47", "A51", "A80", "A81")
async def test_completed_returned_accepted_sent_up_and_back(story: Story) -> None:
    await story.until(T)
    matter = await story.matter(PROPOSE.replace("一般", "重大"))
    # the month named settles the three nodes before it (A81)
    assert "不因本次反馈结束" in await story.say("张三", f"进展 1个月 {REPORT}")
    assert await story.met(matter) == ["N1", "N3", "N7"]
    await story.until(at("03-30 10:00"))
    await story.say("张三", f"延期 1 {PLAN}")
    await story.say("王芳", "同意延期")
    await story.until(at("04-10 12:00"))
    assert await story.score() == -2  # the first Thursday went by: late and urged
    # a late application silences too, and what was lost stays (A18)
    assert "[已提交]" in await complete(story)
    assert (await Matter.get()).state == "review"
    assert "正在厅办公室审核" in await story.say("张三", f"延期 1 {PLAN}")
    assert "补充材料" in await story.say("张三", f"进展 {REPORT}")
    before = len(await story.sent("remind", "urge", "supervise"))
    await story.until(at("05-06 10:00"))
    assert len(await story.sent("remind", "urge", "supervise")) == before  # Thursdays rest, also the holiday's (A47)

    assert "您的岗位不能使用" in await story.say("张三", "/同意办结 1")
    assert "由厅办公室审核" in await story.say("吴敏", "/同意办结 1")
    told = await story.press("王芳", "请审核：水资源处申请完结", "退回")
    assert "/退回 2026-0001 理由" in told
    assert "5月7日 10:00前按退回意见完善后重报" in await story.say("王芳", "/退回 1 附件不全")
    assert await due() == {"REWORK": "05-07 10:00"}
    await story.until(at("05-07 05:00") + SECOND)
    assert await story.notices("remind", "REWORK") == ["05-07 05:00"]
    assert "补充材料" in await story.say("陈晨", f"进展 {REPORT}")  # rework is met by an application alone
    await complete(story)
    assert "按未落实处理，申请作废" in await story.say("王芳", "/退回 1 未落实 现场未整改")
    assert await due() == {"REWORK": "05-08 05:00"}  # what was open at that application
    assert [each.state for each in await Completion.exclude(state="dropped").order_by("id")] == ["returned", "void"]

    await complete(story)
    told = await story.say("王芳", "/同意办结 1 良好")
    assert "评价：良好" in told
    assert "报告请上报省政府“13710”系统" in told
    assert (await Review.filter(verdict="accepted").get()).grade == "good"
    assert await due() == {}
    assert "结束，本条未登记" in await story.say("张三", f"周报 1 {REPORT}")
    sent = len(await story.sent("remind", "urge", "supervise"))
    await story.until(at("05-20 10:00"))
    assert len(await story.sent("remind", "urge", "supervise")) == sent  # the weekly duty ended with it (R13)
    score = await story.score()
    assert "已登记上级退回" in await story.say("王芳", "/退回 1 上级 数据与年报不一致")
    assert await story.score() == score
    await complete(story)
    await story.say("王芳", "/同意办结 1")
    assert "已销号：2026-0001，文号：晋政督1号" in await story.say("王芳", "/销号 1 晋政督1号")
    assert (await Matter.get()).written_off_at == at("05-20 10:00")

    # a meeting's matter goes up to the leaders with its acceptance, and is written off at once (R48)
    await story.matter(PROPOSE.replace("省政府13710", "党组会"), by="周正")
    await story.say("张三", "完结 2 理由：取水口全部核查完毕，问题整改到位")
    await story.photograph("张三")
    await story.say("张三", "完结 2")
    await story.press("张三", "请确认两项", "确认两项并提交")
    assert "已同时销号" in await story.say("王芳", "/同意办结 2 优秀")
    assert [line.split()[3] for line in await story.sent("reported_up")] == sorted(["周正", "吴敏"])
