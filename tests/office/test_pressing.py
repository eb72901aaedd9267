"""/催办 and /督办 by hand (A69)."""

from __future__ import annotations

import pytest

from bot.actions import setting
from bot.engine import auditor
from bot.rules.ruleset import Ruleset
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.score import ScoreEvent
from tests.department import KEY
from tests.engine.desk import at
from tests.office.days import Days


async def rules(days: Days) -> list[tuple[str, str, int]]:
    rows = await ScoreEvent.all().order_by("id").prefetch_related("obligation")
    return [(each.obligation.name, each.rule, each.tenths) for each in rows if each.obligation]


@pytest.mark.requirement("A69")
async def test_before_the_deadline_a_hint(days: Days) -> None:
    await days.matter()
    text = await days.said("ban", "/催办 1 请先报思路", 10)
    assert "已提示 2026-0001 的1天反馈（剩余14小时），未到期，不扣分" in text
    assert await days.told("hint") == ["a", "b", "chu"]
    assert "请先报思路" in (await days.cards("a"))[0]
    assert await days.score() == 0
    await days.until(24.5)
    assert await days.score() == 0


@pytest.mark.requirement("A12", "A69")
async def test_after_it_part_of_the_episode(days: Days) -> None:
    await days.silent(25)
    days.forget()
    assert "并入本节点催办" in await days.said("ban", "/催办 1 请即报送")
    assert "厅办公室催办：1天反馈已逾期1小时" in (await days.cards("a"))[0]
    assert await rules(days) == [("N1", "overdue", -1), ("N1", "urge_episode", -1)]
    await days.until(28)  # the ladder's own first urge
    assert await Notice.filter(kind="urge").count() == 2
    assert await days.score() == -2
    assert await days.world.intact()


@pytest.mark.requirement("A37", "A69")
async def test_the_head_spared_most_urges_hears_of_one_by_hand(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(head_notices="sparse")))
    await days.silent(25)
    days.forget()
    await days.said("ban", "/催办 1 请即报送")
    assert await days.told("urge") == ["a", "b", "chu"]


async def test_not_twice_within_the_gap(days: Days) -> None:
    await days.silent(25)
    await days.said("ban", "/催办 1")
    assert "催办过，本次未发。请在3月3日 11:30后再催" in await days.said("wang", "/催办 1", 26)
    assert await Notice.filter(kind="urge").count() == 1
    days.forget()
    assert "已催办" in await days.said("wang", "/催办 1 1天", 26.5)
    assert await days.told("urge") == ["a", "a", "b", "b", "chu", "chu"]
    assert await Notice.filter(kind="urge").order_by("seq").values_list("seq", flat=True) == [101, 102]
    assert await days.score() == -2


async def test_each_duty_has_its_own_gap_and_so_has_its_next_episode(days: Days) -> None:
    await days.matter()
    await days.matter()
    assert "已提示 2026-0002 的1天" in await days.said("ban", "/催办 2", 10)
    assert "已提示 2026-0002 的3天" in await days.said("ban", "/催办 2 3天", 10)
    await days.said("a", "进展 2 3天 已完成现场核查，形成问题清单", 10.2)
    await days.said("ban", "/退回 2 3天 问题清单不全", 10.4)
    assert "已提示 2026-0002 的3天" in await days.said("ban", "/催办 2 3天", 11)
    assert "催办过" in await days.said("ban", "/催办 2 3天", 12)
    rows = await Notice.filter(kind="hint").order_by("id").prefetch_related("obligation", "matter")
    found = [(each.matter.number, each.obligation.name, each.episode, each.seq) for each in rows]
    assert found == [(2, "N1", 1, 101), (2, "N3", 1, 101), (2, "N3", 2, 101)]


