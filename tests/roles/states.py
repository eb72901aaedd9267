"""Everybody who may write or press, and the states of a matter in which he does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.actions import setting
from bot.router import Button, Message, Reply
from bot.rules.ruleset import Ruleset
from handlers import reception
from models import database
from models.completion import Completion
from models.delivery import Delivery
from models.document import Document
from models.extension import Extension
from models.inbound import Inbound
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.notice import Notice
from models.people import Person
from models.prompt import Prompt
from models.ruling import Ruling
from models.score import ScoreEvent
from tests import department, shapes
from tests.department import ACK, PROPOSE
from tests.life import hands
from tests.office.days import Days

PEOPLE = {
    "own head": "chu",
    "own A": "a",
    "own B": "b",
    "own handler": "zhang",
    "cooperating A": "gui",
    "other head": "qian",
    "other A": "cai",
    "other handler": "kuai",
    "office": "ban",
    "director": "wang",
    "leader": "fen",
    "other leader": "bie",
    "main leader": "ting",
    "admin": "guan",
    "no seat": "xian",
    "departed": "li",
    "stranger": "nobody",
}
"""Who he is to the matter → login; `other …` sits in a unit that has no part in it."""
_MORE = (
    ("qian", "钱处长", "财务处", "head"),
    ("cai", "蔡财", "财务处", "operator_a"),
    ("kuai", "蒯会计", "财务处", "handler"),
    ("bie", "别厅长", "财务处", "leader_in_charge"),
    ("guan", "管理员", None, "admin"),
    ("li", "李离", "水资源处", "operator_b"),
)
WITH = f"{PROPOSE} 配合:规划处"
UNIT = WITH.replace("省政府13710", "处室")
DONE = "已完成现场核查，形成问题清单"
State = Callable[[Days], Awaitable[dict[str, Any]]]


class _Undo(Exception):
    """Takes back what a cell did."""


async def found() -> Days:
    """The department with everybody in it, in the connected database."""
    world = await department.found()
    for row in _MORE:
        await department.seat(*row, world)
    world.people["xian"] = (await Person.create(name="闲人", wecom_id="xian")).id
    await Person.filter(wecom_id="li").update(active=False)
    return Days(world)


async def nothing(days: Days) -> dict[str, Any]:
    """Nothing is open."""
    return {"at": 1}


async def fresh(days: Days) -> dict[str, Any]:
    """Just initiated: N1 is open, its card is out."""
    matter = await days.world.matter(WITH)
    owed = await days.world.owed(matter, "N1")
    return {"at": 2, "key": f"{owed.id}:{owed.episode}:0", "choose": {"person": [str(days.world.people["zhang"])]}}


async def waiting(days: Days) -> dict[str, Any]:
    """Initiated, its clocks wait for the unit's acceptance (A1)."""
    setting.use(replace(setting.current(), rules=Ruleset(clock_start="acceptance")))
    matter = await days.world.matter(WITH)
    return {"at": 2, "key": (await days.world.owed(matter, "MATTER")).id}


async def begun(days: Days) -> dict[str, Any]:
    """N1 is answered, 张三 is the handler, N3 is open."""
    await days.world.matter(WITH)
    await days.world.say("a", ACK, 1)
    return {"at": 30}


async def reachable(days: Days) -> dict[str, Any]:
    """Pages can be reached from a phone."""
    setting.use(replace(setting.current(), public_url="https://duban.example"))
    return await begun(days)


async def late(days: Days) -> dict[str, Any]:
    """N3 is overdue and urged; what that cost is booked."""
    await begun(days)
    await days.until(76)
    return {"at": 76}


async def seven(days: Days) -> dict[str, Any]:
    """The card of N7 asks: solved or not."""
    matter = await days.world.matter(WITH)
    owed = await days.world.owed(matter, "N7")
    return {"at": 150, "key": f"{owed.id}:{owed.episode}"}


async def filed(days: Days) -> dict[str, Any]:
    """N3 is answered by 李安 and not reviewed."""
    await begun(days)
    await days.world.say("a", f"进展 1 3天 {DONE}", 30)
    return {"at": 31}


