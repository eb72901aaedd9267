"""What came of an attempt: the delivery's next state, the attempt's line, the tenth that a sent urge costs, the SMS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot.actions import taking
from bot.channels import Channel, ChannelDown, ChannelError, RateLimited, Receipt, Unreachable
from bot.engine import deputy, points, withdraw
from bot.engine import lanes as lane
from bot.engine.lanes import Lanes
from models import database
from models.delivery import Attempt, Delivery
from models.notice import Notice
from models.obligation import Obligation

LONGEST = 300.0
"""Seconds between two tries at the most."""
OPEN = "unanswered"
"""An attempt that the platform may have carried out without our hearing of it."""
_SCORED = frozenset({"urge", "supervise"})

_log = structlog.get_logger(__name__)


async def accepted(mine: Sequence[Delivery], now: datetime, lanes: Lanes, channel: str, receipt: Receipt) -> None:
    """The platform took it. What was answered meanwhile though planned later is overtaken and never scored."""
    await database.retrying(lambda: _accepted(mine, now, lanes, channel, receipt))


async def _accepted(mine: Sequence[Delivery], now: datetime, lanes: Lanes, channel: str, receipt: Receipt) -> None:
    columns = {"accepted_at": now, "channel": channel, "message_id": receipt.message_id, "error": ""}
    columns |= {"response_code": receipt.response_code} if receipt.response_code else {}
    async with database.transaction():
        await taking.delivered(mine, now)
        owed = await _locked(mine)
        gone = await _overtaken(mine) if owed else set()
        for each in sorted(mine, key=lambda one: one.id):
            state = "overtaken" if each.id in gone and each.notice_id in owed else "accepted"
            if await Delivery.settle(each.id, each.attempt, state=state, **columns):
                await _line(each, lanes, channel, "accepted", str(dict(receipt.answer)))
                if each.notice_id in owed and state == "accepted":
                    await points.sent(*owed[each.notice_id], now)


async def _locked(mine: Sequence[Delivery]) -> dict[int | None, tuple[Obligation, int]]:
    """What may cost points (A12, A43), by notice: the obligation and the episode. Locked before the deliveries: an
    answer comes wholly before or after us."""
    scored = {each.notice_id for each in mine if each.kind in _SCORED and each.lane != "update" and each.notice_id}
    if not scored:
        return {}
    notices = await Notice.filter(id__in=scored).prefetch_related("matter")
    owing = Obligation.filter(id__in={each.obligation_id for each in notices})
    rows = {each.id: each for each in await owing.select_for_update(no_key=True).order_by("id")}
    for each in notices:
        rows[each.obligation_id].matter = each.matter
    return {each.id: (rows[each.obligation_id], each.episode) for each in notices}


async def _overtaken(mine: Sequence[Delivery]) -> set[int]:
    """Those that an answer marked while they were on their way; asked under the lock."""
    marked = Delivery.filter(id__in=[each.id for each in mine], error=withdraw.OVERTAKEN)
    return {each.id for each in await marked}


async def refused(mine: Sequence[Delivery], now: datetime, lanes: Lanes, channel: Channel, error: ChannelError) -> None:
    """Turn an error of the channel into the next state (wecom.md §2, A44)."""
    wall = lanes.wall()
    since = lane.age(mine, wall)
    ambiguous = isinstance(error, ChannelDown) and error.ambiguous
    if isinstance(error, ChannelDown) and error.alarm:
        _log.error("channel_needs_mending", channel=channel.name, mend=error.mend, detail=error.detail)
    if isinstance(error, Unreachable):
        await given_up(mine, now, lanes, error.detail)
    elif ambiguous and not channel.deduplicates:
        await unknown(mine, now, lanes, error.detail)
    elif lane.is_forgotten(since):
        await (unknown if ambiguous else given_up)(mine, now, lanes, error.detail)
    else:
        later = wall + timedelta(seconds=_pause(mine, error, (lanes.sms_after - since).total_seconds()))
        outcome = OPEN if ambiguous else "postponed"
        ours = await _settle(mine, lanes, "pending", outcome, error.detail, next_try_at=later)
        if since >= lanes.sms_after:
            await _fall_back(ours, now, lanes)


def _pause(mine: Sequence[Delivery], error: ChannelError, until_sms: float) -> float:
    """Seconds to the next try, twice as many each time; the one that decides about the SMS comes in time.

    Never sooner than the channel asks for.
    """
    first = error.retry_after if isinstance(error, RateLimited) else 5.0
    tries: int = min(max(each.attempt for each in mine), 10)
    pause = min(first * 2.0 ** (tries - 1), LONGEST)
    if until_sms > 0:
        pause = min(pause, until_sms)
    return max(pause, error.retry_after) if isinstance(error, RateLimited) else pause


async def postponed(mine: Sequence[Delivery], lanes: Lanes, seconds: float, why: str) -> None:
    """Pending again and tried in `seconds` (wall), with the same payload when there is one."""
    later = lanes.wall() + timedelta(seconds=seconds)
    await _settle(mine, lanes, "pending", "postponed", why, next_try_at=later)


async def kept_back(mine: Sequence[Delivery], lanes: Lanes, why: str, **columns: object) -> None:
    """Pending again without having been tried: what was never sent has no first attempt yet."""
    for tried in (True, False):
        these = [each for each in mine if bool(each.payload) is tried]
        rest = columns if tried else {**columns, "first_attempt_at": None}
        await _settle(these, lanes, "pending", "postponed", why, **rest)


async def failed(mine: Sequence[Delivery], now: datetime, lanes: Lanes, why: str) -> None:
    """This lane is over for this delivery; the next lane tells, and A's next in post (A64)."""
    async with database.transaction():
        ours = await _settle(mine, lanes, "failed", "failed", why)
        await _fall_back(ours, now, lanes)
        await deputy.tell(ours, now)


