"""What the matrix of roles has no state for: turns that a matter takes later, and what nobody does by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.actions import setting
from bot.rules.ruleset import Ruleset
from models.completion import Completion
from models.people import Seat
from models.prompt import Prompt
from models.ruling import Ruling
from tests.department import ACK, PROPOSE
from tests.life import hands
from tests.office.days import Days
from tests.roles import states
from tests.roles.states import DONE, UNIT, WITH

Given = dict[str, Any]
TOGETHER = PROPOSE.replace("处室:水资源处", "处室:水资源处、财务处")
OWN: dict[str, Callable[[Days], Awaitable[Given]]] = {}
"""The states of the scenes, by name."""


def _state(made: Callable[[Days], Awaitable[Given]]) -> Callable[[Days], Awaitable[Given]]:
    OWN[made.__name__] = made
    return made


def _rules(**values: Any) -> None:
    setting.use(replace(setting.current(), rules=Ruleset(**values)))


@_state
async def half_approved(days: Days) -> Given:
    """The director has approved a unit's own matter, its leader in charge has not."""
    await states.proposed(days)
    await days.world.say("wang", "/批准 1", 0.5)
    return {"at": 1}


@_state
async def own_matter(days: Days) -> Given:
    """A unit's own matter is initiated; to end it takes two words."""
    await days.world.say("ban", UNIT)
    for user in ("fen", "wang"):
        await days.world.say(user, "同意 1")
    return {"at": 1}


@_state
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


@_state
async def meeting(days: Days) -> Given:
    """A completion waits whose source is a meeting of the department: its leaders get the report."""
    await days.world.say("ban", WITH.replace("省政府13710", "办公会"))
    await days.world.say("fen", "同意 1")
    await days.world.say("a", ACK, 1)
    await hands.complete(days.world, "03-03 15:00")
    return {"at": 31, "key": (await Completion.get()).id}


@_state
async def rework(days: Days) -> Given:
    """A completion was returned; the office can be asked once more."""
    await states.applied(days)
    await days.world.say("ban", "/退回 1 附件不全", 40)
    await days.world.hand_in("a", 41)
    await days.world.say("a", "完结 1 理由：已补充盖章附件", 41)
    return {"at": 42, "key": (await Completion.get(state="draft")).id}


@_state
async def both_asked(days: Days) -> Given:
    """An extension waits, and its matter is done meanwhile."""
    await states.asked(days)
    await days.world.hand_in("a", hands.at("03-30 13:00"))
    await days.world.say("a", hands.DONE, hands.at("03-30 13:00"))
    return {"at": hands.hours("03-30 14:00"), "key": (await Completion.get()).id}


@_state
async def returned_twice(days: Days) -> Given:
    """A completion was returned twice, and is filed for the third time."""
    await states.applied(days)
    for hours in (40, 50):
        await days.world.say("ban", "/退回 1 附件不全", hours)
        await days.world.hand_in("a", hours)
        asked = await days.world.say("a", "完结 1 理由：已补充盖章附件", hours)
        await days.world.press("a", asked.card.actions[0].key, hours)
    return {"at": 51}


@_state
async def graded(days: Days) -> Given:
    """N3 was graded 优秀; cooperating units bear grades too (A34)."""
    _rules(graded_units="all")
    await states.filed(days)
    await days.world.say("ban", "/评价 1 优秀", 31)
    return {"at": 32}


@_state
async def limited(days: Days) -> Given:
    """The leader in charge has set a date."""
    await states.begun(days)
    await days.world.say("fen", "限期 1 3月4日 报整改清单", 30)
    return {"at": 50}


@_state
async def limit_met(days: Days) -> Given:
    """The date that the leader in charge had set was answered, and nothing else with it."""
    await limited(days)
    await days.world.say("a", "进展 1 限期 整改清单已形成并报送", 31)
    return {"at": 32}


