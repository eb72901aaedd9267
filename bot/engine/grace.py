"""Our own outage (A49): what it covers costs nobody a point; who may have answered in vain is told to send again."""

from __future__ import annotations

from datetime import datetime

from bot.actions import setting
from bot.engine import moot, notify, points
from bot.engine.notify import Planned
from bot.rules import ladder, recipients, scoring
from models.matter import Matter
from models.obligation import Obligation
from models.score import ScoreEvent
from models.system import Outage

KIND = "resend"
TOLD = ("handler", "operator_a")


async def after(outage: Outage, now: datetime) -> None:
    """What follows from an outage that has just been recorded, in the caller's transaction."""
    await _excuse(outage, now)
    await _tell(outage, now)


async def _excuse(outage: Outage, now: datetime) -> None:
    """What was answered before anybody knew of the outage, by the rest of the system, is looked at once more."""
    await _lock(outage)
    covered = await _points(outage)
    owed = {row.id: row for row in await Obligation.filter(id__in={each.obligation_id for each in covered})}
    episodes = {(each.obligation_id or 0, each.episode) for each in covered}
    over = {key for key in episodes if key[0] in owed and key[1] < owed[key[0]].episode}
    await points.settle([key[0] for key in episodes], now, excused=over)
    await moot.close({each.matter_id for each in covered}, now)


async def _lock(outage: Outage) -> None:
    """What was due meanwhile, in the order of data.md: an answer or a decision comes wholly before us and is looked at,
    or after us and knows of the outage."""
    owed = Obligation.filter(due_at__gte=outage.began_at, due_at__lte=outage.ended_at)
    concerned = {*await owed.values_list("matter_id", flat=True), *(each.matter_id for each in await _points(outage))}
    await Matter.filter(id__in=concerned).select_for_update(no_key=True).order_by("id")
    await owed.select_for_update(no_key=True).order_by("id")


async def _points(outage: Outage) -> list[ScoreEvent]:
    return await ScoreEvent.filter(due_at__gte=outage.began_at, due_at__lte=outage.ended_at)


async def _tell(outage: Outage, now: datetime) -> None:
    """Whoever still owes what fell due meanwhile: his message may have been lost. One card a person lists all (A67)."""
    open_ = Obligation.filter(ended="", paused_by="", due_at__gte=outage.began_at, due_at__lte=outage.ended_at)
    rows = await open_.prefetch_related("matter").order_by("due_at", "id")
    if not rows:
        return
    on = notify.today(now)
    seated = await notify.holders((row.unit_id for row in rows), on)
    handlers = await notify.acting(((row.matter.handler_id, row.unit_id) for row in rows), on)
    planned = []
    for row in rows:
        people = recipients.persons(TOLD, seated[row.unit_id], handlers.get((row.matter.handler_id, row.unit_id)))
        planned.append(_planned(row, outage, people, _leaves_at(row, outage, now)))
    await notify.plan(planned, now)


def _leaves_at(row: Obligation, outage: Outage, now: datetime) -> datetime:
    """At once; in the quiet hours in the morning, when the grace lasts until then (A10)."""
    window = ladder.quiet_window(now, setting.book(row.matter).rules)
    return window[1] if window and window[1] < _until(outage) else now


def _until(outage: Outage) -> datetime:
    return scoring.Outage(outage.began_at, outage.ended_at).grace_until


def _planned(row: Obligation, outage: Outage, people: list[int], at: datetime) -> Planned:
    instants = {"down_at": outage.began_at, "up_at": outage.ended_at, "grace_until": _until(outage)}
    said = {name: each.isoformat() for name, each in instants.items()}
    return Planned(row.matter_id, row.id, row.episode, KIND, outage.id, at, people, facts=said)
