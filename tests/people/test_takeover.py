"""Spans that begin or are over by date, and the roster file: one mechanism, once, whoever comes first (A64)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import structlog

from bot.actions import roster as action
from bot.actions import setting, takeover
from bot.documents import seating
from bot.documents.roster import Row
from bot.engine import due
from bot.rules import ruleset
from models import database, schedule, spans
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.people import Seat, Unit
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days
from tests.people.test_reseat import letter, told


async def bring_in(days: Days, hours: float, changed: dict[str, str]) -> None:
    """Import the roster of today with these accounts in others' places: `a` → `gui`."""
    on = at(hours).date()
    rows = await action.current(on)
    taken = {row.wecom: row for row in rows}
    made = [
        Row(row.line, **{**_person(taken[changed.get(row.wecom, row.wecom)]), "unit": row.unit, "role": row.role})
        for row in rows
        if row.role != "leader_in_charge"
    ]
    leaders = [row for row in rows if row.role == "leader_in_charge"]
    await action.apply(seating.people([*made, *leaders]), seating.units(made), on=on)


def _person(row: Row) -> dict[str, str]:
    return {"name": row.name, "phone": row.phone, "wecom": row.wecom}


@pytest.mark.requirement("A64")
async def test_the_roster_file_hands_over_too(days: Days) -> None:
    matter = await days.matter()
    await days.until(27)
    await days.plan(27)  # an urge is planned for A, and not sent
    days.forget()
    await bring_in(days, 27, {"a": "gui"})
    n1 = await days.world.owed(matter, "N1")
    picked = {"person": [str(days.world.people["zhang"])]}
    assert "不在" in (await days.world.press("a", f"ack:{n1.id}:1:1", 27, picked)).text  # he left the file
    await days.turn(27)
    assert await told(days, "urge") == ["b", "chu", "gui"]
    assert "您任水资源处A岗，接李安。" in await letter(days, "gui")
    (line,) = await Ledger.filter(verb="take_over")
    assert line.actor_id is None
    assert not await spans.turned(date(2026, 3, 3))
    await bring_in(days, 27, {})
    await days.turn(27)
    assert await told(days, "word") == ["gui"]
    assert await days.world.intact()


@pytest.mark.requirement("A39", "A64")
async def test_a_unit_renamed_in_the_file_leaves_its_matters_behind(days: Days) -> None:
    """The import names them as long as they run, with what to do; a dry run too."""
    await days.matter()
    await days.matter()
    rows = await action.current(at(1).date())
    renamed = {"水资源处": "水资源管理处"}
    new = [
        replace(row, unit=renamed.get(row.unit, row.unit), covers=tuple(renamed.get(each, each) for each in row.covers))
        for row in rows
    ]
    told_ = "! 水资源处: 已无人员，在办 2026-0001、2026-0002 无人办理；请沿用原处室名称，或逐件 /改派 编号 新处室 理由"
    for dry in (True, False):
        lines = await action.apply(seating.people(new), seating.units(new), on=at(1).date(), dry_run=dry)
        assert lines[-1] == told_
        assert len(lines) > 1
    again = await action.apply(seating.people(new), seating.units(new), on=at(1).date())
    assert again == [told_]
    for code in (1, 2):
        await days.sure("ban", f"/改派 {code} 水资源管理处 处室更名", 2)
    assert await action.apply(seating.people(new), seating.units(new), on=at(2).date()) == []


@pytest.mark.requirement("A39", "A64")
async def test_units_left_behind_stand_in_their_order(days: Days) -> None:
    for unit in ("水资源处", "规划处"):
        await days.matter(PROPOSE.replace("处室:水资源处", f"处室:{unit}"))
    await Unit.filter(name="规划处").update(order=-1)
    rows = [replace(row, covers=()) for row in await action.current(at(1).date()) if not row.unit]
    lines = await action.apply(seating.people(rows), seating.units(rows), on=at(1).date(), dry_run=True)
    assert [line.partition(":")[0] for line in lines if "无人办理" in line] == ["! 规划处", "! 水资源处"]


@pytest.mark.requirement("A64")
async def test_a_first_roster_hands_nothing_over(days: Days) -> None:
    await Seat.all().update(until=None)
    assert await spans.next_day() is None
    assert await takeover.advance(at(0)) == 0


@pytest.mark.requirement("A64", "A66")
async def test_a_clerk_of_the_office_gets_what_waits(days: Days) -> None:
    await days.matter()
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 2)).card
    assert card
    await days.world.press("a", card.actions[0].key, 2)
    await days.turn(2)
    assert await told(days, "completion") == ["ban"]
    await bring_in(days, 3, {"ban": "zhang"})
    await days.turn(3)
    assert await told(days, "completion") == ["ban", "zhang"]
    assert "【待您审批】1件：\n完结 2026-0001" in await letter(days, "zhang")
    asked = await Delivery.get(person_id=days.world.people["zhang"], kind="completion")
    assert asked.state == "accepted"
    assert "已同意" in await days.said("zhang", "/同意办结 1", 3)


