"""Migrations on SQLite that keep a rebuilt table's indexes.

SQLite can't alter a column, so Tortoise writes the table anew and drops the old one, and with it every index and
every unique constraint over several columns: neither is in the statement it writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor import BaseSchemaEditor, SqliteSchemaEditor
from tortoise.models import Model


class Editor(SqliteSchemaEditor):
    """Tortoise's editor, with the indexes made again after a rebuild."""

    async def remove_constraint(self, model: type[Model], constraint: Any) -> None:
        """A unique key over several columns stands in the table's own statement: the rebuild leaves it out."""
        self._left_out = list(self._resolve_fields_to_columns(model, constraint.fields))
        await self._remake_table(model)
        self._left_out = []

    _left_out: Sequence[str] = ()

    async def _remake_table(
        self,
        model: type[Model],
        create_field: Any = None,
        delete_field: Any = None,
        alter_fields: Any = None,
    ) -> None:
        kept = await self._indexes(model._meta.db_table)
        await super()._remake_table(model, create_field, delete_field, alter_fields)
        gone = {delete_field.source_field or delete_field.model_field_name} if delete_field else set()
        for columns, statement in kept:
            if not gone & columns:
                await self.client.execute_query(statement)

    async def _indexes(self, table: str) -> list[tuple[set[str], str]]:
        """Columns and CREATE statement of each index that the rebuild would lose."""
        found = []
        for index in await self.client.execute_query_dict(f"PRAGMA index_list('{table}')"):
            rows = await self.client.execute_query_dict(f"PRAGMA index_info('{index['name']}')")
            columns = [row["name"] for row in rows]
            statement = await self._statement(table, index, columns)
            if statement and columns != self._left_out:
                found.append((set(columns), statement))
        return found

    async def _statement(self, table: str, index: dict[str, Any], columns: list[str]) -> str:
        if index["origin"] == "c":
            sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?"
            return str((await self.client.execute_query_dict(sql, [index["name"]]))[0]["sql"])
        if index["origin"] == "u" and len(columns) > 1:
            names = ", ".join(f'"{column}"' for column in columns)
            return f'CREATE UNIQUE INDEX "{table}_{"_".join(columns)}" ON "{table}" ({names})'
        return ""  # primary keys and single unique columns are written by the rebuild itself


class Executor(MigrationExecutor):
    """Tortoise's executor with that editor on SQLite; `prepare` first, `migrate` then."""

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        if self.connection.capabilities.dialect == "sqlite":
            return Editor(self.connection, atomic=atomic, collect_sql=collect_sql)
        return super()._schema_editor(atomic, collect_sql)

    async def prepare(self) -> None:
        """Make the table of applied migrations: reading it while it is missing ends PostgreSQL's transaction."""
        await self.recorder.ensure_schema(self._schema_editor(atomic=False))
