"""Anchors: every minute the heads of the matters whose ledger grew are chained: a cut-off end shows (data.md)."""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models import database, ledger
from models.fields import utc
from models.matter import Matter

MOST = 100
"""Matters in one anchor, as rows in one transaction (data.md); the rest goes into the next, at once."""
_CHUNK = 500
_GROWN = """
SELECT id, year, number, child, proposal_no, ledger_n, ledger_hash FROM matter
WHERE ledger_n > anchored_n ORDER BY id LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest line of a matter as somebody saw it at an instant: its number and hash, the matter's own number."""

    n: int
    hash: str
    code: str


class Anchor(Model):
    """The n-th anchor. `body` is canonical JSON, {"at": instant, "heads": {matter id: [line, hash, code]}}; `hash`
    covers `prev`, `n` and `body`, as in the ledger. Never changed."""

    id = fields.IntField(primary_key=True)
    n = fields.IntField(unique=True)
    body = fields.TextField()
    prev = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "anchor"

    @property
    def at(self) -> datetime:
        """The instant (business) at which it was made."""
        return utc(json.loads(self.body)["at"])

    @property
    def heads(self) -> dict[int, Head]:
        """The heads that it holds, by matter. ValueError, TypeError or KeyError when `body` is not one of ours."""
        return read(json.loads(self.body)["heads"])

    def is_sealed(self, key: bytes) -> bool:
        """Whether it is as it was written."""
        return hmac.compare_digest(self.hash, ledger.seal(self.prev, self.n, self.body, key))

    @classmethod
    async def write(cls, at: datetime, key: bytes) -> Anchor | None:
        """Anchor what grew since the last one; None when nothing did. `at` is business time.

        A matter that somebody is working on at this moment waits for the next anchor.
        """
        if not await database.rows(_GROWN, [1]):
            return None
        async with database.transaction():
            await database.lock_person("ledger", "anchor")  # replicas queue: the chain is one
            skip = " FOR NO KEY UPDATE SKIP LOCKED" if database.dialect() == "postgres" else ""
            grown = await database.rows(_GROWN + skip, [MOST])
            if not grown:
                return None
            last = await cls.all().order_by("-n").first()
            n, prev = (last.n + 1, last.hash) if last else (1, "")
            body = ledger.canonical({"at": at, "heads": {row["id"]: _head(row) for row in grown}})
            for row in grown:
                await Matter.filter(id=row["id"]).update(anchored_n=row["ledger_n"])
            return await cls.create(n=n, body=body, prev=prev, hash=ledger.seal(prev, n, body, key))

    @classmethod
    async def each(cls, until: int = 2**31 - 1) -> AsyncIterator[Anchor]:
        """Every anchor up to the number `until`, in order."""
        last = 0
        while found := await cls.filter(n__gt=last, n__lte=until).order_by("n").limit(_CHUNK):
            for one in found:
                yield one
            last = found[-1].n


def _head(row: Mapping[str, Any]) -> list[Any]:
    return [row["ledger_n"], row["ledger_hash"], label(row)]


def label(row: Mapping[str, Any]) -> str:
    """What people call a matter: 2026-0001, or "proposal 12"; of its columns year, number, child, proposal_no."""
    code = Matter(year=row["year"], number=row["number"], child=row["child"]).code
    return code or f"proposal {row['proposal_no']}"


def read(told: Mapping[str, Any]) -> dict[int, Head]:
    """Heads out of JSON. ValueError, TypeError or AttributeError when it is none of ours."""
    return {int(matter): Head(int(n), str(digest), str(code)) for matter, (n, digest, code) in told.items()}
