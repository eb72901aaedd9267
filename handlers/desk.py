"""Which matter a decision of the office is about: the number written, the only one that waits, else it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.expressions import Q

from bot import errors
from bot.actions import office, review, setting
from handlers import lookup, words
from handlers.turn import Turn
from handlers.which import Meant
from models import open as opened
from models.matter import Matter
from models.review import Review

_RUNNING = Q(state__in=opened.RUNNING)
_ENDED = Q(state="closed", leads__isnull=True)  # by its own completion, which a family's parent has not (A62)
WAITING = {
    "extension": _RUNNING & Q(extension_at__isnull=False),
    "completion": _RUNNING & Q(completion_at__isnull=False),
    "feedback": _RUNNING & Q(filed_at__isnull=False),
    "accepted": _ENDED & Q(written_off_at__isnull=True),
}
GRADE = "grade"
"""A feedback, or an end that nobody graded yet: which of the two is never guessed."""


async def meant(turn: Turn, *kinds: str) -> Meant:
    """The command and its matter; without a number the only one where one of `kinds` waits for a decision.

    Raises Refused: unknown_matter, nothing_waits, ambiguous, number_missing.
    """
    said = words.command(turn.text)
    assert said
    if said.ref:
        return Meant(said, await lookup.numbered(said.ref, turn))
    waiting = await _waiting(kinds, turn)
    if not waiting:
        raise errors.Refused("nothing_waits", word=said.said)
    if len(waiting) > 1:
        shown = [(each.code, each.title, each.sensitive) for each in waiting]
        raise errors.Refused("ambiguous", matters=shown, example=f"/{said.said}")
    return lookup.only(said, waiting[0])


async def _waiting(kinds: Sequence[str], turn: Turn) -> list[Matter]:
    """The first kind of which anything waits for the sender: a completion before a feedback (A71)."""
    for kind in kinds:
        which = WAITING["feedback"] | Q(id__in=await _ungraded(turn.at)) if kind == GRADE else WAITING[kind]
        if found := await _own(await Matter.filter(which).order_by("initiated_at", "id"), turn):
            return found
    return []


async def _own(found: Sequence[Matter], turn: Turn) -> list[Matter]:
    """Those that are the sender's to decide on; of the others he learns no title (A63, A66).

    The main leader reads all, and it may be his by who filed it.
    """
    if "main_leader" in turn.by.roles:
        return list(found)
    units = {each.unit_id: each for each in found}
    own = {unit for unit, each in units.items() if turn.by.id in (await office.desk(each, turn.at)).may}
    return [each for each in found if each.unit_id in own]


async def _ungraded(at: datetime) -> list[int]:
    """What was accepted without a grade and may get one for five working days, as the reply to it says (A68)."""
    recent = await Matter.filter(_ENDED, closed_at__gte=at - timedelta(days=31))
    done = Review.filter(completion__state="accepted", matter_id__in=[each.id for each in recent]).exclude(grade="")
    graded = await done.values_list("matter_id", "cycle")
    return [
        each.id
        for each in recent
        if each.closed_at
        and (each.id, each.cycle) not in graded
        and review.in_time(each.closed_at, at, setting.book(each))
    ]
