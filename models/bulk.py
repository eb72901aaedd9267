"""Many rows in one statement: the insert that skips what is there already, and hydration of raw rows."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from tortoise.fields import JSONField
from tortoise.models import Model

from models import database

M = TypeVar("M", bound=Model)


def hydrate(model: type[M], row: Mapping[str, Any]) -> M:
    """An instance from a raw row that has every column of `model`; other columns of the row are ignored."""
    return model._init_from_db(**row)


@functools.cache
def columns(model: type[Model], alias: str, prefix: str = "") -> str:
    """Every column of `model` as a SELECT list, each named `prefix` + column."""
    return ", ".join(f'{alias}."{name}" AS "{prefix}{name}"' for name in sorted(model._meta.db_fields))


async def insert(model: type[M], rows: Iterable[Mapping[str, Any]]) -> list[M]:
    """Insert `rows` (columns by name, the rest at their defaults) in one statement, one for all sizes.

    A row whose unique key is taken already is skipped. Returns the rows that are new, by id.
    """
    records = [_record(model, row) for row in rows]
    if not records:
        return []
    found = await database.rows(_statement(model, database.dialect()), [json.dumps(records)])
    return sorted((hydrate(model, row) for row in found), key=lambda each: each.pk)


def _written(model: type[Model]) -> Sequence[str]:
    return [name for name in sorted(model._meta.db_fields) if name != model._meta.db_pk_column]


def _record(model: type[Model], row: Mapping[str, Any]) -> dict[str, Any]:
    unknown = row.keys() - set(_written(model))
    if unknown:
        raise ValueError(f"{model.__name__} has no column {sorted(unknown)}")
    return {name: _value(model, name, row) for name in _written(model)}


def _value(model: type[Model], name: str, row: Mapping[str, Any]) -> Any:
    field = model._meta.fields_map[name]
    default = field.default() if callable(field.default) else field.default
    value = row.get(name, default)
    if isinstance(field, JSONField):
        return value
    stored = field.to_db_value(value, model)
    if isinstance(stored, datetime):
        return stored.isoformat(" ")
    return stored.isoformat() if isinstance(stored, date) else stored


@functools.cache
def _statement(model: type[Model], dialect: database.Dialect) -> str:
    names = _written(model)
    quoted = ", ".join(f'"{name}"' for name in names)
    if dialect == "postgres":
        known = model._meta.fields_map
        types = ", ".join(f'"{name}" {known[name].get_for_dialect("postgres", "SQL_TYPE")}' for name in names)
        source = f"SELECT {quoted} FROM jsonb_to_recordset(CAST(? AS jsonb)) AS given({types})"  # noqa: S608
    else:
        taken = ", ".join(f"json_extract(value, '$.{name}')" for name in names)
        source = f"SELECT {taken} FROM json_each(?) WHERE true"  # noqa: S608
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({quoted}) {source} ON CONFLICT DO NOTHING RETURNING *'
