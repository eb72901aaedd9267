"""The installation itself: workers' heartbeats, the outages between them, and named values."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField


class Heartbeat(Model):
    """When a worker was last alive: `at` business time, `wall` the system's; `stopped`: it said that it ends."""

    id = fields.IntField(primary_key=True)
    worker = fields.CharField(max_length=64, unique=True)
    at = UtcDatetimeField()
    wall = UtcDatetimeField()
    stopped = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "heartbeat"


class Outage(Model):
    """A gap in the heartbeats, business time."""

    id = fields.IntField(primary_key=True)
    began_at = UtcDatetimeField()
    ended_at = UtcDatetimeField()

    class Meta:
        table = "outage"


class Meta(Model):
    """A named value: the stamp, the clock's anchor, the ledger's anchor."""

    key = fields.CharField(max_length=40, primary_key=True)
    value = fields.TextField()

    class Meta:
        table = "meta"
