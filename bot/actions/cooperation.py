"""配合: cooperating units have no clock; they are told, their material is kept and meets nothing (A62)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.actions import change, facts, rights
from bot.actions import tell as telling
from bot.engine import notify
from bot.engine.notify import Planned
from bot.rules import recipients
from bot.rules.status import MATTER
from models import database
from models.feedback import Feedback
from models.matter import Matter
from models.obligation import Obligation
from models.people import Unit
from models.roster import Seated

KIND = "cooperation"
TOLD = ("head", "operator_a")


async def tell(matter: Matter, at: datetime) -> None:
    """Head and A of each cooperating unit hear of the matter, once the ledger has its line; who leads it knows."""
    lead = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    known = {person for role in recipients.UNIT for person in lead.get(role, ())}
    people = [each for each in await heads(matter.cooperating, at) if each not in known]
    if people:
        root = await Obligation.get(matter_id=matter.id, name=MATTER)
        seq = matter.ledger_n
        await notify.plan([Planned(matter.id, root.id, root.episode, "cooperate", seq, at, people)], at)


async def heads(unit_ids: Iterable[int], at: datetime) -> list[int]:
    """Who speaks for these units: their heads and A operators, each once."""
    seated = await notify.holders(unit_ids, notify.today(at))
    return list(dict.fromkeys(each for unit in seated.values() for each in recipients.persons(TOLD, unit, None)))


async def keep(matter_id: int, by: Seated, at: datetime, text: str) -> dict[str, Any]:
    """Material of a cooperating unit: kept with the matter, no obligation is met; the lead's handler and A are told.

    The caller has asked `rights.helps`. Raises Refused closed_matter.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        rights.expect_open(matter)
        row = await Feedback.create(matter_id=matter.id, person_id=by.id, kind=KIND, text=text, at=at, created_at=at)
        helper = await Unit.get(id=next(each for each in by.units(rights.FILERS) if each in matter.cooperating))
        await change.record(matter, KIND, by=by.id, at=at, facts={"unit": helper.name, "text": text})
        await _pass_on(matter, row, by, helper.name)
        return {**await facts.of(matter), "helper": helper.name}


async def _pass_on(matter: Matter, row: Feedback, by: Seated, helper: str) -> None:
    seated = (await notify.holders([matter.unit_id], notify.today(row.at)))[matter.unit_id]
    handler = await notify.handler(matter, notify.today(row.at))
    people = [each for each in recipients.persons(("handler", "operator_a"), seated, handler) if each != by.id]
    said = {"helper": helper, "by": by.name, "at": row.at.isoformat(), "text": row.text}
    await telling.about(matter, KIND, row.id, people, said, row.at)
