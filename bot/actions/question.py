"""A question of the system's own, as a row: raised, asked by card, over (A50, A56, A58, A61, A65).

The row is the schedule; `bot.engine.prompts` serves it when it is due. Every function here works in the caller's
transaction, on a matter that he has locked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.engine import alarm, asked, notify
from bot.engine.notify import Planned
from bot.rules import asking
from bot.rules.life import Book, Life
from bot.rules.status import MATTER
from models import database
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.prompt import Prompt

_CARDS = 1000
"""Cards that one question can have: their numbers are its id with three digits more."""
DONE: Mapping[str, str] = {
    "followed_up": "followed_up",
    "approve_extension": "extended",
    "reassign": "reassigned",
    "withdraw": "withdrawn",
    "merge": "merged",
    "reopen": "reopened",
    "talk": "talked",
    "accountability_reported": "reported",
    "converted": "converted",
    "made_monthly": "made_monthly",
    "keep_general": "kept",
    "confirm_stable": "stable",
    "approve": "approved",
    "refuse": "refused",
    "dispatch": "dispatched",
}
"""Verb → the words that its card turns into; any other verb leaves nothing to decide."""


async def find(matter: Matter, kind: str, subject: int = 0) -> Prompt | None:
    """The question of the running cycle, decided or not."""
    return await Prompt.get_or_none(matter_id=matter.id, cycle=matter.cycle, kind=kind, subject=subject)


async def open_(matter: Matter, kind: str, since: datetime, next_at: datetime, subject: int = 0) -> Prompt:
    """Ask at `next_at`; one that was decided begins anew, counted from `since`."""
    row = await find(matter, kind, subject) or Prompt(
        matter_id=matter.id, cycle=matter.cycle, kind=kind, subject=subject
    )
    blank: dict[str, Any] = {"verdict": "", "note": "", "decided_by_id": None, "decided_at": None, "fault": ""}
    await row.update_from_dict({**blank, "since": since, "next_at": next_at}).save()
    database.after_commit(alarm.ring)
    return row


async def card(row: Prompt, matter: Matter, people: Sequence[int], said: Mapping[str, Any], at: datetime) -> None:
    """The next card of the question to these people; `said` are its facts, with `prompt` and `nth` for its buttons."""
    row.asked += 1
    await Prompt.filter(id=row.id).update(asked=row.asked)
    root = await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)
    shown = {**said, "prompt": row.id, "nth": row.asked}
    planned = Planned(matter.id, root.id, root.episode, row.kind, _number(row, row.asked), at, people, facts=shown)
    await notify.plan([planned], at)


async def shown(row: Prompt, nth: int) -> dict[str, Any]:
    """The facts of the question's nth card, as it was sent; {} when it was none since the question was raised."""
    mine = Notice.filter(matter_id=row.matter_id, kind=row.kind, seq=_number(row, nth), at__gte=row.since)
    found = await mine.order_by("-id").first()
    return dict(found.facts) if found else {}


def _number(row: Prompt, nth: int) -> int:
    return row.id * _CARDS + nth % _CARDS


async def end(row: Prompt, verb: str, at: datetime, *, by: int | None = None, pressed: int = 0) -> None:
    """Nobody is asked any more: what was not sent is cancelled, what was sent turns into its result.

    `verb` is what was done; `pressed` the number of the card by which it was, it turns in the answer itself.
    """
    if row.verdict:
        return
    done = DONE.get(verb, "moot")
    decided = {"verdict": done, "note": verb, "decided_by_id": by, "decided_at": at, "next_at": None}
    await row.update_from_dict(decided).save()
    who, others = by or 0, "settled" if done != "moot" else done
    rest = [_number(row, nth) for nth in range(1, row.asked + 1) if nth != pressed]
    await asked.turn(row.matter_id, row.kind, rest, done, at, by=who, others=others)
    if pressed:
        await asked.turn(row.matter_id, row.kind, [_number(row, pressed)], done, at, by=who, pressed=True)


async def end_all(matter: Matter, verb: str, at: datetime, *, by: int | None = None) -> None:
    """Nothing is asked any more: the matter ended, or begins anew."""
    for row in await Prompt.filter(matter_id=matter.id).order_by("id"):
        await end(row, verb, at, by=by)


async def decide(matter: Matter, kind: str, verb: str, at: datetime, by: int) -> None:
    """A verb of somebody's answers the question, if it is asked."""
    if row := await find(matter, kind):
        await end(row, verb, at, by=by)


async def follow(
    matter: Matter, verb: str, before: Life, after: Life, book: Book, at: datetime, by: int | None
) -> None:
    """After a verb: raise the questions that it gives ground for, and end those that it answers."""
    for kind in asking.KINDS:
        turned = asking.turned(kind, verb, before, after, book)
        if turned is None:
            continue
        row = await find(matter, kind)
        if turned is False:
            if row:
                await end(row, verb, at, by=by)
        elif row is None or not _is_asked(row, book):
            await open_(matter, kind, at, asking.first(kind, at, book))


def _is_asked(row: Prompt, book: Book) -> bool:
    """Whether it has been asked and goes on being asked: a further silence changes nothing then."""
    return row.next_at is not None and row.next_at > asking.first(row.kind, row.since, book)
