"""Choices of the ruleset that only the running bot can show: who is told, when people are asked, what is let pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import setting
from bot.engine import digest, notify
from bot.rules import ruleset
from models.delivery import Delivery
from models.extension import Extension
from models.matter import Matter
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days
from tests.shapes import name

MAJOR = PROPOSE.replace("类别:一般", "类别:重大")
ASK = "延期 1 理由：汛期不能施工 方案：分两段推进，先主体后附属 责任人：张三 时限：2026-05-30"
DAY = 24.0


def choose(**rules: object) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse(rules)))


async def test_a_matter_keeps_the_rules_it_began_with(days: Days) -> None:
    """One that has not begun has those in force."""
    await days.matter()
    await days.said("ban", PROPOSE)
    setting.use(setting.Setting(KEY, ruleset.parse({"urge_scoring": "message"})))
    scoring = [setting.book(each).rules.urge_scoring for each in await Matter.all().order_by("id")]
    assert scoring == ["episode", "message"]


async def test_nothing_is_done_before_a_setting_is_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting, "_current", None)
    with pytest.raises(RuntimeError, match=r"^bot\.actions\.setting\.use\(\) was not called$"):
        setting.current()


@pytest.mark.requirement("A30")
@pytest.mark.choice("extension_late", "refuse")
async def test_a_late_extension_may_be_refused_for_good(days: Days) -> None:
    choose(extension_late="refuse")
    await days.matter(MAJOR)
    await days.said("a", "进展 1 7天 已完成现场核查，形成问题清单", 1)
    await days.until(30 * DAY)  # NM is due in a day; applications were taken until 24:00 of the day before
    assert name(await days.said("a", ASK, 30 * DAY)) == "refused/extension_too_late"
    assert "厅办公室可凭本次内容补批" not in await days.said("a", ASK)
    assert not await Extension.exists()
    assert name(await days.said("ban", "/同意延期 1 情况特殊")) == "refused/no_extension"


@pytest.mark.requirement("A61")
@pytest.mark.choice("digest_at", "09:15")
async def test_the_hour_of_the_digest(days: Days) -> None:
    choose(digest_at="09:15")
    await days.silent(95)
    friday = datetime(2026, 3, 6, 1, 15, tzinfo=UTC)  # 09:15 in Shanghai
    assert await digest.plan(friday - timedelta(minutes=1)) == 0
    assert await digest.plan(friday) == 5


@pytest.mark.requirement("A61")
@pytest.mark.choice("pending_workdays", 1)
async def test_when_the_director_is_reminded_of_what_waits(days: Days) -> None:
    choose(pending_workdays=1)
    await days.matter()
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 2)).card
    await days.world.press("a", card.actions[0].key, 2)
    await days.turn(2)
    for hours, told in ((23.5, ["ban"]), (47.5, ["ban", "wang"])):
        days.forget()
        await digest.plan(at(hours))
        await days.turn(hours)
        assert days.wecom.users == told


@pytest.mark.requirement("A51", "A61")
@pytest.mark.choice("look_back_days", 7)
async def test_how_long_a_closed_matter_is_looked_back_at(days: Days) -> None:
    choose(look_back_days=7)
    await days.matter()
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 2)).card
    await days.world.press("a", card.actions[0].key, 2)
    await days.said("ban", "/同意办结 1 优秀", 3)
    await days.said("ban", "/销号 1", 4)
    await days.until(8 * DAY)
    assert await days.told("look_back") == ["ban"]
    assert "超过7天" in await days.said("ban", "/退回 1 上级 数据有出入", 8 * DAY)


@pytest.mark.requirement("A10", "A37", "A44")
async def test_what_most_offices_choose_loses_no_first_urge_at_night(days: Days) -> None:
    choose(preset="common")
    await days.matter(hours=13)  # at 22:00; N1 is due at 22:00 of the next day
    await days.until(48)
    urge = Delivery.filter(kind="urge", notice__seq=3)  # 01:00, 04:00 and 07:00 are one at 08:00
    people = {number: user for user, number in days.world.people.items()}
    told = {(people[each.person_id], each.lane) for each in await urge}
    assert told == {("a", "chat"), ("b", "chat"), ("chu", "chat"), ("a", "sms")}
    await days.until(54)
    later = Delivery.filter(kind="urge", notice__seq=5)
    assert {people[each.person_id] for each in await later} == {"a", "b"}


@pytest.mark.requirement("A44")
async def test_no_sms_where_sms_is_off(days: Days) -> None:
    choose(first_urge_sms=True)
    before = notify.always_sms
    notify.always_sms = None
    try:
        await days.silent(72.01)
    finally:
        notify.always_sms = before
    assert not await Delivery.filter(lane="sms").exists()


@pytest.mark.requirement("A7")
async def test_where_any_feedback_meets_the_month_it_need_not_be_named(days: Days) -> None:
    choose(nm_met_by="feedback")
    await days.matter(MAJOR)
    await days.said("a", ACK, 1)
    await days.said("a", "进展 1 7天 已完成现场核查，形成问题清单", 2)
    assert "1个月：办结或报送进展，或获准延期；" in await days.said("a", "待办", 20 * DAY)
    assert "1个月" in await days.said("a", "进展 1 问题已整改到位，正在验收", 20 * DAY)
    await days.until(32 * DAY)
    assert await days.score() == 0


@pytest.mark.requirement("A12", "A13", "A69")
@pytest.mark.parametrize(
    ("rules", "words"),
    [({}, "（各计一次）"), ({"urge_scoring": "message"}, "每次催办扣0.1分"), ({"scoring": "highest"}, "改扣0.5分")],
)
async def test_a_card_says_what_it_costs_by_the_matters_ruleset(days: Days, rules: dict[str, str], words: str) -> None:
    choose(**rules)
    await days.matter()
    choose()
    await days.until(27.1)
    assert words in (await days.cards("a"))[-1]
