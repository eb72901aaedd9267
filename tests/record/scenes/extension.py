"""Extensions, and the weekly follow-up after them."""

from __future__ import annotations

from models.completion import Completion
from models.people import Seat
from tests.department import ACK
from tests.life import hands
from tests.office.days import Days
from tests.record.scenes.shapes import Given, rules, state
from tests.roles import states
from tests.roles.states import DONE


@state
async def late_and_done(days: Days) -> Given:
    """After the cut-off an extension was refused and asked for anew; its matter is done, another extension waits."""
    await too_late(days)
    await days.world.say("ban", "/不同意延期 1 已过时限", hands.at("04-01 10:10"))
    await days.world.say("a", hands.ASK, hands.at("04-01 10:20"))
    await days.world.hand_in("a", hands.at("04-01 11:00"))
    await days.world.say("a", hands.DONE, hands.at("04-01 11:00"))
    return {"at": hands.hours("04-01 12:00"), "key": (await Completion.get()).id}


@state
async def weekly(days: Days) -> Given:
    """In continuous follow-up, in the week of its first Thursday."""
    await states.asked(days)
    await days.world.say("ban", "/同意延期 1", hands.at("03-31 15:00"))
    return {"at": hands.hours("04-08 10:00")}


@state
async def revising(days: Days) -> Given:
    """In continuous follow-up another date of the plan is asked for."""
    await weekly(days)
    await days.world.say("a", hands.ASK.replace("05-30", "06-30"), hands.at("04-08 11:00"))
    return {"at": hands.hours("04-08 12:00")}


@state
async def own_filed(days: Days) -> Given:
    """The director sits in the unit too: N3's answer and the extension that wait are his own."""
    await Seat.create(person_id=days.world.people["wang"], unit_id=days.world.units["水资源处"], role="head")
    await days.world.matter(hands.MAJOR)
    await days.world.say("wang", f"进展 1 3天 {DONE}", 1)
    await days.world.say("wang", hands.ASK, 2)
    return {"at": 3}


@state
async def weeks(days: Days) -> Given:
    """Two Thursdays are reported and N7 is graded; others wrote at the same instant, of this matter and another."""
    await weekly(days)
    await days.world.matter(hands.MAJOR, hands.hours("04-13 09:00"))
    await days.world.say("a", "周报 1 本周完成三处取水口整改", hands.at("04-08 11:00"))
    when = hands.at("04-14 11:00")
    await days.world.say("a", "周报 1 本周完成五处取水口整改", when)
    await days.world.say("a", f"2 {ACK}", when)
    await days.world.say("gui", "进展 1 配合处室已提供规划图件资料", when)
    await days.world.say("ban", "/评价 1 7天 良好", hands.at("04-14 12:00"))
    return {"at": hands.hours("04-14 13:00")}


@state
async def week_graded(days: Days) -> Given:
    """The same, and the second Thursday is graded as well."""
    await weeks(days)
    await days.world.say("ban", "/评价 1 周报 良好", hands.at("04-14 14:00"))
    return {"at": hands.hours("04-14 15:00")}


@state
async def week_applied(days: Days) -> Given:
    """In continuous follow-up a completion waits."""
    await weekly(days)
    await hands.complete(days.world, "04-08 11:00")
    return {"at": hands.hours("04-08 12:00")}


@state
async def late_followed(days: Days) -> Given:
    """An extension came after the cut-off, the office began the follow-up without it."""
    await too_late(days)
    await days.world.say("ban", "/转跟进 1 涉及跨省协调", hands.at("04-01 12:00"))
    return {"at": hands.hours("04-01 13:00")}


@state
async def never_late(days: Days) -> Given:
    """After the cut-off no extension is taken at all (A30)."""
    rules(extension_late="refuse")
    await hands.major(days.world)
    return {"at": hands.hours("04-01 10:00")}


@state
async def too_late(days: Days) -> Given:
    """Two extensions were applied for after the cut-off: they suspend nothing."""
    for number in (1, 2):
        await days.world.matter(hands.MAJOR)
        await days.world.say("a", f"进展 {number} 7天 {DONE}", 2)
        await days.world.say("a", hands.ASK.replace("延期 1", f"延期 {number}"), hands.at("04-01 10:00"))
    return {"at": hands.hours("04-01 11:00")}


@state
async def month_named(days: Days) -> Given:
    """What was filed for the month waits for a review, an extension for the month was approved since."""
    await days.world.matter(hands.MAJOR)
    await days.world.say("a", f"进展 1 1个月 {DONE}", hands.at("03-27 10:00"))
    await days.world.say("a", hands.ASK, hands.at("03-30 10:00"))
    await days.world.say("ban", "/同意延期 1", hands.at("03-31 15:00"))
    return {"at": hands.hours("04-01 10:00")}


@state
async def month_near(days: Days) -> Given:
    """Of a major matter everything before the month is answered."""
    await hands.major(days.world)
    return {"at": hands.hours("03-31 10:00")}


@state
async def no_month(days: Days) -> Given:
    """A general matter without the back-stop of the month (A6)."""
    rules(month_backstop=False)
    await states.begun(days)
    return {"at": 30}
