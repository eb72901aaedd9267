"""Which matter a decision of the office is about: the number written, the only one that waits, else it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot import errors
from handlers import lookup, words
from handlers.turn import Turn
from handlers.which import Meant
from models import open as opened
from models.matter import Matter

WAITING = {
    "extension": {"extension_at__isnull": False},
    "completion": {"completion_at__isnull": False},
    "feedback": {"filed_at__isnull": False},
}


async def meant(turn: Turn, *kinds: str) -> Meant:
    """The command and its matter; without a number the only one where one of `kinds` waits for a decision.

    Raises Refused: unknown_matter, nothing_waits, ambiguous, number_missing.
    """
    said = words.command(turn.text)
    assert said
    if said.ref:
        return Meant(said, await lookup.numbered(said.ref, turn))
    waiting = await _waiting(kinds)
    if not waiting:
        raise errors.Refused("nothing_waits", word=said.said)
    if len(waiting) > 1:
        shown = [(each.code, each.title, each.sensitive) for each in waiting]
        raise errors.Refused("ambiguous", matters=shown, example=f"/{said.said}")
    return lookup.only(said, waiting[0])


async def _waiting(kinds: Sequence[str]) -> list[Matter]:
    """The first kind of which anything waits: a completion before a feedback (A71)."""
    for kind in kinds:
        found = await Matter.filter(state__in=opened.RUNNING, **WAITING[kind]).order_by("initiated_at", "id")
        if found:
            return found
    return []
