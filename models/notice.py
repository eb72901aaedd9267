"""A notice planned on an obligation, for the record and the score; its deliveries say who is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models import bulk
from models.fields import UtcDatetimeField
from models.matter import Matter
from models.obligation import Obligation


class Notice(Model):
    """One by (obligation, episode, kind, seq). `at` is when it is due, `created_at` when it was planned."""

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="notices", on_delete=fields.RESTRICT, db_index=True
    )
    obligation: fields.ForeignKeyRelation[Obligation] = fields.ForeignKeyField(
        "models.Obligation", related_name="notices", on_delete=fields.RESTRICT, db_index=True
    )
    episode = fields.IntField(default=1)
    kind = fields.CharField(max_length=24)
    seq = fields.IntField(default=0)
    at = UtcDatetimeField()
    created_at = UtcDatetimeField()
    facts: fields.Field[dict[str, Any]] = fields.JSONField(default=dict)

    matter_id: int
    obligation_id: int

    class Meta:
        table = "notice"
        unique_together = (("obligation", "episode", "kind", "seq"),)

    @classmethod
    async def plan(cls, rows: Iterable[Mapping[str, Any]]) -> list[Notice]:
        """Store the notices (columns by name) that are not there yet, in one statement; only those, by id."""
        return await bulk.insert(cls, rows)
