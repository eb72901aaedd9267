"""What the office looks up: /事项 /推演 /口径 /未达."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot import errors, render
from bot.actions import facts as shared
from bot.actions import merging, rights, setting
from bot.router import Reply, Router
from bot.rules import forecast, ruleset
from handlers import lookup, words
from handlers.turn import Turn
from models import database, unreached
from models import life as lives
from models import open as opened
from models.matter import Matter
from models.people import Unit

router = Router()
OFFICE = ("office", "office_director", "leader_in_charge", "main_leader")
SINCE = timedelta(days=30)
MORE = "续"


@router.text(words.pattern("matters"), *OFFICE, *rights.FILERS)
async def matters(turn: Turn) -> Reply:
    """/事项 [词]: what is open; with a word every matter whose title, unit or number holds it. A unit's people see what
    it leads or helps with (A62)."""
    said = words.command(turn.text)
    assert said
    word = str(said.ref) if said.ref else said.rest.strip()
    units = {unit.id: unit.name for unit in await Unit.all()}
    found = Matter.filter(number__isnull=False).order_by("year", "number")
    rows = await (found if word else found.filter(state__in=opened.RUNNING))
    kept = [each for each in rows if _seen(turn, each) and _holds(each, units[each.unit_id], word)]
    owed = await opened.duties([each for each in kept if each.state in opened.RUNNING], turn.at)
    ids = [each.id for each in kept]
    into, taken = await merging.into(ids), await merging.taken_in(ids)
    shown = []
    for each in kept:
        first = next(iter(owed.get(each.id, ())), None)
        head = {"code": each.code, "title": each.title, "sensitive": each.sensitive, "state": each.state}
        due = {"node": first.label if first else "", "due_at": first.due_at if first else None}
        merged = {"into": into[each.id].code if each.id in into else "", "taken": taken.get(each.id, ())}
        shown.append({**head, "unit": units[each.unit_id], **due, **merged})
    return Reply(render.reply("matters", items=shown, word=word, now=turn.at))


def _seen(turn: Turn, matter: Matter) -> bool:
    """A leader in charge sees his units' matters, a unit's people what they lead or help with, the office all."""
    wide = turn.by.roles & {"office", "office_director", "main_leader"}
    own = matter.unit_id in turn.by.units(("leader_in_charge",))
    return bool(wide) or own or rights.leads(matter, turn.by) or rights.helps(matter, turn.by)


def _holds(matter: Matter, unit: str, word: str) -> bool:
    title = "" if matter.sensitive else matter.title
    family = matter.code.rpartition("-")[0] if matter.child else matter.code
    codes = (matter.code, family, str(matter.number), f"{matter.number}-{matter.child}")
    return not word or word in title or word in unit or word in codes


@router.text(words.pattern("simulate"), *OFFICE)
async def simulate(turn: Turn) -> Reply:
    """/推演 1: what will go out if nobody does anything."""
    meant = await lookup.command(turn)
    if not _seen(turn, meant.matter):
        raise errors.Refused("not_reader", code=meant.matter.code, unit=(await shared.of(meant.matter))["unit"])
    async with database.transaction():
        matter = await database.lock_matter(meant.matter.id)
        if matter.initiated_at is None:
            raise errors.Refused("unknown_matter", code=f"拟-{matter.proposal_no}")
        ahead = forecast.ahead(await lives.load(matter), turn.at, setting.book(matter))
    shown = {**await shared.of(matter), "state": matter.state, "ahead": ahead}
    return Reply(render.reply("forecast", **shown, now=turn.at))


@router.text(words.pattern("ruleset"), *OFFICE)
async def rules(turn: Turn) -> Reply:
    """/口径, /口径 续: every choice in force, those that differ from the source's literal reading first."""
    said = words.command(turn.text)
    assert said
    entries = ruleset.explain(setting.current().rules)
    rows: list[dict[str, Any]] = [
        {"key": key, "value": value, "source": source, "changed": value != default}
        for key, value, default, source, _ in entries
    ]
    rows.sort(key=lambda row: not row["changed"])
    return Reply(render.reply("ruleset", rows=rows, more=said.rest.strip() == MORE, now=turn.at))


@router.text(words.pattern("unreached"), "office", "office_director")
async def lost(turn: Turn) -> Reply:
    """/未达: what reached nobody, or not everybody, in the last 30 days, and why."""
    found = await unreached.lost(turn.at - SINCE)
    codes = {each.id: each.code or f"拟-{each.proposal_no}" for each in await Matter.all()}
    rows = [
        {"code": codes[each.matter_id], "kind": each.kind, "node": each.node, "at": each.at}
        | {"person": each.person, "reached": each.reached, "why": each.why, "told": each.told}
        for each in found
    ]
    accounts = [asdict(each) for each in await unreached.accounts(turn.at - SINCE)]
    faults = [
        {"code": codes[each.matter_id], "node": getattr(each, "name", ""), "kind": getattr(each, "kind", "")}
        for each in await unreached.faults()
    ]
    gaps = [
        {"code": codes[each.matter_id], "node": each.obligation.name, **each.facts}
        for each in await unreached.gaps(turn.at - SINCE)
        if each.facts["missed"] != "fault"
    ]
    return Reply(render.reply("unreached", rows=rows, accounts=accounts, faults=faults, gaps=gaps, now=turn.at))
