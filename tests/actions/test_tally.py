"""Supervise notices counted by unit and year, and since which decision (A15, A16, A49)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import setting, tally
from bot.rules.accountability import Tally
from bot.rules.ruleset import Ruleset
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.ruling import Ruling
from tests.department import KEY, PROPOSE, World

SECOND = timedelta(seconds=1)
MARCH = datetime(2026, 3, 5, 1, tzinfo=UTC)
ENDS = datetime(2026, 12, 31, 16, tzinfo=UTC)  # 24:00 of the year's last day in Shanghai
BEGINS = ENDS - timedelta(days=365)


async def three(world: World) -> list[Matter]:
    """Two matters of one unit and one of another, where the unit's year counts."""
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year")))
    return [await world.matter(PROPOSE.replace("水资源处", unit)) for unit in ("水资源处", "水资源处", "规划处")]


async def sent(matter: Matter, at: datetime, name: str = "N1", kind: str = "supervise", episode: int = 1) -> None:
    owed = await Obligation.get(matter_id=matter.id, name=name, cycle=1)
    await Notice.create(matter_id=matter.id, obligation_id=owed.id, kind=kind, episode=episode, at=at, created_at=at)


async def ruled(matter: Matter, verdict: str, at: datetime, kind: str = "accountability") -> None:
    said = {"matter_id": matter.id, "kind": kind, "role": "office_director", "asked_at": at, "decided_at": at}
    await Ruling.create(**said, verdict=verdict)


@pytest.mark.requirement("A15", "A16")
async def test_a_units_year(world: World) -> None:
    first, second, other = await three(world)
    for matter in (first, second, other):
        await sent(matter, MARCH)
    await sent(first, MARCH, "N3", "urge")
    await sent(first, BEGINS, "N7")
    await sent(second, BEGINS + SECOND, "N7")
    await sent(second, ENDS, "NM")
    await sent(first, ENDS + SECOND, "NM")
    counted = [(await tally.of(first, at) or Tally()).notices for at in (BEGINS, BEGINS + SECOND, ENDS, ENDS + SECOND)]
    assert counted == [1, 4, 4, 1]  # 24:00 belongs to the year that ends
    await ruled(other, "started", MARCH + SECOND)
    await ruled(first, "reported", MARCH + SECOND)
    await ruled(first, "started", MARCH + SECOND, "withdrawal")
    assert await tally.of(second, ENDS) == Tally(4)
    await ruled(first, "dropped", MARCH)
    assert await tally.of(second, ENDS) == Tally(3)
    await ruled(first, "declined", MARCH + SECOND)
    assert await tally.of(second, ENDS) == Tally(1)
    assert await tally.of(other, ENDS) == Tally(0)


@pytest.mark.requirement("A15")
async def test_one_proposal_a_unit_also_while_it_is_about_to_leave(world: World) -> None:
    first, second, other = await three(world)
    root = Obligation.filter(name="MATTER")
    await root.update(next_notice_at=None)
    await root.filter(matter_id=first.id).update(origin="proposal")
    await root.filter(matter_id=other.id).update(origin="proposal", next_notice_at=MARCH)
    await Obligation.filter(matter_id=first.id, name="N1").update(origin="proposal", next_notice_at=MARCH)
    assert await tally.of(second, MARCH) == Tally()
    await root.filter(matter_id=second.id).update(next_notice_at=MARCH)  # its initiation is no proposal
    assert await tally.of(second, MARCH) == Tally()
    await root.filter(matter_id=first.id).update(next_notice_at=MARCH)
    assert await tally.of(second, MARCH) == Tally(is_open=True)
    await root.update(next_notice_at=None)
    await Matter.filter(id=other.id).update(proposal_open=True)
    assert await tally.of(second, MARCH) == Tally()
    await Matter.filter(id=first.id).update(proposal_open=True)
    assert await tally.of(second, MARCH) == Tally(is_open=True)


@pytest.mark.requirement("A5", "A49")
async def test_what_an_answer_takes_out_of_the_count(world: World) -> None:
    first, second, _ = await three(world)
    setting.use(setting.Setting(KEY))
    for matter in (first, second):
        await Matter.filter(id=matter.id).update(ruleset={}, supervised=2)
        await sent(matter, MARCH)
    await sent(first, MARCH, "N3")
    await sent(first, MARCH, "N7", episode=2)
    await sent(first, MARCH, "N1", "urge")
    first = await Matter.get(id=first.id)
    assert await tally.of(first, MARCH) is None
    void = {("N1", 0, 1), ("N7", 0, 1), ("NM", 0, 1)}
    assert await tally.unearned(first, void, MARCH) == 1
    assert await tally.unearned(first, {("N1", 0, 1), ("N3", 0, 1), ("N7", 0, 2)}, MARCH) == 3
    assert await tally.unearned(first, void, MARCH + SECOND) == 0
    await ruled(second, "started", MARCH + 2 * SECOND)
    await ruled(first, "dropped", MARCH)
    assert await tally.unearned(first, void, MARCH - SECOND) == 1
    await ruled(first, "declined", MARCH + SECOND)
    assert await tally.decided_at(first) == MARCH + SECOND
    assert await tally.unearned(first, void, MARCH - SECOND) == 0
    await Ruling.all().delete()
    first.cycle = 2
    assert await tally.unearned(first, void, MARCH) == 0
    first.cycle, first.supervised = 1, 0
    assert await tally.unearned(first, void, MARCH) == 0
