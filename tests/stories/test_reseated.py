"""A changes in the middle of a ladder: the next urge is the new A's, the old one's card serves no more (R50, A64)."""

from __future__ import annotations

import pytest

from tests.stories.theatre import SECOND, Story, T, at

FILED = "进展 1 3天 已完成现场核查，形成问题清单。"


async def urges(story: Story, name: str) -> list[str]:
    """Instants at which a person got an urge of N1, with its number."""
    found = [line.split() for line in await story.sent("urge")]
    return [f"{each[0]} {each[1]} {each[-1]}" for each in found if each[3] == name and each[-2] == "N1"]


@pytest.mark.requirement("R50", "A64", "A63")
async def test_reseated_in_the_middle_of_a_ladder(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.until(at("03-03 12:00") + SECOND)
    await story.say("王芳", "/换岗 水资源处 A:孙丽")
    assert "A岗 张三→孙丽" in (await story.cards("王芳", "请确认换岗"))[-1]["shown"]
    old = (await story.cards("张三", "第1次催办"))[-1]
    assert "[已确认]" in await story.press("王芳", "请确认换岗", "确认换岗")
    assert "A岗：张三→孙丽" in (await story.shown("王芳"))[-1]
    told = [each for each in await story.shown("孙丽") if "移交清单" in each]
    assert len(told) == 1
    assert "2026-0001" in told[0]
    assert "3月3日 09:00截止，已逾期3小时，已催办1次" in told[0]
    assert any("您不再担任水资源处A岗，由孙丽接任" in each for each in await story.shown("张三"))
    # every card in his hand has turned, none can be pressed
    turned = [each["shown"] for each in await story.screen("张三") if "[已移交]" in each["shown"]]
    assert len(turned) == 3  # the initiation, the reminder, the urge
    assert not [each for each in await story.cards("张三", "2026-0001") if each["buttons"]]
    with pytest.raises(RuntimeError, match="can't be pressed"):
        await story.stage.press("张三", old["id"], old["buttons"][0]["key"], {})
    await story.until(at("03-03 15:00") + SECOND)
    assert await urges(story, "张三") == ["03-03 12:00 1"]
    assert await urges(story, "孙丽") == ["03-03 15:00 2"]
    assert await urges(story, "李四") == ["03-03 12:00 1", "03-03 15:00 2"]
    assert "承办处室是水资源处" in await story.say("张三", FILED)
    assert "[已安排陈晨]" in await story.press("孙丽", "移交给您", "收到并安排", person="陈晨")
    await story.until(at("03-05 12:00") + SECOND)
    assert await urges(story, "孙丽") == ["03-03 15:00 2"]
    assert "已登记 2026-0001 的3天" in await story.say("孙丽", FILED)


@pytest.mark.requirement("A64")
async def test_a_stand_in_by_date(story: Story) -> None:
    await story.until(T)
    await story.matter()
    assert "提前结束请回复“/代班 张三 取消”" in await story.say("郑强", "/代班 张三 孙丽 3月3日至3月4日")
    await story.until(at("03-03 00:00") + SECOND)
    assert [line.split()[1] for line in await story.sent("taken_over")] == ["00:00"]
    await story.until(at("03-03 04:00") + SECOND)
    assert [line.split()[3] for line in await story.sent("remind")] == ["孙丽"]
    assert "由孙丽代班至3月4日" in await story.say("张三", FILED)
    assert "[已安排陈晨]" in await story.press("孙丽", "提醒：1天", "收到并安排", person="陈晨")
    await story.until(at("03-05 00:00") + SECOND)
    assert any("您恢复履行水资源处A岗职责" in each for each in await story.shown("张三"))
    assert "承办处室是水资源处" in await story.say("孙丽", FILED)
    assert "已登记 2026-0001 的3天" in await story.say("张三", FILED)
