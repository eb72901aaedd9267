"""Who works here: persons, units and the seats that join them by role."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import LowercaseField


class Person(Model):
    """One officer; `wecom_id` is stored in lower case, as WeCom compares it."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=50)
    phone = fields.CharField(max_length=20, default="")
    wecom_id = LowercaseField(max_length=64, null=True, unique=True)
    dingtalk_id = fields.CharField(max_length=64, null=True, unique=True)
    active = fields.BooleanField(default=True)

    class Meta:
        table = "person"


class Unit(Model):
    """A unit of the department (处室); `order` is the order in lists."""

    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=100, unique=True)
    order = fields.IntField(default=0)

    class Meta:
        table = "unit"


class Seat(Model):
    """Person x unit x role, from `since` to `until` (both days included, None = open).

    Office-wide roles have no unit. `begun` and `ended`: what is open was handed over at that end of the span.
    Roles: head operator_a operator_b handler office office_director leader_in_charge main_leader admin.
    """

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="seats", on_delete=fields.RESTRICT, db_index=True
    )
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="seats", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    role = fields.CharField(max_length=20)
    since = fields.DateField(null=True)
    until = fields.DateField(null=True)
    stands_in_for: fields.ForeignKeyNullableRelation[Seat] = fields.ForeignKeyField(
        "models.Seat", related_name="stand_ins", null=True, on_delete=fields.RESTRICT, db_index=True
    )

    begun = fields.BooleanField(default=False, db_default=False)
    ended = fields.BooleanField(default=False, db_default=False)

    person_id: int
    unit_id: int | None
    stands_in_for_id: int | None

    class Meta:
        table = "seat"
