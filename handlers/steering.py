"""Steering by the office: /催办 /督办 /转重大 /转月报 /转跟进 /改派 /代报 (A46, A49, A50, A55, A69)."""

from __future__ import annotations

import re

from bot import errors, render
from bot.actions import office, pressing, proxy, reassignment, steering
from bot.router import Reply, Router
from handlers import confirm, doubt, instants, lookup, numbers, plain, words
from handlers.turn import Turn
from handlers.which import Meant
from models import roster

router = Router()
SHORTEST = 10
_LABEL = re.compile(r"(?:理由|原因)\s{0,2}:\s*")
UNADDRESSED = 5
"""Characters of an urging up to which a question in it is for us and not for the unit: 要不要催？"""
_BREAK = re.compile(r"[\s,;:.、。，；：]+")


def _reason(meant: Meant, rest: str) -> str:
    """What stands as the reason; Refused reason_needed when nothing does, doubtful when it is none."""
    label = _LABEL.match(plain.fold(rest))
    own = rest[label.end() if label else 0 :].strip()
    doubt.expect(meant.said, rest, meant.matter.code, own)
    if len(own) < 2:
        said = meant.said.said
        raise errors.Refused("reason_needed", word=said, example=f"/{said} {meant.matter.code} 理由")
    return own


@router.text(words.pattern("urge"), *office.DECIDERS)
async def urge(turn: Turn) -> Reply:
    """/催办 1 [3天] [话]"""
    meant = await lookup.command(turn)
    node, rest = numbers.node(meant.said.rest)
    if len(rest) <= UNADDRESSED or doubt.denies(meant.said.said, rest):
        doubt.expect(meant.said, turn.text, meant.matter.code, rest)
    done = await pressing.urge(meant.matter.id, node, turn.by, turn.at, rest)
    return Reply(render.reply("urged", **done, now=turn.at))


@router.text(words.pattern("supervise"), *office.DECIDERS)
async def supervise(turn: Turn) -> Reply:
    """/督办 1 [3天] 理由"""
    meant = await lookup.command(turn)
    node, rest = numbers.node(meant.said.rest)
    done = await pressing.supervise(meant.matter.id, node, turn.by, turn.at, _reason(meant, rest))
    return Reply(render.reply("supervised", **done, now=turn.at))


@router.text(words.pattern("convert"), *office.DECIDERS)
async def convert(turn: Turn) -> Reply:
    """/转重大 1"""
    meant = await lookup.command(turn)
    if meant.said.rest or "?" in plain.fold(turn.text):
        doubt.refuse(meant.said, meant.matter.code)
    return Reply(render.reply("steered", **await steering.convert(meant.matter.id, turn.by, turn.at), now=turn.at))


@router.text(words.pattern("make_monthly"), *office.DECIDERS)
async def make_monthly(turn: Turn) -> Reply:
    """/转月报 1 理由"""
    meant = await lookup.command(turn)
    done = await steering.make_monthly(meant.matter.id, turn.by, turn.at, _reason(meant, meant.said.rest))
    return Reply(render.reply("steered", **done, now=turn.at))


@router.text(words.pattern("follow_up"), *office.DECIDERS)
async def follow_up(turn: Turn) -> Reply:
    """/转跟进 1 理由"""
    meant = await lookup.command(turn)
    done = await steering.follow_up(meant.matter.id, turn.by, turn.at, _reason(meant, meant.said.rest))
    return Reply(render.reply("steered", **done, now=turn.at))


@router.text(words.pattern("reassign"), *office.DECIDERS)
async def reassign(turn: Turn) -> Reply:
    """/改派 1 处室 理由"""
    meant = await lookup.command(turn)
    units = await roster.units()
    name, rest = [*_BREAK.split(meant.said.rest, maxsplit=1), ""][:2]
    if name not in units:
        raise errors.Refused("unknown_unit", said=name, near=words.nearest(name, units))
    await reassignment.expect(meant.matter, units[name], turn.by, turn.at)
    if len(rest.strip()) < 2:
        example = f"/{meant.said.said} {meant.matter.code} {name} 理由"
        raise errors.Refused("reason_needed", word=meant.said.said, example=example)
    if not turn.sure:
        return await confirm.ask(turn, meant.matter, "reassigned")
    done = await reassignment.reassign(meant.matter.id, units[name], turn.by, turn.at, rest.strip())
    return Reply(render.reply("reassigned", **done, now=turn.at))


@router.text(words.pattern("file_for"), *office.DECIDERS)
async def file_for(turn: Turn) -> Reply:
    """/代报 1 [3天] 时间:3月5日 15:30 话"""
    meant = await lookup.command(turn)
    node, rest = numbers.node(meant.said.rest)
    answered_at, text = instants.past(rest, turn.today)
    if answered_at is None:
        raise errors.Refused("instant_missing", code=meant.matter.code, said=meant.said.said)
    if len("".join(text.split())) < SHORTEST:
        example = f"/{meant.said.said} {meant.matter.code} 时间:3月5日 15:30"
        raise errors.Refused("too_short", code=meant.matter.code, example=example)
    done = await proxy.file_for(meant.matter.id, node, answered_at, turn.by, turn.at, text)
    return Reply(render.reply("filed_for", **done, now=turn.at))
