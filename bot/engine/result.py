"""What came of an attempt: the delivery's next state, the attempt's line, the tenth that a sent urge costs, the SMS."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import clock
from bot.channels import Channel, ChannelDown, ChannelError, RateLimited, Receipt, Unreachable
from bot.engine import points
from bot.engine.lanes import DEDUPLICATED, Lanes
from models import database
from models.delivery import Attempt, Delivery
from models.notice import Notice

LONGEST = 300.0
"""Seconds between two tries at the most."""
_SCORED = {"urge": "urge_episode", "supervise": "supervise"}


async def accepted(mine: Sequence[Delivery], now: datetime, channel: str, receipt: Receipt) -> None:
    """The platform took it. What was answered meanwhile though planned later is overtaken and never scored."""
    async with database.transaction():
        for each in mine:
            columns = {"accepted_at": now, "channel": channel, "message_id": receipt.message_id, "error": ""}
            columns |= {"response_code": receipt.response_code} if receipt.response_code else {}
            if await Delivery.settle(each.id, each.attempt, state="accepted", **columns):
                await _line(each, channel, "accepted", str(dict(receipt.answer)))
                await _book(each, now)


async def _book(each: Delivery, now: datetime) -> None:
    """An urge or a supervise notice counts once it was really sent (A12, A43)."""
    rule = _SCORED.get(each.kind)
    if rule is None or each.notice_id is None or each.lane == "update":
        return
    notice = await Notice.get(id=each.notice_id).prefetch_related("obligation")
    owed = notice.obligation
    if owed.met_at and owed.met_at < notice.at:
        await Delivery.filter(id=each.id).update(state="overtaken")
    elif owed.due_at:
        await points.book(notice.matter_id, owed.id, rule, notice.episode, owed.due_at, now)


async def refused(mine: Sequence[Delivery], now: datetime, lanes: Lanes, channel: Channel, error: ChannelError) -> None:
    """Turn an error of the channel into the next state (wecom.md §2, A44)."""
    wall = clock.wall()
    since = wall - min(each.first_attempt_at or wall for each in mine)
    if isinstance(error, Unreachable) or (mine[0].lane == "update" and not isinstance(error, RateLimited)):
        await failed(mine, now, lanes, error.detail)
    elif isinstance(error, RateLimited):
        await postponed(mine, wall + timedelta(seconds=error.retry_after), error.detail)
    elif isinstance(error, ChannelDown) and error.ambiguous and not channel.deduplicates:
        await unknown(mine, now, lanes, error.detail)
    elif since > DEDUPLICATED:
        await (unknown if isinstance(error, ChannelDown) and error.ambiguous else failed)(
            mine, now, lanes, error.detail
        )
    else:
        wait = min(5.0 * 2 ** (max(each.attempt for each in mine) - 1), LONGEST)
        await postponed(mine, wall + timedelta(seconds=wait), error.detail)
        if since >= lanes.sms_after:
            await _fall_back(mine, now, lanes)


async def postponed(mine: Sequence[Delivery], until_wall: datetime, why: str) -> None:
    """Pending again; tried at `until_wall` with the same payload."""
    await _settle(mine, "pending", "postponed", why, next_try_at=until_wall)


async def failed(mine: Sequence[Delivery], now: datetime, lanes: Lanes, why: str) -> None:
    """This lane is over for this delivery; the next lane tells."""
    await _settle(mine, "failed", "failed", why)
    await _fall_back(mine, now, lanes)


async def unknown(mine: Sequence[Delivery], now: datetime, lanes: Lanes, why: str) -> None:
    """Nobody can say whether it arrived, and the channel would not recognise it: the next lane tells."""
    await _settle(mine, "unknown", "unknown", why)
    await _fall_back(mine, now, lanes)


async def cancelled(mine: Sequence[Delivery]) -> None:
    """No longer true: it does not leave."""
    await _settle(mine, "cancelled", "cancelled", "")


async def _settle(mine: Sequence[Delivery], state: str, outcome: str, why: str, **columns: object) -> None:
    async with database.transaction():
        for each in mine:
            if await Delivery.settle(each.id, each.attempt, state=state, error=why[:200], **columns):
                await _line(each, each.channel, outcome, why)


async def _line(each: Delivery, channel: str, outcome: str, answer: str) -> None:
    await Attempt.create(
        delivery_id=each.id, n=each.attempt, channel=channel, at=clock.wall(), outcome=outcome, answer=answer[:1000]
    )


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
