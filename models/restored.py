"""A database that was brought back: what may have left since the backup is not sent a second time (data.md)."""

from __future__ import annotations

import secrets
from datetime import datetime

from models import database
from models.delivery import Attempt, Delivery
from models.inbound import Inbound
from models.system import Meta

WHY = "may have left after the backup was taken"


async def settle(now: datetime, wall: datetime) -> int:
    """Make the database fit to go on at `now` (business); how many deliveries are left open for people to look at.

    - What was due and never rendered has most likely left: nobody can say, so its outcome is unknown. A stored message
      stays pending: the platform recognises the bytes, or the outbox gives it up (four hours, SMS).
    - Replies were handed over.
    - Cards are numbered under a new name: the numbers that follow were given out once already, and the platform would
      take the new card for the old one.
    """
    async with database.transaction():
        due = await Delivery.filter(state__in=["pending", "sending"], payload="", due_at__lte=now)
        for each in due:
            n = each.attempt + 1
            await Delivery.filter(id=each.id).update(state="unknown", error=WHY, attempt=n, lease_until=None)
            await Attempt.create(delivery_id=each.id, n=n, channel="", at=wall, outcome="unknown", answer=WHY)
        await Inbound.filter(reply_via="none").update(reply_via="passive")
        await Meta.filter(key="installation").update(value=secrets.token_hex(4))
        return len(due)
