"""Who is told of what (A37, A39, A44): roles become persons on the day of the notice."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions import setting
from bot.rules import ruleset
from models.delivery import Delivery
from models.matter import Matter
from models.people import Person, Seat
from tests.department import ACK, KEY
from tests.engine.desk import Desk


async def told(desk: Desk, kind: str, lane: str = "chat", seq: int = 0) -> list[str]:
    names = {number: user for user, number in desk.world.people.items()}
    rows = Delivery.filter(kind=kind, lane=lane, notice__seq=seq) if seq else Delivery.filter(kind=kind, lane=lane)
    found = await rows.filter(notice__obligation__name__in=["N1", "MATTER", "N3"]).values_list("person_id", flat=True)
    return sorted(names[int(str(each))] for each in found)


@pytest.mark.requirement("A37")
async def test_before_assignment_a_stands_for_the_handler(desk: Desk) -> None:
    await desk.matter()
    for hours in (19, 27, 72):
        await desk.plan(hours)
    assert await told(desk, "initiate") == ["a", "b", "chu"]
    assert await told(desk, "initiate", "sms") == ["a", "chu"]
    assert (await told(desk, "remind"))[:1] == ["a"]
    assert await told(desk, "urge", seq=1) == ["a", "b", "chu"]
    assert await told(desk, "supervise") == ["a", "b", "ban", "chu", "fen"]
    assert await told(desk, "supervise", "sms") == ["a", "b", "chu"]


@pytest.mark.requirement("A37")
async def test_a_named_handler_is_told_besides_a(desk: Desk) -> None:
    await desk.matter()
    await desk.world.say("a", ACK, 2)
    await desk.plan(67)
    assert await told(desk, "remind") == ["a", "zhang"]
    await desk.plan(75)
    assert await told(desk, "urge") == ["a", "b", "chu", "zhang"]


async def test_a_handler_who_left_is_none(desk: Desk) -> None:
    matter = await desk.matter()
    await desk.world.say("a", ACK, 2)
    await Person.filter(wecom_id="zhang").update(active=False)
    await Seat.filter(role="operator_a", unit_id=matter.unit_id).delete()
    await desk.plan(67)
    assert await told(desk, "remind") == ["b"]


@pytest.mark.requirement("A39")
async def test_without_a_or_b_the_next_post_is_told(desk: Desk) -> None:
    matter = await desk.matter()
    seats = Seat.filter(unit_id=matter.unit_id)
    await seats.filter(role="operator_b").delete()
    await desk.plan(27)
    assert await told(desk, "urge") == ["a", "chu"]
    await seats.filter(role="operator_a").delete()
    await desk.plan(30)
    assert await told(desk, "urge", seq=2) == ["chu"]


@pytest.mark.requirement("A39")
async def test_a_unit_without_anybody_is_told_through_the_office(desk: Desk) -> None:
    matter = await desk.matter()
    await Seat.filter(unit_id=matter.unit_id).delete()
    await desk.plan(19)
    assert await told(desk, "remind") == ["ban"]


@pytest.mark.requirement("A37")
async def test_one_person_in_several_roles_is_told_once(desk: Desk) -> None:
    matter = await desk.matter()
    people = desk.world.people
    for role in ("operator_b", "head", "leader_in_charge"):
        await Seat.create(person_id=people["a"], unit_id=matter.unit_id, role=role)
    await Seat.create(person_id=people["a"], unit_id=matter.unit_id, role="operator_a")  # twice the same
    await desk.plan(72)
    assert await told(desk, "supervise") == ["a", "b", "ban", "chu", "fen"]
    assert await told(desk, "supervise", "sms") == ["a", "b", "chu"]


async def test_a_seat_counts_on_its_days_only(desk: Desk) -> None:
    matter = await desk.matter()
    seat = await Seat.get(unit_id=matter.unit_id, role="operator_a")
    await Seat.filter(id=seat.id).update(until=date(2026, 3, 2))
    await Seat.create(
        person_id=desk.world.people["gui"], unit_id=matter.unit_id, role="operator_a", since=date(2026, 3, 3)
    )
    await desk.plan(19)  # 03-03 04:00
    assert await told(desk, "remind") == ["gui"]


@pytest.mark.choice("head_notices", "sparse")
@pytest.mark.requirement("A37")
async def test_the_head_may_be_spared_all_but_two_urges(desk: Desk) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"head_notices": "sparse"})))
    await desk.matter()
    for hours in (27, 30):
        await desk.plan(hours)
    assert await told(desk, "urge", seq=1) == ["a", "b", "chu"]
    assert await told(desk, "urge", seq=2) == ["a", "b"]


@pytest.mark.choice("first_urge_sms", True)
@pytest.mark.requirement("A44")
async def test_the_first_urge_may_go_by_sms_too(desk: Desk) -> None:
    setting.use(setting.Setting(KEY, ruleset.parse({"first_urge_sms": True})))
    await desk.matter()
    for hours in (27, 30):
        await desk.plan(hours)
    assert await told(desk, "urge", "sms") == ["a"]
    assert await Matter.all().count() == 1
