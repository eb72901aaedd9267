"""What is due becomes notices, deliveries and the next cursor, in one transaction (flow 2)."""

from __future__ import annotations

import asyncio

import pytest
from tortoise.exceptions import OperationalError

from bot.actions import setting
from bot.engine import due
from bot.rules import ruleset
from models import database
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.score import ScoreEvent
from tests.department import KEY, PROPOSE
from tests.engine.desk import Desk, at, planned, states

MONTHLY = PROPOSE.replace("类别:一般", "类别:长期")


async def test_a_rung_is_planned_once_by_two_engines_at_once(desk: Desk) -> None:
    for _ in range(3):
        await desk.world.matter()
    await desk.turn(0)
    await asyncio.gather(*(due.advance(at(19), 500) for _ in range(2)))
    await due.advance(at(19), 500)
    assert await planned() == [("N1", "remind", 0)] * 3
    assert len(await states("remind")) == 3
    await asyncio.gather(*(due.advance(at(72), 500) for _ in range(2)))
    assert [kind for name, kind, _ in await planned() if name == "N1"].count("supervise") == 3
    assert await Matter.filter(supervised=1).count() == 3


@pytest.mark.requirement("A5")
async def test_nothing_is_due_before_its_instant(desk: Desk) -> None:
    await desk.matter()
    assert await due.advance(at(18.99), 500) == 0
    assert await due.advance(at(19), 500) == 1
    assert await due.advance(at(19), 500) == 0


async def test_cursor_notices_and_deliveries_are_one_transaction(desk: Desk) -> None:
    matter = await desk.matter()
    for hours in (19, 72):
        before = (await desk.world.owed(matter, "N1")).next_notice_at, await Notice.all().count()
        await database.execute("ALTER TABLE delivery RENAME TO away")
        with pytest.raises(OperationalError):
            await due.advance(at(hours), 500)
        await database.execute("ALTER TABLE away RENAME TO delivery")
        row = await desk.world.owed(matter, "N1")
        assert (row.next_notice_at, await Notice.all().count()) == before
        assert row.fault == ""
        await desk.plan(hours)
        assert await Notice.all().count() > before[1]
    assert (await Matter.get()).supervised == 1


async def test_a_matter_that_cannot_be_read_does_not_stop_the_others(desk: Desk) -> None:
    broken, good = await desk.matter(), await desk.matter()
    await Matter.filter(id=broken.id).update(ruleset={"no such key": 1})
    assert await due.advance(at(19), 1) == 1  # the batch holds nothing but the broken one: it is not the end
    await desk.plan(19)
    assert await Notice.filter(kind="remind").values_list("matter_id", flat=True) == [good.id]
    row = await desk.world.owed(broken, "N1")
    assert row.next_notice_at is None
    assert "no such key" in row.fault


async def test_a_supervise_notice_that_cannot_be_planned_is_set_aside(desk: Desk) -> None:
    broken, good = await desk.matter(), await desk.matter()
    row = await desk.world.owed(broken, "N1")
    await Obligation.filter(id=row.id).update(cycle=9)
    await desk.plan(72)
    assert await Notice.filter(kind="supervise").values_list("matter_id", flat=True) == [good.id]
    await row.refresh_from_db()
    assert row.next_notice_at is None
    assert row.fault


async def test_a_matter_reopened_beside_a_supervise_notice_is_no_fault(desk: Desk) -> None:
    row = await desk.world.owed(await desk.matter(), "N1")
    reopened = Obligation.filter(id=row.id)
    await reopened.update(cycle=9, ended="void", next_notice_at=None)
    await due._alone(row.id, at(72))
    assert (await reopened.get()).fault == ""


