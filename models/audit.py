"""Does the record hold? Every matter's chain, the anchors, what was exported: walked to the first broken link."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rules import calendar
from models import anchor, database, ledger
from models.anchor import Anchor, Head
from models.fields import utc
from models.ledger import Break

_CHUNK = 20
"""Matters whose lines are read by one statement: lines and head are those of one instant, while the bot goes on."""
_PAIRS = 400
_LINES = """
SELECT m.id, m.year, m.number, m.child, m.proposal_no, m.ledger_n, m.ledger_hash,
  l.n, l.at, l.actor_id, l.verb, l.body, l.prev, l.hash
FROM (SELECT * FROM matter WHERE id > ? ORDER BY id LIMIT ?) m
LEFT JOIN ledger l ON l.matter_id = m.id ORDER BY m.id, l.n"""
_ORPHAN = (
    "SELECT l.matter_id FROM ledger l LEFT JOIN matter m ON m.id = l.matter_id WHERE m.id IS NULL "
    "ORDER BY l.matter_id LIMIT 1"
)
_PROPOSALS = """
SELECT (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'proposal_no') AS given,
  count(proposal_no) AS found, max(proposal_no) AS last FROM matter"""


@dataclass(frozen=True, slots=True)
class Finding:
    """The first broken link: `chain` is a matter's number or "anchors", `n` its line, `how` altered, removed,
    inserted, or gone (the matter itself). `proof`: who saw it otherwise, "" when the chain itself shows it."""

    chain: str
    n: int
    how: str
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an anchor file holds: the newest anchor of its instant and every matter's head; `name` is the file's."""

    name: str
    at: datetime
    anchor: int
    hash: str
    heads: Mapping[int, Head]


@dataclass(slots=True)
class Audit:
    """One walk with the ledger's key; `matters`, `lines` and `anchors` count what held."""

    key: bytes
    matters: int = 0
    lines: int = 0
    anchors: int = 0

    async def first(self, exported: Exported | None = None) -> Finding | None:
        """The first link that is altered, removed or inserted; None when all hold."""
        found = await self._chains() or await self._anchors(exported)
        if exported and not found:
            found = await _witnessed(exported.heads, f"{exported.name}, {_when(exported.at)}")
        return found or await _holes()

    async def _chains(self) -> Finding | None:
        async for row, lines in _matters():
            found = ledger.broken(row["id"], lines, (row["ledger_n"], row["ledger_hash"]), self.key)
            if found is None and not lines:  # each begins with its proposal
                found = Break(1, "removed")
            if found:
                return Finding(anchor.label(row), found.n, found.how)
            self.matters += 1
            self.lines += len(lines)
        return None

    async def _anchors(self, exported: Exported | None) -> Finding | None:
        """The anchors' own chain, and of every head that one of them saw whether it is still there."""
        prev = ""
        async for each in Anchor.each():
            n = self.anchors + 1
            if each.n != n:
                return Finding("anchors", n, "removed")
            if each.prev != prev or not each.is_sealed(self.key):
                return Finding("anchors", n, "altered")
            if exported and n == exported.anchor and each.hash != exported.hash:
                return Finding("anchors", n, "altered", exported.name)
            if found := await _witnessed(each.heads, f"anchor {n}, {_when(each.at)}"):
                return found
            prev, self.anchors = each.hash, n
        if exported and exported.anchor > self.anchors:
            return Finding("anchors", self.anchors + 1, "removed", exported.name)
        return None


async def _matters() -> AsyncIterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each matter with its lines."""
    last = 0
    while rows := await database.rows(_LINES, [last, _CHUNK]):
        for _, lines in itertools.groupby(rows, key=lambda row: row["id"]):
            mine = list(lines)
            yield mine[0], [line for line in mine if line["n"] is not None]
        last = rows[-1]["id"]


async def _witnessed(heads: Mapping[int, Head], proof: str) -> Finding | None:
    """The first of these heads that is not in the ledger any more as it was seen."""
    for batch in _batches(sorted(heads.items())):
        pairs = ", ".join(["(CAST(? AS INTEGER), CAST(? AS INTEGER))"] * len(batch))
        asked = [number for matter, head in batch for number in (matter, head.n)]
        found = await database.rows(
            f"SELECT matter_id, n, hash FROM ledger WHERE (matter_id, n) IN (VALUES {pairs})",  # noqa: S608
            asked,
        )
        there = {(row["matter_id"], row["n"]): row["hash"] for row in found}
        for matter, head in batch:
            digest = there.get((matter, head.n))
            if digest is None:
                return await _missing(matter, head, proof)
            if digest != head.hash:
                return Finding(head.code, head.n, "altered", proof)
    return None


def _batches(heads: list[tuple[int, Head]]) -> Iterator[list[tuple[int, Head]]]:
    for start in range(0, len(heads), _PAIRS):
        yield heads[start : start + _PAIRS]


async def _missing(matter: int, head: Head, proof: str) -> Finding:
    told = (
        await database.rows(
            "SELECT (SELECT count(*) FROM matter WHERE id = ?) AS matters, count(*) AS lines FROM ledger "
            "WHERE matter_id = ?",
            [matter, matter],
        )
    )[0]
    return Finding(head.code, told["lines"] + 1, "removed" if told["matters"] else "gone", proof)


async def _holes() -> Finding | None:
    """A matter that no anchor saw: its lines are left, or its proposal's number is missing among the others."""
    if found := await database.rows(_ORPHAN):
        return Finding(f"matter {found[0]['matter_id']}", 1, "gone", "its ledger lines")
    told = (await database.rows(_PROPOSALS))[0]
    last = max(told["given"] or 0, told["last"] or 0)
    if told["found"] >= last:
        return None
    there = {row["proposal_no"] for row in await database.rows("SELECT proposal_no FROM matter")}
    first = next((n for n in range(1, last + 1) if n not in there), last)
    return Finding(f"proposal {first}", 1, "gone", "the proposals' numbers")


def _when(at: datetime) -> str:
    return f"{calendar.local(at):%Y-%m-%d %H:%M:%S}"


def opened(name: str, text: str, key: bytes) -> Exported | None:
    """What an anchor file says; None when it is altered or sealed with another key. ValueError: no anchor file."""
    try:
        told = json.loads(text)
        body = {part: told[part] for part in ("at", "anchor", "hash", "heads")}
        found = Exported(name, utc(body["at"]), int(body["anchor"]), str(body["hash"]), anchor.read(body["heads"]))
        return found if told["seal"] == _seal(body, key) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError("no anchor file") from None


def _seal(body: Mapping[str, Any], key: bytes) -> str:
    return ledger.seal(body["hash"], body["anchor"], ledger.canonical(body), key)


async def export(key: bytes, until: int) -> str:
    """The anchor number `until` with every matter's head that it and those before saw, as sealed JSON.

    A function of the anchors alone: any process writes the same bytes. RuntimeError when their chain is broken: what
    somebody changed must not get a new seal.
    """
    heads: dict[str, list[Any]] = {}
    prev, last = "", None
    async for each in Anchor.each(until):
        if each.prev != prev or not each.is_sealed(key):
            raise RuntimeError(f"anchor {each.n} is altered")
        heads |= json.loads(each.body)["heads"]
        prev, last = each.hash, each
    if last is None or last.n != until:
        raise RuntimeError(f"anchor {until} is missing")
    body = {"anchor": last.n, "at": json.loads(last.body)["at"], "hash": last.hash, "heads": heads}
    return json.dumps({**body, "seal": _seal(body, key)}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
