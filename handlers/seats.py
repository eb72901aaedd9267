"""Who sits where, as the office says it: /人员, /换岗, /代班 (R50, A64)."""

from __future__ import annotations

import re

from bot import errors, render
from bot.actions import seating, seats
from bot.router import Reply, Router
from handlers import names, plain, span, words
from handlers.turn import Turn
from models import roster

router = Router()
OFFICE = ("office", "office_director")
READERS = (*OFFICE, "leader_in_charge", "main_leader", "admin")
_ROLES = {"A": "operator_a", "B": "operator_b", "负责人": "head"}
_KEY = r"(?:[ABab]\s?岗?|负责人)"
_POST = re.compile(
    rf"(?P<key>{_KEY})\s{{0,2}}[:=为]?\s{{0,2}}(?P<name>[^\s,;、ABab:=]{{1,40}}?)(?=$|[\s,;、。]|{_KEY}\s?[:=])"
)
_OVER = r"(?:取消|撤销|提前结束|结束|返岗|到岗)"
_CANCEL = re.compile(rf"{_OVER}\s*(?P<first>\S+)|(?P<last>\S+?)(?:\s+\S+)?\s+{_OVER}(?:代班)?")
_EDGE = " \n,.;:、。，；："
_FILLERS = frozenset({"由", "代", "代班", "顶岗", "请假", "自", "从", "在", "期间"})


@router.text(words.pattern("people"), *READERS)
async def people(turn: Turn) -> Reply:
    """/人员 水资源处; alone an overview of all units."""
    said = words.command(turn.text)
    assert said
    name = said.rest.strip(_EDGE)
    if not name:
        tables = await seating.everywhere(turn.today)
        return Reply(render.reply("people_all", tables=tables, now=turn.at))
    unit, unit_id = await _unit(name)
    table = await seating.of_unit(unit_id, turn.today)
    return Reply(render.reply("people", unit=unit, table=table, now=turn.at))


async def _unit(name: str) -> tuple[str, int]:
    units = await roster.units()
    if name not in units:
        raise errors.Refused("unknown_unit", said=name, near=words.nearest(name, units))
    return name, units[name]


@router.text(words.pattern("seats"), *OFFICE)
async def reseat(turn: Turn) -> Reply:
    """/换岗 水资源处 A:张三 B:李四 负责人:王五"""
    unit_id, wanted = await _wanted(turn)
    if not turn.sure:
        found = await seats.changes(unit_id, wanted, turn.today)
        held = await seats.holders(unit_id, turn.today)
        now_ = [held[role].person_id if role in held else 0 for role in seats.POSTS]
        token = ":".join(map(str, (turn.inbound_id, unit_id, *now_)))
        return Reply(
            card=render.card("reseat", token=token, **await seats.facts(unit_id, found, turn.today), now=turn.at)
        )
    return Reply(render.reply("reseated", **await seats.reseat(unit_id, wanted, turn.by, turn.at), now=turn.at))


async def _wanted(turn: Turn) -> tuple[int, dict[str, int]]:
    """The unit and who is to sit where; Refused seats_form when nobody is named."""
    said = words.command(turn.text)
    assert said
    rest = plain.normalise(said.rest)
    found = list(_POST.finditer(rest))
    if not found:
        raise errors.Refused("seats_form")
    _, unit_id = await _unit(rest[: found[0].start()].strip(_EDGE))
    named = [(_ROLES[each["key"].upper().removesuffix("岗").strip()], each["name"]) for each in found]
    if len({role for role, _ in named}) < len(named):
        raise errors.Refused("seats_form")
    return unit_id, {role: (await names.find(name, unit_id)).id for role, name in named}


@router.text(words.pattern("stand_in"), *OFFICE)
async def stand_in(turn: Turn) -> Reply:
    """/代班 张三 李四 12月1日至5日; /代班 张三 取消"""
    said = words.command(turn.text)
    assert said
    rest = plain.normalise(said.rest)
    if over := _CANCEL.fullmatch(rest.strip(_EDGE)):
        absent = await names.find(over["first"] or over["last"])
        done = await seats.cancel(absent, turn.by, turn.at)
        return Reply(render.reply("stand_in_over", **done, now=turn.at))
    tokens = [each for each in re.split(r"[\s,;、]+|->|→", rest) if each and each not in _FILLERS]
    if len(tokens) < 3:
        raise errors.Refused("span_form", said="")
    absent, other = [await names.find(each) for each in tokens[:2]]
    days = span.span(" ".join(tokens[2:]), turn.today)
    if days is None:
        raise errors.Refused("span_form", said=" ".join(tokens[2:]))
    done = await seats.stand_in(absent, other, *days, turn.by, turn.at)
    return Reply(render.reply("stand_in", **done, now=turn.at))