@pytest.mark.requirement("R59", "A15")
async def test_the_second_supervise_notice_proposes_accountability(desk: Desk) -> None:
    matter = await desk.matter()
    for hours in (72, 119):
        await desk.turn(hours)
    assert (await Matter.get()).supervised == 1
    desk.forget()
    await desk.turn(120)
    found = await Matter.get()
    assert (found.supervised, found.proposal_open) == (2, True)
    proposal = await Notice.get(kind="accountability_proposal")
    assert proposal.at == at(120)
    told = await Delivery.filter(notice_id=proposal.id).values_list("person_id", "lane")
    assert told == [(desk.world.people["ban"], "chat")]
    rules = await ScoreEvent.filter(matter_id=matter.id).order_by("rule").values_list("rule", "tenths")
    assert rules.count(("supervise", -5)) == 2
    assert await desk.world.intact()


async def test_a_period_opens_the_next(desk: Desk) -> None:
    matter = await desk.matter(MONTHLY)
    names = Obligation.filter(matter_id=matter.id, name__startswith="M2026")
    first = set(await names.values_list("name", flat=True))
    await desk.plan(24 * 31)
    later = set(await names.values_list("name", flat=True))
    assert first < later
    assert "M2026-04" in later
    count = await names.count()
    await desk.plan(24 * 31)
    assert await names.count() == count


@pytest.mark.requirement("A43")
async def test_after_downtime_one_notice_stands_for_all(desk: Desk) -> None:
    matter = await desk.matter()
    await desk.plan(40)
    assert await planned() == [("N1", "urge", 5)]  # 27, 30, 33, 36, 39
    row = await desk.world.owed(matter, "N1")
    assert row.caught_up_at == at(40)
    assert row.next_notice_at == at(42)
    notice = await Notice.get(kind="urge")
    assert (notice.at, notice.facts) == (at(40), {"marks": ["first"], "caught_up": True})
    await desk.plan(42)
    assert (await planned())[-1] == ("N1", "urge", 6)


async def test_a_rung_closer_than_the_gap_after_a_catch_up_is_dropped(desk: Desk) -> None:
    matter = await desk.matter()
    await desk.plan(41)
    assert (await desk.world.owed(matter, "N1")).next_notice_at == at(45)


@pytest.mark.requirement("A43")
async def test_a_supervise_notice_is_never_lost(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(71.5)  # an urge stands for what was missed; the supervise notice is within the gap after it
    await desk.plan(72)
    assert [each for each in await planned() if each[0] == "N1"] == [("N1", "urge", 19), ("N1", "supervise", 0)]


async def test_a_long_downtime_leaves_the_supervise_notice_of_each_node(desk: Desk) -> None:
    await desk.matter()
    await desk.plan(24 * 20)
    kinds = [each for each in await planned() if each[1] != "accountability_proposal"]
    assert kinds == [("N1", "supervise", 0), ("N3", "supervise", 0), ("N7", "supervise", 0)]
    assert (await Matter.get()).supervised == 3


@pytest.mark.requirement("A43")
async def test_missed_notices_are_dropped_where_the_office_wants_it_so(desk: Desk) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"catch_up": "gap"})))
    matter = await desk.matter()
    await desk.plan(40)
    assert await planned() == []
    assert (await desk.world.owed(matter, "N1")).next_notice_at == at(42)


@pytest.mark.requirement("A10")
async def test_a_catch_up_waits_for_the_morning(desk: Desk) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"quiet_mode": "defer"})))
    matter = await desk.matter()
    await desk.plan(38)  # 23:00
    assert await planned() == []
    assert (await desk.world.owed(matter, "N1")).next_notice_at == at(47)  # 08:00
    await desk.plan(47)
    assert [kind for _, kind, _ in await planned()] == ["urge"]


@pytest.mark.requirement("A14")
async def test_lateness_costs_a_tenth_with_the_first_urge(desk: Desk) -> None:
    matter = await desk.matter()
    await desk.plan(19)
    await desk.plan(26.9)
    assert await ScoreEvent.all().count() == 0
    await desk.plan(27)
    event = await ScoreEvent.get()
    assert (event.rule, event.tenths, event.unit_id) == ("overdue", -1, matter.unit_id)
