"""Rate limits: per person and channel (GCRA), and the app-wide budgets per window."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.people import Person


class Recipient(Model):
    """A person on a channel: GCRA's theoretical arrival times (wall) for 30 a minute and 1,000 an hour."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="recipients", on_delete=fields.RESTRICT, db_index=True
    )
    channel = fields.CharField(max_length=10)
    minute_tat = UtcDatetimeField(null=True)
    hour_tat = UtcDatetimeField(null=True)

    person_id: int

    class Meta:
        table = "recipient"
        unique_together = (("person", "channel"),)


class Quota(Model):
    """What a channel has used of its budget in one window, e.g. "2026-11-24"."""

    id = fields.IntField(primary_key=True)
    channel = fields.CharField(max_length=10)
    window = fields.CharField(max_length=20)
    used = fields.IntField(default=0)

    class Meta:
        table = "quota"
        unique_together = (("channel", "window"),)
