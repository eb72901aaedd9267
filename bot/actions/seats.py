"""换岗 and 代班: the office seats people of the roster; what is open goes with the post at once (R50, A64)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.expressions import Q

from bot import errors
from bot.actions import takeover
from bot.engine import notify
from bot.rules.calendar import DAY
from models import database, roster, spans
from models import open as opened
from models.matter import Matter
from models.people import Person, Seat, Unit
from models.roster import Seated

POSTS = ("head", "operator_a", "operator_b")
DECIDING = frozenset({"office_director", "leader_in_charge", "main_leader"})
"""Posts whose stand-in only the director names and ends, and never names himself."""


@dataclass(frozen=True, slots=True)
class Change:
    """A post of a unit gets another holder; `old` is None while nobody sits there."""

    role: str
    old: Person | None
    new: Person


async def holders(unit_id: int, on: date) -> dict[str, Seat]:
    """Who holds head, A and B on a day, stand-ins aside."""
    mine = Seat.filter(Q(until__isnull=True) | Q(until__gte=on), unit_id=unit_id, stands_in_for_id__isnull=True)
    found = await mine.filter(person__active=True).prefetch_related("person").order_by("id")
    return {seat.role: seat for seat in found}


async def changes(unit_id: int, wanted: Mapping[str, int], on: date) -> list[Change]:
    """What a change of holders comes to.

    Raises Refused: same_post (A and B would be one person), person_away, nothing_to_reseat.
    """
    held = await holders(unit_id, on)
    people = {each.id: each for each in await Person.filter(id__in=list(wanted.values()))}
    after = {role: seat.person_id for role, seat in held.items()} | dict(wanted)
    if after.get("operator_a") is not None and after.get("operator_a") == after.get("operator_b"):
        names = await roster.names([after["operator_a"]])
        raise errors.Refused("same_post", name=names[after["operator_a"]])
    found = [
        Change(role, held[role].person if role in held else None, people[wanted[role]])
        for role in POSTS
        if role in wanted and (role not in held or held[role].person_id != wanted[role])
    ]
    if not found:
        raise errors.Refused("nothing_to_reseat", unit=(await Unit.get(id=unit_id)).name)
    for each in found:
        for other, last in await roster.away(each.new.id, on):
            raise errors.Refused("person_away", name=each.new.name, stand_in=other, last=last)
    return found


async def reseat(unit_id: int, wanted: Mapping[str, int], by: Seated, at: datetime) -> dict[str, Any]:
    """New holders of head, A or B from today on; the old ones' seats end with yesterday. Facts of the reply.

    Raises as `changes`.
    """
    on = notify.today(at)
    async with database.transaction():
        await roster.lock()
        found = await changes(unit_id, wanted, on)
        held = await holders(unit_id, on)
        shown = await facts(unit_id, found, on)
        absences = await _absences(found, on)
        for each in found:
            if each.role in held:
                await end([held[each.role].id], on)
            seat = await Seat.create(person_id=each.new.id, unit_id=unit_id, role=each.role, since=on)
            await _follow(seat, absences[each.role])
        await takeover.settle(await spans.turned(on), at, by.id)
        return shown


async def _absences(found: Sequence[Change], on: date) -> dict[str, list[Seat]]:
    """Role → planned absences of who is to sit there, one row for each; none runs already (`changes`)."""
    table = {}
    for each in found:
        planned = Seat.filter(stands_in_for__person_id=each.new.id, until__gte=on).prefetch_related("person")
        rows = {(row.person_id, row.since): row for row in await planned.order_by("id")}
        table[each.role] = list(rows.values())
    return table


async def _follow(seat: Seat, absences: Sequence[Seat]) -> None:
    """Who was to stand in for the person does so in his new seat too."""
    for each in absences:
        await Seat.create(
            person_id=each.person_id,
            unit_id=seat.unit_id,
            role=seat.role,
            since=each.since,
            until=each.until,
            stands_in_for_id=seat.id,
        )


async def end(ids: Sequence[int], on: date) -> None:
    """These seats end the day before `on`, and what stood in for them."""
    both = Q(id__in=list(ids)) | Q(stands_in_for_id__in=list(ids))
    await Seat.filter(both, Q(until__isnull=True) | Q(until__gte=on)).update(until=on - DAY)


async def facts(unit_id: int, found: Sequence[Change], on: date) -> dict[str, Any]:
    """What card and reply say of a change, before it is made."""
    running = await Matter.filter(unit_id=unit_id, state__in=opened.RUNNING).count()
    shown = [{"role": each.role, "old": each.old.name if each.old else "", "new": each.new.name} for each in found]
    silent = [each.new.name for each in found if not (each.new.wecom_id or each.new.dingtalk_id)]
    unit = await Unit.get(id=unit_id)
    away = await _away(found, on)
    return {"unit": unit.name, "changes": shown, "open": running, "silent": silent, "away": away}


async def _away(found: Sequence[Change], on: date) -> list[dict[str, Any]]:
    """Planned absences of the new holders, each once, also of one who takes two posts."""
    absences, people = await _absences(found, on), {each.role: each.new for each in found}
    told = {
        row.id: {"name": people[role].name, "other": row.person.name, "first": row.since, "last": row.until}
        for role, rows in absences.items()
        for row in rows
    }
    return list(told.values())


async def stand_in(absent: Person, other: Person, first: date, last: date, by: Seated, at: datetime) -> dict[str, Any]:
    """From 00:00 of `first` to 24:00 of `last` every post of `absent` is `other`'s; past days are left out.

    Administration of the platform is never handed on in chat. Raises Refused: same_person, span_reversed, span_past,
    no_seat, director_only, own_stand_in, span_overlaps.
    """
    on = notify.today(at)
    _expect_span(absent, other, first, last, on)
    first = max(first, on)
    async with database.transaction():
        await roster.lock()
        mine = await _own(absent, first)
        _expect_entitled(mine, by)
        if other.id == by.id and _decides(mine):
            raise errors.Refused("own_stand_in")
        await _expect_free(absent, other, first, last)
        for seat in mine:
            await Seat.create(
                person_id=other.id,
                unit_id=seat.unit_id,
                role=seat.role,
                since=first,
                until=min(last, seat.until or last),
                stands_in_for_id=seat.id,
            )
        await takeover.settle(await spans.turned(on), at, by.id)
        shown = await posts((seat.role, seat.unit_id) for seat in mine)
        return {"absent": absent.name, "other": other.name, "first": first, "last": last, "posts": shown}


def _expect_span(absent: Person, other: Person, first: date, last: date, on: date) -> None:
    if absent.id == other.id:
        raise errors.Refused("same_person", name=absent.name)
    if last < first:
        raise errors.Refused("span_reversed", first=first, last=last)
    if last < on:
        raise errors.Refused("span_past", first=first, last=last)


async def _own(absent: Person, first: date) -> list[Seat]:
    """His own posts, as far as they last until then; none begins later than today."""
    mine = Seat.filter(Q(until__isnull=True) | Q(until__gte=first))
    found = await mine.filter(person_id=absent.id, stands_in_for_id__isnull=True).exclude(role="admin").order_by("id")
    if not found:
        raise errors.Refused("no_seat", name=absent.name)
    return found


def _decides(seats: Sequence[Seat]) -> bool:
    return bool({seat.role for seat in seats} & DECIDING)


def _expect_entitled(seats: Sequence[Seat], by: Seated) -> None:
    """Who stands in at a post that decides, and until when, is no clerk's to say (A65)."""
    if _decides(seats) and "office_director" not in by.roles:
        raise errors.Refused("director_only", word="代班")


