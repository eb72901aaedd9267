"""Who reads what a unit filed (A63), as a table."""

from __future__ import annotations

import pytest

from bot.actions import rights
from models.roster import Seated
from tests.department import World

UNIT = ("head", "operator_a", "operator_b", "handler", "leader_in_charge")
ABOVE = ("office", "office_director", "main_leader")


@pytest.mark.requirement("A63")
async def test_who_reads_what_was_filed(world: World) -> None:
    matter, other = await world.matter(), world.units["规划处"]
    seats = [*((role, matter.unit_id) for role in UNIT), *((role, None) for role in ABOVE)]
    seats += [*((role, other) for role in UNIT), ("admin", None)]
    reads = [seat for seat in seats if await rights.may_read(matter, Seated(7, "李安", (seat,)))]
    assert reads == seats[: len(UNIT + ABOVE)]