@_state
async def monthly(days: Days) -> Given:
    """A monthly matter: March was missed, it is the second of April."""
    await days.world.matter(WITH.replace("类别:一般", "类别:月报"))
    await days.world.say("a", ACK, 1)
    await days.until(hands.hours("04-02 10:00"))
    return {"at": hands.hours("04-02 10:00")}


@_state
async def monthly_drafted(days: Days) -> Given:
    """March was urged; a completion has its reason and its report."""
    await monthly(days)
    await days.world.hand_in("a", days.now)
    await days.world.say("a", hands.DONE, days.now)
    return {"at": days.now, "key": (await Completion.get()).id}


@_state
async def reminded(days: Days) -> Given:
    """Of a unit's own matter leader in charge and director have been reminded."""
    given = await states.proposed(days)
    await days.until(30)
    return {"at": 30, "key": given["key"]}


@_state
async def late_and_done(days: Days) -> Given:
    """After the cut-off an extension was refused and asked for anew; its matter is done, another extension waits."""
    await too_late(days)
    await days.world.say("ban", "/不同意延期 1 已过时限", hands.at("04-01 10:10"))
    await days.world.say("a", hands.ASK, hands.at("04-01 10:20"))
    await days.world.hand_in("a", hands.at("04-01 11:00"))
    await days.world.say("a", hands.DONE, hands.at("04-01 11:00"))
    return {"at": hands.hours("04-01 12:00"), "key": (await Completion.get()).id}


@_state
async def weekly(days: Days) -> Given:
    """In continuous follow-up, in the week of its first Thursday."""
    await states.asked(days)
    await days.world.say("ban", "/同意延期 1", hands.at("03-31 15:00"))
    return {"at": hands.hours("04-08 10:00")}


@_state
async def revising(days: Days) -> Given:
    """In continuous follow-up another date of the plan is asked for."""
    await weekly(days)
    await days.world.say("a", hands.ASK.replace("05-30", "06-30"), hands.at("04-08 11:00"))
    return {"at": hands.hours("04-08 12:00")}


@_state
async def month_graded(days: Days) -> Given:
    """Of a monthly matter March was graded and April reported."""
    await monthly(days)
    await days.world.say("a", "月报 1 3月 三月份完成取水口核查二十处", hands.at("04-02 11:00"))
    await days.world.say("ban", "/评价 1 良好", hands.at("04-02 12:00"))
    await days.world.say("a", "月报 1 4月 四月份完成取水口核查二十处", hands.at("04-28 09:00"))
    return {"at": hands.hours("04-28 10:00")}


@_state
async def own_filed(days: Days) -> Given:
    """The director sits in the unit too: N3's answer and the extension that wait are his own."""
    await Seat.create(person_id=days.world.people["wang"], unit_id=days.world.units["水资源处"], role="head")
    await days.world.matter(hands.MAJOR)
    await days.world.say("wang", f"进展 1 3天 {DONE}", 1)
    await days.world.say("wang", hands.ASK, 2)
    return {"at": 3}


@_state
async def own_applied(days: Days) -> Given:
    """The director sits in the unit too: the completion that waits is his own."""
    await Seat.create(person_id=days.world.people["wang"], unit_id=days.world.units["水资源处"], role="head")
    await days.world.matter(WITH)
    await hands.complete(days.world, "03-02 15:00", "wang")
    return {"at": 7, "key": (await Completion.get()).id}


@_state
async def written_off(days: Days) -> Given:
    """办结 and 销号: the superior has confirmed."""
    await states.accepted(days)
    await days.world.say("ban", "/销号 1 晋政督1号", 41)
    return {"at": 42}


@_state
async def second_cycle(days: Days) -> Given:
    """The first matter was graded, accepted and reopened; the second was accepted; the third has just begun."""
    await states.filed(days)
    await days.world.matter(WITH.replace("取水", "用水"), 31)
    await days.world.say("ban", "/评价 1 优秀", 31)
    for number in (1, 2):
        await _end(days, number, 32)
        await days.world.say("ban", f"/同意办结 {number} 合格", 33)
    await days.sure("ban", "/重开 1 问题反弹", 34)
    await days.world.matter(WITH.replace("取水", "节水"), 35)
    return {"at": 36}


