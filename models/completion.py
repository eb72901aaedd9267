"""Applications for completion (完结, 办结)."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person

FILED = ("pending", "accepted", "returned", "void")


class Completion(Model):
    """One application of a cycle. It is a draft until both ticks are given: talked to the office (R47), all done (A74).

    state: draft, dropped, pending, accepted, returned (the material), void (returned as not done). `attempt` counts
    what was filed, from 1; `at` is when it was filed, before that when it was drafted; `report` is the report's text,
    `form` its parts as they stand in the form (`bot.rules.structure.Report`), null when it was written in chat alone.
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="completions", on_delete=fields.RESTRICT, db_index=True
    )
    cycle = fields.IntField(default=1)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="completions", on_delete=fields.RESTRICT, db_index=True
    )
    reason = fields.TextField()
    report = fields.TextField(default="")
    form: fields.Field[dict[str, str] | None] = fields.JSONField(null=True)
    talked = fields.BooleanField(default=False)
    all_done = fields.BooleanField(default=False)
    state = fields.CharField(max_length=10)
    attempt = fields.IntField(default=0)
    at = UtcDatetimeField()

    matter_id: int
    person_id: int

    class Meta:
        table = "completion"

    @classmethod
    async def filed(cls, matter: Matter) -> list[Completion]:
        """What the unit that has the matter now filed in this cycle, oldest first; what another unit filed before 改派
        is of that unit's record (A46)."""
        rows = await cls.filter(matter_id=matter.id, cycle=matter.cycle, state__in=FILED).order_by("id")
        record = Ledger.filter(matter_id=matter.id)
        handed_over = await record.filter(verb="reassign").order_by("-n").first()
        if handed_over is None:
            return rows
        own = await record.filter(verb="apply_completion", n__gt=handed_over.n).count()
        return rows[max(0, len(rows) - own) :]
