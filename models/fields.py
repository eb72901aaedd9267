"""The field every instant goes through, the index with a condition, and the decoding of raw rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


def utc(value: datetime | str) -> datetime:
    """`value`, an aware instant or its ISO text, as aware UTC; ValueError when it is naive."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    if instant.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}: an instant carries its zone")
    return instant.astimezone(UTC)


class _Instant(fields.DatetimeField[Any]):
    """TIMESTAMPTZ on PostgreSQL, ISO text in UTC on SQLite, where text is compared letter by letter.

    Tortoise converts on some paths only (create, not update; a naive constructor value is silently taken
    as UTC), so both directions convert here, and both refuse what is naive.
    """

    def __init__(self, **kwargs: Any) -> None:
        # auto_now reads the system's clock, which only bot/clock.py may
        if kwargs.get("auto_now") or kwargs.get("auto_now_add"):
            raise TypeError("time comes in: auto_now and auto_now_add are not for this field")
        super().__init__(**kwargs)

    def to_python_value(self, value: Any) -> datetime | None:
        return None if value is None else utc(value)

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        self.validate(value)
        return utc(value) if isinstance(value, datetime | str) else value


if TYPE_CHECKING:
    UtcDatetimeField = fields.DatetimeField
else:

    class UtcDatetimeField(_Instant):
        """An aware instant, always UTC; a naive one is a ValueError wherever it comes in."""


class _Lowercase(fields.CharField[Any]):
    """Lower case on every way in, filters included."""

    def to_python_value(self, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        return super().to_db_value(self.to_python_value(value), instance)


if TYPE_CHECKING:
    LowercaseField = fields.CharField
else:

    class LowercaseField(_Lowercase):
        """Text kept in lower case, whichever way it comes in; filters match any case."""


class ConditionalIndex(Index):
    """A B-tree index over the rows where the SQL condition `where` holds, the same text on both databases."""

    def __init__(self, *, fields: Sequence[str], name: str, where: str) -> None:
        super().__init__(fields=tuple(fields), name=name)
        self.where = where
        self.extra = f" WHERE {where}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For the migration writer: import path, arguments, keywords."""
        path, arguments, keywords = super().deconstruct()
        return path, arguments, {**keywords, "where": self.where}


def decode(model: type[Model], row: Mapping[str, Any]) -> dict[str, Any]:
    """A raw row with the columns of `model` turned into Python values (SQLite gives text and integers).

    Columns the model does not have are passed through.
    """
    known = model._meta.fields_map
    return {
        key: known[key].to_python_value(value) if key in known and value is not None else value
        for key, value in row.items()
    }
