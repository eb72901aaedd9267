"""扣分, 申诉: what was lost and why, objections and their decision (A36, A72)."""

from __future__ import annotations

import re

from bot import errors, render
from bot.actions import account, assessment, objection, rights, setting
from bot.router import Reply, Router
from bot.rules import scoring
from handlers import doubt, lookup, numbers, periods, plain, words
from handlers.cards import ids
from handlers.turn import Turn
from models.matter import Matter
from models.people import Unit
from models.ruling import Ruling
from models.score import ScoreEvent

router = Router()
OFFICE = ("office", "office_director", "main_leader")
_NTH = re.compile(r"第\s?(?P<nth>[1-9一二三四五六七八九])\s?件[\s,.:;、，。：；]*")
_VERDICT = re.compile(r"(?P<word>同意|驳回|不同意)[\s,.:;，。：；]*(?P<note>.*)", re.DOTALL)


@router.text(words.pattern("points"))
async def explain(turn: Turn) -> Reply:
    """扣分, 扣分 2026, or 扣分 1: each tenth with obligation, rule and instant, and the units' scores of the period."""
    said = words.command(turn.text)
    assert said
    matter = (await lookup.command(turn)).matter if periods.names_matter(said) else None
    units = await _units(turn, matter)
    period = scoring.period_of(turn.today, setting.current().rules) if matter else periods.of(said, turn.today)
    found = await assessment.table(period, turn.at, units)
    entries = await account.events(units, matter_id=matter.id if matter else None, period=None if matter else period)
    if matter is None:
        entries += await account.open_still(units, period, turn.at)
    shown = {"code": matter.code if matter else "", "groups": await account.shown(entries, turn.at)}
    return Reply(render.reply("points", table=found, **shown, now=turn.at))


async def _units(turn: Turn, matter: Matter | None) -> list[int]:
    """Whose points he may see: his units', with a number all of them that the office or the unit's leader asks for."""
    mine = {*turn.by.units(rights.FILERS)}
    if matter is None:
        if not mine:
            raise errors.Refused("number_missing", word="扣分")
        return sorted(mine)
    booked = await ScoreEvent.filter(matter_id=matter.id)
    charged = {matter.unit_id, *(unit for each in booked for unit in account.bearers(each))}
    if turn.by.roles & {*OFFICE}:
        return sorted(charged)
    seen = mine | {*turn.by.units(("leader_in_charge",))}
    if not charged & seen:
        raise errors.Refused("not_reader", code=matter.code, unit=(await Unit.get(id=matter.unit_id)).name)
    return sorted(charged & seen)


@router.text(words.pattern("objection"))
async def raise_(turn: Turn) -> Reply:
    """申诉 1 理由; the director decides by /申诉 1 同意 or /申诉 1 3天 驳回 理由, of several by /申诉 1 第2件 同意."""
    meant = await lookup.command(turn)
    nth, rest = _numbered(meant.said.rest)
    node, reason = numbers.node(rest)
    verdict = _VERDICT.fullmatch(reason)
    if verdict and turn.by.roles & {*objection.JUDGES}:
        doubt.expect(meant.said, turn.text, f"{meant.matter.code} {verdict['word']}", verdict["note"])
        row = await objection.meant(meant.matter, node, nth, turn.by, turn.at)
        return await _decide(turn, row, f"/{meant.said.said} {meant.matter.code}", verdict)
    if len(plain.clean(reason)) < 2:
        raise errors.Refused("reason_needed", word="申诉", example=f"申诉 {meant.matter.code} 理由")
    # an objection may well ask: 未收到短信，怎么算逾期？
    if doubt.asks_at_once(reason) or doubt.denies(meant.said.said, reason):
        doubt.refuse(meant.said, meant.matter.code)
    done = await objection.raise_(meant.matter.id, node, turn.by, turn.at, reason)
    return Reply(render.reply("objected", **done, now=turn.at))


def _numbered(text: str) -> tuple[int, str]:
    """第2件 at the head of a word on an objection, 0 without it, and what follows."""
    found = _NTH.match(plain.fold(text))
    return ("123456789一二三四五六七八九".index(found["nth"]) % 9 + 1, text[found.end() :]) if found else (0, text)


async def _decide(turn: Turn, row: int, word: str, verdict: re.Match[str]) -> Reply:
    agreed = verdict["word"] == "同意"
    if not agreed and not verdict["note"]:
        raise errors.Refused("reason_needed", word="驳回", example=f"{word} 驳回 理由")
    done = await objection.decide(row, turn.by, turn.at, verdict["note"], agreed=agreed)
    return Reply(render.reply("objection_decided", **done, now=turn.at))


@router.press("uphold")
async def agree(turn: Turn) -> Reply:
    """同意 on the card of an objection: uphold:<ruling>."""
    row = await Ruling.get_or_none(id=ids(turn, 1)[0], kind=objection.KIND)
    if row is None:
        raise errors.Refused("stale_card")
    done = await objection.decide(row.id, turn.by, turn.at, "", agreed=True, pressed=True)
    return Reply(replace=render.card(objection.KIND, **{**done, "now": turn.at}, done="agreed"))
