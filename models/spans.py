"""Seats by their days: whose span began or ended and is not handed over yet, and on which day the next one turns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tortoise.expressions import Q

from bot.rules.calendar import DAY
from models import database
from models.people import Seat

_BEGINS = "SELECT min(since) AS day FROM seat WHERE NOT begun"
_ENDS = "SELECT min(until) AS day FROM seat WHERE NOT ended"


async def turned(on: date) -> list[Seat]:
    """The seats to hand over on a day, by id, with their persons. A first holder (no first day) has always held his."""
    due = Seat.filter(Q(begun=False, since__lte=on) | Q(ended=False, until__lt=on))
    return await due.prefetch_related("person", "stands_in_for").order_by("id")


async def done(seats: Iterable[Seat], on: date) -> None:
    """What is open was handed over at the ends of these spans that `on` has reached."""
    ids = [seat.id for seat in seats]
    await Seat.filter(id__in=ids, since__lte=on).update(begun=True)
    await Seat.filter(id__in=ids, until__lt=on).update(ended=True)


async def next_day() -> date | None:
    """The first day on which a seat begins, or is over; None when none will."""
    first, last = [(await database.rows(text))[0]["day"] for text in (_BEGINS, _ENDS)]
    begins = [date.fromisoformat(str(first))] if first else []
    over = [date.fromisoformat(str(last)) + DAY] if last else []
    return min(begins + over, default=None)
