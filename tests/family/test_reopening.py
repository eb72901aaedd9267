"""/重开: a closed matter begins a new cycle, the old one keeps its figures."""

from __future__ import annotations

import asyncio
import json
from datetime import date

import pytest

from bot.actions import dossier, setting
from bot.rules.ruleset import Ruleset
from models.completion import Completion
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.prompt import Prompt
from models.score import ScoreEvent
from tests import department
from tests.department import ACK, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days

REASON = "整改成效反弹，群众再次来信"


async def closed(days: Days, text: str = PROPOSE, hours: float = 30) -> Matter:
    """Late with N1, completed and accepted at `hours`, everything sent and forgotten."""
    matter = await days.matter(text)
    await days.until(hours)
    await days.said("a", f"1 {ACK}")
    await days.world.hand_in("a", hours)
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", hours)).card
    await days.world.press("a", card.actions[0].key, hours)
    assert "已同意" in await days.said("ban", "/同意办结 1 优秀", hours + 1)
    days.forget()
    return await Matter.get(id=matter.id)


async def test_a_new_cycle_begins(days: Days) -> None:
    await closed(days, f"{PROPOSE} 配合:规划处")
    score = await days.score()
    kept = await Obligation.all().order_by("id").values()
    assert (await Prompt.get(kind="look_back")).next_at
    assert "须说明理由" in await days.said("ban", "/重开 1", 100)
    assert "没有写明事项编号" in await days.said("ban", f"/重开 {REASON}")
    card = (await days.world.say("ban", f"/重开 1 {REASON}", 100)).card
    assert "新一轮" in card.text
    assert (await Matter.get()).state == "closed"
    text = (await days.world.press("ban", card.actions[0].key, 100)).text
    assert "2026-0001 已重开，进入第2轮办理" in text
    assert "3月7日 13:00前研究部署" in text
    await days.turn(100)
    matter = await Matter.get()
    assert (matter.state, matter.cycle, matter.handler_id, matter.closed_at) == ("running", 2, None, None)
    assert (matter.year, matter.number, matter.written_off_at) == (2026, 1, None)
    assert await Obligation.filter(cycle=1).order_by("id").values() == kept
    assert await days.score() == score
    row = await Prompt.get(kind="look_back")
    assert (row.verdict, row.next_at) == ("reopened", None)
    # one card each: the unit has the initiation again, the handler of before, leaders and helpers hear of it
    assert await days.told("reopened") == ["fen", "gc", "gui", "zhang"]
    again = [row["user"] for row in days.wecom.sent if row["title"].startswith("重新交办")]
    assert sorted(again) == ["a", "b", "chu"]
    assert any(REASON[:8] in card for card in await days.cards("a"))
    assert len([row for row in days.sms.sent if "13710交办" in row["text"]]) == 2
    line = await Ledger.get(verb="reopen")
    told = json.loads(line.body)["facts"]
    assert (told["reason"], told["cycle"]) == (REASON, 2)
    assert "2026-0001 关于开展" in await days.said("ban", "/事项")
    assert "3月7日 13:00截止" in await days.said("a", "待办")
    await days.world.hand_in("a", 101)
    await days.world.press(
        "a", (await days.world.say("a", "完结 1 理由：已全部整改到位", 101)).card.actions[0].key, 101
    )
    assert await Completion.all().order_by("id").values_list("cycle", "attempt") == [(1, 1), (2, 1)]
    assert await days.world.intact()


async def test_other_matters_run_on_and_all_of_the_office_hears(days: Days) -> None:
    """Of the two that begin anew neither was told of the first time; its initiation does not go out any more."""
    await department.seat("yuan", "办公员二", None, "office", days.world)
    for number in (1, 2):
        await days.world.matter()
        await days.world.hand_in(number=number)
        card = (await days.world.say("a", f"完结 {number} 理由：已全部整改到位")).card
        await days.world.press("a", card.actions[0].key)
        await days.world.say("ban", f"/同意办结 {number}")
    await days.world.matter()
    kept = await Obligation.filter(matter_id=3).order_by("id").values()
    for number in (1, 2):
        card = (await days.world.say("ban", f"/重开 {number} {REASON}")).card
        await days.world.press("ban", card.actions[0].key)
    assert await Obligation.filter(matter_id=3).order_by("id").values() == kept
    await days.turn(0)
    assert await days.told("reopened") == ["fen", "fen", "yuan", "yuan"]
    begun = await Notice.filter(kind="initiate").order_by("matter_id").values_list("obligation__cycle", flat=True)
    assert begun == [2, 2, 1]
    assert await days.world.intact()


