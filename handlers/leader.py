"""What leaders write: /批示 1 话, 限期 1 3月20日 [话], 转办 1 张三 [话], and free words after a card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot import errors, render
from bot.actions import facts as shared
from bot.actions import instruction
from bot.router import Reply, Router
from bot.rules.status import CLOSED
from handlers import acknowledgement, dates, lookup, officer, plain, words
from handlers.turn import Turn
from models import inbox
from models.matter import Matter

router = Router()
LEADERS = ("leader_in_charge", "main_leader")
RECENT = timedelta(hours=72)
"""How long free words may be meant for a card."""
AT_ONCE = timedelta(minutes=30)
"""How long they are meant for the card whose 批示 was pressed."""
MOST = 10
# 张三 请抓紧, 张三请抓紧; 张三丰 is another name
_NAME_END = re.compile(r"[\s,;:.!。、，；：！]|请|尽快|抓紧|从?速|办理|处理|落实|核实|研究|阅")
_NUMBER = re.compile(r"(?P<number>\d{1,5})(?:号|\s)\s*")


@router.text(words.pattern("instruct"), *LEADERS)
async def instruct(turn: Turn) -> Reply:
    """/批示 1 话"""
    meant = await lookup.command(turn)
    text = lookup.sentence(meant, "请抓紧落实")
    done = await instruction.instruct(meant.matter.id, turn.by, turn.at, text)
    return Reply(render.reply("instructed", **done, now=turn.at))


@router.text(words.pattern("limit"), *LEADERS)
async def limit(turn: Turn) -> Reply:
    """限期 1 3月20日 [话]"""
    meant = await lookup.command(_numbered(turn))
    day, rest = dates.leading(meant.said.rest, turn.today)
    if day is None:
        await instruction.expect(meant.matter, turn.by)
        raise errors.Refused("limit_day", code=meant.matter.code, said=rest)
    done = await instruction.limit(meant.matter.id, day, turn.by, turn.at, rest)
    return Reply(render.reply("limited", **done, now=turn.at))


def _numbered(turn: Turn) -> Turn:
    """Digits before a whole date are the matter's: 限期 1 月底前, 限期 1号 3月20日."""
    said = words.command(turn.text)
    found = _NUMBER.match(plain.fold(said.rest)) if said and said.ref is None else None
    if not said or not found or dates.leading(said.rest[found.end() :], turn.today)[0] is None:
        return turn
    text = f"{said.said} #{found['number']} {said.rest[found.end() :]}"
    return replace(turn, message=replace(turn.message, text=text))


@router.text(words.pattern("assign"), *LEADERS)
async def pass_on(turn: Turn) -> Reply:
    """转办 1 张三 [话]; from an officer of a matter that he is not above it is 分办."""
    said = words.command(turn.text)
    assert said
    if said.said != "转办" or (turn.by.units() and said.ref is None):
        return await officer.assign(turn)
    meant = await lookup.command(turn)
    if turn.by.units() and not instruction.may(meant.matter, turn.by):
        return await officer.assign(turn)
    await instruction.expect(meant.matter, turn.by)
    known = await instruction.people(meant.matter, turn.at)
    written, name, rest = addressee(meant.said.rest, list(known.values()))
    if not written:
        raise errors.Refused("name_missing", example=f"{said.said} {meant.matter.code} 张三")
    if not name:
        near = words.nearest(written, known.values())
        unit = (await shared.of(meant.matter))["unit"]
        raise errors.Refused("name_unknown", name=written, near=near, unit=unit)
    person = next(each for each, own in known.items() if own == name)
    done = await instruction.pass_on(meant.matter.id, person, turn.by, turn.at, rest)
    return Reply(render.reply("passed_on", **done, now=turn.at))


def addressee(text: str, known: Sequence[str]) -> tuple[str, str, str]:
    """To whom, as written and as one of `known` ("" when it is none, or two), and the words: 张三同志 请抓紧."""
    written = _NAME_END.split(text, maxsplit=1)[0]
    name = words.person(written, known) or words.person(acknowledgement.bare(written), known) or ""
    is_one = written.startswith(name[:1]) and known.count(name) == 1
    return written, name if is_one else "", words.without_lead(text[len(written) :])


async def offer(turn: Turn) -> Reply | None:
    """Free words of a leader, offered as 批示 on what his cards were about; None when there is no such card."""
    found = await _about(turn) if turn.by.roles & {*LEADERS} else []
    if not found:
        return None
    options = [(each.id, each.code, each.title, each.sensitive) for each in found[:MOST]]
    return Reply(card=render.card("offer", token=turn.inbound_id, options=options, words=turn.text, now=turn.at))


async def _about(turn: Turn) -> list[Matter]:
    """The matter whose 批示 he has just pressed, else those of his latest cards, the newest first."""
    pressed = await inbox.last_press(turn.by.id, turn.inbound_id, turn.at - AT_ONCE)
    word, _, number = pressed.partition(":")
    ids = [int(number)] if word == "instruct" and number.isdecimal() else []
    ids = ids or await inbox.carded(turn.by.id, instruction.SEEN, turn.at - RECENT)
    matters = {each.id: each for each in await Matter.filter(id__in=ids)}
    mine = [matters[each] for each in ids if each in matters and instruction.may(matters[each], turn.by)]
    return [each for each in mine if each.state == "closed" or each.state not in CLOSED]


async def acquiesce(turn: Turn) -> Reply | None:
    """已阅, 收到 of a leader: of the only card he has not answered; None when he has none."""
    waiting = await inbox.unseen(turn.by.id, instruction.SEEN, turn.at - RECENT) if _leads_only(turn) else []
    if len(waiting) > 1:
        raise errors.Refused("seen_which", count=len(waiting))
    if not waiting:
        return None
    return Reply(render.reply("seen", **await instruction.see(waiting[0], turn.by, turn.at), now=turn.at))


def _leads_only(turn: Turn) -> bool:
    return bool(turn.by.roles & {*LEADERS}) and not turn.by.units()
