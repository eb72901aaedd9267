"""What the system asks people by itself, again until it is decided; the row is the schedule, as with duties."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from models import database
from models.fields import ConditionalIndex, UtcDatetimeField, utc
from models.matter import Matter
from models.people import Person


class Prompt(Model):
    """One question by (matter, cycle, kind, subject).

    kind: stalled (A50), unsolved (A56), approval (A65, `subject` is the approval), look_back (A61), and dispatch, an
    initiation that waits for the first working day (A58). Its instants count from `since`; `asked` counts the cards
    sent; `next_at` (business) is NULL when nothing more will be asked. `verdict` "" while nobody has decided.
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="prompts", on_delete=fields.RESTRICT, db_index=True
    )
    cycle = fields.IntField(default=1)
    kind = fields.CharField(max_length=12)
    subject = fields.IntField(default=0)
    since = UtcDatetimeField()
    asked = fields.IntField(default=0)
    next_at = UtcDatetimeField(null=True)
    verdict = fields.CharField(max_length=16, default="")
    note = fields.TextField(default="")
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="prompts_decided", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    decided_at = UtcDatetimeField(null=True)
    fault = fields.TextField(default="")

    matter_id: int
    decided_by_id: int | None

    class Meta:
        table = "prompt"
        unique_together = (("matter", "cycle", "kind", "subject"),)
        indexes = [ConditionalIndex(fields=("next_at", "id"), name="prompt_due", where="next_at IS NOT NULL")]

    @classmethod
    async def due(cls, now: datetime, limit: int) -> list[int]:
        """Ids of the questions to be asked at `now` (business), the oldest first, at most `limit`."""
        text = "SELECT id FROM prompt WHERE next_at <= ? ORDER BY next_at, id LIMIT ?"
        return [row["id"] for row in await database.rows(text, [now, limit])]

    @classmethod
    async def first_due_at(cls) -> datetime | None:
        """The instant (business) at which the next question is due; None when none is."""
        found = await database.rows("SELECT min(next_at) AS first FROM prompt WHERE next_at IS NOT NULL")
        first = found[0]["first"]
        return utc(first) if first else None
