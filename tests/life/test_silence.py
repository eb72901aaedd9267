"""What was planned before an application does not leave after it, and what resumes leaves once (R29, A17, A31)."""

from __future__ import annotations

import pytest

from bot.engine import due, letter
from models.delivery import Delivery
from models.notice import Notice
from models.obligation import Obligation
from tests.department import World
from tests.life.hands import ASK, at, complete, major, shanghai


async def planned(kind: str) -> list[str]:
    """States of the deliveries of a kind's latest notice."""
    notice = await Notice.filter(kind=kind).order_by("-id").first()
    assert notice
    return sorted(set(await Delivery.filter(notice_id=notice.id).values_list("state", flat=True)))


@pytest.mark.requirement("R29", "A31")
@pytest.mark.parametrize("what", ["extension", "completion"])
async def test_a_planned_notice_is_cancelled_by_the_application(world: World, what: str) -> None:
    await major(world)
    await due.advance(shanghai("03-31 09:00"), 500)
    assert await planned("remind") == ["pending"]
    if what == "extension":
        await world.say("a", ASK, at("03-31 09:00"))
    else:
        await complete(world, "03-31 09:00")
    assert await planned("remind") == ["cancelled"]
    await due.advance(shanghai("04-20 09:00"), 500)
    assert await Notice.filter(kind__in=("urge", "supervise")).count() == 0


@pytest.mark.parametrize("what", ["extension", "completion"])
async def test_one_on_its_way_is_held_back_by_the_last_look(world: World, what: str) -> None:
    await major(world)
    await due.advance(shanghai("03-31 09:00"), 500)
    mine = await Delivery.filter(notice__kind="remind", state="pending").order_by("id")
    await Delivery.filter(id__in=[each.id for each in mine]).update(state="sending", attempt=1)
    mine = await Delivery.filter(id__in=[each.id for each in mine])
    assert await letter.still_current(mine)
    if what == "extension":
        await world.say("a", ASK, at("03-31 09:00"))
    else:
        await complete(world, "03-31 09:00")
    assert not await letter.still_current(mine)
    assert not (await letter.load(mine))[0].is_current()


@pytest.mark.requirement("A31")
async def test_after_a_refusal_the_ladder_runs_as_a_new_episode(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    await world.say("ban", "/不同意延期 1 时间过长", at("04-03 16:00"))
    owed = await world.owed(matter, "NM")
    assert (owed.episode, owed.due_at) == (2, shanghai("04-04 16:00"))
    await due.advance(shanghai("04-04 19:00"), 500)
    notice = await Notice.get(kind="urge")
    assert (notice.obligation_id, notice.episode, notice.seq) == (owed.id, 2, 1)


@pytest.mark.requirement("A17")
async def test_returned_as_not_done_everything_begins_again(world: World) -> None:
    matter = await major(world)
    await complete(world, "03-31 08:00")
    await world.say("ban", "/退回 1 未落实 现场未整改", at("04-03 09:00"))
    owed = await world.owed(matter, "NM")
    assert (owed.episode, owed.due_at, owed.paused_by) == (2, shanghai("04-04 09:00"), "")
    assert await Obligation.filter(matter_id=matter.id, paused_by="completion").count() == 0
    await due.advance(shanghai("04-04 11:59"), 500)
    assert not await Notice.filter(obligation_id=owed.id, episode=2).exists()  # its reminder, two days ahead, is past
    await due.advance(shanghai("04-04 12:00"), 500)
    notice = await Notice.get(obligation_id=owed.id, episode=2)
    assert (notice.kind, notice.seq, notice.at) == ("urge", 1, shanghai("04-04 12:00"))
