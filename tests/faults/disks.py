"""A database that takes nothing any more: its disk is full, or it is read-only. Both as the database itself says it."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
from tortoise.exceptions import OperationalError

from bot.engine import trouble
from bot.engine.scheduler import Engine
from models import database

WRITTEN = ("inbound", "notice", "delivery", "attempt", "ledger", "feedback")
BALLAST = {"meta": "key", "inbound": "key", "delivery": "bundle", "attempt": "answer"}
"""Tables and the column that marks what only uses up space."""
_REFUSE = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
END $$"""


async def fill() -> None:
    """From now on no page more: SQLite by its own limit; PostgreSQL by the error it raises when a file can't grow."""
    if database.dialect() == "sqlite":
        pages = (await database.rows("PRAGMA page_count"))[0]["page_count"]
        await database.rows(f"PRAGMA max_page_count = {pages}")
        for each in ("meta", *WRITTEN):
            await _stuff(each)
        return
    await database.execute(_REFUSE)
    for table in WRITTEN:
        await database.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()")


async def free() -> None:
    """There is room again."""
    if database.dialect() == "sqlite":
        await database.rows("PRAGMA max_page_count = 1073741823")
        for table, column in BALLAST.items():
            await database.execute(f"DELETE FROM {table} WHERE {column} LIKE 'ballast%'")
        return
    for table in WRITTEN:
        await database.execute(f"DROP TRIGGER refuse ON {table}")


async def _stuff(table: str) -> None:
    """Use up what is free inside the file, in the pages of this table too."""
    if table not in BALLAST:
        return
    found = await database.rows(f"SELECT * FROM {table} LIMIT 1")
    row = {name: value for name, value in found[0].items() if name != "id"}
    row |= (
        {"notice_id": None, "state": "cancelled", "payload": "", "response_code": "", "task_id": ""}
        if table == "delivery"
        else {}
    )
    text = f"INSERT INTO {table} ({', '.join(map(quoted, row))}) VALUES ({', '.join('?' * len(row))}) RETURNING 1"
    with contextlib.suppress(OperationalError):
        for number in range(10_000):
            await database.rows(text, [*{**row, BALLAST[table]: f"ballast{number}"}.values()])


def quoted(name: str) -> str:
    return f'"{name}"'


async def lock(url: str) -> None:
    """Read-only: on PostgreSQL as after a failover to a standby, every session new."""
    if database.dialect() == "sqlite":
        await database.rows("PRAGMA query_only = ON")
    else:
        await _set(url, "on")


async def unlock(url: str) -> None:
    """It takes writes again."""
    if database.dialect() == "sqlite":
        await database.rows("PRAGMA query_only = OFF")
    else:
        await _set(url, "off")


async def _set(url: str, value: str) -> None:
    name = urlsplit(url).path.lstrip("/")
    connection = await asyncpg.connect(url, server_settings={"default_transaction_read_only": "off"})
    try:
        await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {value}')
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


@contextlib.contextmanager
def full(most: int = 5 << 20) -> Iterator[None]:
    """No file of this process grows past `most` bytes: the write fails in its middle, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def recovered(engine: Engine) -> None:
    """The next ticks, until all goes well again: sessions that were cut are told so one by one."""
    well = 0
    for _ in range(60):
        well = well + 1 if all([await engine.run(half) for half in (engine.fetch, engine.plan, engine.send)]) else 0
        if well == 3:
            return
    raise AssertionError(trouble.seen())
