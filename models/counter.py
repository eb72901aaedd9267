"""Numbers without gaps: the series of proposals and, by year, of matters."""

from __future__ import annotations

from models import database

_TAKE = (
    "INSERT INTO meta (key, value) VALUES (?, CAST(({start}) AS TEXT)) "
    "ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS INTEGER) + 1 AS TEXT) RETURNING value"
)


async def proposal() -> int:
    """The next proposal number; held by the caller's transaction, given back when it rolls back."""
    return await _take("proposal_no", "SELECT COALESCE(MAX(proposal_no), 0) + 1 FROM matter")


async def matter(year: int) -> int:
    """The next matter number of the year; held by the caller's transaction, given back when it rolls back."""
    return await _take(f"matter_no:{year:d}", f"SELECT COALESCE(MAX(number), 0) + 1 FROM matter WHERE year = {year:d}")  # noqa: S608


async def _take(key: str, start: str) -> int:
    """The row is the lock: whoever comes second waits until the first has committed or rolled back."""
    return int((await database.rows(_TAKE.format(start=start), [key]))[0]["value"])
