"""Who answers changes: stand-ins, closed accounts, a matter handed over."""

from __future__ import annotations

from tests.department import ACK, PROPOSE
from tests.office.days import Days
from tests.record.scenes.shapes import Given, rules, state
from tests.roles import states
from tests.roles.states import WITH


@state
async def standing_in(days: Days) -> Given:
    """孙贝 stands in for 张三, 规划员 for 李安, the clerk for the director, whose word on a proposal is awaited."""
    await days.world.matter(WITH)
    await days.world.say("a", ACK, 1)
    await days.world.say("ban", PROPOSE.replace("取水", "用水"), 1)
    for words in ("张三 孙贝", "李安 规划员", "王主任 办公员"):
        await days.world.say("wang", f"/代班 {words} 3月2日至6日", 2)
    return {"at": 30}


@state
async def kept_clock(days: Days) -> Given:
    """Whoever takes a matter over takes its clock over (A46); N3 is overdue and urged."""
    rules(reassign_clock="keep")
    await states.late(days)
    return {"at": 77}


@state
async def closed_account(days: Days) -> Given:
    """李安's account is closed, 孙贝 has his place."""
    await days.world.matter(WITH)
    await days.until(1)
    return {"at": 30}
