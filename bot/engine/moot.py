"""Objections to points (A72) as cards tell of them; one whose points all came back by facts needs nobody's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.actions import account, facts, tell
from bot.engine import asked, notify
from bot.engine.notify import Planned
from bot.rules.status import MATTER
from models import roster
from models.matter import Matter
from models.obligation import Obligation
from models.ruling import Ruling
from models.score import ScoreEvent

KIND = "objection"


async def close(matter_ids: Collection[int], at: datetime) -> None:
    """Objections that wait though nothing they are about counts any more are settled: by an answer written down later,
    an outage of ours, another grade, a mistaken matter (A46, A49, A68). The unit, who objected and the office hear."""
    waiting = Ruling.filter(matter_id__in=list(matter_ids), kind=KIND, verdict="")
    for row in await waiting.prefetch_related("matter").order_by("id"):
        back = ScoreEvent.filter(matter_id=row.matter_id, seq__in=[-each for each in row.points])
        if await back.count() == len(row.points):
            await _settle(row, at)


async def _settle(row: Ruling, at: datetime) -> None:
    settled = {"verdict": "settled", "decided_at": at}
    if not await Ruling.filter(id=row.id, verdict="").update(**settled):  # somebody's word came first
        return
    row.update_from_dict(settled)
    await asked.over(row.matter_id, KIND, [row.id], "point_back", at)
    points = await ScoreEvent.filter(id__in=row.points).prefetch_related("obligation").order_by("id")
    told = await concerned(row.matter, row, points, at, "office")
    said = {"decided_by": "", "verdict": row.verdict, "note": ""}
    await plan(row.matter, "objection_decided", row, told, {**await shown(row.matter, row, points), **said}, at)


async def concerned(matter: Matter, row: Ruling, points: Iterable[ScoreEvent], at: datetime, *roles: str) -> list[int]:
    """Who hears of a decision (A37): handler, A, B and head of the units that bear the points, who objected, and who
    sits in these further roles."""
    people = await tell.units(matter, _bearers(points), at, *roles)
    return [*people, *(each for each in [row.asked_by_id] if each and each not in people)]


def _bearers(points: Iterable[ScoreEvent]) -> list[int]:
    return list(dict.fromkeys(unit for each in points for unit in account.bearers(each)))


async def shown(matter: Matter, row: Ruling, points: Sequence[ScoreEvent]) -> dict[str, Any]:
    """What card and reply say: the points objected to, in words by obligation, whose they are, and which objection of
    the matter it is."""
    lines = [{"node": each.obligation.name if each.obligation else MATTER, "rule": each.rule} for each in points]
    by = await roster.name(row.asked_by_id)
    said = {"ruling": row.id, "by": by, "at": row.asked_at.isoformat(), "reason": row.reason}
    said |= {"unit": await facts.units(_bearers(points)), "nth": await _nth(row)}
    return {**await facts.of(matter), **said, "points": lines, "total": sum(each.tenths for each in points)}


async def _nth(row: Ruling) -> int:
    return await Ruling.filter(matter_id=row.matter_id, kind=KIND, id__lte=row.id).count()


async def plan(
    matter: Matter, kind: str, row: Ruling, people: Iterable[int], said: dict[str, Any], at: datetime
) -> None:
    """The card `kind` about an objection to these people."""
    root = await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name=MATTER)
    await notify.plan([Planned(matter.id, root.id, root.episode, kind, row.id, at, list(people), facts=said)], at)
