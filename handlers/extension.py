"""延期: what an officer applies for, and what the office decides: /同意延期, /不同意延期, the card's buttons."""

from __future__ import annotations

import re
from datetime import date

from bot import errors, render
from bot.actions import extending, office
from bot.actions import extension as extensions
from bot.router import Reply, Router
from handlers import cards, dates, desk, doubt, fields, officer, plain, plan, which, words
from handlers.turn import Turn
from models.extension import Extension
from models.matter import Matter

router = Router()
# 同意延期1个月, 同意延期 最多到4月20日: another day than the one applied for?
_EVERY = re.compile(r"每\S{0,6}")
_NUMERAL = r"(?:\d+|[一二两三四五六七八九十半]+)"
_LENGTH = re.compile(
    rf"(?<!第){_NUMERAL}\s?(?:个月|个?半?周|个?星期|个?工作日|天|年)|半个?月|\A延?[到至]|延[到至]|[到至][上本下周月年]"
)
_DAY = re.compile(
    rf"(?:20\d\d\s?[-年/.])?{_NUMERAL}\s?[-月/.]\s?{_NUMERAL}[日号]?"
    rf"|(?:{_NUMERAL}|[本下上]个?)月(?:底|末|[上中下]旬)|月底|{_NUMERAL}[日号](?![文楼])"
)


@router.text(words.pattern("extension"))
@officer.asking
async def apply(turn: Turn) -> Reply:
    """延期 1 理由：… 方案：… 责任人：… 时限：2026-05-30"""
    meant = await which.command(turn)
    written = plan.plan(meant.said.rest, turn.today)
    fields.expect_once(written.twice)
    if written.missing:
        raise errors.Refused("extension_missing", code=meant.matter.code, fields=list(written.missing))
    if written.until is None or written.until < turn.today:
        past = written.until is not None
        raise errors.Refused("bad_date", field="until", said=written.wrong or str(written.until), past=past)
    asked = extensions.Plan(written.reason, written.plan, written.responsible, written.until)
    done = await extensions.apply(meant.matter.id, asked, turn.by, turn.at)
    shown = {**done.facts, "now": turn.at}
    if done.row.state == "late":
        return Reply(render.refusal("extension_too_late", **shown))
    return Reply(render.reply("extension_applied", **shown))


@router.text(words.pattern("approve_extension"), *office.DECIDERS)
async def approve(turn: Turn) -> Reply:
    """/同意延期 1 [说明]"""
    meant = await desk.meant(turn, "extension")
    row = await _waiting(meant.matter)
    doubt.expect(meant.said, turn.text, meant.matter.code)
    if _names_another(meant.said.rest, row.until, turn.today):
        raise errors.Refused("until_differs", code=meant.matter.code, until=row.until, now=turn.at)
    return _approved(await extending.approve(row.id, turn.by, turn.at, meant.said.rest), turn)


@router.text(words.pattern("refuse_extension"), *office.DECIDERS)
async def refuse(turn: Turn) -> Reply:
    """/不同意延期 1 理由"""
    meant = await desk.meant(turn, "extension")
    if not meant.said.rest:
        raise _reasonless(meant.said.said, meant.matter)
    doubt.expect(meant.said, turn.text, meant.matter.code)
    row = await _waiting(meant.matter)
    done = await extending.refuse(row.id, turn.by, turn.at, meant.said.rest)
    return Reply(render.reply("extension_refused", **done.facts, now=turn.at))


def _names_another(note: str, until: date, today: date) -> bool:
    """Whether a note speaks of a length or of a day that is still ahead and not the one applied for."""
    own = _EVERY.sub("", plain.fold(note))
    days = [(found[0], dates.date(found[0], today)) for found in _DAY.finditer(own)]
    if any(day is None or (day > today and day != until) for _, day in days):
        return True
    return bool(_LENGTH.search(_DAY.sub("", own))) and not days


async def _waiting(matter: Matter) -> Extension:
    """The application that waits, else the late one that the office may let pass (A30)."""
    mine = Extension.filter(matter_id=matter.id, cycle=matter.cycle, state__in=("pending", "late"))
    found = sorted(await mine.order_by("-id"), key=lambda each: each.state != "pending")
    if not found:
        raise errors.Refused("no_extension", code=matter.code)
    return found[0]


def _approved(done: extensions.Done, turn: Turn) -> Reply:
    return Reply(render.reply("extended", **done.facts, now=turn.at))


@router.press("extend")
async def press_approve(turn: Turn) -> Reply:
    """同意延期: extend:<extension>."""
    row = await _row(turn)
    done = await extending.approve(row.id, turn.by, turn.at, pressed=True)
    shown = await extensions.shown(await Matter.get(id=row.matter_id), row)
    card = render.card("extension", **shown, now=turn.at, done="extended")
    return Reply(_approved(done, turn).text, replace=card)


@router.press("deny")
async def press_refuse(turn: Turn) -> Reply:
    """不同意: a refusal needs its reason, so the words to write are said while this application waits."""
    row = await _row(turn)
    found = await Matter.get(id=row.matter_id)
    await office.expect(found, turn.by, turn.at, row.person_id)
    if row.state not in ("pending", "late"):
        raise errors.Refused("extension_decided", code=found.code, state=row.state)
    raise _reasonless(words.COMMANDS["refuse_extension"][0], found)


def _reasonless(word: str, matter: Matter) -> errors.Refused:
    return errors.Refused("reason_needed", word=word, example=f"/{word} {matter.code} 理由")


async def _row(turn: Turn) -> Extension:
    found = await Extension.get_or_none(id=cards.ids(turn, 1)[0])
    if found is None:
        raise errors.Refused("stale_card")
    return found
