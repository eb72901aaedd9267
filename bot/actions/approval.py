"""Approvals (批示) of a proposal: approve, refuse; the last approval initiates the matter (R7–R10, A65)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, initiation, posts
from bot.engine import asked, notify
from bot.engine.notify import Planned
from bot.rules.status import MATTER
from models import database, roster
from models.matter import Approval, Matter
from models.obligation import Obligation
from models.people import Unit
from models.roster import Seated

NOTE = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """A word given: `waiting` are posts and names still to approve; `due_at` is D of N1 once initiated."""

    matter: Matter
    waiting: list[tuple[str, str]]
    due_at: datetime | None = None


async def approve(matter_id: int, by: Seated, at: datetime, note: str = "", *, pressed: bool = False) -> Decided:
    """Approve a proposal for every post the person holds; with the last one it is numbered and initiated.

    Raises Refused: not_allowed (holds no post of it), already_decided, posts_missing.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        mine = await _give(matter, by, at, "approved", note)
        open_roles = [each.role for each in await _all(matter) if not each.verdict]
        held = await posts.holders(matter, open_roles, notify.today(at))
        if not held:
            await _expect_filled(matter, at)
        own = [each.id for each in mine]
        await asked.turn(matter.id, "approval", own, "approved", at, by=by.id, pressed=pressed)
        await change.record(matter, "approve", by=by.id, at=at, facts={**await _word(mine, by, at), "note": note})
        due_at = None if held else await initiation.initiate(matter, by.id, at)
        decided = Decided(matter, await posts.named(held), due_at)
        said = {"waiting": [post + name for post, name in decided.waiting], "due_at": due_at and due_at.isoformat()}
        await _tell(matter, "approved", mine[0].id, by, at, said)
        return decided


async def _expect_filled(matter: Matter, at: datetime) -> None:
    """The roster may have changed since it was proposed (A39)."""
    for unit in await Unit.filter(id__in=matter.leads or [matter.unit_id]).order_by("id"):
        await posts.expect_filled(unit, notify.today(at), initiating=True)


async def refuse(matter_id: int, by: Seated, at: datetime, reason: str = "", *, pressed: bool = False) -> Decided:
    """Refuse a proposal; it ends there and its proposer is told. Raises Refused as `approve` does."""
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        mine = await _give(matter, by, at, "refused", reason)
        matter.state = "refused"
        matter.closed_at = at
        await matter.save(update_fields=["state", "closed_at"])
        everybody = [each.id for each in await _all(matter)]
        await asked.turn(matter.id, "approval", everybody, "refused", at, by=by.id, pressed=pressed)
        await change.record(matter, "refuse", by=by.id, at=at, facts={**await _word(mine, by, at), "reason": reason})
        await _tell(matter, "refused", mine[0].id, by, at, {"reason": reason})
        return Decided(matter, [])


async def _all(matter: Matter) -> list[Approval]:
    return await Approval.filter(matter_id=matter.id).order_by("id")


async def _give(matter: Matter, by: Seated, at: datetime, verdict: str, note: str) -> list[Approval]:
    """The person's word on every post he holds that still waits; the matter is locked."""
    rows = await _all(matter)
    held = await posts.holders(matter, [each.role for each in rows], notify.today(at))
    his = [each for each in rows if by.id in held[each.role]]
    if not his:
        raise errors.Refused("not_approver", proposal_no=matter.proposal_no)
    mine = [each for each in his if not each.verdict]
    if not mine or matter.state != "proposed":
        raise await _already(matter, rows)
    for each in mine:
        each.update_from_dict({"person_id": by.id, "verdict": verdict, "note": note[:NOTE], "decided_at": at})
        await each.save()
    return mine


async def _word(mine: Sequence[Approval], by: Seated, at: datetime) -> dict[str, Any]:
    """Whose word it was, for the ledger; a stand-in's is recorded so (A65)."""
    roles = [each.role for each in mine]
    return {"roles": roles, "stands_in": await posts.stands_in(by.id, roles, notify.today(at))}


async def _already(matter: Matter, rows: Sequence[Approval]) -> errors.Refused:
    decided = [each for each in rows if each.verdict]
    last = next((each for each in decided if each.verdict == "refused"), decided[-1])
    names = await roster.names([last.person_id])
    by = names.get(last.person_id or 0, "")
    return errors.Refused("already_decided", proposal_no=matter.proposal_no, by=by, verdict=last.verdict)


async def _tell(matter: Matter, kind: str, approval: int, by: Seated, at: datetime, said: dict[str, Any]) -> None:
    """The proposer hears of every word but his own."""
    if matter.proposer_id == by.id:
        return
    root = await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)
    shown = {**await facts.of(matter), "by": by.name, **said}
    people = [matter.proposer_id]
    await notify.plan([Planned(matter.id, root.id, root.episode, kind, approval, at, people, facts=shown)], at)
