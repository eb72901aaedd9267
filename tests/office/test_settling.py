"""Entries follow the facts, whatever the ruleset makes of them (A12, A13, A49, A57, A69, A87)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from bot.actions import setting
from bot.rules import ruleset
from bot.rules.scoring import TENTHS
from models.score import ScoreEvent
from tests.department import ACK, KEY
from tests.life import sending
from tests.office.days import Days

PROXY = "/代报 1 时间:3月3日 {} 系统中断，已电话报告研究部署情况"


def choose(**rules: object) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse(rules)))


async def net() -> dict[str, int]:
    """How often each rule stands."""
    found: Counter[str] = Counter()
    for each in await ScoreEvent.all():
        found[each.rule] += each.tenths // TENTHS[each.rule]
    return {rule: count for rule, count in found.items() if count}


@pytest.mark.requirement("A12", "R59")
async def test_never_answered_with_each_urge_scored(db: str) -> None:
    days = Days((await sending.found()).world)  # few people: each notice is really sent to each of them
    choose(urge_scoring="message")
    await days.silent(72.01)
    assert await net() == {"overdue": 1, "urge_episode": 19, "supervise": 1}
    seqs = await ScoreEvent.filter(rule="urge_episode").order_by("id").values_list("seq", flat=True)
    assert seqs == list(range(1, 20))
    await days.until(33 * 24 + 0.5)
    assert await net() == {"overdue": 4, "urge_episode": 76, "supervise": 4}
    assert await days.score() == -100
    # an answer of 3 March 16:00 comes to light: the urges of N1 after the second were for nothing
    assert "冲回+2.2分" in await days.said("ban", PROXY.format("16:00"))
    assert await net() == {"overdue": 4, "urge_episode": 59, "supervise": 3}


@pytest.mark.requirement("A68")
async def test_another_grade_takes_back_the_grade_alone(days: Days) -> None:
    choose(urge_scoring="message")
    await days.matter()
    await days.said("a", ACK, 1)
    await days.until(76)  # the first urge of N3 has the number of the review to come
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 76)
    await days.said("ban", "/评价 1 优秀", 77)
    assert await net() == {"overdue": 1, "urge_episode": 1, "excellent": 1}
    assert "替换原评价，-0.1分" in await days.said("ban", "/评价 1 合格", 78)
    assert await net() == {"overdue": 1, "urge_episode": 1}


@pytest.mark.requirement("A12", "A69")
async def test_an_urge_by_hand_is_never_a_second_one(days: Days) -> None:
    choose(urge_scoring="message")
    await days.matter()
    await days.until(25)
    await days.said("ban", "/催办 1 请即报送", 25)
    assert await net() == {"overdue": 1, "urge_episode": 1}
    await days.until(32)  # two of the ladder; the first is the one by hand
    assert await net() == {"overdue": 1, "urge_episode": 2}
    await days.said("ban", "/催办 1 再次提醒", 32)
    assert await net() == {"overdue": 1, "urge_episode": 2}


@pytest.mark.requirement("A13")
async def test_only_what_costs_most(days: Days) -> None:
    choose(scoring="highest")
    await days.silent(30)
    assert await net() == {"overdue": 1}
    await days.until(72.01)
    assert await net() == {"supervise": 1}
    assert "并入督办（取最高）+0.1" in await days.said("a", "扣分 1", 72)
    # answered late, before any urge: what was superseded stands again
    assert "冲回+0.4分" in await days.said("ban", PROXY.format("10:00"), 72)
    assert await net() == {"overdue": 1}
    assert await days.world.intact()


@pytest.mark.requirement("A13", "A72")
async def test_what_a_person_took_back_stays_back(days: Days) -> None:
    choose(scoring="highest", late_settles_earlier=False)
    await days.matter()
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 20)
    await days.until(72.01)
    await days.said("a", "申诉 1 1天 3月3日停电", 72)
    await days.said("wang", "/申诉 1 同意")
    assert await net() == {}
    await days.said("a", ACK, 73)
    assert await net() == {}


@pytest.mark.requirement("A87")
async def test_late_from_the_first_instant_after_the_deadline(days: Days) -> None:
    await days.matter()
    await days.until(24)
    assert "没有扣分" in await days.said("a", "扣分 1", 24)
    assert "逾期-0.1" in await days.said("a", "扣分 1", 24.01)
    assert await net() == {"overdue": 1}
    # the platform says that the answer was written before
    await days.world.say("a", ACK, timedelta(hours=24))
    assert await net() == {}
    assert "按时报送冲回+0.1" in await days.said("a", "扣分 1", 24.02)


@pytest.mark.requirement("A5")
async def test_at_one_instant_the_answer_comes_first(days: Days) -> None:
    await days.matter()
    await days.until(27)
    await days.turn(27)
    assert await net() == {"overdue": 1, "urge_episode": 1}
    await days.said("a", ACK, 27)
    assert await net() == {"overdue": 1}


@pytest.mark.requirement("A8", "A49")
async def test_one_late_answer_to_three_nodes_was_given_before(days: Days) -> None:
    """What is written down last does not matter: all that rested on the silence comes back."""
    matter = await days.silent(121)
    await days.said("a", "进展 1 7天 已完成现场核查，形成问题清单", 122)
    await matter.refresh_from_db()
    assert (matter.supervised, matter.proposal_open, await days.score()) == (2, True, -14)
    await days.said("ban", "/代报 1 7天 时间:3月2日 20:00 当日已在厅办公室当面报告", 123)
    await matter.refresh_from_db()
    assert (matter.supervised, matter.proposal_open, await days.score()) == (0, False, 0)
    assert await days.world.intact()
