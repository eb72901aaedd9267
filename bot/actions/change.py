"""The one way a matter's state changes: lock, load, verb, store, cancel, score, ledger; all in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import question, recount, setting, tally
from bot.engine import alarm, moot, points, withdraw
from bot.rules import scoring
from bot.rules.life import Book, Life, Refusal, unfold
from models import database
from models import life as lives
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation

Verb = Callable[[Life, Book], Life]


@dataclass(frozen=True, slots=True)
class Change:
    """What a verb did: the matter as it is now, its life before and after, ids of the obligations written."""

    matter: Matter
    before: Life
    after: Life
    written: Mapping[tuple[str, int], int]

    def ended(self) -> list[int]:
        """Ids of obligations that this change ended, paused or planned anew: their old notices are void."""
        return [self.written[name, ordinal] for name, ordinal, _ in _void(self.before, self.after)]


def _void(before: Life, after: Life) -> list[tuple[str, int, int]]:
    """(name, ordinal, episode) of what was owed before and is ended, paused or planned anew after."""
    now = {(each.name, each.ordinal): each for each in after.obligations}
    return [
        (old.name, old.ordinal, old.episode)
        for old in before.obligations
        if (new := now.get((old.name, old.ordinal))) and new != old
        if new.ended or new.paused_by or new.episode != old.episode
    ]


async def apply(
    matter_id: int,
    verb: Verb,
    *,
    name: str,
    by: int | None,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    effective: datetime | None = None,
) -> Change:
    """Apply a verb of the rules to a matter at the business instant `at` (UTC); `by` is the acting person's id.

    `effective`: the instant for which it counts, when it is written down later (A49); points and notices follow it.
    Raises Refused with the rules' code when they do not allow it, then nothing is changed.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        before = await lives.load(matter)
        book = setting.book(matter)
        try:
            after = verb(before, book)
        except Refusal as refusal:
            raise errors.Refused(str(refusal), code=matter.code) from refusal
        when = effective or at
        counted = await tally.counted(matter)
        change = Change(matter, before, after, await lives.store(matter, before, after))
        await _score_late(change, unfold(before, when, book), unfold(after, when, book), when)
        await withdraw.cancel(change.ended(), when)
        await moot.close([matter.id], at)
        if before.proposal_open and not after.proposal_open:
            await withdraw.proposal(matter.id, at)
        await recount.settle(matter, counted, at)
        await question.follow(matter, name, before, after, book, at, by)
        await record(matter, name, by=by, at=at, facts=facts)
        database.after_commit(alarm.ring)
        return change


async def record(matter: Matter, verb: str, *, by: int | None, at: datetime, facts: Mapping[str, Any] | None) -> None:
    """One ledger line, last in the lock order."""
    await Ledger.append(matter, at, by, verb, dict(facts or {}), setting.current().ledger_key)


async def _score_late(change: Change, before: Life, after: Life, at: datetime) -> None:
    """Whoever answers after D has lost the tenth, even when no urge had gone out yet (R53, A87), unless it was our
    own outage (A49).

    Both have their periods unfolded: one that began while we stood still is late by the calendar all the same, and one
    that the verb left alone is still running.
    """
    still = {owed.key for owed in after.obligations if owed.is_open(at)}
    ended = {change.written[key[:2]]: (key[2], due) for key, due in scoring.overdue(before, at) if key not in still}
    rows = await Obligation.filter(id__in=list(ended)) if ended else []
    found = [(row, *ended[row.id]) for row in rows if not await points.is_covered(ended[row.id][1], at)]
    await points.late(found, at)
