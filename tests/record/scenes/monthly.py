"""Monthly matters."""

from __future__ import annotations

from models.completion import Completion
from tests.department import ACK
from tests.life import hands
from tests.office.days import Days
from tests.record.scenes.shapes import Given, state
from tests.roles.states import WITH


@state
async def monthly(days: Days) -> Given:
    """A monthly matter: March was missed, it is the second of April."""
    await days.world.matter(WITH.replace("类别:一般", "类别:月报"))
    await days.world.say("a", ACK, 1)
    await days.until(hands.hours("04-02 10:00"))
    return {"at": hands.hours("04-02 10:00")}


@state
async def monthly_drafted(days: Days) -> Given:
    """March was urged; a completion has its reason and its report."""
    await monthly(days)
    await days.world.hand_in("a", days.now)
    await days.world.say("a", hands.DONE, days.now)
    return {"at": days.now, "key": (await Completion.get()).id}


@state
async def month_graded(days: Days) -> Given:
    """Of a monthly matter March was graded and April reported."""
    await monthly(days)
    await days.world.say("a", "月报 1 3月 三月份完成取水口核查二十处", hands.at("04-02 11:00"))
    await days.world.say("ban", "/评价 1 良好", hands.at("04-02 12:00"))
    await days.world.say("a", "月报 1 4月 四月份完成取水口核查二十处", hands.at("04-28 09:00"))
    return {"at": hands.hours("04-28 10:00")}


@state
async def month_dated(days: Days) -> Given:
    """A monthly matter has a date of its own, which is tomorrow."""
    text = WITH.replace("类别:一般", "类别:月报")
    await days.world.matter(f"{text} 截止:2026-03-20")
    await days.world.say("a", ACK, 1)
    return {"at": hands.hours("03-19 10:00")}


@state
async def month_dated_asked(days: Days) -> Given:
    """The same, and another date of its plan is asked for."""
    given = await month_dated(days)
    await days.world.say("a", hands.ASK, given["at"])
    return given


@state
async def month_asked(days: Days) -> Given:
    """A monthly matter asks for a date of its plan."""
    await monthly(days)
    await days.world.say("a", hands.ASK, hands.at("04-02 10:00"))
    return {"at": hands.hours("04-02 11:00")}
