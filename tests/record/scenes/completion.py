"""A matter's end: applied for, returned, accepted, written off, reopened."""

from __future__ import annotations

from dataclasses import replace

from bot.actions import setting
from handlers import reception
from models.completion import Completion
from models.people import Seat
from tests.department import ACK
from tests.life import hands
from tests.office.days import Days
from tests.record.scenes.shapes import SECOND, Given, end, state
from tests.roles import states
from tests.roles.states import DONE, WITH


@state
async def drafted_bare(days: Days) -> Given:
    """A completion has its reason, and no report yet."""
    await states.begun(days)
    await days.world.say("a", hands.DONE, 30)
    return {"at": 31, "key": (await Completion.get()).id}


@state
async def arriving(days: Days) -> Given:
    """A completion has its reason, and a picture of its report that is still at the platform."""
    given = await drafted_bare(days)
    await reception.receive(days.world.message("a", "image", 30, raw={"MediaId": "media-1"}))
    return given


@state
async def applied_online(days: Days) -> Given:
    """A completion waits, and pages can be reached from a phone."""
    setting.use(replace(setting.current(), public_url="https://duban.example"))
    return await states.applied(days)


@state
async def meeting(days: Days) -> Given:
    """A completion waits whose source is a meeting of the department: its leaders get the report."""
    await days.world.say("ban", WITH.replace("省政府13710", "办公会"))
    await days.world.say("fen", "同意 1")
    await days.world.say("a", ACK, 1)
    await hands.complete(days.world, "03-03 15:00")
    return {"at": 31, "key": (await Completion.get()).id}


@state
async def rework(days: Days) -> Given:
    """A completion was returned; the office can be asked once more."""
    await states.applied(days)
    await days.world.say("ban", "/退回 1 附件不全", 40)
    await days.world.hand_in("a", 41)
    await days.world.say("a", "完结 1 理由：已补充盖章附件", 41)
    return {"at": 42, "key": (await Completion.get(state="draft")).id}


@state
async def returned_twice(days: Days) -> Given:
    """A completion was returned twice, and is filed for the third time."""
    await states.applied(days)
    for hours in (40, 50):
        await days.world.say("ban", "/退回 1 附件不全", hours)
        await days.world.hand_in("a", hours)
        asked = await days.world.say("a", "完结 1 理由：已补充盖章附件", hours)
        await days.world.press("a", asked.card.actions[0].key, hours)
    return {"at": 51}


@state
async def own_applied(days: Days) -> Given:
    """The director sits in the unit too: the completion that waits is his own."""
    await Seat.create(person_id=days.world.people["wang"], unit_id=days.world.units["水资源处"], role="head")
    await days.world.matter(WITH)
    await hands.complete(days.world, "03-02 15:00", "wang")
    return {"at": 7, "key": (await Completion.get()).id}


@state
async def written_off(days: Days) -> Given:
    """办结 and 销号: the superior has confirmed."""
    await states.accepted(days)
    await days.world.say("ban", "/销号 1 晋政督1号", 41)
    return {"at": 42}


@state
async def second_cycle(days: Days) -> Given:
    """The first matter was graded, accepted and reopened; the second was accepted; the third has just begun."""
    await states.filed(days)
    await days.world.matter(SECOND, 31)
    await days.world.say("ban", "/评价 1 优秀", 31)
    for number in (1, 2):
        await end(days, number, 32)
        await days.world.say("ban", f"/同意办结 {number} 合格", 33)
    await days.sure("ban", "/重开 1 问题反弹", 34)
    await days.world.matter(WITH.replace("取水", "节水"), 35)
    return {"at": 36}


@state
async def drafted_early(days: Days) -> Given:
    """The same, and nothing but a completion is drafted of the first, begun anew, and of the third."""
    await second_cycle(days)
    for number in (1, 3):
        await days.world.hand_in("a", 37, number=number)
        await days.world.say("a", f"完结 {number} 理由：已全部整改到位", 37)
    return {"at": 37.5}


@state
async def done_again(days: Days) -> Given:
    """The same, and of the matter that was reopened a completion waits."""
    await second_cycle(days)
    await end(days, 1, 37)
    return {"at": 37.5}


@state
async def ended_twice(days: Days) -> Given:
    """Reopened and accepted once more, another one too."""
    await done_again(days)
    await days.world.say("ban", "/同意办结 1", 38)
    return {"at": 39}


@state
async def from_above(days: Days) -> Given:
    """The superior sent the report back; what was handed in anew is accepted, another completion waits."""
    await states.applied(days)
    await days.world.say("ban", "/同意办结 1 优秀", 32)
    await days.world.say("ban", "/退回 1 上级 数据有误", 33)
    await end(days, 1, 34)
    await days.world.say("ban", "/同意办结 1", 35)
    await days.world.matter(SECOND, 36)
    await end(days, 2, 37)
    return {"at": 38}


@state
async def graded_again(days: Days) -> Given:
    """The superior sent the report back that was graded; what was handed in anew is graded as well."""
    await from_above(days)
    await days.world.say("ban", "/评价 1 不合格", 38)
    return {"at": 39}


@state
async def returned_before(days: Days) -> Given:
    """N7 is answered of three matters: one returned twice before it was reopened, one twice, one graded twice."""
    for number, text in enumerate((WITH, SECOND, WITH.replace("取水", "节水")), 1):
        await days.world.matter(text)
        await days.world.say("a", f"进展 {number} 3天 {DONE}", 1)
    for number in (1, 2):
        await days.world.say("ban", f"/退回 {number} 缺数据", 2)
        await end(days, number, 3)
        await days.world.say("ban", f"/退回 {number} 未落实 没有整改", 4)
    for grade in ("优秀", "良好"):
        await days.world.say("ban", f"/评价 3 {grade}", 4)
    await end(days, 1, 5)
    await days.world.say("ban", "/同意办结 1", 6)
    await days.sure("ban", "/重开 1 问题反弹", 7)
    for number in (1, 2, 3):
        await days.world.say("a", f"进展 {number} 7天 {DONE}", 8)
    return {"at": 9}


@state
async def two_wait(days: Days) -> Given:
    """Completions of two matters wait."""
    await states.applied(days)
    await days.world.matter(SECOND, 31)
    await end(days, 2, 32)
    return {"at": 33}


@state
async def both_asked(days: Days) -> Given:
    """An extension waits, and its matter is done meanwhile."""
    await states.asked(days)
    await days.world.hand_in("a", hands.at("03-30 13:00"))
    await days.world.say("a", hands.DONE, hands.at("03-30 13:00"))
    return {"at": hands.hours("03-30 14:00"), "key": (await Completion.get()).id}
