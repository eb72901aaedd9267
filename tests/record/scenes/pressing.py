"""What falls due, points and accountability: urges, dates of leaders, objections, decisions."""

from __future__ import annotations

from models.prompt import Prompt
from models.ruling import Ruling
from tests.department import ACK
from tests.office.days import Days
from tests.record.scenes.shapes import SECOND, Given, rules, state
from tests.roles import states
from tests.roles.states import DONE, WITH


@state
async def graded(days: Days) -> Given:
    """N3 was graded 优秀; both cooperating units bear grades too (A34)."""
    rules(graded_units="all")
    await days.world.matter(f"{WITH}、财务处")
    await days.world.say("a", ACK, 1)
    await days.world.say("a", f"进展 1 3天 {DONE}", 30)
    await days.world.say("ban", "/评价 1 优秀", 31)
    return {"at": 32}


@state
async def phoned(days: Days) -> Given:
    """N3 is answered, and then the office wrote down that N1 had been by telephone."""
    await days.world.matter(WITH)
    await days.world.say("a", f"进展 1 3天 {DONE}", 30)
    await days.world.say("ban", "/代报 1 1天 时间:3月3日 08:00 已电话报告研究部署情况", 31)
    return {"at": 32}


@state
async def limited(days: Days) -> Given:
    """The leader in charge has set a date."""
    await states.begun(days)
    await days.world.say("fen", "限期 1 3月4日 报整改清单", 30)
    return {"at": 50}


@state
async def limit_later(days: Days) -> Given:
    """The leader in charge has set a date, before which N3 is answered."""
    await limited(days)
    await days.world.say("a", f"进展 1 3天 {DONE}", 31)
    return {"at": 32}


@state
async def limits_met(days: Days) -> Given:
    """Two leaders have set a date, and the earlier one is answered before the other."""
    await limited(days)
    await days.world.say("ting", "限期 1 3月3日 报责任分工", 30)
    for hours, day in enumerate((3, 4), 31):
        await days.world.say("a", f"进展 1 3月{day}日限期 整改清单已形成并报送", hours)
    return {"at": 33}


@state
async def limit_met(days: Days) -> Given:
    """The date that the leader in charge had set was answered, and nothing else with it."""
    await limited(days)
    await days.world.say("a", "进展 1 限期 整改清单已形成并报送", 31)
    return {"at": 32}


@state
async def hurried(days: Days) -> Given:
    """The office has just urged by hand."""
    await states.late(days)
    await days.world.say("ban", "/催办 1 请抓紧", 76)
    return {"at": 76.5}


@state
async def unit_year(days: Days) -> Given:
    """Supervise notices count by unit and year (A15): two matters of it are silent, one proposal stands."""
    rules(accountability_count="unit_year")
    await days.world.matter(WITH)
    await days.world.matter(SECOND, 1)
    await days.until(100)
    return {"at": 100}


@state
async def urged(days: Days) -> Given:
    """N3 was urged nineteen times: the supervise notice is next."""
    await states.begun(days)
    await days.until(119)
    return {"at": 119}


@state
async def silence(days: Days) -> Given:
    """Nobody has answered anything: the second supervise notice is next."""
    await days.silent(119)
    return {"at": 119}


@state
async def objections(days: Days) -> Given:
    """Of two points only one was objected to."""
    await states.late(days)
    await days.world.say("a", "申诉 1 3天 系统打不开", 76)
    return {"at": 77, "key": (await Ruling.get(kind="objection")).id}


@state
async def deciding(days: Days) -> Given:
    """Accountability was put before the main leader, and the office is asked about the silence."""
    await days.silent(121)
    await days.sure("wang", "/问效 1 上报")
    await days.until(24 * 8)
    row = await Prompt.get(kind="stalled")
    return {"at": 24 * 8, "key": f"{row.id}:{row.asked}"}


@state
async def unsolved_both(days: Days) -> Given:
    """N7 was answered as not solved, and of another matter since."""
    await days.world.matter(WITH)
    await days.world.matter(SECOND)
    for number, why in ((1, "需跨市协调"), (2, "缺少资金")):
        words = f"进展 {number} 7天 未解决。原因：{why} 下步措施：专题会商 预计时间：4月底"
        await days.world.say("a", words, 100 + number)
    return {"at": 103}
