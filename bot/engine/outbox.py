"""Deliveries leave here: claim, re-check, render once, send, write what came of it (flow 2, data.md).

A claim is a lease with a number; only the attempt that holds it writes a result. What is sent again is the stored
payload, byte for byte.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot import clock
from bot.channels import ChannelError
from bot.engine import letter, notify, result
from bot.engine.lanes import DEDUPLICATED, Lanes
from bot.engine.letter import Letter
from models import database
from models.delivery import Delivery
from models.people import Person
from models.recipient import Quota, Recipient

LEASE = 60.0
"""Seconds; longer than a request may take (10 s), so a result always finds its own attempt."""
BUNDLED = frozenset({"remind", "urge", "supervise"})
TOGETHER = timedelta(minutes=1)
PER_ACCOUNT = 200
"""Person-sends a day for each account that the corp may hold; the roster is a floor of that number (wecom.md §2)."""

_log = structlog.get_logger(__name__)


async def send(now: datetime, lanes: Lanes, *, limit: int, workers: int) -> int:
    """Send what is due at `now` (business); how many deliveries were taken in hand."""
    if not await Delivery.waiting(now, clock.wall()):
        return 0
    claimed = await Delivery.claim(clock.wall(), now, limit, LEASE)
    fresh = clock.monotonic() + LEASE / 2
    gate = asyncio.Semaphore(workers)

    async def one(group: Sequence[Delivery]) -> None:
        async with gate:
            if clock.monotonic() < fresh:
                await _safely(group, now, lanes)
            else:  # a slow channel: what would be sent on a dying lease goes back
                await result.postponed(group, clock.wall(), "the channel is slow")

    await asyncio.gather(*(one(group) for group in groups(claimed)))
    return len(claimed)


def groups(claimed: Sequence[Delivery]) -> list[list[Delivery]]:
    """What goes out as one message: the ladder's notices to one person on one lane within a minute (A67).

    Deliveries already rendered stay as they were rendered.
    """
    sets: dict[tuple[object, ...], list[Delivery]] = defaultdict(list)
    for each in claimed:
        sets[_together(each)].append(each)
    return list(sets.values())


def _together(each: Delivery) -> tuple[object, ...]:
    if each.payload:
        return (each.bundle or each.id,)
    if each.kind not in BUNDLED or each.lane == "update":
        return (each.id,)
    return each.person_id, each.lane, int(each.due_at.timestamp() // TOGETHER.total_seconds())


async def _safely(group: Sequence[Delivery], now: datetime, lanes: Lanes) -> None:
    """A delivery that can't be rendered fails visibly; it never stops the others."""
    try:
        await _deliver(group, now, lanes)
    except Exception as error:
        _log.exception("delivery_failed", deliveries=[each.id for each in group])
        await result.failed(group, now, lanes, f"{type(error).__name__}: {error}")


async def _deliver(group: Sequence[Delivery], now: datetime, lanes: Lanes) -> None:
    items = await letter.load(group)
    live = [each for each in items if each.is_current()]
    await result.cancelled([each.delivery for each in items if each not in live])
    if not live:
        return
    channel, user = lanes.of(live[0].delivery, live[0].person)
    mine = [each.delivery for each in live]
    if channel is None:
        await result.failed(mine, now, lanes, "no address on this lane")
        return
    if _outcome_unknown(mine, channel.deduplicates):
        await result.unknown(mine, now, lanes, "the attempt before did not report back")
        return
    wait = await _wait(live[0].person.id, channel.name, now)
    if wait > 0:
        await result.postponed(mine, clock.wall() + timedelta(seconds=wait), "the platform's limit, kept here")
        return
    await _hand_over(live, channel.name, user, now, lanes)


async def _wait(person_id: int, channel: str, now: datetime) -> float:
    """Seconds to wait by the limits of the platform: 30 a minute and 1,000 an hour to a member, the app's day.

    The windows run on business time: a sandbox that is accelerated accelerates its limits too.
    """
    wait = (await Recipient.take([person_id], channel, now))[person_id]
    if wait > 0 or channel != "wecom":
        return wait
    cap = PER_ACCOUNT * await Person.filter(active=True, wecom_id__isnull=False).count()
    return 0.0 if await Quota.take(channel, notify.today(now).isoformat(), 1, cap) else 60.0


def _outcome_unknown(mine: Sequence[Delivery], deduplicates: bool) -> bool:
    """A lease that ran out leaves open what happened: sent again only where the channel recognises it (data.md)."""
    first = min(each.first_attempt_at or clock.wall() for each in mine)
    late = clock.wall() - first > DEDUPLICATED
    return any(each.lapsed for each in mine) and (late or not deduplicates)


async def _hand_over(live: Sequence[Letter], name: str, user: str, now: datetime, lanes: Lanes) -> None:
    mine = [each.delivery for each in live]
    channel = lanes.of(mine[0], live[0].person)[0]
    assert channel
    try:
        if mine[0].lane == "update":
            card = await letter.answered_card(live[0], now)
            receipt = await letter.turn(channel, user, mine[0], card)
        else:
            payload = mine[0].payload or await _write(live, user, now, lanes)
            if not payload or not await letter.still_current(mine):
                return
            receipt = await channel.send(payload)
    except ChannelError as error:
        await result.refused(mine, now, lanes, channel, error)
        return
    await result.accepted(mine, now, channel.name, receipt)


async def _write(live: Sequence[Letter], user: str, now: datetime, lanes: Lanes) -> str:
    """Render once and keep it with every delivery of the bundle; "" when the attempt is no longer ours."""
    channel = lanes.of(live[0].delivery, live[0].person)[0]
    assert channel
    first = live[0].delivery
    task_id = await letter.task_id(first)
    content = await letter.content(live, now, lanes.sign)
    payload = channel.payload(user, content, task_id)
    bundle = first.bundle or (task_id if len(live) > 1 else "")
    written = {"payload": payload, "task_id": task_id, "channel": channel.name, "bundle": bundle}
    async with database.transaction():
        for each in live:
            mine = Delivery.filter(id=each.delivery.id, state="sending", attempt=each.delivery.attempt)
            if not await mine.update(**written):
                return ""
    return payload
