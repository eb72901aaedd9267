"""A post changes hands: what is open goes with it, for 换岗, 代班 and the roster file alike (A64).

The seats are the schedule: a span that began or is over and was not handed over yet is due. What was not sent yet to
the old holder goes to the new one, cards are issued again, each matter's ledger says so, everybody concerned is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog

from bot.actions import asks, change, inventory, moves
from bot.actions.asks import Ask
from bot.actions.moves import Group
from bot.actions.succession import Succession
from bot.engine import handover, notify, trouble
from models import database, roster, spans
from models import life as lives
from models import open as opened
from models.delivery import Delivery
from models.matter import Matter
from models.people import Seat

_log = structlog.get_logger(__name__)


async def advance(now: datetime) -> int:
    """Hand over what is due at `now` (business), unit by unit; how many seats were dealt with."""
    due = await spans.turned(notify.today(now))
    for unit_id in dict.fromkeys(seat.unit_id for seat in due):
        try:
            await database.retrying(partial(_of_unit, unit_id, now))
        except Exception as error:  # one unit must not stop the others (data.md)
            if trouble.passes(error):
                raise
            _log.exception("takeover_set_aside", unit=unit_id)
            await spans.done([seat for seat in due if seat.unit_id == unit_id], notify.today(now))
    return len(due)


async def _of_unit(unit_id: int | None, now: datetime) -> None:
    async with database.transaction():
        await roster.lock()
        due = await spans.turned(notify.today(now))
        await settle([seat for seat in due if seat.unit_id == unit_id], now, None)


async def settle(seats: Sequence[Seat], at: datetime, by: int | None) -> None:
    """Hand over at these ends of spans, in the caller's transaction, which holds `roster.lock`."""
    for group in await moves.groups(seats, at):
        await carry_out(group, at, by)
    await spans.done(seats, notify.today(at))


async def carry_out(group: Group, at: datetime, by: int | None) -> None:
    """What is open goes with these moves, matter by matter; then everybody concerned is told.

    A matter that was initiated meanwhile, while nobody saw the new seats yet, is asked for until there is none.
    """
    waiting = await asks.waiting(at)
    done: set[int] = set()
    while left := await _concerned(group, waiting) - done:
        for matter_id in sorted(left):
            await _hand_over(matter_id, group, [each for each in waiting if each.matter.id == matter_id], at, by)
        done |= left
    await inventory.tell(group, waiting, at)


async def _concerned(group: Group, waiting: Sequence[Ask]) -> set[int]:
    """The unit's open matters; of a post of the whole department those where a word or a message waits."""
    if not group.moves:
        return set()
    found = {each.matter.id for each in waiting if group.unit_id in (None, each.matter.unit_id)}
    unsent = Delivery.filter(person_id__in=group.losers(), state__in=("pending", "sending"), notice_id__not_isnull=True)
    if group.unit_id is not None:
        unsent = unsent.filter(notice__matter__unit_id=group.unit_id)
        found |= {each.id for each in await Matter.filter(unit_id=group.unit_id, state__in=opened.RUNNING)}
    return found | {row["notice__matter_id"] for row in await unsent.values("notice__matter_id")}


async def _hand_over(matter_id: int, group: Group, waiting: Sequence[Ask], at: datetime, by: int | None) -> None:
    """One matter. Its duties are locked: a tick that plans for the old holder has committed, or comes after us."""
    matter = await database.lock_matter(matter_id)
    rows = await lives.rows(matter)
    case = await Succession.of(matter, group, waiting, at)
    await case.drop_handler()
    moved = [await case.move(each) for each in await handover.waiting(matter.id, group.losers())]
    asked = [await case.ask_again(each) for each in waiting]
    for person in group.losers():
        await case.turn(person, rows)
    if any(moved) or any(asked) or case.is_taken_over():
        await change.record(matter, "take_over", by=by, at=at, facts=group.facts())
        await case.issue(rows)
