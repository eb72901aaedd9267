"""The ledger (台账): one line per verb, chained per matter by an HMAC; its key is kept elsewhere."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.matter import Matter
from models.people import Person


class Ledger(Model):
    """Line `n` of a matter: `body` is canonical JSON, `hash` covers `prev`, `n` and `body`; never changed."""

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="ledger", on_delete=fields.RESTRICT, db_index=True
    )
    n = fields.IntField()
    at = UtcDatetimeField()
    actor: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="ledger", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    verb = fields.CharField(max_length=30)
    body = fields.TextField()
    prev = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    matter_id: int
    actor_id: int | None

    class Meta:
        table = "ledger"
        unique_together = (("matter", "n"),)