async def test_the_new_cycle_has_its_own_ladder_and_points(days: Days) -> None:
    await closed(days)
    await days.sure("ban", f"/重开 1 {REASON}", 100)
    before = await days.score()
    await days.until(100 + 72.5)
    assert await days.score() == before - 7
    charged = await ScoreEvent.filter(obligation__cycle=2).values_list("rule", flat=True)
    assert sorted(charged) == ["overdue", "supervise", "urge_episode"]
    matter = await Matter.get()
    told = await dossier.of(matter)
    assert (matter.supervised, len(told["supervisions"]), told["total"]) == (1, 1, -7)
    assert told["answers"] == []
    assert "督办" in await days.said("ban", "/问效 1")
    await days.said("a", f"1 {ACK}")
    assert [each["kind"] for each in (await dossier.of(await Matter.get()))["answers"]] == ["acknowledge"]
    rows = await Obligation.filter(name="N1").order_by("cycle").values_list("cycle", "ended")
    assert rows == [(1, "met"), (2, "met")]


@pytest.mark.requirement("A50")
async def test_the_new_cycle_has_questions_of_its_own(days: Days) -> None:
    await closed(days, hours=73)
    await days.sure("ban", f"/重开 1 {REASON}", 100)
    await days.until(100 + 121)
    found = await Prompt.filter(kind="stalled").order_by("id").values_list("cycle", "verdict")
    assert [tuple(each) for each in found] == [(1, "moot"), (2, "")]


async def test_old_cards_change_nothing(days: Days) -> None:
    await closed(days)
    first = await Obligation.get(name="N1", cycle=1)
    card = await Delivery.filter(notice__kind="initiate", lane="chat").first()
    assert card
    await days.sure("ban", f"/重开 1 {REASON}", 100)
    lines = await Ledger.all().count()
    for key in (f"ack:{first.id}:1:{card.id}", "accept:1", "complete:1", f"unsolved:{first.id}:1:{card.id}"):
        pressed = await days.world.press("ban" if key == "accept:1" else "a", key, 101, {"person": ["8"]})
        assert "未" in pressed.text, key
    assert "尚未办结" in await days.said("ban", "/销号 1")
    assert "未" in await days.said("ban", "/退回 1 上级 数据有误")
    assert await Ledger.all().count() == lines
    assert (await Obligation.get(name="N1", cycle=2)).ended == ""


async def test_who_may_and_when(days: Days) -> None:
    await days.matter()
    assert "2026-0001 尚在办理" in await days.said("ban", f"/重开 1 {REASON}")
    assert "不能使用" in await days.said("a", f"/重开 1 {REASON}")
    assert "不能" in await days.said("fen", f"/重开 1 {REASON}")
    assert "没有编号为 9" in await days.said("ban", f"/重开 9 {REASON}")
    await days.sure("wang", "/撤销 1 任务取消")
    assert "2026-0001 已撤销，不能重开" in await days.said("ban", f"/重开 1 {REASON}")


async def test_confirmed_twice_and_by_two_at_once(days: Days) -> None:
    await closed(days)
    cards = [(user, (await days.world.say(user, f"/重开 1 {REASON}", 100)).card) for user in ("ban", "wang")]
    pressed = [(user, card.actions[0].key) for user, card in cards]
    said = await asyncio.gather(*(days.world.press(user, key, 100) for user, key in [*pressed, *pressed]))
    assert sum("进入第2轮" in each.text for each in said) == 1
    assert await Ledger.filter(verb="reopen").count() == 1
    assert (await Matter.get()).cycle == 2
    assert await Notice.filter(kind="initiate").count() == 2
    assert await days.world.intact()


async def test_an_own_deadline_that_is_past_stays_with_the_old_cycle(days: Days) -> None:
    await closed(days, f"{PROPOSE} 截止:2026-03-20")
    await days.sure("ban", f"/重开 1 {REASON}", 24 * 10)
    again = await Obligation.filter(cycle=2, due_at__isnull=False).values_list("name", flat=True)
    assert sorted(again) == ["CUSTOM", "N1", "N3", "N7"]
    await Matter.all().update(state="closed", closed_at=department.T, due_on=date(2026, 3, 13))
    await days.sure("ban", f"/重开 1 {REASON}", 24 * 12)
    third = await Obligation.filter(cycle=3, due_at__isnull=False).values_list("name", flat=True)
    assert sorted(third) == ["N1", "N3", "N7", "NM"]


async def test_last_years_number_stays(days: Days) -> None:
    """It is found by its year; this year's series does not notice."""
    await closed(days)
    await Matter.all().update(year=2025)
    assert "2025-0001 已重开" in await days.sure("ban", f"/重开 2025-1 {REASON}", 100)
    assert (await days.world.matter(at=101)).code == "2026-0002"


@pytest.mark.parametrize("clock_start", ["delivery", "acceptance"])
async def test_where_t_waits_the_new_cycle_waits_for_it_again(days: Days, clock_start: str) -> None:
    setting.use(setting.Setting(department.KEY, Ruleset(clock_start=clock_start)))
    await closed(days)
    text = await days.sure("ban", f"/重开 1 {REASON}", 100)
    assert "已重开" in text
    assert await Obligation.filter(cycle=2, name="N1").exists() is (clock_start == "delivery")
    await days.said("a", "收到", 105)
    row = await Obligation.get(cycle=2, name="N1")
    assert row.due_at == at((100 if clock_start == "delivery" else 105) + 24)
    assert await days.world.intact()
