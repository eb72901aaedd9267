"""Deliveries leave here: claim, re-check, render once, send, write what came of it (flow 2, data.md).

A claim is a lease with a number; only the attempt that holds it writes a result. What is sent again is the stored
payload, byte for byte.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import failpoint
from bot.channels import Channel, ChannelError, Receipt
from bot.engine import caps, letter, notify, result, trouble
from bot.engine import lanes as lane
from bot.engine.lanes import Lanes
from bot.engine.letter import Letter
from models import database
from models.delivery import Delivery
from models.people import Person
from models.recipient import Quota, Recipient

LEASE = 60.0
"""Seconds; longer than an exchange may take (40 s with a new token), so a result always finds its own attempt."""
IN_HAND = timedelta(seconds=LEASE - 40)
"""What waited longer for its turn goes back: it could outlive its lease on the way."""
BUNDLED = letter.ASKING
TOGETHER = timedelta(minutes=1)
CARD_ON_ITS_WAY = 5.0
"""Seconds (wall) until the change of a card is tried again while the card itself is being sent."""
PER_ACCOUNT = 200
"""Person-sends a day for each account that the corp may hold; the roster is a floor of that number (wecom.md §2)."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """Deliveries that leave as one message; `send` is the one request."""

    mine: Sequence[Delivery]
    channel: Channel
    send: Callable[[], Awaitable[Receipt]]


async def send(now: datetime, lanes: Lanes, *, limit: int, workers: int) -> int:
    """Send what is due at `now` (business); how many deliveries were taken in hand.

    What an error cut short is tried again when its lease runs out; the database's is raised once all were served.
    """
    began = lanes.wall()
    if not await Delivery.waiting(now, began):
        return 0
    claimed = await Delivery.claim(began, now, limit, LEASE)
    if not claimed:  # another replica was faster
        return 0
    failpoint.hit("claimed")
    gate = asyncio.Semaphore(workers)

    async def one(group: Sequence[Delivery]) -> None:
        async with gate:
            if lanes.wall() - began > IN_HAND:
                await result.kept_back(group, lanes, "the queue was long")
            else:
                await _serve(group, now, lanes)

    ended = await asyncio.gather(*(one(group) for group in groups(claimed)), return_exceptions=True)
    for error in (each for each in ended if isinstance(each, BaseException)):
        if not isinstance(error, Exception) or trouble.passes(error):
            raise error
        _log.error("delivery_interrupted", exc_info=error)
    return len(claimed)


def groups(claimed: Sequence[Delivery]) -> list[list[Delivery]]:
    """What goes out as one message: what asks one person on one lane within a minute, from the first on (A67).

    Deliveries already rendered stay as they were rendered.
    """
    sets: dict[tuple[object, ...], list[list[Delivery]]] = defaultdict(list)
    for each in sorted(claimed, key=lambda one: one.due_at):
        mine = sets[_together(each)]
        if mine and each.due_at - mine[-1][0].due_at < TOGETHER:
            mine[-1].append(each)
        else:
            mine.append([each])
    order = {each.id: place for place, each in enumerate(claimed)}  # the gravest leave first
    return sorted(
        (group for mine in sets.values() for group in mine), key=lambda group: min(order[x.id] for x in group)
    )


def _together(each: Delivery) -> tuple[object, ...]:
    if each.payload:  # a word to several people has one bundle, and a message for each
        return each.person_id, each.bundle or each.id
    if each.kind not in BUNDLED or each.lane == "update":
        return (each.id,)
    return each.person_id, each.lane


async def _serve(group: Sequence[Delivery], now: datetime, lanes: Lanes) -> None:
    """A delivery that can't be rendered fails visibly; it never stops the others.

    From the moment of sending on, whatever goes wrong but the channel leaves open what happened: the lease runs out.
    """
    try:
        parcel = await _prepared(group, now, lanes)
    except Exception as error:
        if trouble.passes(error):
            raise
        if len(group) > 1 and not group[0].payload:  # one of a bundle must not take the others with it
            for each in group:
                await _serve([each], now, lanes)
            return
        _log.exception("delivery_failed", deliveries=[each.id for each in group])
        await result.failed(group, now, lanes, f"{type(error).__name__}: {error}")
        return
    if parcel is None:
        return
    try:
        receipt = await parcel.send()
    except ChannelError as error:
        await result.refused(parcel.mine, now, lanes, parcel.channel, error)
        return
    failpoint.hit("sent")
    await result.accepted(parcel.mine, now, lanes, parcel.channel.name, receipt)


async def _prepared(group: Sequence[Delivery], now: datetime, lanes: Lanes) -> Parcel | None:
    """What is still true and may go now, rendered and checked a last time; None when nothing is left to send."""
    live = await _live(group, now, lanes)
    if not live:
        return None
    mine = [each.delivery for each in live]
    channel, user = lanes.of(mine[0], live[0].person)
    if channel is None:
        await result.failed(mine, now, lanes, "no address on this lane")
        return None
    await result.lapsed(mine, lanes)
    if await _is_over(mine, channel, now, lanes):
        return None
    if mine[0].lane == "update":  # a card that changes is no new message: no limit of messages counts it
        return await _turning(live[0], channel, user, now, lanes)
    if await _is_held(live[0], channel, mine, now, lanes):
        return None
    if mine[0].lane == "sms" and not mine[0].payload and (why := await caps.take(live[0].person, lanes.caps, now)):
        await result.failed(mine, now, lanes, why)
        return None
    payload = mine[0].payload or await _written(live, channel, user, now, lanes)
    if not payload or not await letter.still_current(mine):
        return None
    failpoint.hit("written")
    return Parcel(mine, channel, partial(channel.send, payload))


async def _live(group: Sequence[Delivery], now: datetime, lanes: Lanes) -> list[Letter]:
    """The letters that are still true, to people who are still here; the rest is settled."""
    items = await letter.load(group)
    live = [each for each in items if each.is_current() and each.person.active]
    gone = [each for each in items if not each.is_current()]
    await result.cancelled([each.delivery for each in gone], lanes)
    left = [each.delivery for each in items if each.is_current() and not each.person.active]
    await result.departed(left, now, lanes)
    mine = [each.delivery for each in live]
    if await _is_torn(mine, lost=len(live) < len(items)) and not await result.may_have_arrived(mine):
        for each in mine:  # nobody has seen the bundle, and a part of it is answered: it is written anew
            each.payload = each.bundle = ""
    return live


async def _is_torn(mine: Sequence[Delivery], *, lost: bool) -> bool:
    """Whether a bundle that was written lists what is not true any more."""
    if not mine or not mine[0].payload or mine[0].kind not in BUNDLED or any(each.lapsed for each in mine):
        return False
    return lost or (bool(mine[0].bundle) and await Delivery.filter(bundle=mine[0].bundle, state="cancelled").exists())


async def _is_over(mine: Sequence[Delivery], channel: Channel, now: datetime, lanes: Lanes) -> bool:
    """Sent again only where and as long as the channel recognises what it may have had (data.md)."""
    if not mine[0].payload:  # never left: nothing can come twice
        return False
    if any(each.lapsed for each in mine) and not channel.deduplicates:
        await result.unknown(mine, now, lanes, "the attempt before did not report back")
        return True
    if lane.is_forgotten(lane.age(mine, lanes.wall())):
        await result.given_up(mine, now, lanes, "tried for too long")
        return True
    return False


async def _is_held(one: Letter, channel: Channel, mine: Sequence[Delivery], now: datetime, lanes: Lanes) -> bool:
    """The platform's limits, kept here: they run on business time, so what is held is due again by business time.

    A sandbox that is accelerated accelerates its limits too.
    """
    wait = await _wait(one.person.id, channel.name, now, again=bool(mine[0].payload))
    if wait > 0:
        later = now + timedelta(seconds=wait)
        await result.kept_back(mine, lanes, "the platform's limit, kept here", due_at=later)
    return wait > 0


async def _wait(person_id: int, channel: str, now: datetime, *, again: bool) -> float:
    """Seconds to wait by the limits: 30 a minute and 1,000 an hour to a member, the app's day.

    The day counts messages: what is sent `again` was counted, or hours of tries would use it up.
    """
    wait = (await Recipient.take([person_id], channel, now))[person_id]
    if wait > 0 or channel != "wecom" or again:
        return wait
    cap = PER_ACCOUNT * await Person.filter(active=True, wecom_id__isnull=False).count()
    return 0.0 if await Quota.take(channel, notify.today(now).isoformat(), 1, cap) else 60.0


async def _turning(one: Letter, channel: Channel, user: str, now: datetime, lanes: Lanes) -> Parcel | None:
    """The change of a card that was sent; one that is still on its way is waited for."""
    mine = [one.delivery]
    code, waits = await letter.code_of(one.delivery)
    if waits:
        await result.postponed(mine, lanes, CARD_ON_ITS_WAY, "the card is on its way")
    elif not code:
        await result.cancelled(mine, lanes)
    else:
        card = await letter.answered_card(one, now)
        return Parcel(mine, channel, partial(letter.turn, channel, user, code, card, one.delivery))
    return None


async def _written(live: Sequence[Letter], channel: Channel, user: str, now: datetime, lanes: Lanes) -> str:
    """Render once and keep it with every delivery of the bundle; "" when an attempt is no longer ours."""
    first = live[0].delivery
    task_id = await letter.task_id(first)
    content = await letter.content(live, now, lanes.sign)
    payload = channel.payload(user, content, task_id)
    bundle = first.bundle or (task_id if len(live) > 1 else "")
    written = {"payload": payload, "task_id": task_id, "channel": channel.name, "bundle": bundle}
    try:
        async with database.transaction():
            for each in sorted((one.delivery for one in live), key=lambda one: one.id):
                mine = Delivery.filter(id=each.id, state="sending", attempt=each.attempt)
                if not await mine.update(**written):
                    raise _Lost
    except _Lost:
        return ""
    for one in live:  # for the record of this attempt
        one.delivery.channel = channel.name
    return payload


class _Lost(Exception):
    """Another attempt has this delivery."""
