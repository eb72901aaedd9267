"""What the system asks the office by itself, and what comes of each answer (A6, A50, A56, A61)."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.actions import question, setting
from bot.engine import digest
from bot.rules.calendar import local
from bot.rules.ruleset import Ruleset
from models import database, schedule
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.prompt import Prompt
from tests.department import ACK, KEY, PROPOSE, T
from tests.engine.desk import at
from tests.office.days import Days

MEETING = PROPOSE.replace("省政府13710", "办公会")
UNSOLVED = "进展 1 7天 未解决。原因：需跨市协调 下步措施：专题会商 预计时间：4月底"


async def asked(kind: str) -> list[str]:
    """When it was asked, in Shanghai."""
    rows = await Notice.filter(kind=kind).order_by("id")
    return [f"{local(each.at):%m-%d %H:%M}" for each in rows]


def keys(days: Days, user: str = "ban") -> list[str]:
    """The buttons of the last card with buttons that a person got."""
    return next(each["keys"] for each in reversed(days.wecom.sent) if each["user"] == user and each.get("keys"))


async def press(days: Days, key: str, hours: float, user: str = "ban") -> Any:
    answer = await days.world.press(user, key, hours)
    days.now = hours
    await days.turn(hours)
    return answer


async def test_a_question_that_comes_anew_knows_nothing_of_its_answer(days: Days) -> None:
    """An end that nobody brought about is nobody's own, also not of the person with the first number."""
    matter = await days.silent(24 * 8)
    row, said = await Prompt.get(kind="stalled"), (await Notice.get(kind="stalled")).facts
    async with database.transaction():
        await question.card(row, matter, [days.world.people["wang"]], said, at(24 * 8))
    await days.turn(24 * 8)
    days.forget()
    async with database.transaction():
        await question.end(row, "talk", at(194))
    await days.turn(194)
    turned = {(user, card.done) for user, _, card in days.wecom.replaced}
    assert turned == {("wang", "已由他人办理"), ("ban", "已由他人办理")}
    await Prompt.filter(id=row.id).update(fault="no words", note="x", decided_by_id=days.world.people["wang"])
    async with database.transaction():
        await question.open_(matter, "stalled", at(195), at(200))
    anew = await Prompt.get(id=row.id)
    assert (anew.verdict, anew.note, anew.decided_by_id, anew.decided_at, anew.fault) == ("", "", None, None, "")
    assert (anew.since, anew.next_at) == (at(195), at(200))
    async with database.transaction():
        await question.card(anew, matter, [days.world.people["wang"]], said, at(195))
    await days.turn(195)
    days.forget()
    async with database.transaction():
        await question.end(anew, "feedback", at(196), by=days.world.people["a"])
    await days.turn(196)
    assert [(user, card.done) for user, _, card in days.wecom.replaced] == [("wang", "无需再决定")]


@pytest.mark.requirement("A50")
async def test_a_silent_matter_is_put_before_the_office_every_thursday(days: Days) -> None:
    await days.silent(24 * 21)
    # N1 supervised at 72 h, N3 at 120 h moves the question before it was asked; N7 at 216 h leaves the Thursdays
    assert await asked("stalled") == ["03-09 09:00", "03-12 09:00", "03-19 09:00"]
    assert set(await days.told("stalled")) == {"ban"}
    said = [each for each in await days.cards("ban") if "请决定" in each]
    assert "水资源处督办后仍未报" in said[0]
    assert "1天反馈等2项" in said[0]
    assert "（第3次提请）" in said[2]
    row = await Prompt.get(kind="stalled")
    assert f"{local(row.next_at):%m-%d %H:%M}" == "03-26 09:00"
    assert await days.world.intact()


@pytest.mark.requirement("A50")
async def test_an_answer_ends_it_before_it_is_asked(days: Days) -> None:
    await days.silent(121)
    await days.said("a", "进展 1 7天 已完成现场核查，形成问题清单", 130)
    assert (await Prompt.get(kind="stalled")).verdict == "moot"
    await days.until(24 * 25)
    assert await asked("stalled") == []


@pytest.mark.choice("stalled_decision", False)
@pytest.mark.requirement("A50")
async def test_the_option_switches_it_off(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(stalled_decision=False)))
    await days.silent(24 * 14)
    assert not await Prompt.exclude(kind="approval").exists()


