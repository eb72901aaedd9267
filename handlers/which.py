"""Which matter is meant (interfaces.md §Chat): the number written, the only one that fits, else a card asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot import errors, render
from bot.actions import rights
from bot.router import Reply
from handlers import numbers, plain, words
from handlers.turn import Turn
from models import open as opened
from models.matter import Matter
from models.obligation import Obligation

LATELY = timedelta(days=30)
"""How long after its end a matter may still be written about."""
SHORTEST = 4
_TITLE = re.compile(
    r"^(?:关于)?(?:开展|做好|推进|加强|加快|落实)?|(?:有关|相关)?(?:工作)?(?:的)?(?:事项|报告|通知|工作)?$"
)
_COUNTED = re.compile(r"第\s?[一二三四五六七八九十\d]+\s?件(?!案)|[两三四五六七八九十\d]\s?件(?:都|均|事|任务|收到)")


class Ask(Exception):
    """It is not clear which matter is meant; `reply` asks by card. Nothing is filed."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Meant:
    """A command with the matter it is about."""

    said: words.Command
    matter: Matter


async def command(turn: Turn) -> Meant:
    """The command in the turn's text and its matter. Raises Refused, or Ask when several fit."""
    mine, helped = await his(turn), await opened.helped(turn.by.units(rights.FILERS))
    said = words.command(turn.text, known([*mine, *helped]))
    assert said
    plainly = words.command(turn.text)
    doubtful = plainly.ref if plainly and said.ref is None else None
    return Meant(said, await matter(turn, mine, said.ref, doubtful, helped))


async def his(turn: Turn) -> list[Matter]:
    """The open matters the sender has to do with."""
    return await opened.matters(turn.by)


def known(matters: Sequence[Matter]) -> Callable[[numbers.Ref], bool]:
    """Whether a number is one of these matters."""
    return lambda ref: bool(_find(matters, ref))


def _find(matters: Sequence[Matter], ref: numbers.Ref) -> list[Matter]:
    """Those of that number, the latest year's when none was written; of a family all, when no child was."""
    found = [] if ref.proposal else [each for each in matters if each.number == ref.number]
    found = [each for each in found if ref.year in (None, each.year) and ref.child in (0, each.child)]
    latest = max((each.year or 0 for each in found), default=0)
    return [each for each in found if each.year == latest]


async def matter(
    turn: Turn,
    mine: Sequence[Matter],
    ref: numbers.Ref | None,
    doubtful: numbers.Ref | None = None,
    helped: Sequence[Matter] = (),
) -> Matter:
    """The matter of `ref`, or the only one of `mine`. `doubtful` are digits that stand like a number but are none of
    `mine`: another unit's matter is said to be that, otherwise a card asks, also when the text speaks of another one
    (结合2026-0002一并推进) or begins with what may be a number (1、2 …); nothing is guessed. Of what his unit only
    helps with (`helped`, A62) none is meant unless it is named or chosen.
    """
    if turn.picked is not None:
        return await Matter.get(id=turn.picked)
    written = ref or doubtful
    if written is not None:
        found = _find(mine, written) or _find(helped, written)
        if len(found) > 1:
            raise Ask(choose(turn, found))
        if meant := found[0] if found else await _other(turn, written):
            return meant
        if ref is not None:
            raise errors.Refused("unknown_matter", code=str(ref))
        doubtful = None if written.child else written  # 1-2, 5-30 and no such child: they count something else
    if not mine and helped:
        raise Ask(choose(turn, helped))
    if not mine:
        raise errors.Refused("nothing_open", files=True)
    if len(mine) > 1 or doubtful is not None or _is_unsure(turn) or await speaks_of_another(turn, mine):
        raise Ask(choose(turn, mine))
    return mine[0]


async def speaks_of_another(turn: Turn, likely: Sequence[Matter]) -> bool:
    """Whether the text speaks of a matter that is none of these: by number, by the title of one of his that is open or
    was ended lately, or by counting: 第二件, 两件."""
    if numbers.mentioned(turn.text) - {(each.year, each.number) for each in likely}:
        return True
    mine = await opened.matters(turn.by, turn.at - LATELY)
    others = [each for each in mine if each.id not in {own.id for own in likely}]
    if _COUNTED.search(plain.fold(turn.text)) and any(each.state in opened.RUNNING for each in others):
        return True
    return _entitled(turn.text, others) and not _entitled(turn.text, likely)


def _entitled(text: str, matters: Sequence[Matter]) -> bool:
    """Whether the text has the title of one of these in it, without 关于开展 and 的事项."""
    bare = (_TITLE.sub("", plain.fold(each.title)) for each in matters)
    return any(len(title) >= SHORTEST and title in plain.fold(text) for title in bare)


def _is_unsure(turn: Turn) -> bool:
    said = words.command(turn.text)
    return numbers.is_unsure(said.rest if said else turn.text)


async def _other(turn: Turn, ref: numbers.Ref) -> Matter | None:
    found = None if ref.proposal else await opened.numbered(ref.number, ref.year, turn.today.year, ref.child)
    if found:
        rights.expect_whole(found)
    return found


def choose(turn: Turn, matters: Sequence[Matter]) -> Reply:
    """The card that asks; the words stay in the stored message that its button names."""
    options = [(each.id, each.code, each.title, each.sensitive) for each in matters]
    return Reply(card=render.card("choose", token=turn.inbound_id, options=options, words=turn.text, now=turn.at))


async def owing(turn: Turn, name: str, matters: Sequence[Matter]) -> list[tuple[Matter, Obligation]]:
    """Those of the matters that owe `name` at the turn's instant, the earliest deadline first."""
    owed = await opened.duties(matters, turn.at)
    found = [(each, row) for each in matters for row in owed[each.id] if row.name == name]
    return sorted(found, key=lambda pair: pair[1].due_at or turn.at)
