"""A leader sets a date on a silent matter, and the office is asked what becomes of it; over HTTP (A50, A57)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.obligation import Obligation
from models.prompt import Prompt
from tests.stories.theatre import ACK, Story, T, at

HOUR = timedelta(hours=1)


@pytest.mark.requirement("A57")
async def test_a_leaders_date_from_the_card_to_the_answer(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + 73 * HOUR)
    supervised = (await story.cards("吴敏", "督办：1天反馈"))[-1]
    assert [each["text"] for each in supervised["buttons"]] == ["批示", "已阅", "限期", "转办"]
    assert not await story.cards("王芳", "督办：1天反馈")  # the office has words alone

    assert "[已阅]" in await story.press("吴敏", "督办：1天反馈", "已阅")
    assert any("吴敏已阅：督办" in words for words in await story.shown("张三"))
    assert any("吴敏已阅：督办" in words for words in await story.shown("王芳"))

    await story.say("张三", ACK)
    await story.say(
        "张三", "进展 1 7天 已完成现场核查，形成问题清单。"
    )  # nothing but the month and the date is owed now
    scored = await story.score()
    assert await story.say("吴敏", "转办 1 陈晨 请核实取水口数量") != ""
    assert any("吴敏转陈晨办理" in words for words in await story.shown("陈晨"))
    assert await story.say("吴敏", "限期 1 3月8日 报整改清单") != ""
    told = next(words for words in await story.shown("张三") if "吴敏限期" in words)
    assert "3月8日 24:00前报告" in told
    assert "报整改清单" in told
    owed = await Obligation.get(matter_id=matter.id, origin="leader")
    assert owed.due_at == at("03-09 00:00")

    await story.until(at("03-11 12:00"))
    assert await story.notices("remind", "CUSTOM") == ["03-08 00:00"]
    urges = await story.notices("urge", "CUSTOM")
    assert (len(urges), urges[0], urges[-1]) == (19, "03-09 03:00 1", "03-10 22:00 19")
    assert await story.notices("supervise", "CUSTOM") == ["03-11 00:00"]
    assert any("领导限期反馈已逾期2天" in words for words in await story.shown("吴敏"))
    assert await story.score() == scored  # urged, never scored

    said = await story.say("张三", "进展 1 3月8日限期 整改清单已逐项核对，随文报送。")
    assert "领导限期反馈（逾期）" in said
    assert (await Obligation.get(id=owed.id)).ended == "met"
    assert any("反馈：领导限期（逾期）" in words for words in await story.shown("王芳"))
    assert await story.score() == scored
    assert (await story.owed(matter, "NM")).ended == ""


@pytest.mark.requirement("A57")
async def test_a_date_by_the_cards_button_and_words_as_instruction(story: Story) -> None:
    await story.until(T)
    matter = await story.matter()
    await story.until(T + 73 * HOUR)
    assert await story.press("吴敏", "督办：1天反馈", "限期") == ""
    await story.press("吴敏", "请选择限期", "设为限期", day="3月6日")
    assert any("已对 2026-0001 设限期：3月6日 24:00前报告" in words for words in await story.shown("吴敏"))
    assert (await Obligation.get(matter_id=matter.id, origin="leader")).due_at == at("03-07 00:00")

    assert await story.say("吴敏", "请处室主要负责同志亲自抓") == ""
    assert await story.cards("吴敏", "作为对 2026-0001 的批示？")
    assert not any("亲自抓" in words for words in await story.shown("张三"))
    await story.press("吴敏", "作为对 2026-0001 的批示？", "是")
    assert any("亲自抓" in words for words in await story.shown("张三"))
    # a completion answers the date with everything else: nothing more is sent
    await story.say("张三", "完结 1 理由：取水口全部核查完毕，问题整改到位")
    await story.photograph("张三")
    await story.say("张三", "完结 1")
    await story.press("张三", "请确认两项", "确认两项并提交")
    await story.until(T + 240 * HOUR)
    assert await story.notices("urge", "CUSTOM") == []


@pytest.mark.requirement("A50")
async def test_the_office_is_asked_on_thursdays_until_it_decides(story: Story) -> None:
    await story.until(T)
    await story.matter()
    await story.until(at("03-27 10:00"))
    asked = await story.sent("stalled")
    assert [line[:11] for line in asked] == ["03-09 09:00", "03-12 09:00", "03-19 09:00", "03-26 09:00"]
    assert {line.split()[3] for line in asked} == {"王芳"}
    latest = "督办后仍未报（第4次提请）"
    assert "/改派 2026-0001 处室 理由" in await story.press("王芳", latest, "改派")
    assert await story.press("王芳", latest, "转持续跟进") == ""
    assert (await Prompt.get(kind="stalled")).verdict == ""
    await story.press("王芳", "请确认：转跟进", "确认转跟进")
    row = await Prompt.get(kind="stalled")
    assert (row.verdict, row.asked) == ("followed_up", 4)
    assert not await story.cards("王芳", latest)  # its buttons are gone
    assert any("已转入持续跟进" in words for words in await story.shown("张三"))
    await story.until(at("04-03 10:00"))
    assert len(await story.sent("stalled")) == 4
