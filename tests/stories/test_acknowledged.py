"""Acknowledged in time: by the card, by the sentence, by neither."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.feedback import Feedback
from models.matter import Matter
from tests.stories.theatre import ACK, DONE, SECOND, Story, T, at, option


@pytest.mark.requirement("R32", "R33")
async def test_by_the_cards_button(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + timedelta(hours=6))
    turned = await story.press("张三", "取水许可核查", "收到并安排", person="陈晨")
    assert "[已安排陈晨]" in turned
    assert "扣" not in turned
    for name in ("赵刚", "李四"):
        card = next(each for each in await story.screen(name) if "新交办" in each["shown"])
        assert (card["state"], card["buttons"]) == ("updated", [])
        assert "[已安排陈晨]" in card["shown"]
    assert (await Matter.get(id=matter.id)).handler_id
    await story.until(at("03-05 09:00"))
    assert await story.sent("remind", "urge", "supervise") == [
        "03-05 04:00 wecom 张三 2026-0001 remind N3",
        "03-05 04:00 wecom 陈晨 2026-0001 remind N3",
    ]
    assert await story.sent("assigned", "feedback") == [
        "03-02 15:00 wecom 王芳 2026-0001 feedback N1",
        "03-02 15:00 wecom 陈晨 2026-0001 assigned MATTER",
    ]
    assert await story.score() == 0


async def test_both_operators_press(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    mine, his = [(await story.cards(name, "新交办"))[-1] for name in ("张三", "李四")]
    key = "收到并安排"
    await story.stage.press("张三", mine["id"], key, {"person": [option(mine, "陈晨")]})
    # his phone has not turned yet when he presses
    late = await story.stage.press("李四", his["id"], key, {"person": [option(his, "李四")]})
    assert "[已由他人办理]" in late["reply"]["text"]
    await story.stage.settle()
    shown = [each for each in await story.screen("李四") if each["id"] == his["id"]]
    assert (shown[0]["buttons"], "陈晨" in shown[0]["shown"]) == ([], True)
    assert await Feedback.filter(matter_id=matter.id).count() == 1
    assert await story.met(matter) == ["N1"]


@pytest.mark.requirement("R1", "R53", "A2", "A5", "A14", "A87")
async def test_at_the_last_instant_and_a_second_after(story: Story) -> None:
    await story.until(T)
    first = await story.matter()
    second = await story.matter("/立项 水源地保护 来源:省政府13710 类别:一般 处室:水资源处")
    await story.until(T + timedelta(hours=24))
    told = await story.say("张三", f"1 {ACK}")
    assert "逾期" not in told
    await story.until(T + timedelta(hours=24) + SECOND)
    assert "（逾期）" in await story.say("张三", f"2 {ACK}")
    assert (await story.met(first), await story.met(second)) == (["N1"], ["N1!"])
    assert await story.score() == -1
    await story.until(at("03-04 00:00"))
    assert not await story.sent("urge")


@pytest.mark.requirement("R16", "R20")
async def test_after_the_reminder_nothing_more_comes(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.until(at("03-03 05:00"))
    assert await story.notices("remind", "N1") == ["03-03 04:00"]
    assert "1天节点已反馈" in await story.say("李四", ACK)
    reminder = next(each for each in await story.screen("张三") if "提醒" in each["shown"])
    assert (reminder["state"], reminder["buttons"]) == ("updated", [])
    await story.until(at("03-05 03:00"))
    assert not await story.sent("urge")


@pytest.mark.requirement("R33", "A63")
async def test_free_words_and_wrong_words(story: Story) -> None:
    await story.until(T)
    assert "没有需要反馈的事项" in await story.say("张三", ACK)
    assert "没有需要反馈的事项" in await story.say("张三", "收到")
    await story.matter()
    assert "名单中没有“陈宸”" in (near := await story.say("张三", ACK.replace("陈晨", "陈宸")))
    assert "是否为陈晨？" in near
    assert "名单中没有“林涛”" in await story.say("张三", ACK.replace("陈晨", "林涛"))
    assert "没有看清承办人" in await story.say("张三", "收到此项任务，已安排处理。")
    assert "承办处室是水资源处" in await story.say("钱进", f"2026-0001 {ACK}")
    assert "承办处室是水资源处" in await story.say("钱进", f"2026-0001 {ACK.replace('陈晨', '林涛')}")
    assert "没有编号为 2026-0099" in await story.say("张三", f"2026-0099 {ACK}")
    assert "没有看懂" in await story.say("张三", "今天天气不错")
    assert not await Feedback.exists()
    before = len(await story.cards("张三", "请明确承办人"))
    assert "不算反馈" in await story.say("张三", "收到")
    assert len(await story.cards("张三", "请明确承办人")) == before + 1
    turned = await story.press("张三", "请明确承办人", "收到并安排", person="李四")
    assert "[已安排李四]" in turned
    assert "不算反馈" in await story.say("张三", "好的")
    assert await Feedback.all().count() == 1


async def test_somebody_outside_the_roster(story: Story) -> None:
    await story.stage.post("people", id="wairen", name="外人", platform="wecom")
    story.stage.ids["外人"] = "wairen"
    await story.until(T)
    await story.matter()
    assert "不在督办系统的人员名单中" in await story.say("外人", ACK)
    assert await story.act("enter", "外人") == ""
    assert not await Feedback.exists()


@pytest.mark.requirement("R33")
async def test_the_sentence_as_people_write_it(story: Story) -> None:
    said = (
        "收到此项任务,经单位负责人批示,已安排陈晨同志处理解决",
        "2026-0002 收到该项任务，经中心负责人批示，已安排李四、陈晨处理解决。",
        "#3 ／收到。已安排陈工处理。",
        "收到，已安排 陈晨 办理！",
    )
    await story.until(T)
    for number, words in enumerate(said, start=1):
        matter = await story.matter(f"/立项 第{number}件核查 来源:省政府13710 类别:一般 处室:水资源处")
        told = await story.say("张三", words)
        assert f"2026-{number:04d}" in told, words
        assert "1天节点已反馈" in told, words
        assert await story.met(matter) == ["N1"]
    assert await Feedback.filter(kind="acknowledge").count() == len(said)


async def test_a_closed_number(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.say("张三", ACK)
    await Matter.filter(id=matter.id).update(state="closed", closed_at=T)
    assert "结束，本条未登记" in await story.say("张三", f"{DONE.replace('进展', '进展 2026-0001')}")
    assert "没有需要反馈" in await story.say("张三", DONE)
    assert await Feedback.all().count() == 1
