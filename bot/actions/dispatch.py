"""When an approved proposal is dispatched: at once, or by the last approver's word after the days off (A58)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import facts, initiation, question, setting, tell
from bot.rules import worktime
from models import database
from models.matter import Approval, Matter
from models.prompt import Prompt
from models.roster import Seated

KIND = "dispatch"


def offered(at: datetime) -> str | None:
    """The instant that an approver is offered instead of now, as ISO text; None when no day off is near."""
    days = setting.current().days
    return worktime.morning_after(at, days).isoformat() if worktime.is_eve(at, days) else None


def expect(at: datetime) -> datetime:
    """The instant to which a dispatch may be put off; Refused no_day_off, then nothing is approved."""
    later = offered(at)
    if later is None:
        raise errors.Refused("no_day_off")
    return datetime.fromisoformat(later)


async def hold(matter: Matter, later_at: datetime, at: datetime) -> Prompt:
    """The approved proposal waits; the row is the schedule."""
    return await question.open_(matter, KIND, at, later_at)


async def serve(row: Prompt, matter: Matter, now: datetime) -> datetime | None:
    """It is time: T is now, also when that is later than was meant."""
    await _dispatch(row, matter, None, now)
    return None


async def at_once(prompt_id: int, by: Seated, at: datetime) -> dict[str, Any]:
    """立即下发 after all, by one of those who approved; the facts of the reply.

    Raises Refused: not_approver, already_dispatched.
    """
    async with database.transaction():
        row = await Prompt.get(id=prompt_id)
        matter = await database.lock_matter(row.matter_id)
        row = await Prompt.get(id=prompt_id)
        if not await Approval.filter(matter_id=matter.id, person_id=by.id).exists():
            raise errors.Refused("not_approver", proposal_no=matter.proposal_no)
        if row.verdict:
            raise errors.Refused("already_dispatched", proposal_no=matter.proposal_no, code=matter.code)
        due_at = await _dispatch(row, matter, by, at)
        return {**await facts.of(matter), "due_at": due_at}


async def waits(matter: Matter) -> Prompt | None:
    """The row of a proposal whose dispatch was put off; its instant is gone once it is dispatched."""
    return await Prompt.get_or_none(matter_id=matter.id, kind=KIND)


async def _dispatch(row: Prompt, matter: Matter, by: Seated | None, at: datetime) -> datetime | None:
    due_at = await initiation.initiate(matter, by.id if by else None, at)
    await question.end(row, KIND, at, by=by.id if by else None)
    given = await Approval.filter(matter_id=matter.id).order_by("decided_at")
    people = dict.fromkeys([matter.proposer_id, given[-1].person_id])
    told = [each for each in people if each and (by is None or each != by.id)]
    said = {"due_at": due_at and due_at.isoformat(), "by": by.name if by else ""}
    await tell.about(matter, "dispatched", row.id, told, said, at)
    return due_at
