"""Approvals (批示) of a proposal: approve, refuse; the last approval initiates the matter (R7–R10, A65)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors, wording
from bot.actions import change, dispatch, initiation, posts, question, reminder, tell
from bot.engine import asked, notify
from models import database, roster
from models.matter import Approval, Matter
from models.people import Unit
from models.prompt import Prompt
from models.roster import Seated

NOTE = 500


@dataclass(frozen=True, slots=True)
class Decided:
    """A word given: `waiting` are posts and names still to approve; `due_at` is D of N1 once initiated.

    `held` is the row of an initiation that was put off to its `next_at` (A58).
    """

    matter: Matter
    waiting: list[tuple[str, str]]
    due_at: datetime | None = None
    held: Prompt | None = None

    @property
    def later_at(self) -> datetime | None:
        return self.held.next_at if self.held else None


async def approve(
    matter_id: int, by: Seated, at: datetime, note: str = "", *, later: bool = False, pressed: int | None = None
) -> Decided:
    """Approve a proposal for every post the person holds; with the last one it is numbered and initiated.

    `later`: the last word puts the initiation off, to the first working morning after the days off (A58). `pressed`:
    by this reminder's card, 0 by the first one. Raises Refused: not_approver, already_decided, no_day_off,
    posts_missing.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        later_at = dispatch.expect(at) if later else None
        mine = await _give(matter, by, at, "approved", note)
        open_roles = [each.role for each in await _all(matter) if not each.verdict]
        held = await posts.holders(matter, open_roles, notify.today(at))
        if not held:
            await _expect_filled(matter, at)
        word = await _word(mine, by, at)
        await _turn(matter, [each.id for each in mine], "approve", at, by, pressed)
        await change.record(matter, "approve", by=by.id, at=at, facts={**word, "note": note, "later_at": later_at})
        decided = await last(matter, await posts.named(held), later_at, by, at)
        said: dict[str, Any] = {
            "due_at": _iso(decided.due_at),
            "later_at": _iso(decided.later_at),
            "by": _named(by, word),
        }
        said["waiting"] = [post + name for post, name in decided.waiting]
        await _tell(matter, "approved", mine[0].id, by, at, said)
        return decided


async def _expect_filled(matter: Matter, at: datetime) -> None:
    """The roster may have changed since it was proposed (A39)."""
    for unit in await Unit.filter(id__in=matter.leads or [matter.unit_id]).order_by("id"):
        await posts.expect_filled(unit, notify.today(at), initiating=True)


async def last(
    matter: Matter, waiting: list[tuple[str, str]], later_at: datetime | None, by: Seated, at: datetime
) -> Decided:
    """Initiated at once unless a word is awaited, or this one, the last, puts it off."""
    if waiting:
        return Decided(matter, waiting)
    if later_at:
        return Decided(matter, [], held=await dispatch.hold(matter, later_at, at))
    return Decided(matter, [], await initiation.initiate(matter, by.id, at))


async def refuse(matter_id: int, by: Seated, at: datetime, reason: str, *, pressed: int | None = None) -> Matter:
    """Refuse a proposal; it ends there and its proposer is told. Raises Refused: not_approver, already_decided."""
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        mine = await _give(matter, by, at, "refused", reason)
        await matter.update_from_dict({"state": "refused", "closed_at": at}).save()
        word = await _word(mine, by, at)
        await _turn(matter, [each.id for each in await _all(matter)], "refuse", at, by, pressed)
        await change.record(matter, "refuse", by=by.id, at=at, facts={**word, "reason": reason})
        await _tell(matter, "refused", mine[0].id, by, at, {"reason": reason, "by": _named(by, word)})
        return matter


async def _turn(matter: Matter, rows: list[int], verb: str, at: datetime, by: Seated, pressed: int | None) -> None:
    """The cards that asked for these approvals turn, first ones and reminders."""
    await asked.turn(matter.id, "approval", rows, question.DONE[verb], at, by=by.id, pressed=pressed == 0)
    await reminder.end(matter, rows, verb, at, by.id, pressed=pressed or 0)


def _named(by: Seated, word: dict[str, Any]) -> str:
    """The name, with 代 where it was given for somebody else (A65)."""
    return wording.word("form", "stands_in", name=by.name) if word["stands_in"] else by.name


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


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
    if (held := await dispatch.waits(matter)) and held.next_at:
        return errors.Refused("dispatch_waits", proposal_no=matter.proposal_no, later_at=held.next_at)
    decided = [each for each in rows if each.verdict]
    last = next((each for each in decided if each.verdict == "refused"), decided[-1])
    by = await roster.name(last.person_id)
    return errors.Refused("already_decided", proposal_no=matter.proposal_no, by=by, verdict=last.verdict)


async def _tell(matter: Matter, kind: str, approval: int, by: Seated, at: datetime, said: dict[str, Any]) -> None:
    """The proposer hears of every word but his own."""
    if matter.proposer_id == by.id:
        return
    await tell.about(matter, kind, approval, [matter.proposer_id], said, at)
