"""The digest: when, to whom, what; once (A11, A61)."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest

from bot.actions import setting
from bot.engine import digest
from bot.rules.calendar import SHANGHAI, Calendar
from bot.rules.ruleset import Ruleset
from models.delivery import Delivery
from models.extension import Extension
from models.matter import Matter
from models.people import Seat
from models.system import Meta
from tests.department import KEY, PROPOSE, T
from tests.life import hands
from tests.office.days import Days

FRIDAY = datetime(2026, 3, 6, 8, 30, tzinfo=SHANGHAI)
MONDAY = FRIDAY + timedelta(days=3)
MINUTE = timedelta(minutes=1)


async def sent(days: Days, at: datetime) -> dict[str, str]:
    """What the digest of this instant says to whom."""
    days.forget()
    await digest.plan(at)
    days.now = (at - T).total_seconds() / 3600
    while await days.send(days.now):
        pass
    return {each["user"]: each["text"] for each in days.wecom.sent if "督办提示" in each["text"]}


@pytest.mark.requirement("A11", "A61")
async def test_red_until_it_is_answered(days: Days) -> None:
    await days.silent(95)
    told = await sent(days, FRIDAY)
    assert sorted(told) == ["a", "b", "ban", "chu", "fen"]
    assert "【红色】已督办仍未报1项" in told["a"]
    assert "2026-0001 关于开展取水许可核查的… 水资源处 1天已逾期2天23小时" in told["a"]
    await days.said("a", "进展 1 已完成现场核查，形成问题清单", 96)
    assert await sent(days, FRIDAY + timedelta(days=3)) == {}


@pytest.mark.choice("red_digest", False)
@pytest.mark.requirement("A11")
async def test_the_option_switches_red_off(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(red_digest=False)))
    await days.silent(95)
    assert await sent(days, FRIDAY) == {}


@pytest.mark.requirement("A61")
@pytest.mark.parametrize(
    ("at", "count"),
    [
        (FRIDAY - MINUTE, 0),
        (FRIDAY, 5),
        (FRIDAY + timedelta(hours=9), 5),
        (FRIDAY + timedelta(hours=9, minutes=30), 0),
        (FRIDAY + timedelta(days=1), 0),
        (FRIDAY + timedelta(days=3), 5),
    ],
)
async def test_when(days: Days, at: datetime, count: int) -> None:
    await days.silent(95)
    assert await digest.plan(at) == count


async def test_a_holiday_and_a_makeup_day(days: Days) -> None:
    await days.silent(95)
    calendar = Calendar(holidays=frozenset({date(2026, 3, 6)}), makeup=frozenset({date(2026, 3, 7)}))
    setting.use(setting.Setting(KEY, days=calendar))
    assert await digest.plan(FRIDAY) == 0
    assert await digest.plan(FRIDAY + timedelta(days=1)) == 5


async def test_once_a_day_whoever_plans_it(days: Days) -> None:
    await days.silent(95)
    assert sorted(await asyncio.gather(*(digest.plan(FRIDAY + n * MINUTE) for n in range(3)))) == [0, 0, 5]
    assert await digest.plan(FRIDAY + timedelta(hours=1)) == 0
    assert await Delivery.filter(kind="digest").count() == 5
    assert (await Meta.get(key="digest")).value == "2026-03-06"


async def test_one_that_never_left_is_not_said_twice(days: Days) -> None:
    await days.silent(95)
    assert await digest.plan(FRIDAY) == 5
    tried = Delivery.filter(kind="digest", person_id=days.world.people["a"])
    await tried.update(payload=days.wecom.payload("a", "周五的提示", "1"))  # may have arrived: it is what it was
    assert await digest.plan(MONDAY) == 5
    days.forget()
    await days.send((MONDAY - T).total_seconds() / 3600)
    said = [(each["user"], each["text"]) for each in days.wecom.sent if "title" not in each]
    assert len(said) == len(set(said)) == 6
    assert ("a", "周五的提示") in said


async def test_nothing_to_say(days: Days) -> None:
    await days.matter()
    assert await sent(days, FRIDAY - timedelta(days=3)) == {}
    assert (await Meta.get(key="digest")).value == "2026-03-03"


@pytest.mark.requirement("A61")
async def test_what_waits_for_whose_word(days: Days) -> None:
    await days.silent(73)
    await days.world.say("ban", PROPOSE.replace("取水", "用水"), 74)
    await days.said("a", "申诉 1 当日停电，系统打不开", 74)
    plan = "延期 1 理由：汛期不能施工 方案：分两段推进，先主体后附属 责任人：张三 时限：2026-05-30"
    await days.said("a", plan, 74)
    told = await sent(days, FRIDAY)
    assert "【待批立项】1件：拟-2 关于开展用水许可核查的…" in told["wang"]
    assert "【待决定】1件：申诉 2026-0001" in told["wang"]
    assert "【待审延期】1件：2026-0001" in told["ban"]
    assert "待审延期" not in told["wang"]
    # filed on Thursday: three working days are over on Tuesday at 11:00, from then on it is in the director's every day
    assert "待审延期" not in (await sent(days, FRIDAY + timedelta(days=4)))["wang"]
    points = await days.score()
    for day in (5, 6, 7):
        later = await sent(days, FRIDAY + timedelta(days=day))
        told = "【待审延期】1件：2026-0001 关于开展取水许可核查的…（3月5日 周四报）"
        assert [user for user in ("wang", "ban") if told in later[user]] == ["wang", "ban"]
    assert await days.score() == points  # never at the unit's cost


@pytest.mark.requirement("A61", "A66")
async def test_what_the_office_filed_itself_waits_above_it(days: Days) -> None:
    """The director sits in the unit too, and nobody else in the office."""
    await days.matter()
    await Seat.create(person_id=days.world.people["wang"], unit_id=days.world.units["水资源处"], role="head")
    await Seat.filter(person_id=days.world.people["ban"]).delete()
    plan = "延期 1 理由：汛期不能施工 方案：分两段推进，先主体后附属 责任人：张三 时限：2026-05-30"
    await days.said("wang", plan, 74)
    told = await sent(days, FRIDAY)
    assert [user for user in sorted(told) if "【待审延期】1件：2026-0001" in told[user]] == ["ting"]


async def test_accountability_waits_for_the_director_then_the_leader(days: Days) -> None:
    await days.silent(121)
    monday = FRIDAY + timedelta(days=3)
    assert "【待决定】1件：问效 2026-0001" in (await sent(days, monday))["wang"]
    days.now = 168
    await days.sure("wang", "/问效 1 上报")
    told = await sent(days, monday + timedelta(days=1))
    assert "问效 2026-0001" in told["ting"]
    assert "wang" not in told


async def test_what_rests_or_began_anew_is_not_red(days: Days) -> None:
    """A completion is in review; an answer was returned and has a new date."""
    await days.matter()
    await days.silent(121)
    assert "2026-0002 关于开展取水许可核查的… 水资源处 3天已逾期" in (await sent(days, MONDAY))["a"]
    await days.said("a", "进展 2 已完成现场核查，形成问题清单", 168)
    await days.said("ban", "/退回 2 3天 问题清单不全", 168.2)
    await days.world.hand_in("a", 168.5)
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 168.5)).card
    await days.world.press("a", card.actions[0].key, 168.5)
    assert "【红色】" not in "".join((await sent(days, MONDAY + timedelta(days=1))).values())


@pytest.mark.requirement("A61")
async def test_after_just_three_working_days_it_is_the_directors_too(days: Days) -> None:
    """Filed on Thursday at 08:30; one that came after the cut-off waits like any other."""
    plan = "延期 1 理由：汛期不能施工 方案：分两段推进，先主体后附属 责任人：张三 时限：2026-05-30"
    await days.matter()
    await days.said("a", plan, 71.5)
    await Extension.all().update(state="late")
    assert "待审延期" not in (await sent(days, MONDAY)).get("wang", "")
    assert "【待审延期】1件：2026-0001" in (await sent(days, MONDAY + timedelta(days=1)))["wang"]


@pytest.mark.requirement("A61")
async def test_only_the_look_backs_of_the_day_are_in_it(days: Days) -> None:
    """Of two matters closed that day one was reopened since; of a third one something else is asked."""
    for number in (1, 2):
        await days.matter()
        await days.world.hand_in("a", 1, number)
        await days.sure("a", f"完结 {number} 理由：已全部整改到位", 1)
        await days.said("ban", f"/同意办结 {number} 合格", 2)
    await days.sure("ban", "/重开 2 问题反弹", 50)
    day = FRIDAY + timedelta(days=26)
    await days.matter(hours=(day - T).total_seconds() / 3600 - 169)
    await days.said("a", "进展 3 7天 已全部整改到位并通过复核", (day - T).total_seconds() / 3600 - 1)
    told = await sent(days, day)
    assert "【回头看】已办结满期1件，请核实成效：2026-0001 关于" in told["ban"]
    assert [user for user in told if "【回头看】" in told[user]] == ["ban"]


async def test_a_sensitive_matter_is_a_number(days: Days) -> None:
    matter = await days.silent(95)
    await Matter.filter(id=matter.id).update(sensitive=True)
    told = await sent(days, FRIDAY)
    assert "2026-0001 水资源处" in told["a"]
    assert "取水" not in "".join(told.values())


@pytest.mark.requirement("A61", "A66")
async def test_what_the_only_clerk_filed_himself_stands_in_the_directors(days: Days) -> None:
    await days.matter()
    await hands.complete(days.world, "03-05 15:00")
    await Seat.filter(role="office").update(person_id=days.world.people["a"])
    told = await sent(days, FRIDAY)
    assert list(told) == ["wang"]
    assert "【待审完结】1件" in told["wang"]
