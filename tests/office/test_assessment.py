"""考核: periods, the base, units that share a grade, New Year's midnight, the freeze (A34, A36, A59)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import assessment, setting
from bot.engine import notify
from bot.rules import ruleset
from bot.rules.scoring import Period
from models.matter import Matter
from models.people import Unit
from models.roster import sender
from models.score import ScoreEvent, ScoreFreeze
from tests.department import ACK, KEY, PROPOSE, T
from tests.office.days import Days
from tests.shapes import name

EVE = (datetime(2026, 12, 30, 16, tzinfo=UTC) - T) / timedelta(hours=1)  # 24:00 of 30 December in Shanghai
MINUTE = 1 / 60


def choose(**rules: object) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse(rules)))


async def booked() -> list[tuple[int, int, int, str]]:
    """(number of the matter, year, quarter, rule) of every entry, in order."""
    rows = await ScoreEvent.all().order_by("matter_id", "id").prefetch_related("matter")
    return [(each.matter.number or 0, each.year, each.quarter, each.rule) for each in rows]


@pytest.mark.choice("score_base", 100)
@pytest.mark.choice("score_period", "quarter")
@pytest.mark.requirement("A36", "A59")
async def test_at_new_years_midnight(days: Days) -> None:
    await days.matter(hours=EVE)  # N1 is due on 31 December at 24:00
    await days.matter(hours=EVE + MINUTE)  # and this one a minute into the new year
    await days.until(EVE + 28)
    assert [row.clean for row in (await assessment.table(Period(2025, 4), T)).rows] == [True, True]
    assert await booked() == [
        (number, *due, rule) for number, due in ((1, (2026, 4)), (2, (2027, 1))) for rule in ("overdue", "urge_episode")
    ]
    await days.said("a", f"1 {ACK}", EVE + 28)
    # in January he sees what he can still object to, under the year it counts for
    text = await days.said("a", "扣分")
    assert "水资源处2027年累计-0.2分" in text
    assert "2026-0001" in text
    assert "水资源处2026年累计-0.2分" in await days.said("a", "扣分 去年")
    assert "水资源处 -0.2分" in await days.said("ban", "/考核 2026")
    assert "水资源处 -0.2分" in await days.said("ban", "/考核")
    assert "2026年第4季度考核" in await days.said("ban", "/考核 上季度")
    assert "无记录：水资源处" in await days.said("ban", "/考核 2026年第3季度")
    assert name(await days.said("ban", "/考核 明年")) == "refused/unknown_period"
    choose(score_base=100)
    assert "水资源处2027年得分99.8分" in await days.said("a", "扣分")
    assert "2026年考核（基准100分" in await days.said("ban", "/考核 2026")
    assert "第4季度考核（加减分累计" in await days.said("ban", "/考核 2026 四季度")
    choose(score_base=100, score_period="quarter")
    assert "2027年第1季度考核（基准100分" in await days.said("ban", "/考核")
    assert "水资源处2027年第1季度得分99.8分" in await days.said("a", "扣分")
    assert "水资源处2026年第4季度得分99.8分" in await days.said("a", "扣分 2026 第4季度")
    assert "2026年考核（加减分累计" in await days.said("ban", "/考核 2026")


@pytest.mark.requirement("A59", "A72")
async def test_what_can_be_objected_to_is_shown_past_its_quarter(days: Days) -> None:
    """And what was objected to until it is decided, however long ago."""
    choose(score_period="quarter")
    for _ in range(2):
        await days.matter(hours=28 * 24)  # N1 is due on 31 March, N3 on 2 April
    await days.until(31 * 24 + 4)
    text = await days.said("a", "扣分")
    assert "水资源处2026年第2季度累计-0.4分" in text
    assert (text.count("1天（3月31日 09:00到期）"), text.count("3天（4月2日 09:00到期）")) == (2, 2)
    await days.said("a", "申诉 2 1天 3月31日停电，系统打不开")
    text = await days.said("a", "扣分", 60 * 24)
    assert text.count("1天（3月31日 09:00到期）") == 1
    await days.said("wang", "/申诉 2 不同意 未见停电记录")
    assert "1天（" not in await days.said("a", "扣分")


@pytest.mark.requirement("A59", "A72")
async def test_a_frozen_year_keeps_its_figures(days: Days) -> None:
    await days.silent(71)
    await days.said("a", "申诉 1 3月3日停电，系统打不开")
    asked = await days.said("ban", "/考核 冻结")
    assert "将冻结2026年考核" in asked
    assert "12月31日 24:00才结束" in asked
    assert "1件申诉待裁定" in asked
    assert not await ScoreFreeze.exists()
    await days.until(74)  # N3 runs late, and no urge has told of it yet
    assert "水资源处 -0.8分（逾期2 催办1 督办1）" in await days.said("wang", "/考核 冻结 2026年 确认", 74)
    assert name(await days.said("ban", "/考核 冻结 2026 确认")) == "refused/period_frozen"
    assert name(await days.said("ban", "/考核 冻结 2026 第1季度 确认")) == "refused/period_frozen"
    assert name(await days.said("ban", "/考核 冻结 2027")) == "refused/period_ahead"
    await days.said("wang", "/申诉 1 同意")  # of the first two tenths
    await days.until(76)
    text = await days.said("ban", "/考核")
    assert "3月5日 11:00冻结" in text
    assert "水资源处 -0.8分（逾期2 催办1 督办1），冻结后更正+0.1分" in text  # two came back, N3 was urged
    assert "水资源处2026年累计-0.8分，冻结后更正+0.1分" in await days.said("a", "扣分")
    assert await days.score() == -7


@pytest.mark.requirement("A59")
async def test_frozen_before_anything_was_booked(days: Days) -> None:
    by = await sender("wecom", "ban", notify.today(T))
    assert by
    closed = await assessment.freeze(Period(2026), by, T)
    assert (closed.frozen_at, [row.unit for row in closed.rows if not row.clean]) == (T, [])
    await assessment.freeze(Period(2025, 3), by, T)
    bound = [await assessment.frozen(period) for period in (Period(2025, 3), Period(2025, 2), Period(2025))]
    assert [found is not None for found in bound] == [True, False, False]
    await days.silent(25)
    assert "水资源处 0分，冻结后更正-0.1分" in await days.said("ban", "/考核", 25)


@pytest.mark.requirement("A72")
async def test_objections_of_a_period_wait_until_they_are_decided(days: Days) -> None:
    await days.silent(30)
    await days.matter(hours=30)
    await days.until(60)
    for number in (1, 2):
        await days.said("a", f"申诉 {number} 3月3日停电，系统打不开")
    assert [await assessment.objections(Period(year)) for year in (2025, 2026)] == [0, 2]
    await days.said("wang", "/申诉 2 不同意 未见停电记录")
    assert [await assessment.objections(Period(year)) for year in (2025, 2026)] == [0, 1]


@pytest.mark.requirement("A59")
async def test_frozen_once(days: Days) -> None:
    await days.silent(30)
    both = [days.world.say(user, "/考核 冻结 2026 确认", 30) for user in ("ban", "wang")]
    assert sorted(name(each.text) for each in await asyncio.gather(*both)) == ["frozen", "refused/period_frozen"]
    assert name(await days.said("ting", "/考核 冻结 2026 确认")) == "refused/not_allowed"


@pytest.mark.choice("graded_units", "all")
@pytest.mark.requirement("A34", "A68")
async def test_cooperating_units_share_a_grade_where_all_are_graded(days: Days) -> None:
    choose(graded_units="all")
    matter = await days.matter(f"{PROPOSE} 配合:规划处")
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 1)
    assert "-0.1分" in await days.said("ban", "/评价 1 不合格", 2)
    text = await days.said("ban", "/考核")
    assert "水资源处 -0.1分（不合格1）" in text
    assert "规划处 -0.1分（不合格1）" in text
    await Unit.filter(name="规划处").update(order=-1)  # units stand as the file has them
    text = await days.said("ban", "/考核")
    assert text.index("规划处 -0.1分") < text.index("水资源处 -0.1分")
    assert "3天" in await days.said("gui", "扣分")
    await days.said("ban", "/评价 1 3天 优秀", 3)  # the grade is replaced for both
    assert "规划处 +0.1分（优秀1）" in await days.said("ban", "/考核")
    choose()
    assert (await Matter.get(id=matter.id)).ruleset["graded_units"] == "all"
    await days.until(30)
    assert "规划处 +0.1分（优秀1）" in await days.said("ban", "/考核")  # lateness is the lead unit's alone


@pytest.mark.requirement("A17", "A34")
async def test_a_return_is_the_lead_units_alone(days: Days) -> None:
    choose(graded_units="all")
    await days.matter(f"{PROPOSE} 配合:规划处")
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 1)
    await days.said("ban", "/退回 1 3天 问题清单不全", 2)
    text = await days.said("ban", "/考核")
    assert "水资源处 -0.1分（退回1）" in text
    assert "无记录：规划处" in text