async def proposed(days: Days) -> dict[str, Any]:
    """A unit's own matter waits for its leader in charge and the director."""
    await days.world.say("ban", UNIT)
    mine = {each.role: each.id for each in await Approval.all()}
    return {"at": 1, "key": mine["leader_in_charge"]}


async def asked(days: Days) -> dict[str, Any]:
    """An extension waits for the office."""
    await days.world.matter(WITH.replace("类别:一般", "类别:重大"))
    await days.world.say("a", f"进展 1 7天 {DONE}", 2)
    await days.world.say("a", hands.ASK, hands.at("03-30 10:00"))
    return {"at": hands.hours("03-30 12:00"), "key": (await Extension.get()).id}


async def drafted(days: Days) -> dict[str, Any]:
    """A completion has its reason and its report; both ticks are asked by card."""
    await begun(days)
    await days.world.hand_in("a", 30)
    await days.world.say("a", hands.DONE, 30)
    return {"at": 31, "key": (await Completion.get()).id}


async def applied(days: Days) -> dict[str, Any]:
    """A completion waits for the office."""
    state = await drafted(days)
    await days.world.press("a", f"complete:{state['key']}", 30)
    return {**state, "choose": {"grade": ["1"]}}


async def accepted(days: Days) -> dict[str, Any]:
    """办结: the report went up, its superior has not confirmed."""
    await applied(days)
    await days.world.say("ban", "/同意办结 1", 40)
    return {"at": 41}


async def supervised(days: Days) -> dict[str, Any]:
    """Two supervise notices went out: accountability is proposed, the leader in charge has their cards and is asked to
    whom he passes it on."""
    matter = await days.silent(121)
    card = await Delivery.filter(kind="supervise", lane="chat", person_id=days.world.people["fen"]).first()
    assert card
    choose = {"day": ["20260320"], "person": [str(days.world.people["zhang"])]}
    await days.world.press("fen", f"pass:{matter.id}", 121)
    return {"at": 121, "matter": matter.id, "delivery": card.id, "asked": await _written("fen"), "choose": choose}


async def offered(days: Days) -> dict[str, Any]:
    """The leader in charge has written free words after a card, and is asked whether they are 批示."""
    state = await supervised(days)
    await days.world.say("fen", "请于本周内拿出方案", 121)
    return {"at": 122, "key": f"{await _written('fen')}:{state['matter']}"}


async def reported(days: Days) -> dict[str, Any]:
    """The director put it before the main leader."""
    state = await supervised(days)
    await days.sure("wang", "/问效 1 上报")
    return state


async def objected(days: Days) -> dict[str, Any]:
    """李安 objects to the points of N3."""
    state = await late(days)
    await days.world.say("a", "申诉 1 系统打不开", 76)
    return {**state, "key": (await Ruling.get(kind="objection")).id}


async def withdrawing(days: Days) -> dict[str, Any]:
    """The director asked to withdraw a unit's own matter; its leader's word is missing."""
    await days.world.say("ban", UNIT)
    for user in ("fen", "wang"):
        await days.world.say(user, "同意 1")
    await days.until(1)
    await days.sure("wang", "/撤销 1 任务取消", 1)
    return {"at": 2, "key": (await Ruling.get(verdict="")).id}


async def two(days: Days) -> dict[str, Any]:
    """Two matters are open, and 李安 has written without a number."""
    await days.world.matter(WITH)
    await days.world.matter(WITH.replace("取水", "用水"))
    await days.world.say("a", f"进展 {DONE}", 1)
    return {"at": 2, "key": await _written("a"), "choose": {"matter": ["1"]}}


async def put_off(days: Days) -> dict[str, Any]:
    """On a Friday evening the director approved for the next working morning."""
    await days.world.say("ban", WITH, 24 * 4 + 8)
    await days.world.say("wang", "同意 节后下发", 24 * 4 + 8)
    return {"at": 24 * 4 + 9, "key": (await Prompt.get(kind="dispatch")).id}


async def withdrawable(days: Days) -> dict[str, Any]:
    """The director has written /撤销 and is asked whether he is sure."""
    matter = await days.world.matter(WITH)
    await days.world.say("wang", "/撤销 1 任务取消", 1)
    return {"at": 2, "key": f"{await _written('wang')}:{matter.id}:{(await Matter.get(id=matter.id)).ledger_n}"}


