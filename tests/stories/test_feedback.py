"""Stage feedback, weekly and monthly reports: on time, exactly at D, late, early, named and not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.actions import change
from bot.rules import extension
from bot.rules.life import Book, Life
from models.feedback import Feedback
from models.matter import Matter
from tests.stories.theatre import ACK, DONE, PROPOSE, SECOND, Story, T, at

DAY = timedelta(days=1)
REPORT = "本周完成三处整改，正在核对台账。"


@pytest.mark.requirement("R2", "R3", "R11", "R18", "R20", "A8")
async def test_three_and_seven_days(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + timedelta(hours=20))
    assert "下一步：3月5日 09:00前反馈初步办理情况" in await story.say("张三", ACK)
    # before D of N1 more words are a supplement to it (A8)
    assert "补充材料，不抵下一节点" in await story.say("陈晨", DONE)
    await story.until(T + 3 * DAY)
    assert "3天反馈，" in await story.say("陈晨", DONE)
    told = [line.split()[3] for line in await story.sent("feedback") if "N3" in line]
    assert sorted(told) == sorted(["王芳", "张三"])
    await story.until(T + 5 * DAY)
    told = await story.say("李四", "进展 #1 7天：整改方案已报分管领导审定。")
    assert "已登记 2026-0001 的7天反馈" in told
    await story.until(T + 8 * DAY)
    assert await story.met(matter) == ["N1", "N3", "N7"]
    assert not [line for line in await story.sent("remind", "urge") if "N7" in line]
    assert "补充材料" in await story.say("李四", "补充 1 附现场照片三张，已交办公室。")
    assert await story.score() == 0


@pytest.mark.requirement("R11", "A5", "A14", "A87")
async def test_a_second_late_and_out_of_order(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.say("张三", ACK)
    await story.until(T + 3 * DAY + SECOND)
    assert "3天反馈（逾期）" in await story.say("张三", DONE)
    await story.until(T + 7 * DAY)
    assert "已登记 2026-0001 的7天反馈，" in await story.say("张三", f"反馈 2026-1 {DONE[3:]}")
    assert await story.met(matter) == ["N1", "N3!", "N7"]
    assert await story.score() == -1
    await story.until(T + 7 * DAY + timedelta(hours=5))
    assert not await story.sent("urge")


async def test_two_matters_open_so_a_card_asks(story: Story) -> None:
    await story.until(T)
    first = await story.matter()
    second = await story.matter(PROPOSE.replace("取水许可", "水源地"))
    assert await story.say("张三", DONE) == ""
    assert not await Feedback.exists()
    entry = (await story.cards("张三", "这条信息对应哪件事项"))[-1]
    turned = await story.press("张三", "这条信息对应哪件事项", "确定", matter="2026-0002")
    assert "[已选择]" in turned
    assert any("已登记 2026-0002 的1天反馈" in words for words in await story.shown("张三"))
    assert (await story.met(first), await story.met(second)) == ([], ["N1"])
    assert await Feedback.all().count() == 1
    assert not [each for each in await story.cards("张三", "对应哪件") if each["id"] == entry["id"]]
    assert "不足10个字" in await story.say("张三", "进展 1 已办")
    assert "已登记 2026-0001" in await story.say("张三", f"进展 1 {DONE[3:]}")
    assert await Feedback.all().count() == 2


async def test_one_word_of_feedback_is_asked_back(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.say("张三", ACK)
    assert "不足10个字" in await story.say("张三", "进展 好了")
    assert "承办处室是水资源处" in await story.say("钱进", f"进展 2026-0001 {DONE[3:]}")
    assert "没有需要反馈" in await story.say("林涛", DONE)
    assert await Feedback.all().count() == 1


async def followed_up(story: Story) -> Matter:
    """A major matter in continuous follow-up since Tuesday 03-31, its nodes answered; first Thursday 04-09."""
    await story.until(T)
    matter = await story.matter(PROPOSE.replace("一般", "重大"))
    await story.say("张三", ACK)
    for days, node in ((2, "3天"), (6, "7天")):
        await story.until(T + days * DAY)
        await story.say("陈晨", f"进展 1 {node} 已完成现场核查，形成问题清单。")
    await story.until(at("03-31 15:00"))

    def granted(life: Life, book: Book) -> Life:
        return extension.approve_extension(
            extension.apply_extension(life, at("03-30 10:00"), None, book), at("03-31 15:00"), book
        )

    await change.apply(matter.id, granted, name="approve_extension", by=None, at=at("03-31 15:00"))
    return matter


@pytest.mark.requirement("R12", "R38", "A20", "A22", "A28", "A77")
async def test_thursdays(story: Story) -> None:
    matter = await followed_up(story)
    await story.until(at("04-02 10:00"))
    # the week of the first Thursday has not begun (A77): kept, meets nothing
    assert "补充材料" in await story.say("陈晨", f"周报 {REPORT}")
    await story.until(at("04-06 00:00"))
    await story.stage.settle()
    assert "已登记 2026-0001 的4月9日周报反馈，" in await story.say("陈晨", f"周报 {REPORT}")
    await story.until(at("04-17 00:00"))
    assert await story.notices("remind", "W2026-04-16") == ["04-15 09:00"]
    assert "逾期" not in await story.say("陈晨", f"周报 1 {REPORT}")
    await story.until(at("04-24 00:00") + SECOND)
    assert "4月23日周报反馈（逾期）" in await story.say("陈晨", f"进展 {REPORT}")
    await story.until(at("04-27 09:00"))
    assert "4月30日周报反馈" in await story.say("陈晨", f"周报 {REPORT}")
    assert await story.met(matter) == [
        "N1", "N3", "N7", "W2026-04-09", "W2026-04-16", "W2026-04-23!", "W2026-04-30",
    ]  # fmt: skip
    assert not await story.notices("remind", "W2026-04-09")
    assert await story.score() == -1


@pytest.mark.requirement("A21")
async def test_a_missed_thursday(story: Story) -> None:
    matter = await followed_up(story)
    await story.until(at("04-10 07:00"))
    assert await story.notices("remind", "W2026-04-09") == ["04-08 09:00"]
    assert await story.notices("urge", "W2026-04-09") == ["04-10 03:00 1", "04-10 06:00 2"]
    assert "4月9日周报反馈（逾期）" in await story.say("张三", f"周报 {REPORT}")
    await story.until(at("04-12 09:00"))
    assert not await story.sent("supervise")
    assert (await story.met(matter))[-1] == "W2026-04-09!"
    assert await story.score() == -2


@pytest.mark.requirement("R14", "R15", "R25", "R26", "A24", "A26", "A28")
async def test_months(story: Story) -> None:
    await story.until(T)
    matter = await story.matter(PROPOSE.replace("一般", "月报"))
    await story.say("张三", ACK)
    await story.until(at("03-29 08:00") - SECOND)
    assert not await story.sent("remind")
    assert "补充材料" in await story.say("张三", "进展 4月 已完成现场核查，形成问题清单")
    await story.until(at("03-29 08:00") + SECOND)
    assert await story.notices("remind", "M2026-03") == ["03-29 08:00"]
    await story.until(at("04-01 00:00"))
    assert "3月月报反馈，" in await story.say("张三", f"月报 {REPORT}")
    await story.until(at("04-03 12:00"))
    assert not await story.sent("urge", "supervise")
    await story.until(at("04-20 12:00"))
    assert "4月月报反馈" in await story.say("张三", f"月报 {REPORT}")
    await story.until(at("05-04 12:00"))
    assert not [line for line in await story.sent("remind", "urge") if "M2026-04" in line]
    await story.until(at("06-01 12:00"))
    assert await story.notices("remind", "M2026-05") == ["05-29 08:00"]
    assert await story.notices("urge", "M2026-05") == ["06-01 08:00 1"]
    assert "5月月报反馈（逾期）" in await story.say("张三", f"月报 {REPORT}")
    await story.until(at("06-04 12:00"))
    assert await story.met(matter) == ["N1", "M2026-03", "M2026-04", "M2026-05!"]
    assert await story.score() == -2


@pytest.mark.requirement("R27", "R28", "A25")
async def test_an_ignored_month(story: Story) -> None:
    await story.until(T)
    await story.matter(PROPOSE.replace("一般", "月报"))
    await story.say("张三", ACK)
    await story.until(at("04-03 09:00"))
    assert await story.notices("urge", "M2026-03") == [
        "04-01 08:00 1", "04-01 15:00 2", "04-02 08:00 3", "04-02 15:00 4",
    ]  # fmt: skip
    assert await story.notices("supervise", "M2026-03") == ["04-03 08:00"]
    assert await story.score() == -7
