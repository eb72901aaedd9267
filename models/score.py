"""The events a unit's score is made of, in tenths of a point, and the days on which a period was frozen."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person, Unit


class ScoreEvent(Model):
    """One by (obligation, episode, rule, seq): `tenths` is negative for a deduction.

    Year and quarter are those of the due day (A59). `shared` names the cooperating units that bear it too, as ",3,5,"
    (A34). `seq` is 0, the urge's number where each counts (A12), the review's id, or for a counter-entry the id of
    the entry it takes back, with the sign turned.
    """

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
    quarter = fields.IntField(default=0, db_default=0)
    rule = fields.CharField(max_length=20)
    episode = fields.IntField(default=1)
    seq = fields.IntField(default=0)
    tenths = fields.IntField()
    at = UtcDatetimeField()
    reason = fields.CharField(max_length=200, default="")
    shared = fields.CharField(max_length=200, default="", db_default="")

    matter_id: int
    obligation_id: int | None
    unit_id: int

    class Meta:
        table = "score_event"
        unique_together = (("obligation", "episode", "rule", "seq"),)


class ScoreFreeze(Model):
    """A period of assessment closed at an instant: entries after `last_id` are shown apart (A59).

    `quarter` 0 is the whole year. An entry's own instant says for when it counts, its id when it was booked.
    """

    id = fields.IntField(primary_key=True)
    year = fields.IntField()
    quarter = fields.IntField(default=0)
    last_id = fields.IntField(default=0)
    at = UtcDatetimeField()
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="frozen", on_delete=fields.RESTRICT, db_index=True
    )

    person_id: int

    class Meta:
        table = "score_freeze"
        unique_together = (("year", "quarter"),)
