"""A matter that nobody answers: what comes, when, to whom, by which lane, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.delivery import Delivery
from models.score import ScoreEvent
from tests.stories.theatre import DONE, PROPOSE, SECOND, Story, T, at

HOUR = timedelta(hours=1)
URGES = [*range(3, 25, 3), *range(26, 47, 2)]


def shown(base: timedelta, hours: list[int]) -> list[str]:
    """Instants `hours` after T + base, each with its number."""
    return [
        f"{(T + base + hour * HOUR + 8 * HOUR).strftime('%m-%d %H:%M')} {number}"
        for number, hour in enumerate(hours, start=1)
    ]


@pytest.mark.requirement(
    "R16", "R21", "R22", "R23", "R24", "R30", "R53", "R55", "R56", "R59", "A9", "A12", "A13", "A15", "A37", "A44",
    "A73", "A87",
)  # fmt: skip
async def test_a_matter_nobody_answers(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + 72 * HOUR)
    await story.stage.settle()
    assert len(URGES) == 19
    assert await story.notices("remind", "N1") == ["03-03 04:00"]
    assert await story.notices("urge", "N1") == shown(24 * HOUR, URGES)
    assert await story.notices("supervise", "N1") == ["03-05 09:00"]
    assert await story.sent("sms") == [
        "03-02 09:00 sms 张三 【督办】13710交办：2026-1“取水许可核查”，请于3月3日 09:00前登录反馈。",
        "03-02 09:00 sms 赵刚 【督办】13710交办：2026-1“取水许可核查”，请于3月3日 09:00前登录反馈。",
        *(
            f"03-05 09:00 sms {name} 【督办】13710督办：2026-1“取水许可核查”1天反馈已逾期2天，已转督办，请即登录报送。"
            for name in ("张三", "李四", "赵刚")
        ),
    ]
    supervised = [line.split()[3] for line in await story.sent("supervise")]
    assert sorted(supervised) == sorted(["张三", "李四", "赵刚", "吴敏", "王芳"])
    assert await story.score() == -7
    await story.until(T + 120 * HOUR - SECOND)
    assert not await story.sent("accountability_proposal")
    await story.until(T + 120 * HOUR)
    await story.stage.settle()
    assert await story.notices("urge", "N3") == shown(72 * HOUR, URGES)
    assert await story.sent("accountability_proposal") == [
        "03-07 09:00 wecom 王芳 2026-0001 accountability_proposal MATTER"
    ]
    assert any("水资源处被督办2次仍未完成" in words for words in await story.shown("王芳"))
    assert await story.score() == -14
    booked = await ScoreEvent.filter(matter_id=matter.id).values_list("rule", "tenths")
    assert sorted(booked) == sorted([("overdue", -1), ("urge_episode", -1), ("supervise", -5)] * 2)
    # an answer after it ends it: what is overdue is settled and no point comes back
    await story.until(T + 120 * HOUR + SECOND)
    assert "同时补上的节点：1天" in await story.say("张三", DONE)
    assert await story.met(matter) == ["N1!", "N3!"]
    assert await story.score() == -14
    await story.until(at("03-08 08:00"))
    assert not [line for line in await story.sent("urge", "supervise") if line > "03-07 09:01"]


async def test_a_leader_answers_for_nobody_and_an_urge_is_answered_by_card(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + 73 * HOUR)
    await story.stage.settle()
    leader = next(each for each in await story.screen("吴敏") if "督办" in each["shown"])
    assert "请督促水资源处尽快反馈" in leader["shown"]
    assert [each["text"] for each in leader["buttons"]] == ["批示", "已阅", "限期", "转办"]
    turned = await story.press("赵刚", "督办：1天反馈已逾期2天", "收到并安排", person="陈晨")
    assert "[已安排陈晨]" in turned
    assert await story.met(matter) == ["N1!"]
    for name in ("张三", "李四", "赵刚"):
        left = [each["shown"] for each in await story.screen(name) if each["buttons"]]
        # 73 hours old: the platform changes no card after 72
        assert (len(left), "新交办" in left[0]) == (1, True), name
    assert "[已由他人办理]" in await story.press("李四", "新交办", "收到并安排", person="李四")
    assert await story.met(matter) == ["N1!"]


@pytest.mark.requirement("A43")
async def test_down_for_ten_hours_one_notice_catches_up(story: Story) -> None:
    """The engine is not drained from 03-03 12:30 to 22:30: urges 2 to 4 are missed, the third night urge is near."""
    await story.until(T)
    await story.matter()
    await story.until(at("03-03 12:30"))
    await story.stage.post("clock", to="2026-03-03T22:30:00+08:00")
    await story.stage.settle()
    assert await story.notices("urge", "N1") == ["03-03 12:00 1", "03-03 22:30 4"]
    card = [each for each in await story.screen("张三") if "第4次催办" in each["shown"]]
    assert "系统恢复后补发，以本条为准" in card[0]["shown"]
    await story.until(at("03-04 04:00"))
    # 24:00 is the 90 minutes' gap exactly, so it is not dropped
    assert await story.notices("urge", "N1") == ["03-03 12:00 1", "03-03 22:30 4", "03-04 00:00 5", "03-04 03:00 6"]


async def test_the_bot_stops_and_starts_again(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + 26 * HOUR)
    await story.stage.stop()
    await story.stage.start()
    await story.until(T + 31 * HOUR)
    assert await story.notices("urge", "N1") == ["03-03 12:00 1", "03-03 15:00 2"]
    turned = await story.press("张三", "第2次催办", "收到并安排", person="陈晨")
    assert "[已安排陈晨]" in turned
    await story.stage.stop()
    await story.stage.start()
    assert "3天" in await story.say("张三", "待办")
    await story.until(T + 71 * HOUR)
    assert "已登记 2026-0001 的3天反馈" in await story.say("陈晨", DONE)
    assert await story.met(matter) == ["N1!", "N3"]
    second = await story.matter(PROPOSE.replace("取水许可", "水源地"))
    assert (second.code, second.proposal_no) == ("2026-0002", 2)
    assert await story.score() == -2


async def test_stopped_while_cards_wait(story: Story) -> None:
    """What was planned and not sent when the bot stopped leaves once after the start, to each once."""
    await story.until(T)
    await story.stage.say("王芳", PROPOSE)
    await story.stage.stop()
    assert await story.shown("郑强") == []
    await story.stage.start()
    await story.stage.settle()
    assert len(await story.cards("郑强", "取水许可核查")) == 1
    await story.stage.stop()
    await story.stage.start()
    await story.stage.settle()
    assert len(await story.cards("郑强", "取水许可核查")) == 1
    assert await Delivery.filter(kind="approval").count() == 1
    await story.press("郑强", "取水许可核查", "同意")
    assert [words for words in await story.shown("张三") if "新交办" in words]
