"""待办 of those who decide: what waits for their review (A61, A66)."""

from __future__ import annotations

import pytest

from models.extension import Extension
from models.people import Seat
from tests.department import World
from tests.life.hands import ASK, at, complete, major


@pytest.mark.requirement("A61")
async def test_applications_stand_in_the_offices_list(world: World) -> None:
    await major(world)
    assert "没有待办事项" in (await world.say("ban", "待办", at("03-29 10:00"))).text
    await world.say("a", ASK, at("03-30 10:00"))
    for user in ("ban", "wang"):
        said = (await world.say(user, "待办", at("03-30 11:00"))).text
        assert "待您审核的申请1件" in said
        assert "2026-0001 关于开展取水许可核查的… 延期（3月30日 10:00）" in said
    await complete(world, "03-30 12:00")
    assert "完结（3月30日 12:00）" in (await world.say("ban", "待办", at("03-30 13:00"))).text
    for user in ("fen", "ting", "a"):
        assert "待您审核" not in (await world.say(user, "待办", at("03-30 13:00"))).text
    await world.say("ban", "/同意办结 1", at("03-30 14:00"))
    assert "没有待办事项" in (await world.say("ban", "待办", at("03-30 15:00"))).text


@pytest.mark.requirement("A30", "A66")
async def test_what_came_too_late_stands_there_too_and_nobodys_own(world: World) -> None:
    await Seat.create(person_id=world.people["wang"], unit_id=world.units["水资源处"], role="head")
    await major(world)
    await world.say("wang", ASK, at("04-01 10:00"))
    assert (await Extension.get()).state == "late"
    assert "延期（4月1日 10:00）" in (await world.say("ban", "待办", at("04-01 11:00"))).text
    assert "待您审核" not in (await world.say("wang", "待办", at("04-01 11:00"))).text
