"""重开: the office takes a closed matter up again as a new cycle; the old one keeps its figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, cooperation, facts, family, office, question, setting, tell
from bot.engine import alarm, notify
from bot.engine.notify import Planned
from bot.rules import steering
from bot.rules.ladder import Rung
from bot.rules.life import Life
from bot.rules.status import CLOSED, MATTER
from models import database
from models import life as lives
from models.matter import Matter
from models.obligation import Obligation
from models.roster import Seated

REASON = 200


async def reopen(matter_id: int, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """Begin the next cycle: every clock runs anew from `at`, obligations, notices and points of the old cycle stay.

    The unit gets the card of an initiation, everybody else concerned is told; the facts of the reply. Raises as
    `expect`.
    """
    async with database.transaction():
        matter = await family.lock(matter_id)
        await expect(matter, by, at)
        handler, after = matter.handler_id, await _begin(matter, by, at)
        due = {owed.name: owed.due_at for owed in after.obligations if owed.due_at}
        line = {"cycle": matter.cycle, "reason": reason[:REASON], "due": due}
        await change.record(matter, "reopen", by=by.id, at=at, facts=line)
        shown = {"cycle": matter.cycle, "reason": reason[:REASON], **facts.following(after.obligations, at)}
        await family.settle(matter, by, at)
        await _tell(matter, handler, shown, by, at)
        database.after_commit(alarm.ring)
        return {**await facts.of(matter), **shown}


async def expect(matter: Matter, by: Seated, at: datetime) -> None:
    """Refused not_reviewer, not_closed, or not_reopened: what was withdrawn or merged is proposed anew (A46)."""
    await office.expect(matter, by, at, None)
    if matter.state not in CLOSED:
        raise errors.Refused("not_closed", code=matter.code)
    if matter.state != "closed":
        raise errors.Refused("not_reopened", code=matter.code, state=matter.state)


async def _begin(matter: Matter, by: Seated, at: datetime) -> Life:
    """The locked matter in its new cycle, with a life of its own; nothing of the old one goes out any more."""
    before = await lives.load(matter)
    await Obligation.filter(matter_id=matter.id, ended="").update(ended="void", met_at=at, next_notice_at=None)
    await question.end_all(matter, "reopen", at, by=by.id)
    begun = {"cycle": matter.cycle + 1, "handler_id": None, "written_off_at": None, "written_off_no": ""}
    await Matter.filter(id=matter.id).update(**begun)
    matter.update_from_dict(begun)
    after = steering.reopen(before, at, matter.due_on, setting.book(matter))
    await lives.store(matter, None, after)
    return after


async def _tell(matter: Matter, handler: int | None, shown: dict[str, Any], by: Seated, at: datetime) -> None:
    """Head, A and B get the initiation, which says why; the handler of before, leaders and helpers hear of it."""
    root = await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)
    people, sms = await tell.ladder(matter, Rung(at, "initiate"), at)
    # the engine finds it planned and leaves it so
    said = {"reopened": shown["reason"]}
    await notify.plan([Planned(matter.id, root.id, root.episode, "initiate", 0, at, people, sms, facts=said)], at)
    others = [handler, *await tell.unit(matter, at, "leader_in_charge", "office"), matter.proposer_id]
    others += await cooperation.heads(matter.cooperating, at)
    await tell.card(matter, "reopened", [each for each in others if each not in people], shown, by, at)
