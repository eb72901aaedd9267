"""From /立项 to a numbered matter: sources, approvals in each order, refusals, the office's mistakes."""

from __future__ import annotations

import re

import pytest

from models.matter import Approval, Matter
from models.obligation import Obligation
from tests.stories.theatre import PROPOSE, Story, T, at

UNIT = PROPOSE.replace("省政府13710", "处室")
MEETING = PROPOSE.replace("省政府13710", "党组会")


@pytest.mark.requirement("R7", "R8")
async def test_the_directors_sources_and_the_numbers(story: Story) -> None:
    await story.until(T)
    assert "须经办公室主任郑强批准" in await story.say("王芳", PROPOSE)
    second = PROPOSE.replace("省政府13710", "省委省政府").replace("取水许可", "水源地")
    assert "拟-2" in await story.say("王芳", second)
    assert "不担任 拟-1 的批示岗位" in await story.say("吴敏", "/批准 拟-1")
    assert "岗位不能使用" in await story.say("张三", "/批准 拟-1")
    assert "有多件立项待您批示" in await story.say("郑强", "同意")
    assert "立项为 2026-0001" in await story.say("郑强", "/批准 拟-2 请抓紧办理")
    assert "已由郑强批准，不能重复批示" in await story.say("郑强", "/批准 拟-2")
    assert "立项为 2026-0002" in await story.say("郑强", "同意")
    assert "没有待您批示的立项" in await story.say("郑强", "同意")
    assert [(each.proposal_no, each.code) for each in await Matter.all().order_by("id")] == [
        (1, "2026-0002"),
        (2, "2026-0001"),
    ]
    assert (await Approval.get(matter__proposal_no=2)).note == "请抓紧办理"
    # the words decided, so his own cards turn as well
    mine = [each for each in await story.screen("郑强") if "提请立项" in each["shown"]]
    assert [(each["buttons"], "[已同意]" in each["shown"]) for each in mine] == [([], True)] * 2


@pytest.mark.requirement("R30", "R31", "R50", "A1", "A37", "A44")
async def test_who_is_told_at_once(story: Story) -> None:
    await story.until(T)
    await story.matter()
    assert await story.sent("initiate") == [
        f"03-02 09:00 wecom {name} 2026-0001 initiate MATTER" for name in sorted(["张三", "李四", "赵刚"])
    ]
    assert [line.split()[3] for line in await story.sent("sms")] == sorted(["张三", "赵刚"])
    assert await story.sent("approved") == ["03-02 09:00 wecom 王芳 2026-0001 approved MATTER"]
    assert any("已立项并下发：2026-0001" in words for words in await story.shown("王芳"))


@pytest.mark.requirement("R10", "A1")
@pytest.mark.parametrize("order", [("吴敏", "郑强"), ("郑强", "吴敏")])
async def test_a_units_own_matter_in_each_order(story: Story, order: tuple[str, str]) -> None:
    await story.until(T)
    assert "须经分管厅领导吴敏、办公室主任郑强批准" in await story.say("王芳", UNIT)
    first, second = order
    assert "[已同意]" in await story.press(first, "提请立项", "同意")
    assert not await story.sent("initiate")
    assert any(f"{first}已同意，待" in words and second in words for words in await story.shown("王芳"))
    await story.until(at("03-02 11:00"))
    assert "立项为 2026-0001" in await story.say(second, "同意")
    assert (await story.owed(await Matter.get(), "N1")).due_at == at("03-03 11:00")
    assert await Approval.filter(verdict="approved").count() == 2


@pytest.mark.requirement("R9")
async def test_any_leader_for_a_meeting(story: Story) -> None:
    await story.until(T)
    await story.say("王芳", MEETING)
    assert "不担任" in await story.say("郑强", "/批准 1")
    assert "立项为 2026-0001" in await story.say("周正", "同意")
    card = next(each for each in await story.screen("吴敏") if "提请立项" in each["shown"])
    assert (card["buttons"], "[已由他人办理]" in card["shown"]) == ([], True)
    assert "已由周正批准" in await story.say("吴敏", "/批准 1")


async def test_a_refusal(story: Story) -> None:
    await story.until(T)
    await story.say("王芳", UNIT)
    assert "驳回须说明理由" in await story.say("吴敏", "/驳回 拟-1")
    assert "已记录：不同意 拟-1" in await story.say("吴敏", "/驳回 拟-1 职责不符，请改由河湖管理处承办")
    assert any("未获批准：拟-1" in words and "职责不符" in words for words in await story.shown("王芳"))
    assert "已由吴敏驳回" in await story.say("郑强", "/批准 拟-1")
    assert not await story.cards("郑强", "提请立项")
    await story.say("王芳", PROPOSE)
    assert "[已不同意]" in await story.press("郑强", "拟-2", "不同意")
    # a refused proposal takes no number
    assert (await story.matter()).code == "2026-0001"
    assert await Matter.filter(state="refused").count() == 2


