"""Two people at the same instant: one decision stands, the other hears of it, the ledger holds."""

from __future__ import annotations

import asyncio

from models.completion import Completion
from models.extension import Extension
from models.ledger import Ledger
from models.notice import Notice
from models.review import Review
from tests.department import ACK, World
from tests.life.hands import ASK, DONE, at, complete, hours, major, now, points


async def test_two_approve_one_extension(world: World) -> None:
    matter = await major(world)
    await world.say("a", ASK, at("03-30 10:00"))
    row = await Extension.get()
    said = await asyncio.gather(
        world.say("ban", "/同意延期 1", at("03-30 11:00")),
        world.press("wang", f"extend:{row.id}", hours("03-30 11:00")),
        world.say("wang", "/不同意延期 1 时间过长", at("03-30 11:00")),
    )
    done = [each.text for each in said if "已同意 2026-0001" in each.text or "已记录：不同意" in each.text]
    assert len(done) == 1
    assert await Ledger.filter(verb__in=("approve_extension", "refuse_extension")).count() == 1
    assert await Notice.filter(kind="decision").count() == 1
    assert (await now(matter)).extension_at is None
    assert await world.intact()


async def test_accepted_and_returned_at_once(world: World) -> None:
    await world.matter()
    await complete(world, "03-02 15:00")
    said = await asyncio.gather(
        world.say("ban", "/同意办结 1 优秀", at("03-02 16:00")),
        world.say("wang", "/退回 1 附件不全", at("03-02 16:00")),
    )
    assert sum("已同意 2026-0001" in each.text or "已退回 2026-0001" in each.text for each in said) == 1
    assert await Review.all().count() == 1
    assert len(await points()) == 1
    assert (await Completion.get()).state in ("accepted", "returned")
    assert await world.intact()


async def test_recalled_and_graded_at_once(world: World) -> None:
    await world.matter()
    await world.say("a", ACK, 1)
    await world.say("a", "进展 1 3天 已完成现场核查，形成问题清单", 2)
    said = await asyncio.gather(world.say("a", "撤回 1", 3), world.say("ban", "/评价 1 优秀", 3))
    assert sum("已撤回" in each.text or "评价为优秀" in each.text for each in said) == 1
    assert await world.intact()


async def test_an_extension_and_a_completion_at_once(world: World) -> None:
    matter = await major(world)
    await world.hand_in("a", at("03-30 10:00"))
    asked = await world.say("a", DONE, at("03-30 10:00"))
    said = await asyncio.gather(
        world.press("a", asked.card.actions[0].key, hours("03-30 10:01")), world.say("b", ASK, at("03-30 10:01"))
    )
    assert "已提交 2026-0001 的完结申请" in said[0].text
    assert "已提交 2026-0001 的延期申请" in said[1].text or "不能申请延期" in said[1].text
    matter = await now(matter)
    assert (matter.state, matter.extension_at) == ("review", None)
    assert not await Extension.filter(state="pending").exists()
    assert await world.intact()
