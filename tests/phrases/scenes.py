"""Where a phrase is said: small situations of one department; and what comes of it, in one line."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.router import Reply
from models import database
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person
from tests import department, shapes
from tests.department import ACK, PROPOSE, World
from tests.life import hands

STAGE = "进展 1 {} 已完成现场核查，形成问题清单"


class _Undo(Exception):
    """Takes back what a phrase did, so that the next one finds the same situation."""


async def nothing(world: World) -> None:
    """Nothing is open."""


async def one(world: World) -> None:
    await world.matter()


async def begun(world: World) -> None:
    await world.matter()
    await world.say("a", ACK, 1)


async def two(world: World) -> None:
    await _matters(world, "取水许可核查", "水源地保护")


async def many(world: World) -> None:
    await _matters(world, "取水许可核查", "水源地保护", "河道采砂整治", "灌区改造", "堤防检查")


async def _matters(world: World, *titles: str) -> None:
    for title in titles:
        await world.matter(PROPOSE.replace("取水许可核查", title))


async def month(world: World) -> None:
    await world.matter(hands.MAJOR)
    await world.say("a", ACK, 1)
    await world.say("a", STAGE.format("7天"), 2)


async def monthly(world: World) -> None:
    await world.matter(PROPOSE.replace("类别:一般", "类别:月报"))
    await world.say("a", ACK, 1)


async def weekly(world: World) -> None:
    await asked(world)
    await world.say("ban", "/同意延期 1", hands.at("03-31 15:00"))


async def proposed(world: World) -> None:
    await world.say("ban", PROPOSE)


async def proposed_twice(world: World) -> None:
    await world.say("ban", PROPOSE)
    await world.say("ban", PROPOSE.replace("取水许可核查", "水源地保护"))


async def asked(world: World) -> None:
    await month(world)
    await world.say("a", hands.ASK, hands.at("03-30 10:00"))


async def filed(world: World) -> None:
    await begun(world)
    await world.say("a", STAGE.format("3天"), 30)


async def applied(world: World) -> None:
    await begun(world)
    await hands.complete(world, "03-04 10:00")


async def helping(world: World) -> None:
    await world.matter(f"{PROPOSE} 配合:规划处")


async def second_begun(world: World) -> None:
    await two(world)
    await world.say("a", f"2 {ACK}", 1)


async def second_gone(world: World) -> None:
    await two(world)
    await world.say("a", f"1 {ACK}", 1)
    asked = await world.say("wang", "/撤销 2 错立 重复立项", 2)
    assert asked.card, asked.text
    await world.press("wang", asked.card.actions[0].key, 2)


_SCENES: tuple[Callable[[World], Awaitable[None]], ...] = (
    *(nothing, one, begun, two, many, month, monthly, weekly),
    *(proposed, proposed_twice, asked, filed, applied, helping, second_begun, second_gone),
)


async def set_up(name: str) -> World:
    """The department in this situation, in the connected database; 王强 and 王刚 bear one surname."""
    world = await department.found()
    for login, person in (("wq", "王强"), ("wg", "王刚")):
        await department.seat(login, person, "水资源处", "handler", world)
    await next(each for each in _SCENES if each.__name__ == name)(world)
    return world


async def play(world: World, who: str, text: str, at: timedelta) -> tuple[str, str]:
    """What comes of a phrase, and the reply's first line. `feedback 2026-0001 N3 “…”` is the line it wrote into the
    ledger, `? too_short` how it was asked back, `? which` the card that asks which matter, `= todo` a mere answer."""
    done, said = "", ""
    try:
        async with database.transaction():
            before = await Ledger.all().count()
            reply = await world.say(who, text, at)
            lines = await Ledger.all().order_by("id").offset(before)
            done, said = "; ".join([await _line(each) for each in lines]) or _asked(reply), _first(reply)
            raise _Undo
    except _Undo:
        return done, said


def _first(reply: Reply) -> str:
    return str(reply.text.split("\n")[0] if reply.text else reply.card.title if reply.card else "")


def _asked(reply: Reply) -> str:
    if not reply.text:
        return "? which" if "哪件" in reply.card.title else "? sure"
    name = shapes.name(reply.text)
    return f"? {name.removeprefix('refused/')}" if name.startswith("refused/") else f"= {name}"


async def _line(line: Ledger) -> str:
    matter = await Matter.get(id=line.matter_id)
    facts: dict[str, Any] = json.loads(line.body)["facts"]
    if line.verb in ("acknowledge", "assign"):
        what = [(await Person.get(id=matter.handler_id)).name]
    else:
        what = [str(facts[key]) for key in ("node", "obligation", "grade", "until") if facts.get(key)]
        what = [*facts.get("met", [])[:1], *what]
    words = next((f"“{facts[key]}”" for key in ("text", "reason", "words", "note") if facts.get(key)), "")
    return " ".join(filter(None, [line.verb, matter.code or f"拟-{matter.proposal_no}", *what, words]))
