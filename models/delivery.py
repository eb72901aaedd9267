"""One person told once: the outbox row of a notice or a reply, and the append-only record of each try."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models import bulk, database
from models.fields import ConditionalIndex, UtcDatetimeField, utc
from models.notice import Notice
from models.people import Person

FARTHEST = timedelta(minutes=10)
"""Longer than any lease, and than any pause between two tries."""


class Delivery(Model):
    """One by (notice, person, lane), lane chat, sms or update (the card answered elsewhere turns into its
    result); a reply has no notice.

    state: pending sending accepted delivered read unknown failed cancelled overtaken. Wall time:
    `lease_until`, `first_attempt_at`, `next_try_at`; business time: `due_at`, `accepted_at`, `created_at`.
    The phone number of an SMS is read from the person when it is sent.
    """

    id = fields.IntField(primary_key=True)
    notice: fields.ForeignKeyNullableRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", related_name="deliveries", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="deliveries", on_delete=fields.RESTRICT, db_index=True
    )
    lane = fields.CharField(max_length=6)
    kind = fields.CharField(max_length=24)
    severity = fields.IntField(default=0)
    state = fields.CharField(max_length=10, default="pending")
    channel = fields.CharField(max_length=10, default="")
    payload = fields.TextField(default="")
    task_id = fields.CharField(max_length=64, default="")
    message_id = fields.CharField(max_length=128, default="")
    response_code = fields.CharField(max_length=200, default="")
    attempt = fields.IntField(default=0)
    lapsed = fields.BooleanField(default=False)
    lease_until = UtcDatetimeField(null=True)
    first_attempt_at = UtcDatetimeField(null=True)
    next_try_at = UtcDatetimeField(null=True)
    due_at = UtcDatetimeField()
    accepted_at = UtcDatetimeField(null=True)
    bundle = fields.CharField(max_length=36, default="")
    error = fields.CharField(max_length=200, default="")
    created_at = UtcDatetimeField()

    notice_id: int | None
    person_id: int

    class Meta:
        table = "delivery"
        unique_together = (("notice", "person", "lane"),)
        indexes = [
            ConditionalIndex(fields=("due_at", "id"), name="delivery_due", where="state IN ('pending', 'sending')")
        ]

    @classmethod
    async def queue(cls, rows: Iterable[Mapping[str, Any]]) -> list[Delivery]:
        """Store the deliveries (columns by name) that are not there yet, in one statement; only those, by id."""
        return await bulk.insert(cls, rows)

    @classmethod
    async def waiting(cls, now_business: datetime, now_wall: datetime) -> bool:
        """Whether anything could be claimed: the one look of an idle tick."""
        ahead = now_wall + FARTHEST
        return bool(await database.rows(f"{_DUE} ", [now_business, now_wall, ahead, now_wall, ahead, 1]))

    @classmethod
    async def first_untried_at(cls) -> datetime | None:
        """When the first of those that were never tried was due (business); None when there is none."""
        text = "SELECT min(due_at) AS first FROM delivery WHERE state IN ('pending', 'sending') AND attempt = 0"
        first = (await database.rows(text))[0]["first"]
        return utc(first) if first else None

    @classmethod
    async def claim(
        cls, now_wall: datetime, now_business: datetime, limit: int, lease_seconds: float
    ) -> list[Delivery]:
        """Take at most `limit` due deliveries to send, the gravest first: state sending, attempt + 1, a lease.

        Due: pending and past `next_try_at`, or sending with a lease run out (then `lapsed`: how the attempt
        before ended is unknown); an instant further ahead than `FARTHEST` is from before the clock was set back.
        On PostgreSQL what another replica claims at this moment is skipped.
        """
        text = _CLAIM_POSTGRES if database.dialect() == "postgres" else _CLAIM_SQLITE
        lease, ahead = now_wall + timedelta(seconds=lease_seconds), now_wall + FARTHEST
        found = await database.rows(text, [now_business, now_wall, ahead, now_wall, ahead, limit, lease, now_wall])
        claimed = [bulk.hydrate(cls, row) for row in found]
        return sorted(claimed, key=lambda each: (-each.severity, each.due_at, each.id))

    @classmethod
    async def settle(cls, delivery_id: int, attempt: int, *, state: str, **columns: object) -> bool:
        """Write the result of `attempt`; False, and nothing is written, when that attempt is no longer the one."""
        mine = cls.filter(id=delivery_id, state="sending", attempt=attempt)
        return bool(await mine.update(**{"lease_until": None, **columns, "state": state}))


_DUE = """
SELECT id FROM delivery
WHERE state IN ('pending', 'sending') AND due_at <= ?
  AND (state = 'pending' AND (next_try_at IS NULL OR next_try_at <= ? OR next_try_at > ?)
    OR state = 'sending' AND (lease_until <= ? OR lease_until > ?))
ORDER BY severity DESC, due_at, id LIMIT ?"""

_SENDING = """SET state = 'sending', attempt = attempt + 1, lapsed = (state = 'sending'),
  lease_until = ?, first_attempt_at = coalesce(first_attempt_at, ?)"""

_CLAIM_SQLITE = f"WITH due AS ({_DUE}) UPDATE delivery {_SENDING} WHERE id IN (SELECT id FROM due) RETURNING *"  # noqa: S608

_CLAIM_POSTGRES = f"""WITH due AS MATERIALIZED ({_DUE} FOR NO KEY UPDATE SKIP LOCKED)
UPDATE delivery {_SENDING} FROM due WHERE delivery.id = due.id RETURNING delivery.*"""


class Attempt(Model):
    """The n-th try of a delivery at a wall instant, with the platform's answer; never changed."""

    id = fields.IntField(primary_key=True)
    delivery: fields.ForeignKeyRelation[Delivery] = fields.ForeignKeyField(
        "models.Delivery", related_name="attempts", on_delete=fields.RESTRICT, db_index=True
    )
    n = fields.IntField()
    channel = fields.CharField(max_length=10)
    at = UtcDatetimeField()
    outcome = fields.CharField(max_length=20)
    answer = fields.TextField(default="")

    delivery_id: int

    class Meta:
        table = "attempt"
