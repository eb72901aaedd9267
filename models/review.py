"""What the office decided on something that was filed: accepted, returned, graded."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.completion import Completion
from models.feedback import Feedback
from models.fields import UtcDatetimeField
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person


class Review(Model):
    """One decision, on a feedback or on a completion; never changed. Points that follow from it carry its id as `seq`.

    verdict: accepted, returned, not_done, graded; `grade` "" or excellent good pass fail. `scored` False: a return
    that costs nothing (A70). `obligation` is what the feedback answered, or the one that carries the matter.
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="reviews", on_delete=fields.RESTRICT, db_index=True
    )
    cycle = fields.IntField(default=1)
    obligation: fields.ForeignKeyRelation[Obligation] = fields.ForeignKeyField(
        "models.Obligation", related_name="reviews", on_delete=fields.RESTRICT, db_index=True
    )
    feedback: fields.ForeignKeyNullableRelation[Feedback] = fields.ForeignKeyField(
        "models.Feedback", related_name="reviews", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    completion: fields.ForeignKeyNullableRelation[Completion] = fields.ForeignKeyField(
        "models.Completion", related_name="reviews", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="reviews", on_delete=fields.RESTRICT, db_index=True
    )
    verdict = fields.CharField(max_length=10)
    grade = fields.CharField(max_length=10, default="")
    reason = fields.TextField(default="")
    scored = fields.BooleanField(default=True)
    at = UtcDatetimeField()

    matter_id: int
    obligation_id: int
    feedback_id: int | None
    completion_id: int | None
    person_id: int

    class Meta:
        table = "review"