@_state
async def ended_twice(days: Days) -> Given:
    """Reopened and accepted once more, another one too."""
    await second_cycle(days)
    await _end(days, 1, 37)
    await days.world.say("ban", "/同意办结 1", 38)
    return {"at": 39}


@_state
async def from_above(days: Days) -> Given:
    """The superior sent the report back; what was handed in anew is accepted, another completion waits."""
    await states.applied(days)
    await days.world.say("ban", "/同意办结 1 优秀", 32)
    await days.world.say("ban", "/退回 1 上级 数据有误", 33)
    await _end(days, 1, 34)
    await days.world.say("ban", "/同意办结 1", 35)
    await days.world.matter(WITH.replace("取水", "用水"), 36)
    await _end(days, 2, 37)
    return {"at": 38}


@_state
async def two_wait(days: Days) -> Given:
    """Completions of two matters wait."""
    await states.applied(days)
    await days.world.matter(WITH.replace("取水", "用水"), 31)
    await _end(days, 2, 32)
    return {"at": 33}


async def _end(days: Days, number: int, hours: float) -> None:
    await days.world.hand_in("a", hours, number=number)
    asked = await days.world.say("a", f"完结 {number} 理由：已全部整改到位", hours)
    await days.world.press("a", asked.card.actions[0].key, hours)


@_state
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


@_state
async def week_graded(days: Days) -> Given:
    """The same, and the second Thursday is graded as well."""
    await weeks(days)
    await days.world.say("ban", "/评价 1 周报 良好", hands.at("04-14 14:00"))
    return {"at": hands.hours("04-14 15:00")}


@_state
async def week_applied(days: Days) -> Given:
    """In continuous follow-up a completion waits."""
    await weekly(days)
    await hands.complete(days.world, "04-08 11:00")
    return {"at": hands.hours("04-08 12:00")}


@_state
async def month_named(days: Days) -> Given:
    """What was filed for the month waits for a review, an extension for the month was approved since."""
    await days.world.matter(hands.MAJOR)
    await days.world.say("a", f"进展 1 1个月 {DONE}", hands.at("03-27 10:00"))
    await days.world.say("a", hands.ASK, hands.at("03-30 10:00"))
    await days.world.say("ban", "/同意延期 1", hands.at("03-31 15:00"))
    return {"at": hands.hours("04-01 10:00")}


@_state
async def month_near(days: Days) -> Given:
    """Of a major matter everything before the month is answered."""
    await hands.major(days.world)
    return {"at": hands.hours("03-31 10:00")}


@_state
async def month_asked(days: Days) -> Given:
    """A monthly matter asks for a date of its plan."""
    await monthly(days)
    await days.world.say("a", hands.ASK, hands.at("04-02 10:00"))
    return {"at": hands.hours("04-02 11:00")}


@_state
async def late_followed(days: Days) -> Given:
    """An extension came after the cut-off, the office began the follow-up without it."""
    await too_late(days)
    await days.world.say("ban", "/转跟进 1 涉及跨省协调", hands.at("04-01 12:00"))
    return {"at": hands.hours("04-01 13:00")}


@_state
async def never_late(days: Days) -> Given:
    """After the cut-off no extension is taken at all (A30)."""
    _rules(extension_late="refuse")
    await hands.major(days.world)
    return {"at": hands.hours("04-01 10:00")}


@_state
async def no_month(days: Days) -> Given:
    """A general matter without the back-stop of the month (A6)."""
    _rules(month_backstop=False)
    await states.begun(days)
    return {"at": 30}


@_state
async def hurried(days: Days) -> Given:
    """The office has just urged by hand."""
    await states.late(days)
    await days.world.say("ban", "/催办 1 请抓紧", 76)
    return {"at": 76.5}


