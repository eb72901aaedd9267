"""Applications to extend a matter or to revise the plan of one that was extended (延期, 调整方案)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.matter import Matter
from models.people import Person


class Extension(Model):
    """One application of a cycle: why, how, who and until when (R35, R36).

    what: extend, convert (a general matter becomes major with it, A54) or revise (the plan's date only, A53).
    state: pending, approved, refused, withdrawn, or late: past the cut-off, for the office to let pass (A30).
    `note` is the reason of a refusal or the office's word on letting a late one pass.
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="extensions", on_delete=fields.RESTRICT, db_index=True
    )
    cycle = fields.IntField(default=1)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="extensions", on_delete=fields.RESTRICT, db_index=True
    )
    what = fields.CharField(max_length=10)
    reason = fields.TextField()
    plan = fields.TextField()
    responsible = fields.CharField(max_length=60)
    until = fields.DateField()
    state = fields.CharField(max_length=10)
    at = UtcDatetimeField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="extensions_decided", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    decided_at = UtcDatetimeField(null=True)
    note = fields.TextField(default="")

    matter_id: int
    person_id: int
    decided_by_id: int | None

    class Meta:
        table = "extension"
