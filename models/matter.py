"""A matter under supervision (事项) and the approvals it passed before it was initiated."""

from __future__ import annotations

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.fields import UtcDatetimeField
from models.people import Person, Unit


class Matter(Model):
    """A proposal (`proposal_no`) that becomes a matter with year and number when it is initiated.

    source: provincial_13710 province meeting unit; category: general major monthly;
    state: proposed refused running review rework follow_up closed withdrawn merged, and split: its children lead.
    `ruleset` holds every key as it was when the matter was initiated; `supervised` counts since the last
    accountability decision; `ledger_n` and `ledger_hash` are the head of the matter's ledger,
    `anchored_n` is as far as an anchor has seen it.
    What is pending, as the rules keep it (`bot.rules.life.Life`): `completion_at` with `old_due_at`, `extension_at`
    with `plan_until`, and `filed` at `filed_at`, the latest feedback not reviewed. `written_off_at` is 销号,
    `written_off_no` the document it rests on (A51).
    Units that lead together, `leads` in their order, have a child each: `parent` and `child` 1, 2 … (A62). For all
    other matters `leads` is null and `child` 0.
    """

    id = fields.IntField(primary_key=True)
    year = fields.IntField(null=True)
    number = fields.IntField(null=True)
    proposal_no = fields.IntField(null=True, unique=True)
    title = fields.CharField(max_length=200)
    source = fields.CharField(max_length=20)
    category = fields.CharField(max_length=10)
    state = fields.CharField(max_length=12)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "models.Unit", related_name="matters", on_delete=fields.RESTRICT, db_index=True
    )
    proposer: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="proposed", on_delete=fields.RESTRICT, db_index=True
    )
    handler: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="handled", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    cooperating: fields.Field[list[int]] = fields.JSONField(default=list)
    document_no = fields.CharField(max_length=60, default="")
    document_on = fields.DateField(null=True)
    due_on = fields.DateField(null=True)
    urgent = fields.BooleanField(default=False)
    sensitive = fields.BooleanField(default=False)
    ruleset: fields.Field[dict[str, object]] = fields.JSONField(default=dict)
    cycle = fields.IntField(default=1)
    plan_version = fields.IntField(default=1)
    proposed_at = UtcDatetimeField()
    initiated_at = UtcDatetimeField(null=True)
    closed_at = UtcDatetimeField(null=True)
    follow_up_at = UtcDatetimeField(null=True)
    supervised = fields.IntField(default=0)
    proposal_open = fields.BooleanField(default=False)
    completion_at = UtcDatetimeField(null=True)
    old_due_at = UtcDatetimeField(null=True)
    extension_at = UtcDatetimeField(null=True)
    plan_until = fields.DateField(null=True)
    filed = fields.CharField(max_length=20, default="", db_default="")
    filed_at = UtcDatetimeField(null=True)
    written_off_at = UtcDatetimeField(null=True)
    written_off_no = fields.CharField(max_length=60, default="", db_default="")
    parent: fields.ForeignKeyNullableRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="children", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    child = fields.IntField(default=0, db_default=0)
    leads: fields.Field[list[int] | None] = fields.JSONField(null=True)
    ledger_n = fields.IntField(default=0)
    ledger_hash = fields.CharField(max_length=64, default="")
    anchored_n = fields.IntField(default=0, db_default=0)

    unit_id: int
    proposer_id: int
    handler_id: int | None
    parent_id: int | None

    class Meta:
        table = "matter"
        unique_together = (("year", "number", "child"),)
        indexes = [Index(fields=("state",), name="matter_state")]

    @property
    def code(self) -> str:
        """The short number people write: 2026-0001, a child's 2026-0001-1; empty while it is a proposal."""
        own = f"-{self.child}" if self.child else ""
        return f"{self.year}-{self.number:04d}{own}" if self.year and self.number else ""

    @property
    def children_codes(self) -> list[str]:
        """Of a family's parent that is initiated: the numbers of its children, in the order of the leading units."""
        return [f"{self.code}-{nth}" for nth in range(1, len(self.leads or ()) + 1)] if self.code else []


class Approval(Model):
    """One role's word on a proposal: verdict "" (awaited), approved or refused."""

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="approvals", on_delete=fields.RESTRICT, db_index=True
    )
    role = fields.CharField(max_length=20)
    person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="approvals", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    verdict = fields.CharField(max_length=10, default="")
    note = fields.CharField(max_length=500, default="")
    decided_at = UtcDatetimeField(null=True)

    matter_id: int
    person_id: int | None

    class Meta:
        table = "approval"
        unique_together = (("matter", "role"),)
