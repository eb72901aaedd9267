"""The whole database at an instant, and what an act made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tortoise import Tortoise
from tortoise.models import Model

from models import database

Row = dict[str, Any]
Shot = dict[str, dict[Any, Row]]
"""Table → key → its row as the database holds it."""
_LEFT_OUT = frozenset({"inbound", "recipient", "quota", "attempt", "heartbeat", "anchor"})
"""The messages as they came, and what sending and the watch over the machine leave behind."""


@dataclass(frozen=True, slots=True)
class Written:
    """One row that an act wrote: `old` is None where it is new, `new` where it is gone."""

    table: str
    key: Any
    old: Row | None
    new: Row | None

    @property
    def row(self) -> Row:
        return self.new or self.old or {}

    def columns(self) -> dict[str, tuple[Any, Any]]:
        """The columns that differ: (before, after); of a new row those that are not empty, not the default."""
        old = self.old if self.old is not None else _empty(self.table)
        return {name: (old.get(name), value) for name, value in (self.new or {}).items() if old.get(name) != value}


def model(table: str) -> type[Model]:
    """The model of a table."""
    return _models()[table]


def _models() -> dict[str, type[Model]]:
    assert Tortoise.apps
    found = {each._meta.db_table: each for each in Tortoise.apps["models"].values()}
    return {name: each for name, each in found.items() if name not in _LEFT_OUT}


def _empty(table: str) -> Row:
    """What a new row holds where nobody said anything."""
    found = {}
    for name, field in model(table)._meta.fields_map.items():
        default = None if callable(field.default) else field.default
        found[name] = int(default) if isinstance(default, bool) else default
    return found


async def shot() -> Shot:
    """Every table now, in the transaction that is open."""
    made: Shot = {}
    for name, each in _models().items():
        key = each._meta.db_pk_column
        found = await database.rows(f'SELECT * FROM "{name}" ORDER BY {key}')
        made[name] = {row[key]: dict(row) for row in found}
    return made


def written(before: Shot, after: Shot) -> Iterator[Written]:
    """What differs, by table and key."""
    for table, rows in after.items():
        old = before[table]
        for key in sorted({*old, *rows}, key=lambda each: (isinstance(each, str), each)):
            if old.get(key) != rows.get(key):
                yield Written(table, key, old.get(key), rows.get(key))
