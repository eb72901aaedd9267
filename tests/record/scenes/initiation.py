"""Before a matter begins, and what changes its shape: proposals, merging, several units."""

from __future__ import annotations

from models.matter import Approval
from models.people import Seat
from models.ruling import Ruling
from tests.department import PROPOSE
from tests.office.days import Days
from tests.record.scenes.shapes import TOGETHER, Given, end, rules, state
from tests.roles import states
from tests.roles.states import UNIT


@state
async def half_approved(days: Days) -> Given:
    """The director has approved a unit's own matter, its leader in charge has not."""
    await states.proposed(days)
    await days.world.say("wang", "/批准 1", 0.5)
    return {"at": 1}


@state
async def two_posts(days: Days) -> Given:
    """One leader in charge of two units that shall lead together has not answered; a meeting's matter was approved
    by the other leader."""
    people = days.world.people
    await Seat.create(person_id=people["fen"], unit_id=days.world.units["财务处"], role="leader_in_charge")
    await Seat.filter(person_id=people["bie"]).update(role="main_leader", unit_id=None)
    await days.world.say("ban", TOGETHER.replace("省政府13710", "处室"))
    await days.world.say("wang", "/批准 1", 0.5)
    await days.world.say("wang", PROPOSE.replace("省政府13710", "党组会"), 0.5)
    await days.world.say("bie", "/批准 2 请抓紧", 0.6)
    return {"at": 1, "key": (await Approval.get(role="leader_in_charge")).id}


@state
async def own_matter(days: Days) -> Given:
    """A unit's own matter is initiated; to end it takes two words."""
    await days.world.say("ban", UNIT)
    for user in ("fen", "wang"):
        await days.world.say(user, "同意 1")
    return {"at": 1}


@state
async def merging(days: Days) -> Given:
    """Of two of a unit's own matters the director asked to put the second into the first."""
    for text in (UNIT, UNIT.replace("取水", "用水")):
        await days.world.say("ban", text)
    for user in ("fen", "wang"):
        for number in (1, 2):
            await days.world.say(user, f"同意 {number}")
    await days.until(1)
    await days.sure("wang", "/并案 2 入 1 内容相同", 1)
    return {"at": 2, "key": (await Ruling.get(verdict="")).id}


@state
async def three_posts(days: Days) -> Given:
    """Of two units' own matter the director asks anew what a leader had refused, to withdraw it; both leaders' words
    are missing, and so is one on another matter."""
    for text in (UNIT, TOGETHER.replace("省政府13710", "处室")):
        await days.world.say("ban", text)
    for user in ("fen", "bie", "wang"):
        for number in (1, 2):
            await days.world.say(user, f"同意 {number}")
    await days.until(1)
    await days.sure("wang", "/撤销 2 任务重复", 1)
    row = await Ruling.filter(verdict="").order_by("-id").first()
    assert row
    await days.world.press("bie", f"disagree:{row.id}", 1)
    await days.sure("wang", "/撤销 1 任务取消", 1)
    await days.sure("wang", "/撤销 2 任务取消", 1)
    mine = {each.role: each.id for each in await Ruling.filter(verdict="").order_by("id")}
    return {"at": 2, "key": mine["leader_in_charge"], "other": mine["leader_in_charge:2"]}


@state
async def two_of_three(days: Days) -> Given:
    """Of three words that end two units' own matter the second one is given, too."""
    given = await three_posts(days)
    await days.world.press("fen", f"agree:{given['key']}", 2)
    return {**given, "at": 3}


@state
async def reminded(days: Days) -> Given:
    """Of a unit's own matter leader in charge and director have been reminded."""
    given = await states.proposed(days)
    await days.until(30)
    return {"at": 30, "key": given["key"]}


@state
async def posts_empty(days: Days) -> Given:
    """Units without A or B get no matter (A39); a matter of 财务处 is proposed since before."""
    await days.world.say("ban", PROPOSE.replace("水资源处", "财务处"))
    rules(posts_missing="block")
    return {"at": 1}


@state
async def family(days: Days) -> Given:
    """Two units lead together, each with its own matter; the second one is done."""
    await days.world.matter(TOGETHER)
    await end(days, 1, 30, "cai", child=2)
    await days.world.say("ban", "/同意办结 1-2", 30)
    return {"at": 31}


@state
async def family_ends(days: Days) -> Given:
    """Of two units that lead together the first waits for its acceptance, the second has it."""
    await family(days)
    await end(days, 1, 31, child=1)
    return {"at": 32}