@_state
async def posts_empty(days: Days) -> Given:
    """Units without A or B get no matter (A39); a matter of 财务处 is proposed since before."""
    await days.world.say("ban", PROPOSE.replace("水资源处", "财务处"))
    _rules(posts_missing="block")
    return {"at": 1}


@_state
async def too_late(days: Days) -> Given:
    """Two extensions were applied for after the cut-off: they suspend nothing."""
    for number in (1, 2):
        await days.world.matter(hands.MAJOR)
        await days.world.say("a", f"进展 {number} 7天 {DONE}", 2)
        await days.world.say("a", hands.ASK.replace("延期 1", f"延期 {number}"), hands.at("04-01 10:00"))
    return {"at": hands.hours("04-01 11:00")}


@_state
async def family(days: Days) -> Given:
    """Two units lead together, each with its own matter; the second one is done."""
    await days.world.matter(TOGETHER)
    await days.world.hand_in("cai", 30, child=2)
    asked = await days.world.say("cai", "完结 1-2 理由：已全部整改到位", 30)
    await days.world.press("cai", asked.card.actions[0].key, 30)
    await days.world.say("ban", "/同意办结 1-2", 30)
    return {"at": 31}


@_state
async def family_ends(days: Days) -> Given:
    """Of two units that lead together the first waits for its acceptance, the second has it."""
    await family(days)
    await days.world.hand_in("a", 31, child=1)
    asked = await days.world.say("a", "完结 1-1 理由：已全部整改到位", 31)
    await days.world.press("a", asked.card.actions[0].key, 31)
    return {"at": 32}


@_state
async def standing_in(days: Days) -> Given:
    """孙贝 stands in for 张三, 规划员 for 李安, the clerk for the director, whose word on a proposal is awaited."""
    await days.world.matter(WITH)
    await days.world.say("a", ACK, 1)
    await days.world.say("ban", PROPOSE.replace("取水", "用水"), 1)
    for words in ("张三 孙贝", "李安 规划员", "王主任 办公员"):
        await days.world.say("wang", f"/代班 {words} 3月2日至6日", 2)
    return {"at": 30}


@_state
async def unit_year(days: Days) -> Given:
    """Supervise notices count by unit and year (A15): two matters of it are silent, one proposal stands."""
    _rules(accountability_count="unit_year")
    await days.world.matter(WITH)
    await days.world.matter(WITH.replace("取水", "用水"), 1)
    await days.until(100)
    return {"at": 100}


@_state
async def urged(days: Days) -> Given:
    """N3 was urged nineteen times: the supervise notice is next."""
    await states.begun(days)
    await days.until(119)
    return {"at": 119}


@_state
async def silence(days: Days) -> Given:
    """Nobody has answered anything: the second supervise notice is next."""
    await days.silent(119)
    return {"at": 119}


@_state
async def kept_clock(days: Days) -> Given:
    """Whoever takes a matter over takes its clock over (A46); N3 is overdue and urged."""
    _rules(reassign_clock="keep")
    await states.late(days)
    return {"at": 77}


@_state
async def closed_account(days: Days) -> Given:
    """李安's account is closed, 孙贝 has his place."""
    await days.world.matter(WITH)
    await days.until(1)
    return {"at": 30}


@_state
async def objections(days: Days) -> Given:
    """Of two points only one was objected to."""
    await states.late(days)
    await days.world.say("a", "申诉 1 3天 系统打不开", 76)
    return {"at": 77, "key": (await Ruling.get(kind="objection")).id}


@_state
async def deciding(days: Days) -> Given:
    """Accountability was put before the main leader, and the office is asked about the silence."""
    await days.silent(121)
    await days.sure("wang", "/问效 1 上报")
    await days.until(24 * 8)
    row = await Prompt.get(kind="stalled")
    return {"at": 24 * 8, "key": f"{row.id}:{row.asked}"}