@pytest.mark.requirement("A50")
async def test_no_button_does_at_once_what_is_hard_to_undo(days: Days) -> None:
    matter = await days.silent(169)
    follow, hand, talk, drop = keys(days)
    lines = await days.verbs()
    assert "时限由新处室重新起算）：\n/改派 2026-0001 处室 理由" in (await press(days, hand, 170)).text
    said = (await press(days, talk, 170)).text
    assert "/约谈 2026-0001 时间、地点、要求" in said
    assert "/问效 2026-0001 上报" in said
    assert "办公室主任王主任" in (await press(days, drop, 170)).text
    confirm = (await press(days, follow, 170)).card
    assert "每周四前报送进展" in confirm.text
    assert await days.verbs() == lines
    assert (await Matter.get(id=matter.id)).follow_up_at is None
    for user in ("a", "fen"):
        assert "审核，您的岗位不能办理" in (await press(days, follow, 170, user)).text
    days.forget()
    done = await press(days, confirm.actions[0].key, 171)
    assert "已转入持续跟进" in done.text
    assert done.replace.done == "已确认"
    assert [each.done for _, _, each in days.wecom.replaced if "请决定" in each.title] == ["已转跟进"]
    row = await Prompt.get(kind="stalled")
    assert (row.verdict, row.decided_by_id, row.next_at) == ("followed_up", days.world.people["ban"], None)
    again = await press(days, confirm.actions[0].key, 172)
    assert (again.text.partition("，")[0], again.replace) == ("您已确认过“转跟进 2026-0001”", done.replace)
    assert "已过期" in (await press(days, confirm.actions[0].key, 172, "wang")).text
    for key in (follow, hand, talk, drop):
        assert "已过期" in (await press(days, key, 172)).text
    await days.until(24 * 9)  # N1, N3 and N7 stay open: nobody asks until the next supervise notice
    assert await asked("stalled") == ["03-09 09:00"]
    assert await days.world.intact()


@pytest.mark.requirement("A50")
async def test_a_confirmed_tap_counts_for_what_was_seen(days: Days) -> None:
    await days.silent(169)
    confirm = (await press(days, keys(days)[0], 170)).card
    await days.said("ban", "/催办 1 请即报送", 171)
    assert "有变化" in (await press(days, confirm.actions[0].key, 172)).text
    assert (await Prompt.get(kind="stalled")).verdict == ""


@pytest.mark.requirement("A50")
async def test_a_talk_rests_it_until_the_next_supervise_notice(days: Days) -> None:
    await days.silent(169)
    assert "没有看到约谈的内容" in await days.said("ban", "/约谈 1", 170)
    assert "约谈 2026-0001" in await days.said("ban", "/约谈 1 明天15:00到厅办公室说明情况", 170)
    assert await days.told("talk") == ["a", "b", "chu", "fen"]
    line = await Ledger.get(verb="talk")
    assert json.loads(line.body)["facts"]["words"] == "明天15:00到厅办公室说明情况"
    assert (await Prompt.get(kind="stalled")).verdict == "talked"
    assert "不能使用" in await days.said("a", "/约谈 1 请到我处", 171)
    await days.until(24 * 18)  # N7's supervise notice at 216 h
    assert await asked("stalled") == ["03-09 09:00", "03-13 09:00", "03-19 09:00"]
    assert (await Prompt.get(kind="stalled")).asked == 3


@pytest.mark.requirement("A50")
@pytest.mark.parametrize(
    ("user", "text", "verdict"),
    [
        ("ban", "/改派 1 规划处 职责调整", "reassigned"),
        ("wang", "/撤销 1 情况变化", "withdrawn"),
        ("wang", "/问效 1 上报", "reported"),
    ],
)
async def test_the_other_courses_decide_it_too(days: Days, user: str, text: str, verdict: str) -> None:
    await days.silent(169)
    await days.sure(user, text, 170)
    row = await Prompt.get(kind="stalled")
    assert (row.verdict, row.next_at, row.decided_by_id) == (verdict, None, days.world.people[user])


@pytest.mark.requirement("A50")
async def test_weeks_and_months_know_no_follow_up(days: Days) -> None:
    await days.matter(PROPOSE.replace("一般", "月报"))
    await days.until(24 * 7)
    assert [each.split(":")[0] for each in keys(days)] == ["hand", "talk", "drop"]


