"""A proposal that waits is shown again to whoever may give the word that it waits for (A65, A58)."""

from __future__ import annotations

from datetime import date

import pytest

from models.delivery import Delivery
from models.notice import Notice
from models.people import Seat
from tests.department import PROPOSE
from tests.office.days import Days

UNIT = PROPOSE.replace("省政府13710", "处室")


@pytest.mark.requirement("A65")
async def test_who_gets_an_approved_post_is_reminded_of_his_own(days: Days) -> None:
    await days.said("ban", UNIT, 0)
    await days.said("fen", "/批准 1", 1)
    leader = await Seat.get(role="leader_in_charge")
    mine = {"person_id": days.world.people["wang"], "unit_id": leader.unit_id, "role": leader.role}
    await Seat.create(**mine, since=date(2026, 3, 2), until=date(2026, 3, 2), stands_in_for=leader)
    await days.until(7)
    rows = Delivery.filter(kind="approval", lane="chat").order_by("id")
    names = {number: login for login, number in days.world.people.items()}
    assert [names[each] for each in await rows.values_list("person_id", flat=True)] == ["fen", "wang", "wang"]


@pytest.mark.requirement("A65", "A58")
async def test_before_days_off_the_reminder_offers_the_morning_after(days: Days) -> None:
    await days.said("ban", PROPOSE, 97)
    await days.until(104)
    first, again = await Notice.filter(kind="approval").order_by("id")
    assert (first.facts["later_at"], again.facts["later_at"]) == (None, "2026-03-09T08:30:00+08:00")
