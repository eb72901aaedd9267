"""Each message that came in, once, with the reply it got: a repeated callback is answered from here."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import ConditionalIndex, UtcDatetimeField
from models.people import Person


class Inbound(Model):
    """One by (channel, corp, agent, key). `reply_via`: none, passive or push; kept 30 days at least.

    `text` is what was written, or the key of the button; `body` is the message as it came. `answered_at` and
    `received_at` are business instants, `received_wall` is the system's.
    """

    id = fields.IntField(primary_key=True)
    channel = fields.CharField(max_length=10)
    corp = fields.CharField(max_length=64)
    agent = fields.CharField(max_length=20)
    key = fields.CharField(max_length=128)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="inbound", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    user = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=20)
    text = fields.TextField(default="")
    body: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    answered_at = UtcDatetimeField()
    received_at = UtcDatetimeField()
    received_wall = UtcDatetimeField()
    reply: fields.Field[dict[str, object] | None] = fields.JSONField(null=True)
    reply_via = fields.CharField(max_length=8, default="none")

    person_id: int | None

    class Meta:
        table = "inbound"
        unique_together = (("channel", "corp", "agent", "key"),)
        indexes = [ConditionalIndex(fields=("received_wall",), name="inbound_unanswered", where="reply_via = 'none'")]