@pytest.mark.requirement("A50")
async def test_while_an_extension_waits_its_decision_comes_first(days: Days) -> None:
    await days.silent(121)
    await days.said("a", "延期 1 理由：汛期不能施工 方案：分两段推进，先主体后附属 责任人：张三 时限：2026-05-30", 122)
    await days.until(24 * 8)
    assert await asked("stalled") == []
    await days.said("ban", "/不同意延期 1 时间过长", 24 * 8)
    await days.until(24 * 11)
    assert await asked("stalled") == ["03-12 09:00"]


@pytest.mark.requirement("A6", "A56")
async def test_not_solved_is_asked_at_once_and_each_working_day(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    assert "7天反馈" in await days.said("a", UNSOLVED, 100)  # Friday 13:00
    assert await asked("unsolved") == ["03-06 13:00"]
    card = next(each for each in await days.cards("ban") if "请决定" in each)
    assert "是否转重大" in card
    assert "需跨市协调" in card
    assert "4月2日 09:00" in card
    await days.until(217)
    assert await asked("unsolved") == ["03-06 13:00", "03-09 09:00", "03-10 09:00", "03-11 09:00"]
    major, general = keys(days)
    assert "不能办理" in (await press(days, major, 217, "a")).text
    days.forget()
    done = await press(days, major, 218)
    assert "已转为重大事项" in done.text
    assert (done.replace.done, done.replace.tone) == ("已转重大", 3)
    assert len([each for _, _, each in days.wecom.replaced if each.done == "已转重大"]) == 2  # the third was pressed
    assert (await Matter.get()).category == "major"
    assert "已过期" in (await press(days, general, 219)).text
    await days.until(24 * 20)
    assert len(await asked("unsolved")) == 4
    assert await days.world.intact()


@pytest.mark.requirement("A56")
async def test_it_shows_the_words_for_the_seventh_day_and_no_later_ones(days: Days) -> None:
    await days.matter()
    await days.matter()
    await days.said("a", ACK.replace("收", "1 收", 1), 1)
    await days.said("a", UNSOLVED, 100)
    await days.said("a", UNSOLVED.replace("1", "2", 1).replace("专题", "现场"), 100.5)
    await days.said("a", "补充 1 7天 专题会商纪要已交厅办公室存档", 101)
    await days.said("fen", "限期 1 3月8日 报整改清单", 102)
    await days.said("a", "进展 1 3月8日限期 整改清单已形成并报送", 103)
    await days.until(170)
    shown = await Notice.filter(kind="unsolved", matter_id=1).order_by("-id").first()
    assert shown.facts["text"] in UNSOLVED
    assert (shown.facts["by"], shown.facts["at"]) == ("李安", at(100).isoformat())


@pytest.mark.requirement("A56", "A57")
async def test_or_the_words_that_settled_it(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(month_backstop=False)))
    await days.matter()
    await days.said("a", ACK, 1)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 2)
    await days.said("fen", "限期 1 3月8日 报整改清单", 102)
    await days.said("a", "进展 1 3月8日限期 整改清单已形成并报送", 145)
    shown = await Notice.get(kind="unsolved")
    assert (shown.facts["text"], shown.facts["by"]) == ("整改清单已形成并报送", "李安")
    assert shown.facts["backstop_at"] is None


@pytest.mark.requirement("A50")
async def test_the_oldest_silence_is_named(days: Days) -> None:
    await days.matter(f"{PROPOSE} 截止:2026-03-04")
    await days.said("a", ACK, 1)
    await days.until(24 * 8)
    shown = await Notice.filter(kind="stalled").order_by("-id").first()
    assert (shown.facts["node"], shown.facts["silent"]) == ("CUSTOM", 2)
    assert shown.facts["due_at"] == at(63).isoformat()


@pytest.mark.requirement("A56")
async def test_it_stays_general(days: Days) -> None:
    await days.matter()
    await days.said("a", UNSOLVED, 100)
    done = await press(days, keys(days)[1], 101)
    assert "维持一般事项" in done.text
    assert "4月2日 09:00前仍须办结" in done.text
    assert done.replace.done == "维持一般事项"
    assert (await days.verbs())[-1] == "keep_general"
    assert (await days.world.owed(await Matter.get(), "NM")).ended == ""
    await days.until(24 * 20)
    assert len(await asked("unsolved")) == 1
    assert "已过期" in (await press(days, f"general:{(await Prompt.get(kind='unsolved')).id}:1", 480)).text


