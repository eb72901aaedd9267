"""Initiation (立项): a proposal with its last approval becomes a numbered matter whose clocks run."""

from __future__ import annotations

from datetime import datetime

from bot.actions import change, cooperation, family, setting
from bot.engine import alarm
from bot.rules import calendar, life, ruleset
from models import counter, database
from models import life as lives
from models.matter import Matter
from models.obligation import Obligation


async def initiate(matter: Matter, by: int | None, at: datetime) -> datetime | None:
    """Number the locked proposal, freeze its ruleset, start every clock at T = `at`; D of N1, None while T waits (A1).

    The engine's next tick sends the initiation itself: the cursor of MATTER is due at once (R31). Units that lead
    together get a child each, with a clock of its own, under one number (A62). `by` None: it was put off (A58).
    """
    year, rules = calendar.local(at).year, ruleset.to_mapping(setting.current().rules)
    begun = {"year": year, "number": await counter.matter(year), "ruleset": rules, "initiated_at": at}
    await Matter.filter(id=matter.id).update(**begun)
    matter.update_from_dict(begun)
    if not matter.leads:
        return await _start(matter, by, at)
    children = await family.bear(matter, at)
    await change.record(
        matter, "initiate", by=by, at=at, facts={"code": matter.code, "children": matter.children_codes}
    )
    due_at = None
    for each in children:
        due_at = await _start(each, by, at)
    return due_at


async def _start(matter: Matter, by: int | None, at: datetime) -> datetime | None:
    """The clocks of a matter with a number."""
    after = life.initiate(matter.category, at, matter.due_on, setting.book(matter))
    await lives.store(matter, await _proposed(matter, at), after)
    due = {owed.name: owed.due_at for owed in after.obligations if owed.due_at}
    await change.record(matter, "initiate", by=by, at=at, facts={"code": matter.code, "due": due})
    await cooperation.tell(matter, at)
    database.after_commit(alarm.ring)
    return due.get("N1")


async def _proposed(matter: Matter, at: datetime) -> life.Life:
    """Before: the one row that carries the notices about the matter."""
    row = await Obligation.get(matter_id=matter.id)
    return life.Life(matter.category, at, (lives.owed(row),))