async def test_two_approve_with_cards_that_have_not_turned(story: Story) -> None:
    await story.until(T)
    await story.say("王芳", MEETING)
    cards = {name: (await story.cards(name, "提请立项"))[-1] for name in ("吴敏", "周正")}
    first = await story.stage.press("吴敏", cards["吴敏"]["id"], "同意", {})
    second = await story.stage.press("周正", cards["周正"]["id"], "不同意", {})
    await story.stage.settle()
    assert "[已同意]" in first["reply"]["text"]
    assert "已由吴敏批准，不能重复批示" in second["reply"]["text"]
    assert await Matter.filter(number=1).count() == 1


@pytest.mark.requirement("R14", "R15", "A45", "A60", "A62")
async def test_own_deadline_and_months(story: Story) -> None:
    await story.until(T)
    told = await story.say("王芳", f"{PROPOSE} 截止:2026-05-30 紧急:是 配合:河湖管理处")
    assert "限定时限：5月30日 周六 24:00，请核对" in told
    assert "配合：河湖管理处" in told
    await story.say("郑强", "同意")
    # a deadline of its own after N7 stands in for the month (A45)
    names = await Obligation.filter(matter__number=1).values_list("name", flat=True)
    assert {*names} == {"MATTER", "N1", "N3", "N7", "CUSTOM"}
    assert (await Obligation.get(name="CUSTOM")).due_at == at("05-31 00:00")
    assert any("新交办（紧急）" in words for words in await story.shown("李四"))
    lines = "/立项\n标题：河道采砂专项整治\n来源：省委省政府\n类别：月报\n处室：河湖管理处\n截止：5月底"
    assert "月报类·3个月以上" in await story.say("王芳", lines)
    await story.say("郑强", "同意")
    names = await Obligation.filter(matter__number=2).values_list("name", flat=True)
    assert {*names} == {"MATTER", "N1", "M2026-03", "M2026-04", "CUSTOM"}
    assert "不抵节点" in await story.say("钱进", "进展 2026-0001 已完成现场核查，形成问题清单。")


async def test_the_offices_mistakes_are_one_sentence_each(story: Story) -> None:
    mistakes = {
        PROPOSE.replace("水资源处", "水资处"): "没有名为“水资处”的处室，未提交。是否为水资源处？",
        PROPOSE.replace("类别:一般", "类别:特大"): "类别“特大”不在范围内",
        PROPOSE.replace("省政府13710", "财政部"): "来源“财政部”不在范围内",
        PROPOSE.replace(" 类别:一般", ""): "立项缺少：类别，未提交",
        "/立项 取水许可核查": "立项缺少：来源、类别、处室",
        f"{PROPOSE} 截止:尽快": "截止“尽快”看不出是哪一天",
        f"{PROPOSE} 截止:2026-02-01": "是过去的日期",
        f"{PROPOSE} 紧急:也许": "紧急“也许”看不出是或否",
        f"{PROPOSE} 配合:财务处": "没有名为“财务处”的处室",
        PROPOSE.replace("取水许可核查", "查" * 201): "标题超过200个字",
        PROPOSE.replace("处室:水资源处", "处室:办公室"): "没有名为“办公室”的处室",
    }
    await story.until(T)
    for said, answer in mistakes.items():
        told = await story.say("王芳", said)
        assert answer in told, (said, told)
        assert "\n" not in told
    assert "岗位不能使用“立项”" in await story.say("张三", PROPOSE)
    form = await story.say("王芳", "/立项")
    assert form.startswith("/立项\n标题：")
    assert not await Matter.exists()
    filled = form
    for key, value in {"标题": "取水许可核查", "来源": "13710", "类别": "一般", "处室": "水资源处"}.items():
        filled = re.sub(rf"(?m)^{key}：$", f"{key}：{value}", filled)
    assert "拟-1" in await story.say("王芳", filled)


@pytest.mark.requirement("A76")
async def test_a_sensitive_matter_shows_its_number_alone(story: Story) -> None:
    await story.until(T)
    await story.say("王芳", f"{PROPOSE} 敏感:是")
    await story.say("郑强", "同意")
    await story.say("张三", "收到")
    await story.until(at("03-03 10:00"))
    for name in ("王芳", "郑强", "张三", "李四", "赵刚"):
        told = [each["shown"] for each in await story.screen(name) if "取水许可" in each["shown"]]
        assert told == [], name
    assert any("2026-0001" in words for words in await story.shown("张三"))


@pytest.mark.requirement("A58")
async def test_before_days_off_the_last_approver_puts_it_off(story: Story) -> None:
    await story.until(at("03-06 16:00"))
    await story.say("王芳", PROPOSE)
    assert "[已同意]" in await story.press("郑强", "提请立项", "同意", dispatch="3月9日 08:30")
    await story.until(at("03-09 08:30"))
    assert not await story.sent("initiate")
    await story.until(at("03-09 08:31"))
    matter = await Matter.get()
    assert (matter.code, matter.initiated_at) == ("2026-0001", at("03-09 08:30"))
    assert (await story.owed(matter, "N1")).due_at == at("03-10 08:30")
    await story.until(at("03-13 16:30"))
    assert (await story.matter(PROPOSE.replace("取水许可", "水源地"))).initiated_at == at("03-13 16:30")  # at once