async def unknown(mine: Sequence[Delivery], now: datetime, lanes: Lanes, why: str) -> None:
    """Nobody can say whether it arrived, and the channel would not recognise it: the next lane tells."""
    async with database.transaction():
        await _fall_back(await _settle(mine, lanes, "unknown", "unknown", why), now, lanes)


async def given_up(mine: Sequence[Delivery], now: datetime, lanes: Lanes, why: str) -> None:
    """No more tries: unknown when one of them may have arrived, else failed."""
    await (unknown if await may_have_arrived(mine) else failed)(mine, now, lanes, why)


async def departed(mine: Sequence[Delivery], now: datetime, lanes: Lanes) -> None:
    """The person left between planning and sending: nothing is sent to him on any lane, and it shows."""
    async with database.transaction():
        await deputy.tell(await _settle(mine, lanes, "failed", "failed", "no longer in the roster"), now)


async def cancelled(mine: Sequence[Delivery], lanes: Lanes) -> None:
    """No longer true: it does not leave."""
    await _settle(mine, lanes, "cancelled", "cancelled", "")


async def lapsed(mine: Sequence[Delivery], lanes: Lanes) -> None:
    """The attempt before ended without a word, with its payload made: it may have arrived."""
    for each in mine:
        if each.lapsed and each.payload:
            await _line(each, lanes, each.channel, OPEN, "", n=each.attempt - 1)


async def may_have_arrived(mine: Sequence[Delivery]) -> bool:
    """Whether an attempt at one of these is still open."""
    return await Attempt.filter(delivery_id__in=[each.id for each in mine], outcome=OPEN).exists()


async def _settle(
    mine: Sequence[Delivery], lanes: Lanes, state: str, outcome: str, why: str, **columns: object
) -> list[Delivery]:
    """Write the result; those whose attempt was still ours."""
    ours: list[Delivery] = []
    if not mine:
        return ours
    async with database.transaction():
        for each in sorted(mine, key=lambda one: one.id):
            if await Delivery.settle(each.id, each.attempt, state=state, error=why[:200], **columns):
                await _line(each, lanes, each.channel, outcome, why)
                ours.append(each)
    return ours


async def _line(each: Delivery, lanes: Lanes, channel: str, outcome: str, answer: str, *, n: int | None = None) -> None:
    number, wall, said = each.attempt if n is None else n, lanes.wall(), answer[:1000]
    await Attempt.create(delivery_id=each.id, n=number, channel=channel, at=wall, outcome=outcome, answer=said)


async def _fall_back(mine: Sequence[Delivery], now: datetime, lanes: Lanes) -> None:
    """Tell by SMS what the card could not, once (A44); a notice that had its SMS at once has it already."""
    if not lanes.has_sms:
        return
    rest = {"lane": "sms", "due_at": now, "created_at": now}
    await Delivery.queue(
        [
            {"notice_id": each.notice_id, "person_id": each.person_id, "kind": each.kind, "severity": each.severity}
            | rest
            for each in mine
            if each.lane == "chat" and each.notice_id
        ]
    )
