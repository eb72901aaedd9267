"""What the office, its director and the leaders do about silence and with points, over HTTP."""

from __future__ import annotations

import pytest

from bot.engine import scheduler
from models.matter import Matter
from models.obligation import Obligation
from models.people import Seat
from models.score import ScoreEvent
from tests.stories.theatre import ACK, DONE, PROPOSE, SECOND, Story, T, at

LATE = "已逾期3小时"


async def sure(story: Story, name: str, text: str) -> str:
    """A command that asks back, confirmed by its card; the words that answered."""
    assert await story.say(name, text) == ""
    await story.press(name, "请确认", f"确认{text.split()[0].strip('/')}")
    return (await story.shown(name))[-1]


@pytest.mark.requirement("R59", "A11", "A15", "A16", "A50", "A61", "A69", "A78")
async def test_silence_is_pressed_proposed_and_decided(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.until(at("03-02 19:00"))
    assert "未到期，不扣分" in await story.say("王芳", "/催办 1 请先报思路")
    await story.until(at("03-03 10:00"))
    assert "并入本节点催办" in await story.say("王芳", "/催办 1 请即报送")
    await story.until(at("03-03 12:01"))
    assert await story.score() == -2
    await story.until(at("03-05 10:00"))
    assert "只能由办公室主任决定" in await story.say("王芳", "/督办 1 3天 进度太慢")
    assert "已督办 2026-0001 的3天" in await story.say("郑强", "/督办 1 3天 进度太慢")
    assert [line.split()[3] for line in await story.sent("accountability_proposal")] == ["王芳"]
    assert (await Matter.get()).supervised == 2
    await story.until(at("03-06 08:31"))
    await scheduler.good_morning()  # a job of its own, which no step of the stage runs
    await story.stage.settle()
    digest = next(words for words in await story.shown("张三") if "督办提示" in words)
    assert "【红色】已督办仍未报2项" in digest

    # a completion withdraws the proposal; the supervise notice of what was returned makes it again (A78)
    await story.say("张三", "完结 1 理由：取水口全部核查完毕，问题整改到位")
    await story.photograph("张三")
    await story.say("张三", "完结 1")
    await story.press("张三", "请确认两项", "确认两项并提交")
    assert not (await Matter.get()).proposal_open
    assert "没有待决定的问效" in await story.say("郑强", "/问效 1 上报")
    await story.say("王芳", "/退回 1 附件不全")
    await story.until(at("03-12 09:00") + SECOND)
    assert (await Matter.get()).supervised == 3
    assert [line.split()[3] for line in await story.sent("accountability_proposal")] == ["王芳", "王芳"]

    # 48 hours after it the office was asked what shall become of the matter, and then on Thursday (A50)
    assert [line[:11] for line in await story.sent("stalled")] == ["03-11 08:31", "03-12 09:00"]
    told = await story.press("王芳", "督办后仍未报（第2次提请）", "约谈/问效")
    assert "/问效 2026-0001 上报" in told
    assert "只能由办公室主任决定" in await story.say("王芳", "/问效 1 上报")
    assert "报周正决定" in await sure(story, "郑强", "/问效 1 上报")
    assert "不启动须说明理由" in await story.say("周正", "/问效 1 不启动")
    assert "已启动对水资源处" in await sure(story, "周正", "/问效 1 启动")
    assert ((await Matter.get()).supervised, (await Matter.get()).proposal_open) == (0, False)


@pytest.mark.requirement("A36", "A49", "A59", "A72")
async def test_points_are_explained_objected_to_and_corrected(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.matter(PROPOSE.replace("取水许可", "水源地"))
    await story.until(at("03-03 12:01"))
    told = await story.say("张三", "扣分 1")
    assert "水资源处2026年累计-0.4分" in told
    lines = (
        "·1天（3月3日 09:00到期）：",
        "逾期-0.1 3月3日 12:00，到期前报送可免",
        "催办-0.1 3月3日 12:00，催办前报送可免",
    )
    assert all(each in told for each in lines)
    assert "涉及2项（-0.2分）" in await story.say("张三", "申诉 1 当日停电，系统打不开")
    assert "申诉中" in await story.say("李四", "扣分 1")
    assert await story.score() == -4
    assert "不由您裁定" in await story.say("周正", "/申诉 1 同意")
    assert "[已同意]" in await story.press("郑强", "申诉", "同意")
    assert await story.score() == -2
    assert sorted(await ScoreEvent.filter(seq__lt=0).values_list("reason", "tenths")) == [("objection", 1)] * 2
    # an answer given otherwise counts from its instant, and takes back what came after it (A49)
    told = await story.say("王芳", "/代报 2 1天 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    assert "冲回+0.2分" in told
    assert await story.score() == 0
    assert not (await Obligation.get(matter__number=2, name="N1")).late
    await story.until(at("03-16 09:00"))
    assert "已超过5个工作日" in await story.say("张三", "申诉 1 3天 逾期的也不服")
    assert "水资源处" in await story.say("王芳", "/考核 2026")
    assert "无记录" in await story.say("郑强", "/考核 2025")


@pytest.mark.requirement("A39", "A46", "A67")
async def test_gaps_in_the_roster_bundles_and_early_ends(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.matter(PROPOSE.replace("取水许可", "水源地"))
    await Seat.filter(person__name="李四").delete()
    await story.until(at("03-03 12:01"))
    # the urges of one minute are one card; without a B the head is told, as always
    urges = {name: [each for each in await story.shown(name) if LATE in each] for name in ("张三", "赵刚", "李四")}
    assert [len(each) for each in urges.values()] == [1, 1, 0]
    assert all(f"{code} 1天反馈{LATE}" in urges["张三"][0] for code in ("2026-0001", "2026-0002"))
    await Seat.filter(person__name__in=["张三", "赵刚", "陈晨"]).delete()
    await story.until(at("03-03 15:01"))
    assert [each for each in await story.shown("王芳") if "已逾期6小时" in each]
    assert "须说明理由" in await story.say("王芳", "/改派 1 河湖管理处")
    assert "改派河湖管理处，时限重新起算" in await sure(story, "王芳", "/改派 1 河湖管理处 职责不符")
    assert (await Obligation.get(matter__number=1, name="N1", ended="")).due_at == at("03-04 15:01")
    assert "您的岗位不能使用" in await story.say("王芳", "/撤销 2 错立 与1号重复")
    assert "扣分已冲回+0.2分" in await sure(story, "郑强", "/撤销 2 错立 与1号重复")
    assert (await Matter.get(number=2)).state == "withdrawn"
    await story.until(at("03-04 09:00"))
    assert await ScoreEvent.filter(matter__number=2).count() == 4
    assert await story.score() == -2


@pytest.mark.requirement("R50", "A64")
async def test_posts_change_hands_and_a_stand_in_has_his_days(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    assert await story.say("王芳", "/换岗 水资源处 A:林涛") == ""
    await story.press("王芳", "换岗", "确认换岗")
    # what is open goes with the post: a card for the new A, no rights for the old one
    assert await story.cards("林涛", "取水许可核查")
    assert "承办处室是水资源处" in await story.say("张三", f"1 {ACK}")
    assert "1天节点已反馈" in await story.say("林涛", f"1 {ACK}")
    assert "A岗和B岗不能是同一人" in await story.say("王芳", "/换岗 水资源处 A:李四")
    told = await story.say("王芳", "/代班 林涛 何平 3月4日至5日")
    assert "何平" in told
    await story.until(at("03-04 10:00"))
    assert "3天反馈，" in await story.say("何平", f"进展 1 {DONE[3:]}")
    await story.until(at("03-06 10:00"))
    assert "承办处室是水资源处" in await story.say("何平", f"进展 1 {DONE[3:]}")
    assert await story.met(matter) == ["N1", "N3"]


@pytest.mark.requirement("A57")
async def test_a_leaders_date_is_urged_and_never_scored(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.say("张三", ACK)
    await story.say("张三", f"进展 1 7天 {DONE[3:]}")
    await story.until(at("03-02 15:00"))
    assert "3月3日 24:00前报告" in await story.say("吴敏", "限期 1 3月3日 报整改清单")
    assert any("吴敏限期：3月3日 24:00前报告" in words for words in await story.shown("张三"))
    await story.until(at("03-04 10:00"))
    assert [words for words in await story.shown("张三") if "领导限定时限，已逾期" in words]
    assert "领导限期反馈" in await story.say("陈晨", f"进展 1 限期 {DONE[3:]}")
    assert (await story.owed(matter, "NM")).due_at == at("04-02 09:00")
    assert await story.score() == 0
