"""Which matter an office command is about: any matter by its number, else the only open one (interfaces.md §Chat)."""

from __future__ import annotations

from bot import errors
from bot.actions import rights
from handlers import numbers, words
from handlers.turn import Turn
from handlers.which import Meant
from models import open as opened
from models.matter import Matter


async def command(turn: Turn, *, whole: bool = False) -> Meant:
    """The command in the turn's text and its matter; `whole`: a family's parent may be meant as well (A62).

    Refused: unknown_matter, number_missing, split_matter.
    """
    said = words.command(turn.text)
    assert said
    if turn.picked is not None:
        return Meant(said, await Matter.get(id=turn.picked))
    if said.ref:
        return Meant(said, await numbered(said.ref, turn, whole=whole))
    running = await Matter.filter(state__in=opened.RUNNING).order_by("id").limit(2)
    if len(running) != 1:
        raise errors.Refused("number_missing", word=said.said)
    return only(said, running[0])


def only(said: words.Command, found: Matter) -> Meant:
    """The only matter that fits, meant where no number was written; Refused number_missing where another's may be:
    1、2 …, 结合2026-0002 …."""
    spoken_of = numbers.mentioned(said.rest) - {(found.year, found.number)}
    if spoken_of or numbers.is_unsure(said.rest):
        raise errors.Refused("number_missing", word=said.said)
    return Meant(said, found)


async def numbered(ref: numbers.Ref, turn: Turn, *, whole: bool = False) -> Matter:
    """The matter of that number, this year's when none is written; Refused unknown_matter, split_matter."""
    found = None if ref.proposal else await opened.numbered(ref.number, ref.year, turn.today.year, ref.child)
    if found is None:
        raise errors.Refused("unknown_matter", code=str(ref))
    if not whole:
        rights.expect_whole(found)
    return found


def sentence(meant: Meant, example: str) -> str:
    """The words after the number; Refused words_missing, with an example, when there are none."""
    text = meant.said.rest.strip()
    if len(text) < 2:
        written = f"/{meant.said.said} {meant.matter.code} {example}"
        raise errors.Refused("words_missing", word=meant.said.said, example=written)
    return text