async def test_of_a_matter_that_began_anew_the_running_duty(days: Days) -> None:
    """Another unit took it over, it was closed and reopened: there are three one-day nodes by now."""
    await days.matter()
    await days.sure("ban", "/改派 1 规划处 职责不符", 1)
    assert "已提示 2026-0001 的1天反馈" in await days.said("ban", "/催办 1 1天", 2)
    await days.world.hand_in("gui", 3)
    card = (await days.world.say("gui", "完结 1 理由：已全部整改到位", 3)).card
    await days.world.press("gui", card.actions[0].key, 3)
    await days.said("ban", "/同意办结 1 合格", 4)
    await days.sure("ban", "/重开 1 问题反弹", 5)
    assert "已提示 2026-0001 的1天反馈" in await days.said("ban", "/催办 1 1天", 6)
    rows = await Notice.filter(kind="hint").order_by("id").prefetch_related("obligation")
    found = [(each.obligation.cycle, each.obligation.ordinal) for each in rows]
    assert found == [(1, 1), (2, 0)]


async def test_a_named_node_and_nothing_owed(days: Days) -> None:
    await days.matter()
    assert "的7天反馈（" in await days.said("ban", "/催办 1 7天 请先报思路", 1)
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 2)).card
    await days.world.press("a", card.actions[0].key, 2)
    assert "2026-0001 的完结申请正在厅办公室审核" in await days.said("ban", "/催办 1", 3)


async def test_what_is_answered_is_not_urged(days: Days) -> None:
    await days.matter()
    await days.said("a", "进展 1 1天 已研究部署，安排张三具体承办", 1)
    assert "2026-0001 目前没有要办的节点" in await days.said("ban", "/催办 1 1天", 2)


@pytest.mark.requirement("A69")
async def test_supervise_stands_for_the_automatic_one(days: Days) -> None:
    await days.silent(31)
    assert "尚未逾期，不能督办" in await days.said("wang", "/督办 1 3天 进度太慢")
    assert "只能由办公室主任决定" in await days.said("ban", "/督办 1 进度太慢")
    assert "须说明理由" in await days.said("wang", "/督办 1")
    days.forget()
    text = await days.said("wang", "/督办 1 进度太慢")
    assert "已督办 2026-0001 的1天反馈（已逾期7小时）" in text
    assert await days.told("supervise") == ["a", "b", "ban", "chu", "fen"]
    assert len(days.sms.raw) == 3
    assert "王主任：进度太慢" in (await days.cards("a"))[0]
    assert "已督办过" in await days.said("wang", "/督办 1 1天 再督一次")
    await days.until(73)
    assert await Notice.filter(kind="supervise").count() == 1
    assert await Notice.filter(kind="urge").count() == 2
    assert await rules(days) == [("N1", "overdue", -1), ("N1", "urge_episode", -1), ("N1", "supervise", -5)]
    owed = await Obligation.get(name="N1")
    assert owed.next_notice_at is None
    assert await auditor.whole(at(73)) == [], "nothing is missed of what it stands for"
    assert await days.world.intact()


@pytest.mark.requirement("R59", "A15")
async def test_the_second_one_by_hand_proposes(days: Days) -> None:
    await days.silent(80)  # N1 was supervised at 72, N3 is overdue
    days.forget()
    assert "已督办2次" in await days.said("wang", "/督办 1 3天 仍无进展")
    assert await days.told("accountability_proposal") == ["ban"]
    assert (await Matter.get()).proposal_open


@pytest.mark.requirement("A15")
async def test_counted_by_unit_and_year_the_one_by_hand_counts_too(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year")))
    await days.silent(72.1)  # N1 of the first matter is supervised
    await days.matter(hours=73)
    await days.until(98)
    assert "已督办1次" in await days.said("wang", "/督办 2 1天 进度太慢")
    assert (await Matter.get(number=2)).proposal_open


async def test_who_may(days: Days) -> None:
    await days.matter()
    for text in ("/催办 1", "/督办 1 理由充分"):
        assert "不能使用" in await days.said("a", text)
    assert "由厅办公室审核" in await days.said("fen", "/催办 1")
