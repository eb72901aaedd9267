"""What officers answered: feedback, supplements, acknowledgements."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person


class Feedback(Model):
    """One answer; kind: feedback, supplement, acknowledge, recalled, or cooperation: a cooperating unit's material
    (A62), for no obligation. `at` decides whether it was on time."""

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="feedback", on_delete=fields.RESTRICT, db_index=True
    )
    obligation: fields.ForeignKeyNullableRelation[Obligation] = fields.ForeignKeyField(
        "models.Obligation", related_name="feedback", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="feedback", on_delete=fields.RESTRICT, db_index=True
    )
    kind = fields.CharField(max_length=12)
    text = fields.TextField()
    at = UtcDatetimeField()
    created_at = UtcDatetimeField()

    matter_id: int
    obligation_id: int | None
    person_id: int

    class Meta:
        table = "feedback"
