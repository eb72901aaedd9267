"""A thing owed by a date (时间节点). The row is the schedule: one cursor, `next_notice_at`."""

from __future__ import annotations

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from bot.rules.obligation import LIMITS
from models import bulk, database
from models.fields import ConditionalIndex, UtcDatetimeField, utc
from models.matter import Matter
from models.people import Unit

LABEL = f"CASE WHEN o.origin IN {LIMITS} THEN 'LIMIT' ELSE o.name END"
"""`Obligation.label` of the row o, in a statement."""


class Obligation(Model):
    """One row by (matter, cycle, name, ordinal); the one named MATTER carries notices about the whole matter.

    ended: "" (open), met, settled, void; origin: "" (the rules'), plan, leader, limit_back, return, converted,
    proposal (`bot.rules.obligation`). `next_notice_at` is NULL when nothing more will go out. `episode` grows
    whenever the deadline or the ladder is planned anew. `fault` says why planning was given up.
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="obligations", on_delete=fields.RESTRICT, db_index=True
    )
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="obligations", on_delete=fields.RESTRICT, db_index=True
    )
    cycle = fields.IntField(default=1)
    name = fields.CharField(max_length=20)
    ordinal = fields.IntField(default=0)
    due_at = UtcDatetimeField(null=True)
    opens_at = UtcDatetimeField(null=True)
    origin = fields.CharField(max_length=10, default="")
    met_at = UtcDatetimeField(null=True)
    ended = fields.CharField(max_length=12, default="")
    late = fields.BooleanField(default=False)
    episode = fields.IntField(default=1)
    planned_at = UtcDatetimeField()
    rung = fields.IntField(default=0)
    next_notice_at = UtcDatetimeField(null=True)
    paused_by = fields.CharField(max_length=12, default="")
    paused_at = UtcDatetimeField(null=True)
    caught_up_at = UtcDatetimeField(null=True)
    fault = fields.TextField(default="")

    matter_id: int
    unit_id: int

    class Meta:
        table = "obligation"
        unique_together = (("matter", "cycle", "name", "ordinal"),)
        indexes = [
            ConditionalIndex(fields=("next_notice_at", "id"), name="obligation_due", where="next_notice_at IS NOT NULL")
        ]

    @property
    def is_limit(self) -> bool:
        """Whether a leader set it (A57)."""
        return self.origin in LIMITS

    @property
    def label(self) -> str:
        """What people know it by, as a key of their words: LIMIT for a leader's date, else the name."""
        return "LIMIT" if self.is_limit else self.name

    @classmethod
    async def due(cls, now: datetime, limit: int) -> list[Obligation]:
        """Obligations with a notice due at `now` (business), at most `limit`, by instant and id; `matter` is loaded.

        On PostgreSQL they are locked until the transaction ends; those another replica holds are skipped.
        """
        lock = "FOR NO KEY UPDATE OF o SKIP LOCKED" if database.dialect() == "postgres" else ""
        found = await database.rows(
            f"SELECT {bulk.columns(cls, 'o')}, {bulk.columns(Matter, 'm', 'm.')} "  # noqa: S608
            "FROM obligation o JOIN matter m ON m.id = o.matter_id "
            f"WHERE o.next_notice_at <= ? ORDER BY o.next_notice_at, o.id LIMIT ? {lock}",
            [now, limit],
        )
        matters: dict[int, Matter] = {}
        for row in found:
            if row["matter_id"] not in matters:
                own = {name[2:]: value for name, value in row.items() if name.startswith("m.")}
                matters[row["matter_id"]] = bulk.hydrate(Matter, own)
        due = [bulk.hydrate(cls, row) for row in found]
        for each in due:
            each.matter = matters[each.matter_id]
        return due

    @classmethod
    async def first_due_at(cls) -> datetime | None:
        """The instant (business) at which the next notice falls due; None when none will."""
        text = "SELECT min(next_notice_at) AS first FROM obligation WHERE next_notice_at IS NOT NULL"
        first = (await database.rows(text))[0]["first"]
        return utc(first) if first else None
