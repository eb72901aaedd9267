"""The stage-1 answer's people: the pull-down of a unit, and names as typed turned into persons (R33)."""

from __future__ import annotations

import re
from typing import Any

from bot import errors
from bot.actions import facts as shared
from bot.actions import matter as matters
from bot.actions import rights
from handlers import words
from handlers.acknowledgement import Ack
from handlers.turn import Turn
from models import roster
from models.matter import Matter
from models.obligation import Obligation

SOMEBODY = "张三"
_SELF = ("我", "本人", "我本人")
# 张三，请抓紧
_ASKED = re.compile(r"请|尽快|抓紧|从?速|务必")
SENTENCE = f"收到此项任务，经处室负责人批示，已安排{SOMEBODY}处理解决。"


def is_incomplete(text: str) -> bool:
    """Whether it begins like the stage-1 sentence but names nobody."""
    return "收到" in text and "安排" in text


async def facts(matter: Matter, owed: Obligation, turn: Turn) -> dict[str, Any]:
    """What the cards `initiate` and `acknowledge` show of N1, with the unit's people to choose from."""
    return {
        **await shared.of(matter),
        "node": owed.name,
        "due_at": owed.due_at,
        "obligation_id": owed.id,
        "episode": owed.episode,
        "delivery": 0,
        "people": list((await matters.people_of(matter, turn.at)).items()),
        "now": turn.at,
    }


async def people(matter: Matter, said: Ack, turn: Turn) -> list[int]:
    """Ids of the unit's people named, 我 being the sender; Refused name_unknown with the names that are near, also
    for 规划处张三 of a unit that does not lead.

    Who may not file for the matter is refused as such first: no other unit's names are offered to him (A63).
    """
    await rights.expect_filing(matter, turn.by)
    unit = await matters.people_of(matter, turn.at)
    known = list(unit.values())
    own = (await shared.of(matter))["unit"]
    if any(place in said.said for place in await roster.units() if place not in own):
        raise errors.Refused("name_unknown", name=said.said, near=words.nearest(said.handler, known), unit=own)
    first, *others = said.names
    also = [each for each in others if not _ASKED.match(each) or any(name in each for name in known)]
    return [_one(each, unit, own, turn) for each in (first, *also)]


def _one(written: str, unit: dict[int, str], own: str, turn: Turn) -> int:
    known = list(unit.values())
    if written in _SELF and turn.by.id in unit:
        return turn.by.id
    name = words.person(written, known)
    if name is None or known.count(name) > 1:
        raise errors.Refused("name_unknown", name=written, near=words.nearest(written, known), unit=own)
    return next(each for each, own_name in unit.items() if own_name == name)
