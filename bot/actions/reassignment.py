"""改派: another unit takes the matter over; its clocks begin anew, the old unit keeps its record (A46)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, document, ending, facts, office, posts, rights, setting, tell
from bot.engine import handover, notify, withdraw
from bot.engine.letter import LADDER
from bot.rules import steering
from bot.rules.life import Book, Life
from bot.rules.status import MATTER
from models import database, roster
from models import life as lives
from models.completion import Completion
from models.document import Document
from models.extension import Extension
from models.matter import Matter
from models.obligation import Obligation
from models.people import Unit
from models.roster import Seated

REASON = 200


async def reassign(matter_id: int, unit_id: int, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """Hand the matter to `unit_id`; with `reassign_clock = keep` every deadline stays as it is. The reply's facts.

    Raises as `expect`.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await expect(matter, unit_id, by, at)
        old, before = (await facts.of(matter))["unit"], await tell.unit(matter, at)
        keeps = setting.book(matter).rules.reassign_clock == "keep"
        await _hand_over(matter, unit_id, keeps=keeps)

        def verb(current: Life, book: Book) -> Life:
            again = steering.reassign(current, at, book)  # refuses what must not be handed over, either way
            # what the old unit filed is of its record: it is not returned to a unit that never wrote it
            return replace(current, filed=None) if keeps else again

        said = {"from": matter.unit_id, "to": unit_id, "reason": reason[:REASON], "keeps": keeps}
        done = await change.apply(matter.id, verb, name="reassign", by=by.id, at=at, facts=said)
        await _leave_behind(matter)
        await ending.cancel(done.matter, ("initiate", "assigned", "hint"))
        kept = [row.id for row in await lives.rows(done.matter) if row.due_at and not row.ended] if keeps else []
        await withdraw.turn_cards([*done.ended(), *kept], matter.id, {"done": "reassigned"}, at, but=None)
        await _carry_over(done.matter, kept, before, at)
        shown = {"old_unit": old, "reason": reason[:REASON], "keeps": keeps}
        new = await tell.unit(done.matter, at) if keeps else []
        shown |= facts.following(done.after.obligations, at)
        await tell.card(done.matter, "reassigned", [*before, *new], shown, by, at)
        return {**await facts.of(done.matter), **shown}


async def expect(matter: Matter, unit_id: int, by: Seated, at: datetime) -> None:
    """Refused closed_matter, not_reviewer, under_review, extension_pending, same_unit, no_operator, posts_missing."""
    rights.expect_open(matter)
    await office.expect(matter, by, at, None)
    if matter.completion_at:
        raise errors.Refused("under_review", code=matter.code)
    if matter.extension_at:
        raise errors.Refused("extension_pending", code=matter.code)
    unit = await Unit.get(id=unit_id)
    if unit_id == matter.unit_id:
        raise errors.Refused("same_unit", code=matter.code, unit=unit.name)
    seated = (await notify.holders([unit_id], notify.today(at)))[unit_id]
    if not any(seated.get(role) for role in roster.UNIT_POSTS):
        raise errors.Refused("no_operator", unit=unit.name)
    await posts.expect_filled(unit, notify.today(at))


async def _hand_over(matter: Matter, unit_id: int, *, keeps: bool) -> None:
    """The matter and what carries its notices belong to the new unit; what is kept running goes with them."""
    rest = [each for each in matter.cooperating if each != unit_id]
    await Matter.filter(id=matter.id).update(unit_id=unit_id, handler_id=None, cooperating=rest)
    rows = Obligation.filter(matter_id=matter.id, cycle=matter.cycle)
    await (rows.filter(ended="") if keeps else rows.filter(name=MATTER)).update(unit_id=unit_id)


async def _leave_behind(matter: Matter) -> None:
    """What the old unit had begun stays its own: a late plan (A30), a draft of the completion, the files for it."""
    await Extension.filter(matter_id=matter.id, state="late").update(state="withdrawn")
    await Completion.filter(matter_id=matter.id, state="draft").update(state="dropped")
    files = [each.id for each in await document.waiting(matter)]
    await Document.filter(id__in=files).update(state="dropped")


async def _carry_over(matter: Matter, kept: Sequence[int], before: Sequence[int], at: datetime) -> None:
    """Clocks that are kept keep their notices: what has not left yet goes to the new unit instead."""
    for each in await handover.waiting(matter.id, before):
        if each.notice and each.notice.obligation_id in kept and each.kind in LADDER:
            await handover.take(each)
            people, sms = await tell.ladder(matter, notify.rung(each.notice), at)
            await handover.give(each.notice, sms if each.lane == "sms" else people, at, like=each)
