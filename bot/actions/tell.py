"""Telling people what was done to a matter: a card of a kind, numbered by the ledger line it follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.actions import facts, setting
from bot.engine import notify
from bot.engine.notify import Planned
from bot.rules import recipients
from bot.rules.ladder import Rung
from bot.rules.status import MATTER
from models.matter import Matter
from models.obligation import Obligation
from models.roster import Seated


async def about(
    matter: Matter, kind: str, number: int, people: Iterable[int], said: Mapping[str, Any], at: datetime
) -> None:
    """The card `kind` about a matter in its running cycle, the one of this number, to these people, if any."""
    if told := list(people):
        root = await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)
        shown = {**await facts.of(matter), **said}
        await notify.plan([Planned(matter.id, root.id, root.episode, kind, number, at, told, facts=shown)], at)


async def card(
    matter: Matter, kind: str, people: Iterable[int | None], said: Mapping[str, Any], by: Seated, at: datetime
) -> None:
    """The card `kind` to each of these people but `by`, after the verb's ledger line; it says `said` of the matter."""
    told = [each for each in dict.fromkeys(people) if each is not None and each != by.id]
    await about(matter, kind, matter.ledger_n, told, {"by": by.name, **said}, at)


async def unit(matter: Matter, at: datetime, *roles: str) -> list[int]:
    """Handler, A, B and head of the matter's unit (A37), then who sits in these further roles."""
    return await units(matter, [matter.unit_id], at, *roles)


async def units(matter: Matter, unit_ids: Sequence[int], at: datetime, *roles: str) -> list[int]:
    """The same of these units, which bear what is told; each person once."""
    on = notify.today(at)
    seated = await notify.holders(unit_ids, on)
    handlers = await notify.acting([(matter.handler_id, each) for each in unit_ids], on)
    found = [
        recipients.persons((*recipients.UNIT, *roles), seated[each], handlers.get((matter.handler_id, each)))
        for each in unit_ids
    ]
    return list(dict.fromkeys(person for people in found for person in people))


async def holders(matter: Matter, at: datetime, *roles: str) -> list[int]:
    """Who sits in these roles, as far as the matter's unit is concerned."""
    seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    return [each for role in roles for each in seated.get(role, ())]


async def ladder(matter: Matter, rung: Rung, at: datetime) -> tuple[list[int], list[int]]:
    """Who gets the card and who the SMS of a notice of the ladder (A37, A44)."""
    seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    handler = await notify.handler(matter, notify.today(at))
    return notify.by_roles(rung, setting.book(matter).rules, seated, handler)