async def reseatable(days: Days) -> dict[str, Any]:
    """The office has written /换岗 and is asked whether it is sure."""
    await days.world.matter(WITH)
    await days.world.say("ban", "/换岗 水资源处 A:张三", 1)
    unit, people = days.world.units["水资源处"], days.world.people
    return {"at": 2, "key": f"{await _written('ban')}:{unit}:{people['chu']}:{people['a']}:{people['b']}"}


async def pictured(days: Days) -> dict[str, Any]:
    """李安 has sent a picture."""
    await begun(days)
    await reception.receive(days.world.message("a", "image", 30, raw={"MediaId": "media-1"}))
    return {"at": 31, "key": (await Document.get()).id}


async def stalled(days: Days) -> dict[str, Any]:
    """48 hours after the last supervise notice the office is asked what shall become of the silent matter."""
    await days.silent(24 * 8)
    return await _question("stalled", 24 * 8)


async def unsolved(days: Days) -> dict[str, Any]:
    """N7 was answered as not solved: shall the matter become major?"""
    await begun(days)
    await days.said("a", "进展 1 7天 未解决。原因：需跨市协调 下步措施：专题会商 预计时间：4月底", 100)
    await days.until(200)
    return await _question("unsolved", 200)


async def looked_back(days: Days) -> dict[str, Any]:
    """Closed for thirty days: the office is asked whether it held."""
    await accepted(days)
    await days.until(24 * 40)
    return await _question("look_back", 24 * 40)


async def _question(kind: str, hours: float) -> dict[str, Any]:
    row = await Prompt.get(kind=kind)
    assert row.asked, kind
    return {"at": hours, "key": f"{row.id}:{row.asked}", "line": (await Matter.get(id=row.matter_id)).ledger_n}


async def _written(user: str) -> int:
    found = await Inbound.filter(user=user).order_by("-id").first()
    assert found
    return found.id


_STATES: tuple[State, ...] = (
    *(nothing, fresh, begun, reachable, late, seven, filed, proposed, asked, drafted, applied, accepted, supervised),
    offered,
    waiting,
    *(
        reported,
        objected,
        withdrawing,
        put_off,
        two,
        withdrawable,
        reseatable,
        pictured,
        stalled,
        unsolved,
        looked_back,
    ),
)


def state(name: str) -> State:
    """The state of this name."""
    return next(each for each in _STATES if each.__name__ == name)


async def play(days: Days, who: str, row: Mapping[str, str], facts: Mapping[str, Any]) -> str:
    """What a person gets who writes, presses or sends it in this state: a reply's template, `card:` and the card's
    first button, `turned:` and what the pressed card says now, "" for nothing. Then it is taken back.

    A refusal must have changed nothing, and tells nobody a title.
    """
    shown = ""
    try:
        async with database.transaction():
            before = await _counts()
            got = await act(days, who, row, facts)
            shown = _shown(got)
            if shown.startswith("refused/"):
                assert await _counts() == before, (who, row)
                assert "取水" not in got.text, (who, row)
            raise _Undo
    except _Undo:
        return shown


async def act(days: Days, who: str, row: Mapping[str, str], facts: Mapping[str, Any]) -> Reply:
    """The answer to what a person writes, presses or sends in this state."""
    user = PEOPLE[who]
    if "say" in row:
        return await days.world.say(user, row["say"], facts["at"])
    return await reception.receive(_sent(days, user, row, facts))


def _sent(days: Days, user: str, row: Mapping[str, str], facts: Mapping[str, Any]) -> Message:
    """A press, or a message of another kind."""
    if "press" not in row:
        return days.world.message(user, row["on"], facts["at"], raw={"MediaId": "media-2"})
    button = Button(row["press"].format(**facts), selected=facts.get("choose", {}))
    return days.world.message(user, "card", facts["at"], button=button)


async def _counts() -> list[int]:
    return [await table.all().count() for table in (Ledger, Notice, Delivery, ScoreEvent)]


def _shown(reply: Reply) -> str:
    if reply.text:
        return shapes.name(reply.text)
    if reply.replace:
        return f"turned:{reply.replace.done}"
    if reply.card:
        return f"card:{reply.card.actions[0].key.split(':')[0] if reply.card.actions else 'link'}"
    return ""
