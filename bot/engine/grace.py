"""Our own outage (A49): what it covers costs nobody a point; who may have answered in vain is told to send again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.actions import recount, setting, tally
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
    """What follows from an outage that has just been recorded, in the caller's transaction.

    One that lies in the grace of another makes that longer, so what that one covers is looked at too.
    """
    outages = await points.outages(Outage.all())
    since = min(each.began for each in outages if each.grace_until(outages) >= outage.began_at)
    await _excuse(since, outage, now)
    await _tell(since, outage, outages, now)


async def _excuse(since: datetime, outage: Outage, now: datetime) -> None:
    """What was answered before anybody knew of the outage, by the rest of the system, is looked at once more."""
    await _lock(since, outage.ended_at)
    covered = await _points(since, outage.ended_at)
    matter_ids = {each.matter_id for each in covered}
    counting = Matter.filter(id__in=matter_ids, supervised__gt=0).order_by("id")
    had = [(each, await tally.counted(each)) async for each in counting]
    owed = {row.id: row for row in await Obligation.filter(id__in={each.obligation_id for each in covered})}
    episodes = {(each.obligation_id or 0, each.episode) for each in covered}
    over = {key for key in episodes if key[0] in owed and key[1] < owed[key[0]].episode}
    await points.settle([key[0] for key in episodes], now, excused=over)
    await moot.close(matter_ids, now)
    for matter, notices in had:
        await recount.settle(matter, notices, now)


async def _lock(since: datetime, until: datetime) -> None:
    """What was due meanwhile, in the order of data.md: an answer or a decision comes wholly before us and is looked at,
    or after us and knows of the outage."""
    owed = Obligation.filter(due_at__gte=since, due_at__lte=until)
    points_of = {each.matter_id for each in await _points(since, until)}
    concerned = {*await owed.values_list("matter_id", flat=True), *points_of}
    await Matter.filter(id__in=concerned).select_for_update(no_key=True).order_by("id")
    await owed.select_for_update(no_key=True).order_by("id")


async def _points(since: datetime, until: datetime) -> list[ScoreEvent]:
    return await ScoreEvent.filter(due_at__gte=since, due_at__lte=until)


async def _tell(since: datetime, outage: Outage, outages: Sequence[scoring.Outage], now: datetime) -> None:
    """Whoever still owes what fell due meanwhile: his message may have been lost. One card a person lists all (A67)."""
    open_ = Obligation.filter(ended="", paused_by="", due_at__gte=since, due_at__lte=outage.ended_at)
    found = await open_.prefetch_related("matter").order_by("due_at", "id")
    until = {row.id: scoring.grace_until(row.due_at, outages) for row in found if row.due_at}
    rows = [row for row in found if (until[row.id] or outage.began_at) >= now]
    if not rows:
        return
    on = notify.today(now)
    seated = await notify.holders((row.unit_id for row in rows), on)
    handlers = await notify.acting(((row.matter.handler_id, row.unit_id) for row in rows), on)
    planned = []
    for row in rows:
        people = recipients.persons(TOLD, seated[row.unit_id], handlers.get((row.matter.handler_id, row.unit_id)))
        ends = until[row.id] or now
        planned.append(_planned(row, outage, ends, people, _leaves_at(row, ends, now)))
    await notify.plan(planned, now)


def _leaves_at(row: Obligation, until: datetime, now: datetime) -> datetime:
    """At once; in the quiet hours in the morning, when the grace lasts until then (A10)."""
    window = ladder.quiet_window(now, setting.book(row.matter).rules)
    return window[1] if window and window[1] < until else now


def _planned(row: Obligation, outage: Outage, until: datetime, people: list[int], at: datetime) -> Planned:
    instants = {"down_at": outage.began_at, "up_at": outage.ended_at, "grace_until": until}
    said = {name: each.isoformat() for name, each in instants.items()}
    return Planned(row.matter_id, row.id, row.episode, KIND, outage.id, at, people, facts=said)
