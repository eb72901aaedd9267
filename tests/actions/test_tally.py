"""Supervise notices counted by unit and year, and since which decision (A15, A16, A49)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import recount, setting, tally
from bot.rules.accountability import Tally
from bot.rules.ruleset import Ruleset
from models import database
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person, Unit
from models.ruling import Ruling
from models.score import ScoreEvent
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


@pytest.mark.requirement("A5", "A43", "A49")
async def test_which_notices_count(world: World) -> None:
    """While the episode runs, or when it reached a platform; never one that an outage of ours excuses."""
    first, second, _ = await three(world)
    setting.use(setting.Setting(KEY))
    await Matter.all().update(ruleset={}, supervised=2)
    for name in ("N1", "N3"):
        await sent(first, MARCH, name)
    await sent(first, MARCH, "N7", episode=2)
    await sent(first, MARCH, "N1", "urge")
    await sent(second, MARCH)
    first = await Matter.get(id=first.id)
    n1, n3 = await Notice.filter(matter_id=first.id, kind="supervise", obligation__name__in=("N1", "N3")).order_by("id")
    assert await tally.of(first, MARCH) is None

    async def counts(*expected: Notice) -> bool:
        return await tally.counted(first) == {each.id for each in expected}

    mine = Obligation.filter(id=n1.obligation_id)
    assert await counts(n1, n3)
    for over in ({"ended": "met"}, {"paused_by": "completion"}, {"episode": 2}):
        await mine.update(**over)
        assert await counts(n3)
        for state in ("pending", "sending", "cancelled", "failed", "unknown", "overtaken"):
            await delivered(n1, state)
            assert await counts(n3)
        await delivered(n1, "accepted", "update")
        assert await counts(n3)
        for state in ("accepted", "delivered", "read"):
            await delivered(n1, state)
            assert await counts(n1, n3)
        await Delivery.all().delete()
        await mine.update(ended="", paused_by="", episode=1)
    shared = {"matter_id": first.id, "obligation_id": n3.obligation_id, "unit_id": first.unit_id, "year": 2026}
    shared |= {"rule": "supervise", "tenths": 5, "at": MARCH}
    await ScoreEvent.create(**shared, seq=-1, reason="objection")
    await ScoreEvent.create(**shared, seq=-2, episode=2, reason="outage")
    assert await counts(n1, n3)
    await ScoreEvent.create(**shared, seq=-3, reason="outage")
    assert await counts(n1)
    await ruled(second, "started", MARCH + SECOND)
    await ruled(first, "dropped", MARCH)
    assert await counts(n1)
    await ruled(first, "declined", MARCH + SECOND)
    assert await tally.decided_at(first) == MARCH + SECOND
    assert await counts()
    await Ruling.all().delete()
    first.unit_id += 1
    assert await counts()
    first.unit_id, first.cycle = first.unit_id - 1, 2
    assert await counts()
    first.cycle, first.supervised = 1, 0
    assert await counts()


async def delivered(notice: Notice, state: str, lane: str = "chat") -> None:
    await Delivery.all().delete()
    person = await Person.first()
    assert person
    told = {"notice_id": notice.id, "person_id": person.id, "kind": "supervise", "state": state, "lane": lane}
    await Delivery.create(**told, due_at=MARCH, created_at=MARCH)


@pytest.mark.requirement("A15", "A46")
async def test_notices_of_a_mistaken_matter_do_not_count(world: World) -> None:
    first, second, _ = await three(world)
    for matter in (first, second):
        await sent(matter, MARCH)
    word = {"matter_id": first.id, "kind": "withdrawal", "role": "office_director", "asked_at": MARCH}
    row = await Ruling.create(**word, verdict="agreed", mistaken=True)
    mine = Matter.filter(id=first.id)
    assert await tally.of(second, MARCH) == Tally(2)  # not withdrawn yet: others are asked
    await mine.update(state="withdrawn")
    assert await tally.of(second, MARCH) == Tally(1)
    for other in ({"verdict": ""}, {"mistaken": False}, {"kind": "merge"}, {"matter_id": second.id}):
        kept = {name: getattr(row, name) for name in other}
        await Ruling.filter(id=row.id).update(**other)
        assert await tally.of(second, MARCH) == Tally(2)
        await Ruling.filter(id=row.id).update(**kept)
    await Ruling.filter(id=row.id).update(matter_id=second.id)
    await mine.update(parent_id=second.id)  # a family is withdrawn by its parent
    assert await tally.of(second, MARCH) == Tally(1)


@pytest.mark.requirement("A15")
async def test_a_proposal_is_recounted_in_the_year_of_its_notices(world: World) -> None:
    """Another notice of the unit counts no more in January: the two of December still make the proposal of then."""
    first, second, _ = await three(world)
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year", accountability_grace_hours=24)))
    await Matter.all().update(ruleset={})
    for matter in (first, second):
        await sent(matter, ENDS)
    asked = {"origin": "proposal", "planned_at": ENDS + timedelta(days=1), "next_notice_at": None}
    await Obligation.filter(matter_id=first.id, name="MATTER").update(**asked)
    await Matter.filter(id=first.id).update(proposal_open=True, supervised=1)

    async def stands() -> bool:
        async with database.transaction():
            await recount.others(await Matter.get(id=second.id), ENDS + SECOND)
        return (await Matter.get(id=first.id)).proposal_open

    assert await stands()
    mine = Obligation.filter(matter_id=second.id, name="N1")
    await mine.update(ended="met")  # its notice never left
    assert not await stands()
    planned = Obligation.filter(matter_id=first.id, name="MATTER", next_notice_at=ENDS + timedelta(days=1))
    await Obligation.filter(matter_id=first.id, name="MATTER").update(next_notice_at=ENDS + timedelta(days=1))
    await mine.update(ended="")
    await stands()
    assert await planned.exists()  # it is about to be made
    await mine.update(ended="met")
    await stands()
    assert not await planned.exists()


@pytest.mark.requirement("A16", "A49")
async def test_a_proposal_that_was_decided_stays_so_when_a_notice_falls(world: World) -> None:
    first, _, _ = await three(world)
    await sent(first, ENDS)
    await sent(first, ENDS, "MATTER", "accountability_proposal")
    asked = await Notice.get(kind="accountability_proposal")
    await delivered(asked, "accepted")
    await Delivery.filter(notice_id=asked.id).update(
        kind=asked.kind, response_code="code", accepted_at=ENDS - timedelta(hours=1)
    )

    async def fallen(**was: object) -> int:
        """One of two notices counts no more."""
        await Matter.filter(id=first.id).update(supervised=2, **was)
        async with database.transaction():
            matter = await database.lock_matter(first.id)
            await recount.settle(matter, {*await tally.counted(matter), 0}, ENDS)
        return (await Matter.get(id=first.id)).supervised

    turned = Delivery.filter(lane="update")
    assert (await fallen(proposal_open=False), await turned.count()) == (1, 0)
    assert (await fallen(proposal_open=True), await turned.count()) == (1, 1)


@pytest.mark.requirement("A15", "A46")
async def test_a_decision_stays_with_the_unit_it_was_of(world: World) -> None:
    """Though the matter went to another one since, and on to a third."""
    first, second, other = await three(world)
    await ruled(first, "started", MARCH)
    third = await Unit.create(name="第三处")

    async def moved(at: datetime, was: int, to: int, verb: str = "reassign") -> None:
        async with database.transaction():
            matter = await database.lock_matter(first.id)
            await Ledger.append(matter, at, None, verb, {"from": was, "to": to}, KEY)
        await Matter.filter(id=first.id).update(unit_id=to)

    async with database.transaction():
        await Ledger.append(await database.lock_matter(second.id), MARCH, None, "reassign", {"from": third.id}, KEY)
    await moved(MARCH - SECOND, third.id, first.unit_id)
    await moved(MARCH + SECOND, third.id, first.unit_id, "assign")
    assert (await tally.decided_at(second), await tally.decided_at(other)) == (MARCH, None)
    await moved(MARCH, first.unit_id, other.unit_id)
    assert (await tally.decided_at(second), await tally.decided_at(other)) == (MARCH, None)
    await moved(MARCH + SECOND, other.unit_id, third.id)
    assert (await tally.decided_at(second), await tally.decided_at(other)) == (MARCH, None)
    await ruled(second, "dropped", MARCH + 2 * SECOND)
    assert await tally.decided_at(second) == MARCH + 2 * SECOND
