"""One person told once: the outbox row of a notice or a reply, and the append-only record of each try."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ConditionalIndex, UtcDatetimeField
from models.notice import Notice
from models.people import Person


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
