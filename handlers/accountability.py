"""/问效: the dossier; 上报 and 不上报 by the director, 启动 and 不启动 by the main leader (A16)."""

from __future__ import annotations

import re

from bot import clock, errors, render
from bot.actions import accountability, dossier
from bot.actions import facts as shared
from bot.router import Reply, Router
from handlers import confirm, lookup, words
from handlers.turn import Turn
from handlers.which import Meant
from models.matter import Matter

router = Router()
READERS = ("office", "office_director", "leader_in_charge", "main_leader")
PAGE = 15
_VERDICTS = {"上报": "reported", "不上报": "dropped", "启动": "started", "不启动": "declined"}
_STEP = re.compile(r"(?P<word>不?上报|不?启动)[\s,.:;，。：；]*(?P<reason>.*)", re.DOTALL)
_PAGE = re.compile(r"第?\s*(?P<page>\d{1,3})\s*页?")


@router.text(words.pattern("accountability"), *READERS)
async def serve(turn: Turn) -> Reply:
    """/问效 1 上报, 不上报 理由, 启动, 不启动 理由; alone the dossier, with a number its pages."""
    meant = await lookup.command(turn)
    step = _STEP.fullmatch(meant.said.rest)
    if step:
        return await _step(turn, meant, _VERDICTS[step["word"]], step["reason"].strip())
    if meant.said.rest and not _PAGE.fullmatch(meant.said.rest):
        raise errors.Refused("unknown_step", said=meant.said.rest, code=meant.matter.code)
    await _expect_reader(turn, meant.matter)
    page = _PAGE.fullmatch(meant.said.rest)
    return await (_page(turn, meant.matter, int(page["page"])) if page else _summary(turn, meant.matter))


async def _step(turn: Turn, meant: Meant, verdict: str, reason: str) -> Reply:
    matter = meant.matter
    await accountability.expect(matter, verdict, turn.by, turn.at)
    if verdict in ("dropped", "declined") and not reason:
        word = next(each for each, name in _VERDICTS.items() if name == verdict)
        raise errors.Refused("reason_needed", word=word, example=f"/{meant.said.said} {matter.code} {word} 理由")
    if not turn.sure:
        return await confirm.ask(turn, matter, verdict)
    act = accountability.report if verdict in accountability.REPORTED else accountability.decide
    done = await act(matter.id, verdict, turn.by, turn.at, reason)
    return Reply(render.reply("accountability", **done.facts, now=turn.at))


async def _expect_reader(turn: Turn, matter: Matter) -> None:
    """The office, the main leader, and the leader in charge of this very unit."""
    wide = turn.by.roles & {"office", "office_director", "main_leader"}
    if not wide and matter.unit_id not in turn.by.units(("leader_in_charge",)):
        raise errors.Refused("not_reader", code=matter.code, unit=(await shared.of(matter))["unit"])


async def _summary(turn: Turn, matter: Matter) -> Reply:
    told = await dossier.of(matter)
    waiting = await accountability.report_of(matter)
    stage = "" if not matter.proposal_open else "reported" if waiting else "open"
    shown = {**await shared.of(matter), **told, "stage": stage, "pages": _pages(told["lines"])}
    return Reply(render.reply("dossier", **shown, now=turn.at))


async def _page(turn: Turn, matter: Matter, page: int) -> Reply:
    """Every notice, one line a person and channel."""
    told = await dossier.lines(matter, virtual=clock.setting() is not None)
    pages = _pages(len(told))
    number = min(max(page, 1), pages)
    shown = told[(number - 1) * PAGE : number * PAGE]
    facts = {"code": matter.code, "page": number, "pages": pages, "lines": shown}
    return Reply(render.reply("dossier_page", **facts, now=turn.at))


def _pages(count: int) -> int:
    return max(1, -(-count // PAGE))
