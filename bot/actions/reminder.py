"""A proposal that waits for a word is shown again to whoever may give it (A58, A65)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.actions import dispatch, posts, question, setting
from bot.engine import notify
from bot.rules import worktime
from models.matter import Approval, Matter
from models.notice import Notice
from models.prompt import Prompt

KIND = "approval"


async def begin(matter: Matter, row: Approval, at: datetime) -> None:
    """From now on the approval is reminded of while it waits; the matter is locked, or made in this transaction."""
    first = worktime.next_reminder(at, at, setting.current().days)
    await question.open_(matter, KIND, at, first, subject=row.id)


async def ask(row: Prompt, matter: Matter, now: datetime) -> datetime:
    """The card again, to who holds the post now; the instant of the next time. Outside working hours it waits."""
    days = setting.current().days
    open_at = worktime.after(now, timedelta(0), days)
    if open_at > now:
        return open_at
    waiting = await Approval.filter(matter_id=matter.id, verdict="").order_by("id")
    asked = next(each for each in waiting if each.id == row.subject)  # a word given, or refused, ends the row
    held = await posts.holders(matter, [each.role for each in waiting], notify.today(now))
    # who holds two posts is asked once for both, by the first of them (A65)
    before = {person for each in waiting if each.id < asked.id for person in held[each.role]}
    people = [each for each in held[asked.role] if each not in before]
    if people:
        await question.card(row, matter, people, await _said(matter, asked, now), now)
    return worktime.next_reminder(row.since, now, days)


async def _said(matter: Matter, asked: Approval, now: datetime) -> dict[str, Any]:
    """What the first card said, which knows the words that were written on the proposal."""
    first = await Notice.filter(matter_id=matter.id, kind=KIND).order_by("id").first()
    shown = dict(first.facts) if first else {}
    return {**shown, "approval": asked.id, "since": matter.proposed_at.isoformat(), "later_at": dispatch.offered(now)}


async def end(matter: Matter, rows: list[int], verb: str, at: datetime, by: int, *, pressed: int) -> None:
    """These approvals are given, or the proposal is refused; `pressed` is the reminder by which, 0 by none."""
    for row in await Prompt.filter(matter_id=matter.id, kind=KIND, subject__in=rows).order_by("id"):
        await question.end(row, verb, at, by=by, pressed=pressed)
