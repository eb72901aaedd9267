"""The ledger (台账): one line per verb, chained per matter by an HMAC; its key is kept elsewhere."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.fields import UtcDatetimeField, utc
from models.matter import Matter
from models.people import Person


class Ledger(Model):
    """Line `n` of a matter: `body` is canonical JSON, `hash` covers `prev`, `n` and `body`; never changed."""

    id = fields.IntField(primary_key=True)
    matter: fields.ForeignKeyRelation[Matter] = fields.ForeignKeyField(
        "models.Matter", related_name="ledger", on_delete=fields.RESTRICT, db_index=True
    )
    n = fields.IntField()
    at = UtcDatetimeField()
    actor: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="ledger", null=True, on_delete=fields.RESTRICT, db_index=True
    )
    verb = fields.CharField(max_length=30)
    body = fields.TextField()
    prev = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    matter_id: int
    actor_id: int | None

    class Meta:
        table = "ledger"
        unique_together = (("matter", "n"),)

    @property
    def facts(self) -> Mapping[str, Any]:
        """What the verb was told, as it was written down."""
        told: Mapping[str, Any] = json.loads(self.body)["facts"]
        return told

    @classmethod
    async def append(
        cls,
        matter: Matter,
        at: datetime,
        actor_id: int | None,
        verb: str,
        facts: Mapping[str, object],
        key: bytes,
    ) -> Ledger:
        """Add the next line, inside the transaction that locked `matter`, and move the matter's head.

        `facts` holds JSON values, dates and instants. RuntimeError when `matter` was not read under its lock
        (its head is not the stored one).
        """
        n, prev = matter.ledger_n + 1, matter.ledger_hash
        body = canonical({"actor": actor_id, "at": at, "facts": facts, "matter": matter.id, "verb": verb})
        digest = seal(prev, n, body, key)
        head = Matter.filter(id=matter.id, ledger_n=matter.ledger_n, ledger_hash=prev)
        if not await head.update(ledger_n=n, ledger_hash=digest):
            raise RuntimeError(f"matter {matter.id} was not read under its lock")
        matter.ledger_n, matter.ledger_hash = n, digest
        return await cls.create(
            matter_id=matter.id, n=n, at=at, actor_id=actor_id, verb=verb, body=body, prev=prev, hash=digest
        )

    @classmethod
    async def fits(cls, key: bytes) -> bool:
        """Whether the record was written with `key`: its first or its last line is sealed by it, or there is none."""
        ends = [line for order in ("id", "-id") if (line := await cls.all().order_by(order).first())]
        return not ends or any(line.hash == seal(line.prev, line.n, line.body, key) for line in ends)

    @classmethod
    async def verify(cls, matter_id: int, key: bytes) -> int | None:
        """The number of the first line of the matter that is missing or was changed; None when all is right."""
        matter = await Matter.get(id=matter_id)
        lines = await cls.filter(matter_id=matter_id).order_by("n").values()
        found = broken(matter_id, lines, (matter.ledger_n, matter.ledger_hash), key)
        return found.n if found else None


@dataclass(frozen=True, slots=True)
class Break:
    """The first line of a chain that does not hold; `how`: altered, removed, inserted."""

    n: int
    how: str


Line = Mapping[str, Any]
"""A row of the ledger: n, at, actor_id, verb, body, prev, hash."""


def broken(matter_id: int, lines: Sequence[Line], head: tuple[int, str], key: bytes) -> Break | None:
    """Where the chain of a matter breaks, None when it holds: its lines by `n`, and the head kept in the matter."""
    prev = ""
    for n, line in enumerate(lines, 1):
        if line["n"] != n:
            return Break(n, "removed")
        if n > head[0]:
            return Break(n, "inserted")
        if not _tells(line, matter_id) or line["hash"] != seal(line["prev"], n, line["body"], key):
            return Break(n, _how(line, lines[n] if n < len(lines) else None, key))
        if line["prev"] != prev:
            return Break(n, "altered")
        prev = line["hash"]
    if head == (len(lines), prev):
        return None
    return Break(len(lines) + 1, "removed") if head[0] > len(lines) else Break(head[0], "altered")


def _tells(line: Line, matter_id: int) -> bool:
    """Whether the columns say what the sealed body says."""
    try:
        told = json.loads(line["body"])["facts"]
        shown = {"actor": line["actor_id"], "at": utc(line["at"]), "facts": told}
        return bool(canonical({**shown, "matter": matter_id, "verb": line["verb"]}) == line["body"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def _how(line: Line, after: Line | None, key: bytes) -> str:
    """Lines that were renumbered over a gap, or over one put in between, still hold under their own number."""
    n = line["n"]
    if line["hash"] == seal(line["prev"], n + 1, line["body"], key):
        return "removed"
    if after is not None and after["hash"] == seal(after["prev"], n, after["body"], key):
        return "inserted"
    return "altered"


def canonical(value: object) -> str:
    """JSON with sorted keys, no spaces, characters as they are; instants in UTC. TypeError for anything else."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a ledger line can't hold {type(value).__name__}")


def seal(prev: str, n: int, body: str, key: bytes) -> str:
    """HMAC-SHA256 over the line before, the number and the body, in hexadecimal."""
    return hmac.new(key, f"{prev}\n{n}\n{body}".encode(), hashlib.sha256).hexdigest()