@pytest.mark.requirement("A64")
async def test_two_replicas_hand_over_once(days: Days) -> None:
    await days.matter()
    await days.said("ban", "/代班 李安 规划员 3月3日至4日", 2)
    await asyncio.gather(*(database.retrying(lambda: takeover.advance(at(15))) for _ in range(2)))
    await days.turn(15)
    assert await told(days, "word") == ["a", "gui"]
    assert await Ledger.filter(verb="take_over").count() == 1


@pytest.mark.requirement("A64")
@pytest.mark.parametrize("nth", range(2))
async def test_a_tick_at_the_same_moment(days: Days, nth: int) -> None:
    """Whoever comes first: the urge that falls due just then is the new holder's, and nobody's twice."""
    for _ in range(4):
        await days.world.matter()
    await days.until(27)
    card = (await days.world.say("ban", "/换岗 水资源处 A:规划员", 27)).card
    assert card
    tick = database.retrying(lambda: due.advance(at(27), 2))
    both = (tick, days.world.press("ban", card.actions[0].key, 27))
    await asyncio.gather(*(both if nth else both[::-1]))
    await days.turn(27)
    assert await told(days, "urge") == sorted(["b", "chu", "gui"] * 4)
    assert {*await told(days, "taken_over")} <= {"gui"}
    assert await days.world.intact()


@pytest.mark.requirement("A64")
async def test_what_is_initiated_beside_it_goes_too(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """A matter that comes while another one is handed over: who plans for it sees the old holder still."""
    await days.matter()
    later = await days.world.matter(PROPOSE.replace("取水", "用水"))
    await Matter.filter(id=later.id).update(state="proposed")
    handed: list[int] = []
    hand_over = takeover._hand_over

    async def slow(matter_id: int, *rest: Any) -> None:
        handed.append(matter_id)
        await Matter.filter(id=later.id).update(state="running")
        await hand_over(matter_id, *rest)

    monkeypatch.setattr(takeover, "_hand_over", slow)
    await days.sure("ban", "/换岗 水资源处 A:规划员", 0)
    assert handed == [later.id - 1, later.id]


@pytest.mark.requirement("A64")
async def test_the_day_is_in_the_schedule(days: Days) -> None:
    await Seat.all().update(until=None)
    await days.said("ban", "/代班 李安 规划员 3月3日至4日")
    assert await schedule.first_due_at() == at(15)
    await days.turn(15)
    assert await schedule.first_due_at() == at(15 + 48)
    await days.turn(63)
    assert await schedule.first_due_at() is None


@pytest.mark.requirement("A64")
async def test_a_unit_that_can_not_be_handed_over_stops_nobody(days: Days) -> None:
    matter = await days.matter()
    await days.said("ban", "/代班 李安 张三 3月3日至4日", 1)
    await days.said("wang", "/代班 王主任 规划员 3月3日至4日", 1)
    await Matter.filter(id=matter.id).update(ruleset={"calendar": 7})  # no ruleset of any version
    with structlog.testing.capture_logs() as logs:
        assert await takeover.advance(at(15)) == 2
    assert [(each["event"], each["unit"]) for each in logs] == [("takeover_set_aside", matter.unit_id)]
    assert not await spans.turned(date(2026, 3, 3))
    await days.send(15)
    assert await told(days, "word") == ["gui", "wang"]
    assert "您代王主任履行办公室主任职责" in await letter(days, "gui")


@pytest.mark.requirement("A64", "A10")
async def test_in_the_quiet_hours_it_waits_for_the_morning(days: Days) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"quiet_hours": "22:00-08:00"})))
    await days.matter()
    await days.said("ban", "/代班 李安 规划员 3月3日至4日", 2)
    await days.turn(15)
    assert await told(days, "word") == []
    assert await told(days, "word", "pending") == ["a", "gui"]
    assert "1天节点已反馈" in await days.said("gui", ACK, 16)  # his right begins at midnight
    await days.turn(23)
    assert await told(days, "word") == ["a", "gui"]
    assert await told(days, "taken_over") == []  # answered meanwhile
    assert await told(days, "taken_over", "cancelled") == ["gui"]


@pytest.mark.requirement("A64", "A65")
async def test_a_proposal_waits_for_the_new_leader(days: Days) -> None:
    await days.world.say("ban", PROPOSE.replace("省政府13710", "处室"))
    await days.turn(0)
    await days.said("wang", "/代班 分管 规划员 今天", 1)
    assert await told(days, "approval") == ["fen", "gui", "wang"]
    assert "您不担任" in await days.said("fen", "/批准 1") or "不能使用" in await days.said("fen", "/批准 1")
    assert "拟-1" in await days.said("gui", "/批准 1")
    assert await Seat.filter(role="leader_in_charge").count() == 2
