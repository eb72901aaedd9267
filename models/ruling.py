"""Words that a running matter waits for, or got: on an objection, a withdrawal, accountability."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.matter import Matter
from models.people import Person


class Ruling(Model):
    """One word of one post. kind: objection (A72), withdrawal, merge (A46), accountability (A16).

    `role` is the post that decides; verdict "" (awaited), agreed, dismissed, reported, dropped, started, declined,
    void (the request ended without a word) or settled (what was objected to came back by facts). `subject` ties the
    words of one request together: accountability the proposal's episode, withdrawal and merge the ledger line they
    were asked on; `points` are the score events objected to, `into` is the matter that a merged one goes into.
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="rulings", on_delete=fields.RESTRICT, db_index=True
    )
    kind = fields.CharField(max_length=14)
    role = fields.CharField(max_length=20)
    subject = fields.IntField(default=0)
    points: fields.Field[list[int]] = fields.JSONField(default=list)
    mistaken = fields.BooleanField(default=False)
    into: fields.ForeignKeyNullableRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="rulings_into", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    asked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="rulings_asked", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    asked_at = UtcDatetimeField()
    reason = fields.TextField(default="")
    verdict = fields.CharField(max_length=10, default="")
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="rulings_decided", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    decided_at = UtcDatetimeField(null=True)
    note = fields.TextField(default="")

    matter_id: int
    into_id: int | None
    asked_by_id: int | None
    decided_by_id: int | None

    class Meta:
        table = "ruling"
