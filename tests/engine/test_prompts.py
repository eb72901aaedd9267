"""What the system asks by itself: once when it is due, also with two replicas, and not after it is decided."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.actions import question
from bot.engine import prompts
from models import database, schedule, unreached
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.prompt import Prompt
from tests.department import T
from tests.engine.desk import Desk, at

DAY = timedelta(days=1)
KIND = "dispatch"


@pytest.fixture
def daily(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A kind that asks operator A every day."""

    async def ask(row: Prompt, matter: Matter, now: datetime) -> datetime | None:
        await question.card(row, matter, [desk.world.people["a"]], {}, now)
        return now + DAY

    monkeypatch.setitem(prompts.KINDS, KIND, ask)
    return desk


async def raised(desk: Desk, hours: float) -> Prompt:
    """A question about a fresh matter, due at `hours`."""
    matter = await desk.matter()
    async with database.transaction():
        return await question.open_(await database.lock_matter(matter.id), KIND, T, at(hours))


async def over(row: Prompt, hours: float, verb: str = "converted") -> None:
    async with database.transaction():
        await database.lock_matter(row.matter_id)
        await question.end(await Prompt.get(id=row.id), verb, at(hours))


async def states() -> list[str]:
    return await Delivery.filter(kind=KIND, lane="chat").order_by("id").values_list("state", flat=True)


async def test_it_is_asked_when_it_is_due_and_then_again(daily: Desk) -> None:
    row = await raised(daily, 10)
    assert await schedule.first_due_at() == at(10)
    assert await prompts.advance(at(9.99), 10) == 0
    # two at once, as two replicas would: one asks, the other finds nothing to do
    assert sorted(await asyncio.gather(prompts.advance(at(10), 10), prompts.advance(at(10), 10))) == [0, 1]
    assert await prompts.advance(at(10), 10) == 0
    row = await Prompt.get(id=row.id)
    assert (row.asked, row.next_at, row.fault) == (1, at(34), "")
    assert await schedule.first_due_at() == at(19)  # the reminder of N1
    await Obligation.all().update(next_notice_at=None)
    assert await prompts.advance(at(100), 10) == 1  # after an outage once, not once a day
    told = await Notice.filter(kind=KIND).order_by("id")
    assert [each.facts for each in told] == [{"prompt": row.id, "nth": 1}, {"prompt": row.id, "nth": 2}]
    assert [each.at for each in told] == [at(10), at(100)]
    assert await Delivery.filter(kind=KIND).values_list("person_id", flat=True) == [daily.world.people["a"]] * 2


async def test_a_notice_of_the_same_instant_goes_first(daily: Desk) -> None:
    await raised(daily, 19)
    assert await prompts.advance(at(19), 10) == 0
    await daily.plan(19)  # as the engine does it
    assert await Notice.filter(kind__in=["remind", KIND]).order_by("id").values_list("kind", flat=True) == [
        "remind",
        KIND,
    ]


async def test_nobody_is_asked_once_it_is_decided(daily: Desk) -> None:
    row = await raised(daily, 10)
    await prompts.advance(at(10), 10)
    await Delivery.filter(kind=KIND).update(state="accepted", response_code="c1", accepted_at=at(10))
    await Obligation.all().update(next_notice_at=None)
    await prompts.advance(at(34), 10)
    await over(row, 35)
    assert await states() == ["accepted", "cancelled"]
    assert [each.payload for each in await Delivery.filter(lane="update")] == ['{"done": "settled"}']
    assert await prompts.advance(at(1000), 10) == 0
    row = await Prompt.get(id=row.id)
    assert (row.verdict, row.note, row.next_at, row.decided_at) == ("converted", "converted", None, at(35))
    await over(row, 36, "talk")  # decided once
    assert (await Prompt.get(id=row.id)).verdict == "converted"


async def test_it_begins_anew_with_cards_of_its_own(daily: Desk) -> None:
    row = await raised(daily, 10)
    await prompts.advance(at(10), 10)
    await over(row, 11, "file_for")
    assert (await Prompt.get(id=row.id)).verdict == "moot"
    matter = await Matter.get(id=row.matter_id)
    async with database.transaction():
        again = await question.open_(await database.lock_matter(matter.id), KIND, at(12), at(13))
    assert (again.id, again.verdict, again.decided_at) == (row.id, "", None)
    await prompts.advance(at(13), 10)
    assert await states() == ["cancelled", "pending"]
    async with database.transaction():
        other = await question.open_(await database.lock_matter(matter.id), KIND, at(12), at(13), subject=7)
    assert other.id != row.id


async def test_without_ground_it_is_over_unasked(desk: Desk) -> None:
    matter = await desk.matter()
    async with database.transaction():
        row = await question.open_(await database.lock_matter(matter.id), "stalled", T, at(10))
    await prompts.advance(at(10), 10)
    row = await Prompt.get(id=row.id)
    assert (row.verdict, row.note, row.asked, row.next_at) == ("moot", "", 0, None)


async def test_its_card_is_no_other_kind_of_the_same_number(daily: Desk) -> None:
    row = await raised(daily, 10)
    await prompts.advance(at(10), 10)
    card = await Notice.get(kind=KIND)
    mine = {"matter_id": card.matter_id, "obligation_id": card.obligation_id, "created_at": at(11)}
    await Notice.create(**mine, kind="feedback", seq=card.seq, at=at(11), facts={"text": "已完成核查"})
    assert await question.shown(row, 1) == {"prompt": row.id, "nth": 1}


async def test_one_that_fails_is_set_aside_and_shown(daily: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, well = await raised(daily, 10), await raised(daily, 10)
    await Prompt.filter(id=broken.id).update(kind="unheard_of")
    assert await prompts.advance(at(10), 10) == 2
    broken, well = await Prompt.get(id=broken.id), await Prompt.get(id=well.id)
    assert (broken.next_at, broken.fault) == (None, "KeyError: 'unheard_of'")
    assert (well.asked, well.fault) == (1, "")
    assert [each.id for each in await unreached.faults()] == [broken.id]
