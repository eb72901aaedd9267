"""Where a phrase is said: small situations of one department, and what came of the phrase, in one line."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.router import Reply
from models import database
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person
from tests import department, shapes
from tests.department import ACK, PROPOSE, T, World
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
    await world.matter()
    await world.matter(PROPOSE.replace("取水许可核查", "水源地保护"))


async def many(world: World) -> None:
    for title in ("取水许可核查", "水源地保护", "河道采砂整治", "灌区改造", "堤防检查"):
        await world.matter(PROPOSE.replace("取水许可核查", title))


async def month(world: World) -> None:
    await world.matter(hands.MAJOR)
    await world.say("a", ACK, 1)
    await world.say("a", STAGE.format("7天"), 2)


async def monthly(world: World) -> None:
    await world.matter(PROPOSE.replace("类别:一般", "类别:月报"))
    await world.say("a", ACK, 1)


async def weekly(world: World) -> None:
    await month(world)
    await world.say("a", hands.ASK, hands.at("03-30 10:00"))
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


SCENES: dict[str, Callable[[World], Awaitable[None]]] = {
    each.__name__: each
    for each in (
        *(nothing, one, begun, two, many, month, monthly, weekly),
        *(proposed, proposed_twice, asked, filed, applied, helping),
    )
}


async def play(world: World, who: str, text: str, at: timedelta) -> str:
    """What came of a phrase: the ledger's line that it wrote, or `?` and how it was asked back; then taken back."""
    found = ""
    try:
        async with database.transaction():
            before = await Ledger.all().count()
            reply = await world.say(who, text, at)
            lines = await Ledger.all().order_by("id").offset(before)
            found = "; ".join([await _line(each) for each in lines]) or _said(reply)
            raise _Undo
    except _Undo:
        return found


def _said(reply: Reply) -> str:
    if reply.text:
        name = shapes.name(reply.text)
        return f"? {name.removeprefix('refused/')}" if name.startswith("refused/") else f"= {name}"
    return "? which" if reply.card and "哪件" in reply.card.title else f"? card {reply.card.title if reply.card else ''}"


async def _line(line: Ledger) -> str:
    matter = await Matter.get(id=line.matter_id)
    facts: dict[str, Any] = json.loads(line.body)["facts"]
    names = {each.id: each.name for each in await Person.all()}
    what = [facts["met"][0]] if facts.get("met") else [str(facts[key]) for key in ("node", "obligation") if facts.get(key)]
    if line.verb in ("acknowledge", "assign"):
        what = [names[matter.handler_id or 0]]
    words = next((str(facts[key]) for key in ("text", "reason", "words", "note") if facts.get(key)), "")
    extra = [str(facts[key]) for key in ("until", "grade", "responsible") if facts.get(key)]
    return " ".join([line.verb, matter.code or f"拟-{matter.proposal_no}", *what, *extra, *([f"“{words}”"] if words else [])])