async def _expect_free(absent: Person, other: Person, first: date, last: date) -> None:
    """One stand-in at a time, and neither of them away from, or standing in, somewhere else."""
    overlapping = Seat.filter(since__lte=last, until__gte=first)
    both = [absent.id, other.id]
    absences = overlapping.filter(stands_in_for__person_id__in=both)
    busy = overlapping.filter(person_id=absent.id)
    for query in (absences, busy):
        found = await query.prefetch_related("person", "stands_in_for__person").order_by("since").first()
        if found and found.stands_in_for:
            names = {"absent": found.stands_in_for.person.name, "other": found.person.name}
            raise errors.Refused("span_overlaps", **names, first=found.since, last=found.until)


async def cancel(absent: Person, by: Seated, at: datetime) -> dict[str, Any]:
    """He is back: what runs ends now, what has not begun falls away. Raises Refused: no_stand_in, director_only."""
    on = notify.today(at)
    async with database.transaction():
        await roster.lock()
        rows = Seat.filter(stands_in_for__person_id=absent.id, until__gte=on).prefetch_related("person")
        found = await rows.order_by("id")
        if not found:
            raise errors.Refused("no_stand_in", name=absent.name)
        _expect_entitled(found, by)
        await Seat.filter(id__in=[seat.id for seat in found if not seat.begun]).delete()
        await Seat.filter(id__in=[seat.id for seat in found if seat.begun]).update(until=on - DAY)
        await takeover.settle(await spans.turned(on), at, by.id)
        names = list(dict.fromkeys(seat.person.name for seat in found))
        return {"absent": absent.name, "others": names, "running": any(seat.begun for seat in found)}


async def posts(places: Iterable[tuple[str, int | None]]) -> list[dict[str, str]]:
    """[{unit, role}] for words, each once."""
    found = dict.fromkeys(places)
    units = {unit.id: unit.name for unit in await Unit.filter(id__in=[unit for _, unit in found if unit])}
    return [{"unit": units[unit] if unit else "", "role": role} for role, unit in found]
