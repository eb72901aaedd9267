"""Bring a database to the current schema, safely with rows in it and with two migrators at once."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.writer import MigrationWriter
from tortoise.transactions import in_transaction

from bot import failpoint
from models import database, migrations, rebuild, settings

_LOCK = 1371_0
"""The advisory lock all migrators of one PostgreSQL database queue for."""


async def migrate(url: str, *, package: str = "models.migrations") -> list[str]:
    """Apply what is pending, all or nothing; the names applied.

    Raises RuntimeError when rows point nowhere afterwards. A second migrator waits, then finds nothing to do.
    """
    async with _connected(url, package) as (client, apps):
        if client.capabilities.dialect == "sqlite":
            return await _sqlite(client, apps)
        async with in_transaction() as locked:
            await locked.execute_query(f"SELECT pg_advisory_xact_lock({_LOCK})")
            return await _apply(locked, apps)


async def pending(url: str, *, package: str = "models.migrations") -> list[str]:
    """The names of the migrations that migrate() would apply; changes nothing."""
    async with _connected(url, package) as (client, apps):
        return _names(await rebuild.Executor(client, apps).plan())


async def newer() -> str:
    """The newest migration of the connected database when this version's code does not know it yet, else "".

    Another version is taking over (expand, then contract): what it added may be unknown here, so it is left to it.
    """
    found = await newest()
    return "" if is_known(found) else found


async def newest() -> str:
    """The newest migration of the connected database."""
    found = await database.rows("SELECT max(name) AS newest FROM tortoise_migrations WHERE app = 'models'")
    return found[0]["newest"] or ""


def is_known(name: str) -> bool:
    """Whether this version's code knows a schema whose newest migration is `name`."""
    return name <= _known()


@functools.cache
def _known() -> str:
    """The newest migration of this version."""
    return max(file.stem for file in Path(str(migrations.__file__)).parent.glob("[0-9]*.py"))


async def drafts() -> list[MigrationWriter]:
    """What the migrations lack to bring exactly the models, for whoever changes a model: `write()` each.

    Tables get no comment: Tortoise would take the docstring and, on SQLite, cut the statement at its semicolon.
    """
    chosen = settings.config("sqlite://draft")
    async with TortoiseContext() as context:
        await context.init(config=chosen)
        if context.apps is None:
            raise RuntimeError("Tortoise loaded no models")
        for model in context.apps["models"].values():
            model._meta.table_description = ""
        return await MigrationAutodetector(context.apps, chosen["apps"]).changes()


@asynccontextmanager
async def _connected(url: str, package: str) -> AsyncIterator[tuple[BaseDBAsyncClient, dict[str, Any]]]:
    # With foreign keys enforced, SQLite's table rebuild (DROP TABLE) deletes or refuses the children's rows;
    # the pragma does nothing inside a transaction, hence a connection of its own.
    pragmas: dict[str, Any] = {"foreign_keys": "OFF", "busy_timeout": 60_000} if url.startswith("sqlite") else {}
    chosen = settings.config(url, pool=1, **pragmas)
    chosen["apps"]["models"]["migrations"] = package
    async with TortoiseContext() as context:
        await context.init(config=chosen)
        yield context.db(), chosen["apps"]


def _names(plan: list[Any]) -> list[str]:
    return [step.migration.name for step in plan]


async def _apply(client: BaseDBAsyncClient, apps: dict[str, Any]) -> list[str]:
    executor = rebuild.Executor(client, apps)
    await executor.prepare()
    names = _names(await executor.plan())
    await executor.migrate(direction="forward")
    if names:
        failpoint.hit("migrating")
    return names


async def _sqlite(client: BaseDBAsyncClient, apps: dict[str, Any]) -> list[str]:
    async with in_transaction() as locked:
        names = await _apply(locked, apps)
        broken = await locked.execute_query_dict("PRAGMA foreign_key_check")
        if broken:
            raise RuntimeError(
                f"the migration would leave {len(broken)} rows of {broken[0]['table']} without their parent"
            )
    return names
