"""The events a unit's score is made of, in tenths of a point, and the days on which a period was frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tortoise import fields
from tortoise.models import Model

from models import database
from models.fields import UtcDatetimeField
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person, Unit


class ScoreEvent(Model):
    """One by (obligation, episode, rule, seq): `tenths` is negative for a deduction. Entries are only ever added.

    Year and quarter are those of the due day (A59), `due_at` is the D that the episode ran against. `shared` names the
    cooperating units that bear it too, as ",3,5," (A34). `seq` is 0, the urge's number where each counts (A12), the
    review's id, or for a counter-entry the id of the entry it takes back, with the sign turned; that may be a
    counter-entry too: then the point stands again.
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
    due_at = UtcDatetimeField(null=True)

    matter_id: int
    obligation_id: int | None
    unit_id: int

    class Meta:
        table = "score_event"
        unique_together = (("obligation", "episode", "rule", "seq"),)

    @classmethod
    async def hold(cls) -> None:
        """Wait for whoever is booking, and let nobody book until the transaction ends: ids are then in order of
        commit."""
        if database.dialect() == "postgres":
            await database.execute("LOCK TABLE score_event IN SHARE ROW EXCLUSIVE MODE")


@dataclass(slots=True)
class Chain:
    """An entry with what took it back, and took that back, in order."""

    base: ScoreEvent
    links: list[ScoreEvent] = field(default_factory=list)

    @property
    def last(self) -> ScoreEvent:
        return self.links[-1] if self.links else self.base

    @property
    def stands(self) -> bool:
        """Whether the point counts in the end."""
        return len(self.links) % 2 == 0


def chains(entries: Iterable[ScoreEvent]) -> list[Chain]:
    """The entries by the point they are about, in the order they were booked."""
    found: list[Chain] = []
    ending: dict[int, Chain] = {}
    for each in sorted(entries, key=lambda entry: entry.id):
        chain = ending.pop(-each.seq, None)
        if chain:
            chain.links.append(each)
        else:
            chain = Chain(each)
            found.append(chain)
        ending[each.id] = chain
    return found


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
