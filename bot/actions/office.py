"""Who decides on what a unit files, and how both sides are told (A37, A63, A66)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import facts
from bot.actions import tell as telling
from bot.engine import notify
from bot.engine.notify import Planned
from bot.rules import recipients
from bot.rules.status import MATTER
from models import roster
from models.matter import Matter
from models.obligation import Obligation
from models.roster import Seated

DECIDERS = ("office", "office_director", "leader_in_charge", "main_leader")
"""Everybody who may decide on something somewhere; `expect` says who may on what."""


@dataclass(frozen=True, slots=True)
class Desk:
    """`asked` get the card, `may` decide; `role` is the post that reviews in place of the office, "" for the office."""

    asked: tuple[int, ...]
    may: frozenset[int]
    role: str = ""


async def desk(matter: Matter, at: datetime, filer: int | None = None) -> Desk:
    """The office; of a matter that it leads itself its leader in charge; where nobody but the filer is left, the next
    one above (A66)."""
    seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    own = await roster.is_office(matter.unit_id, notify.today(at))
    levels = ("leader_in_charge", "main_leader") if own else ("office", "office_director", "main_leader")
    people = {level: [each for each in seated.get(level, ()) if each != filer] for level in levels}
    role = next((level for level in levels if people[level]), levels[-1])
    asked = tuple(dict.fromkeys(people[role]))
    if role in ("office", "office_director"):
        return Desk(asked, frozenset(people["office"] + people["office_director"]))
    return Desk(asked, frozenset(asked), role)


async def expect(matter: Matter, by: Seated, at: datetime, filer: int | None) -> None:
    """Refused not_reviewer, or own_filing: nobody reviews what he filed (A66)."""
    found = await desk(matter, at, filer)
    if by.id == filer and by.id in (await desk(matter, at)).may:
        raise errors.Refused("own_filing", code=matter.code, role=found.role)
    if by.id not in found.may:
        raise errors.Refused("not_reviewer", code=matter.code, role=found.role)


def expect_seen(matter: Matter, object_: str, since: datetime, at: datetime) -> None:
    """Refused arrived_since: what was filed after the words that decide on it were written (A5, A71)."""
    if at < since:
        raise errors.Refused("arrived_since", code=matter.code, object=object_, since=since)


async def ask(matter: Matter, kind: str, row_id: int, shown: Mapping[str, Any], by: Seated, at: datetime) -> str:
    """The card that asks for a decision on the row; its kind and `seq` find it again. A handler's filing is copied to
    A (A63). The role of who reviews it."""
    found = await desk(matter, at, by.id)
    root = await _root(matter)
    told = [Planned(matter.id, root.id, root.episode, kind, row_id, at, found.asked, facts=shown)]
    if matter.unit_id not in by.units(roster.UNIT_POSTS):
        seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
        copied = {**shown, "applied": kind, "role": found.role}
        operators = recipients.persons(("operator_a",), seated, None)
        if operators:
            seq = matter.ledger_n
            told.append(Planned(matter.id, root.id, root.episode, "applied", seq, at, operators, facts=copied))
    await notify.plan(told, at)
    return found.role


async def tell(
    matter: Matter,
    verdict: str,
    said: Mapping[str, Any],
    by: Seated,
    at: datetime,
    also: Iterable[int] = (),
    units: Sequence[int] = (),
) -> None:
    """A decision goes to handler, A, B and head (A37) of the matter's unit, or of `units`, which bear what it costs,
    and to `also`; the verb's ledger line numbers it."""
    people = await telling.units(matter, units or [matter.unit_id], at)
    people += [each for each in also if each not in people]
    root = await _root(matter)
    shown = {**await facts.of(matter), "verdict": verdict, "by": by.name, **said}
    planned = Planned(matter.id, root.id, root.episode, "decision", matter.ledger_n, at, people, facts=shown)
    await notify.plan([planned], at)


async def directors(matter: Matter, at: datetime) -> list[int]:
    """The office directors, copied from the third return on (A17)."""
    return list((await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id].get("office_director", ()))


async def _root(matter: Matter) -> Obligation:
    return await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)
