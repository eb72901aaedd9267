"""Files that officers hand in: the sealed report as uploaded, pictures sent in chat (R40, R42)."""

from __future__ import annotations

from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model

from models import bulk, database
from models.completion import Completion
from models.fields import ConditionalIndex, UtcDatetimeField
from models.inbound import Inbound
from models.matter import Matter
from models.people import Person

FARTHEST = timedelta(hours=2)
"""Longer than any pause between two tries."""


class Document(Model):
    """One file of one person. `matter` is null while a picture has not been given to one; `completion` names the
    application it was filed with, null before that; `cycle` is the matter's.

    kind: upload (by the form), picture (sent in chat, `inbound` and `media_id` name it); state: fetching (the bytes are
    still at the platform), kept, lost (the platform no longer has them, or they are no picture), dropped.
    `sha256` (hex) names the bytes in the storage, `size` counts them, `media_type` is decided by the bytes, never by
    `name`, which is only shown. `tried` fetches, the next at `next_try_at` (wall).
    """

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyNullableRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="documents", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    cycle = fields.IntField(default=1)
    completion: fields.ForeignKeyNullableRelation[Completion] = fields.ForeignKeyField(
        "models.Completion", related_name="documents", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="documents", on_delete=fields.RESTRICT, db_index=True
    )
    inbound: fields.ForeignKeyNullableRelation[Inbound] = fields.ForeignKeyField(
        "models.Inbound", related_name="documents", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    kind = fields.CharField(max_length=10)
    state = fields.CharField(max_length=10)
    name = fields.CharField(max_length=120, default="")
    sha256 = fields.CharField(max_length=64, default="")
    size = fields.IntField(default=0)
    media_type = fields.CharField(max_length=100, default="")
    media_id = fields.CharField(max_length=300, default="")
    tried = fields.IntField(default=0)
    next_try_at = UtcDatetimeField(null=True)
    at = UtcDatetimeField()

    matter_id: int | None
    completion_id: int | None
    person_id: int
    inbound_id: int | None

    class Meta:
        table = "document"
        indexes = [ConditionalIndex(fields=("next_try_at",), name="document_fetch", where="state = 'fetching'")]

    @classmethod
    async def claim(cls, wall: datetime, lease: timedelta, limit: int) -> list[Document]:
        """Take at most `limit` pictures to fetch whose next try is due: `tried` + 1, the next only after the lease.

        A try further ahead than `FARTHEST` is from before the clock was set back, and due. Costs one indexed look when
        nothing waits; on PostgreSQL what another replica claims is skipped.
        """
        due, ahead = "state = 'fetching' AND (next_try_at <= ? OR next_try_at > ?)", wall + FARTHEST
        if not await database.rows(f"SELECT 1 FROM document WHERE {due} LIMIT 1", [wall, ahead]):  # noqa: S608
            return []
        skipping = "FOR NO KEY UPDATE SKIP LOCKED" if database.dialect() == "postgres" else ""
        found = await database.rows(
            "UPDATE document SET tried = tried + 1, next_try_at = ? WHERE id IN (SELECT id FROM document "  # noqa: S608
            f"WHERE {due} ORDER BY next_try_at, id LIMIT ? {skipping}) RETURNING *",
            [wall + lease, wall, ahead, limit],
        )
        return sorted((bulk.hydrate(cls, row) for row in found), key=lambda each: each.id)

    async def settle(self, **columns: object) -> bool:
        """Write the result of this try; False, and nothing is written, when another try or a person came first."""
        mine = Document.filter(id=self.id, state="fetching", tried=self.tried)
        return bool(await mine.update(**columns))
