"""Objections (申诉) to points: asked by the unit, decided by the director, carried out by counter-entries (A72)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import account, change, facts, posts, review, rights
from bot.engine import asked, moot, notify
from models import database, roster
from models.matter import Matter
from models.roster import Seated
from models.ruling import Ruling
from models.score import ScoreEvent

KIND = moot.KIND
JUDGES = ("office_director", "leader_in_charge", "main_leader")
REASON = 500


async def raise_(matter_id: int, node: str | None, by: Seated, at: datetime, reason: str) -> dict[str, Any]:
    """Object to what the sender's units lost for the matter (for one obligation, when `node` names it); it counts on.
    Each unit's points are an objection of their own. Facts of the reply.

    Raises Refused: other_unit, nothing_to_object (state none, objected or late).
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        mine = await _mine(matter, by)
        lost = [each for each in account.standing(mine) if each.tenths < 0 and (node is None or _is_of(each, node))]
        taken = {point for row in await Ruling.filter(matter_id=matter.id, kind=KIND) for point in row.points}
        free = [each for each in lost if each.id not in taken]
        points = [each for each in free if account.is_open(each, at)]
        if not points:
            state = "late" if free else "objected" if taken & {each.id for each in mine} else "none"
            raise errors.Refused("nothing_to_object", code=matter.code, state=state)
        units = dict.fromkeys(each.unit_id for each in points)
        rows = [await _file(matter, [each for each in points if each.unit_id == one], by, at, reason) for one in units]
        asked_ = dict.fromkeys([person for row in rows for person in (await judges(row, at))[1]])
        names = await roster.names(asked_)
        return {**await moot.shown(matter, rows[0], points), "judges": [names[each] for each in asked_]}


async def _file(matter: Matter, points: Sequence[ScoreEvent], by: Seated, at: datetime, reason: str) -> Ruling:
    """The objection to what one unit lost, put before who decides about that unit."""
    role, people = await posts.over(points[0].unit_id, notify.today(at), by.id)
    ids, why = [each.id for each in points], reason[:REASON]
    common: dict[str, Any] = {"kind": KIND, "matter_id": matter.id, "role": role}
    row = await Ruling.create(**common, points=ids, asked_by_id=by.id, asked_at=at, reason=why)
    await change.record(matter, "object", by=by.id, at=at, facts={"ruling": row.id, "points": ids, "reason": why})
    await moot.plan(matter, KIND, row, people, await moot.shown(matter, row, points), at)
    return row


async def judges(row: Ruling, at: datetime) -> tuple[str, list[int]]:
    """Role and people who decide on an objection, never who raised it (A66)."""
    point = await ScoreEvent.get(id=row.points[0])
    return await posts.over(point.unit_id, notify.today(at), row.asked_by_id)


async def meant(matter: Matter, node: str | None, nth: int, by: Seated, at: datetime) -> int:
    """The objection of the matter that a word is for: the `nth`, else the one to `node`'s points, else the only one
    that waits for the sender's word; a decided one only where none waits.

    Raises Refused: no_objection, which_objection.
    """
    rows = await Ruling.filter(matter_id=matter.id, kind=KIND).order_by("id")
    named = rows[nth - 1 : nth] if nth else [row for row in rows if await _is_about(row, node)]
    waiting = [row for row in named if not row.verdict]
    mine = [row for row in waiting if by.id in (await judges(row, at))[1]]
    if len(mine) > 1 or not named:
        raise await _which(matter, rows, by, at)
    return [*mine, *waiting, *reversed(named)][0].id


async def _is_about(row: Ruling, node: str | None) -> bool:
    return node is None or any(_is_of(each, node) for each in await _points(row))


async def _points(row: Ruling) -> list[ScoreEvent]:
    return await ScoreEvent.filter(id__in=row.points).prefetch_related("obligation").order_by("id")


async def _which(matter: Matter, rows: Sequence[Ruling], by: Seated, at: datetime) -> errors.Refused:
    """What waits for the sender's word, with the number by which each is named."""
    mine = [row for row in rows if not row.verdict and by.id in (await judges(row, at))[1]]
    if not mine:
        return errors.Refused("no_objection", code=matter.code)
    return errors.Refused(
        "which_objection", code=matter.code, rows=[await moot.shown(matter, each, await _points(each)) for each in mine]
    )


async def _mine(matter: Matter, by: Seated) -> list[ScoreEvent]:
    """What the units lost in which the sender may file; Refused other_unit when that is none of his."""
    units = {*by.units(rights.FILERS)}
    found = await account.events(units, matter_id=matter.id)
    if not found and matter.unit_id not in units:
        raise errors.Refused("other_unit", code=matter.code, unit=(await facts.of(matter))["unit"])
    return found


def _is_of(each: ScoreEvent, node: str) -> bool:
    return each.obligation is not None and review.is_of(each.obligation.name, node)


async def decide(
    ruling_id: int, by: Seated, at: datetime, note: str, *, agreed: bool, pressed: bool = False
) -> dict[str, Any]:
    """Agree: every point comes back by a counter-entry of now; dismiss: it stands. Unit and asker are told (A37).
    Facts of the reply.

    Raises Refused: not_judge, own_filing, objection_decided.
    """
    async with database.transaction():
        matter = await database.lock_matter((await Ruling.get(id=ruling_id)).matter_id)
        row = await Ruling.get(id=ruling_id)
        points = await _points(row)
        role, people = await judges(row, at)
        if by.id == row.asked_by_id:
            raise errors.Refused("own_filing", code=matter.code, role=role)
        if by.id not in people:
            raise errors.Refused("not_judge", code=matter.code)
        if row.verdict:
            name = await roster.name(row.decided_by_id)
            raise errors.Refused("objection_decided", code=matter.code, by=name, verdict=row.verdict)
        verdict = "agreed" if agreed else "dismissed"
        row.update_from_dict({"verdict": verdict, "decided_by_id": by.id, "decided_at": at, "note": note[:REASON]})
        await row.save()
        # what came back meanwhile, by an answer written down later, does not come back twice
        lost = account.standing(await account.events({each.unit_id for each in points}, matter_id=matter.id))
        left = [each for each in points if each.id in {one.id for one in lost}]
        back = await account.void(left, at, "objection") if agreed else 0
        said = {"ruling": row.id, "verdict": verdict, "back": back, "note": note[:REASON]}
        await change.record(matter, "decide_objection", by=by.id, at=at, facts=said)
        await asked.turn(matter.id, KIND, [row.id], verdict, at, by=by.id, pressed=pressed)
        return await _tell(matter, row, left, by, at)


async def _tell(matter: Matter, row: Ruling, points: Sequence[ScoreEvent], by: Seated, at: datetime) -> dict[str, Any]:
    said = {"decided_by": by.name, "verdict": row.verdict, "note": row.note}
    told = [each for each in await moot.concerned(matter, row, points, at) if each != by.id]
    shown = {**await moot.shown(matter, row, points), **said}
    await moot.plan(matter, "objection_decided", row, told, shown, at)
    return shown
