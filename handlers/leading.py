"""The buttons of leaders' cards: 批示 · 已阅 · 限期 · 转办, and what they ask back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from bot import errors, render
from bot.actions import facts as shared
from bot.actions import instruction, rights
from bot.engine import letter
from bot.router import Reply, Router
from handlers import cards
from handlers.turn import Turn
from models.delivery import Delivery
from models.inbound import Inbound
from models.matter import Matter

router = Router()
AHEAD = (1, 2, 3, 5, 7, 10, 15, 30)
"""Days from today that are offered as 限期."""


async def _opened(turn: Turn, *, closed: bool = False) -> Matter:
    """The matter that the button names, for who is above its unit."""
    found = await Matter.get_or_none(id=cards.ids(turn, 1)[0])
    if found is None:
        raise errors.Refused("stale_card")
    await instruction.expect(found, turn.by)
    if not (closed and found.state == "closed"):
        rights.expect_open(found)
    return found


@router.press("instruct")
async def instruct(turn: Turn) -> Reply:
    """批示: instruct:<matter>; the words that follow are offered as 批示 on it."""
    found = await _opened(turn, closed=True)
    return Reply(render.reply("instruct_how", **await shared.of(found)))


@router.press("seen")
async def seen(turn: Turn) -> Reply:
    """已阅: seen:<delivery>."""
    delivery_id = cards.ids(turn, 1)[0]
    await instruction.see(delivery_id, turn.by, turn.at)
    (one,) = await letter.load([await Delivery.get(id=delivery_id)])
    return Reply(replace=render.card(one.delivery.kind, **{**await letter.said(one, turn.at), "done": "seen"}))


@router.press("limit")
async def limit(turn: Turn) -> Reply:
    """限期: limit:<matter>; by which day is asked by a card."""
    found = await _opened(turn)
    return Reply(card=render.card("limit_ask", **await _days(found, turn)))


async def _days(found: Matter, turn: Turn) -> dict[str, Any]:
    days = [turn.today + timedelta(days=count) for count in AHEAD]
    options = [(f"{day:%Y%m%d}", day) for day in days]
    return {**await shared.of(found), "matter": found.id, "days": options, "now": turn.at}


@router.press("limited")
async def limited(turn: Turn) -> Reply:
    """设为限期 with a day chosen: limited:<matter>."""
    found, chosen = await _opened(turn), cards.selected(turn, "day")
    if chosen is None:
        raise errors.Refused("limit_day", code=found.code, said="")
    try:
        day = date(chosen // 10000, chosen // 100 % 100, chosen % 100)
    except ValueError:
        raise errors.Refused("stale_card") from None
    done = await instruction.limit(found.id, day, turn.by, turn.at)
    card = render.card("limit_ask", **await _days(found, turn), done="limited")
    return Reply(render.reply("limited", **done, now=turn.at), replace=card)


@router.press("pass")
async def pass_on(turn: Turn) -> Reply:
    """转办: pass:<matter>; to whom is asked by a card."""
    found = await _opened(turn)
    return Reply(card=render.card("pass_ask", **await _people(found, turn.inbound_id, turn)))


async def _people(found: Matter, asked: int, turn: Turn) -> dict[str, Any]:
    people = list((await instruction.people(found, turn.at)).items())
    return {**await shared.of(found), "token": f"{found.id}:{asked}", "people": people, "now": turn.at}


@router.press("passed")
async def passed(turn: Turn) -> Reply:
    """转办 with a person chosen: passed:<matter>:<inbound>, once for each 转办 pressed."""
    found, person = await _opened(turn), cards.selected(turn, "person")
    asked = cards.ids(turn, 2)[1]
    if person is None:
        raise errors.Refused("name_missing", example=f"转办 {found.code} 张三")
    await _once(turn, asked, "card", "passed")
    done = await instruction.pass_on(found.id, person, turn.by, turn.at)
    card = render.card("pass_ask", **await _people(found, asked, turn), done="passed")
    return Reply(render.reply("passed_on", **done, now=turn.at), replace=card)


@router.press("word")
async def word(turn: Turn) -> Reply:
    """是: word:<inbound>:<matter>, or the matter chosen: the stored words are 批示."""
    inbound_id, matter_id = cards.ids(turn, 2)
    stored = await _words(turn, inbound_id)
    found = await Matter.get_or_none(id=matter_id or cards.selected(turn, "matter") or 0)
    if found is None:
        raise errors.Refused("nothing_picked")
    done = await instruction.instruct(found.id, turn.by, turn.at, stored.text.strip())
    return Reply(render.reply("instructed", **done, now=turn.at), replace=_offer(stored, [found], turn, "instructed"))


@router.press("unword")
async def unword(turn: Turn) -> Reply:
    """否: unword:<inbound>:<matter>; nothing is kept of it."""
    inbound_id, matter_id = cards.ids(turn, 2)
    stored = await _words(turn, inbound_id)
    return Reply(replace=_offer(stored, await Matter.filter(id=matter_id), turn, "unworded"))


async def _words(turn: Turn, inbound_id: int) -> Inbound:
    """The words that were offered, once."""
    return await _once(turn, inbound_id, "text", "offered")


async def _once(turn: Turn, inbound_id: int, kind: str, served: str) -> Inbound:
    """What he wrote or pressed, from now on `served`; Refused stale_card when it was, or is somebody else's."""
    stored = await Inbound.get_or_none(id=inbound_id, person_id=turn.by.id)
    if stored is None or not await Inbound.filter(id=inbound_id, kind=kind).update(kind=served):
        raise errors.Refused("stale_card")
    return stored


def _offer(stored: Inbound, matters: list[Matter], turn: Turn, done: str) -> Any:
    options = [(each.id, each.code, each.title, each.sensitive) for each in matters]
    return render.card("offer", token=stored.id, options=options, words=stored.text, now=turn.at, done=done)
