"""The database for one command: connected, at its current schema, the clock set; and the migrate command."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote

import aiohttp
import asyncpg
import typer
from tortoise.exceptions import DBConnectionError, OperationalError

from bot import clock, failpoint
from bot.config import Config
from bot.errors import ConfigError
from bot.sandbox import follow
from models import database, migrate


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address, None for another database."""
    return Path(unquote(url.removeprefix("sqlite://"))) if url.startswith("sqlite://") else None


def unreachable() -> tuple[type[Exception], ...]:
    """What the drivers raise when the server is away, refuses the user, or the file can't be opened."""
    postgres = (asyncpg.PostgresError, asyncpg.InterfaceError)  # the second: a session that ends in the middle
    return (DBConnectionError, OperationalError, *postgres, sqlite3.DatabaseError, OSError)


async def pending(url: str) -> list[str]:
    """Migrations not yet applied; a SQLite file that is not there is not made. Raises what `unreachable` lists."""
    file = sqlite_file(url)
    if file and not file.exists():
        return ["all"]
    # the plan alone takes a server that does not answer for an empty database
    await database.connect(url, pool=1)
    await database.close()
    return await migrate.pending(url)


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[None]:
    """The database connected and the business clock set for a block; ConfigError when it is not migrated."""
    if await pending(config.database_url):
        raise ConfigError(
            f"{config.path}: database.url: the database is not at this version's schema; run duban migrate"
        )
    await _set_clock(config)
    await database.connect(config.database_url, pgbouncer=config.database.pgbouncer, pool=2)
    try:
        yield
    finally:
        await database.close()


async def _set_clock(config: Config) -> None:
    """Beside a sandbox business time is the sandbox's."""
    if not config.clock.url:
        return
    async with aiohttp.ClientSession() as session:
        try:
            await follow.sync(config.clock.url, session)
        except (aiohttp.ClientError, TimeoutError):
            raise ConfigError(f"{config.path}: clock.url: the sandbox does not answer; start it first") from None


async def upgrade(config: Config) -> None:
    """duban migrate: say what was applied."""
    failpoint.check(sandbox=config.server.sandbox)
    started = clock.monotonic()
    names = await migrate.migrate(config.database_url)
    for name in names:
        typer.echo(f"applied {name}")
    typer.echo(f"{len(names)} applied in {clock.monotonic() - started:.1f} s" if names else "nothing to apply")
