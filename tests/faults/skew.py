"""A PostgreSQL database whose clock goes wrong by as much as is wanted; SQLite has no clock of its own."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import asyncpg

_FAKE = (
    "CREATE SCHEMA skew",
    "CREATE TABLE skew.ahead (by interval)",
    "INSERT INTO skew.ahead VALUES ('0')",
    "CREATE FUNCTION skew.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE "
    "AS 'SELECT pg_catalog.clock_timestamp() + by FROM skew.ahead'",
)


async def prepare(url: str) -> None:
    """Every later session of this database asks our clock."""
    name = urlsplit(url).path.lstrip("/")
    await _run(url, *_FAKE, f'ALTER DATABASE "{name}" SET search_path = skew, public, pg_catalog')


async def shift(url: str, ahead: timedelta) -> None:
    """Set the database's clock so much ahead of this machine's, or back."""
    await _run(url, f"UPDATE skew.ahead SET by = '{ahead.total_seconds()} seconds'")


async def _run(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
