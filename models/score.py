"""The events a unit's score is made of, in tenths of a point."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.matter import Matter
from models.obligation import Obligation
from models.people import Unit


class ScoreEvent(Model):
    """One by (obligation, episode, rule, seq): `tenths` is negative for a deduction."""

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="scores", on_delete=fields.RESTRICT, db_index=True
    )
    obligation: fields.ForeignKeyNullableRelation[Obligation] = fields.ForeignKeyField(
        "models.Obligation", related_name="scores", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="scores", on_delete=fields.RESTRICT, db_index=True
    )
    year = fields.IntField()
    rule = fields.CharField(max_length=20)
    episode = fields.IntField(default=1)
    seq = fields.IntField(default=0)
    tenths = fields.IntField()
    at = UtcDatetimeField()
    reason = fields.CharField(max_length=200, default="")

    matter_id: int
    obligation_id: int | None
    unit_id: int

    class Meta:
        table = "score_event"
        unique_together = (("obligation", "episode", "rule", "seq"),)