@pytest.mark.requirement("A55", "A56")
@pytest.mark.parametrize(
    ("user", "text", "verdict"),
    [
        *(("ban", "/退回 1 7天 内容不完整", "moot"), ("a", "撤回 1", "moot")),
        *(("ban", "/转重大 1", "converted"), ("ban", "/转月报 1 落实周期4个月", "made_monthly")),
    ],
)
async def test_what_takes_its_ground_away_ends_it(days: Days, user: str, text: str, verdict: str) -> None:
    await days.matter()
    await days.said("a", UNSOLVED, 100)
    await days.said(user, text, 101)
    row = await Prompt.get(kind="unsolved")
    assert row.verdict == verdict
    old = keys(days)[1]
    if row.verdict == "moot":
        await days.said("a", UNSOLVED, 102)
        assert await asked("unsolved") == ["03-06 13:00", "03-06 15:00"]
        assert "已过期" in (await press(days, old, 103)).text


@pytest.mark.requirement("A56")
async def test_a_completion_takes_it_back(days: Days) -> None:
    await days.matter()
    await days.said("a", UNSOLVED, 100)
    await days.world.hand_in("a", 110)
    await days.sure("a", "完结 1 理由：已全部整改到位", 110)
    assert (await Prompt.get(kind="unsolved")).verdict == "moot"
    await days.until(24 * 10)
    assert len(await asked("unsolved")) == 1


async def closed(days: Days, text: str = MEETING) -> Matter:
    """Accepted on Monday 2 March, 13:00: the thirtieth day is Wednesday 1 April."""
    await days.world.say("ban", text, 0)
    await days.world.say("fen", "/批准 1", 0)
    await days.world.hand_in("a", 2)
    await days.sure("a", "完结 1 理由：已全部整改到位", 2)
    await days.said("ban", "/同意办结 1", 4)
    return await Matter.get()


@pytest.mark.requirement("A61")
async def test_the_look_back_is_asked_once(days: Days) -> None:
    await closed(days)
    await days.until(24 * 29)
    assert await asked("look_back") == []
    await days.until(24 * 60)
    assert await asked("look_back") == ["04-01 08:30"]
    assert await days.told("look_back") == ["ban"]
    assert "办结满30天" in (await days.cards("ban"))[-1]
    stable, again = keys(days)
    assert "/重开 2026-0001 理由" in (await press(days, again, 24 * 60)).text
    points = await days.score()
    done = await press(days, stable, 24 * 60 + 1)
    assert "情况稳定" in done.text
    assert done.replace.done == "情况稳定"
    assert (await days.verbs())[-1] == "confirm_stable"
    assert await days.score() == points
    assert "已过期" in (await press(days, stable, 24 * 60 + 2)).text
    assert await days.world.intact()


@pytest.mark.requirement("A61")
async def test_the_digest_of_that_morning_lists_it(days: Days) -> None:
    await closed(days)
    await Obligation.all().update(next_notice_at=None)
    for day, told in ((29, 0), (30, 1), (31, 0)):
        days.forget()
        at = T.replace(hour=0, minute=30) + timedelta(days=day)
        await digest.plan(at)
        await days.send(day * 24)
        assert len([each for each in days.wecom.sent if "【回头看】" in each["text"]]) == told, day


@pytest.mark.requirement("A61")
async def test_nobody_looks_back_at_what_was_withdrawn_or_came_back(days: Days) -> None:
    await days.matter()
    await days.sure("wang", "/撤销 1 情况变化", 1)
    assert not await Prompt.exclude(kind="approval").exists()
    # the superior sends a report back: no look-back until it is accepted once more
    await days.matter()
    await days.world.hand_in("a", 2, 2)
    await days.sure("a", "完结 2 理由：已全部整改到位", 2)
    await days.said("ban", "/同意办结 2", 4)
    row = await Prompt.get(kind="look_back")
    await days.said("ban", "/退回 2 上级 请补充佐证", 24 * 20)
    assert (await Prompt.get(id=row.id)).verdict == "moot"
    await days.world.hand_in("a", 24 * 20 + 1, 2)
    await days.sure("a", "完结 2 理由：已补充佐证材料", 24 * 20 + 1)
    await days.said("ban", "/同意办结 2", 24 * 20 + 2)
    row = await Prompt.get(id=row.id)
    assert (row.verdict, f"{local(row.next_at):%m-%d %H:%M}") == ("", "04-21 08:30")
    assert await schedule.first_due_at() == row.next_at
    assert await Delivery.filter(kind="look_back").count() == 0
