"""Once a day what is past its time is written to the archive, a month a file, and only then removed, in small batches.

A batch that was written and not yet removed when the process died stands in the archive twice: `id` tells.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.engine import notify
from bot.rules import calendar
from models import database, retention
from models.retention import Row

EVERY = 600.0
"""Seconds (wall) between two questions whether the day's turn has come."""
HOUR = 2
"""From 02:00 on (Asia/Shanghai), or whenever the bot runs later that day."""
BATCH = 100
"""Rows a transaction (data.md)."""
FORGOTTEN = timedelta(days=60)
"""How long beats and used quotas are kept."""
KEY = "retention"
_TAKE = (
    "INSERT INTO meta (key, value) VALUES (?, ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.value <> excluded.value RETURNING key"
)
_log = structlog.get_logger(__name__)

Take = Callable[[datetime, int, int], Awaitable[list[Row]]]
Drop = Callable[[Sequence[Row]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The archive's folder, and how long messages (with replies and digests) and the bodies of a closed matter's
    notices stay in the database; None: for ever."""

    folder: Path
    messages: timedelta | None
    closed: timedelta | None


async def tidy(now: datetime, wall: datetime, keeping: Keeping) -> int:
    """Archive what is past its time at `now` (business), once a day whoever takes it first; how many rows.

    Raises OSError when the archive can't be written: nothing is removed then, and the next day has it all.
    """
    if calendar.local(now).hour < HOUR:
        return 0
    if not await database.rows(_TAKE, [KEY, notify.today(now).isoformat()]):
        return 0
    await retention.sweep(wall - FORGOTTEN)
    folder, kept = keeping.folder, retention
    moved = 0
    if keeping.messages is not None:
        before = now - keeping.messages
        moved += await _move(kept.messages, kept.drop_messages, before, folder, "inbound", "received_at")
        moved += await _move(kept.loose, kept.drop_loose, before, folder, "replies", "created_at")
    if keeping.closed is not None:
        before = now - keeping.closed
        moved += await _move(kept.closed, kept.strip, before, folder, "deliveries", "created_at")
    if moved:
        _log.info("archived", rows=moved, folder=str(folder))
    return moved


async def _move(take: Take, drop: Drop, before: datetime, folder: Path, name: str, by: str) -> int:
    """Batch by batch until nothing is left; others write in between."""
    moved, last = 0, 0
    while rows := await take(before, last, BATCH):
        await asyncio.to_thread(_append, folder, name, by, rows)
        await drop(rows)
        moved, last = moved + len(rows), rows[-1]["id"]
    return moved


def _append(folder: Path, name: str, by: str, rows: Sequence[Row]) -> None:
    """One line a row, to the file of its month, on the disk before this returns."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    months: dict[str, list[str]] = {}
    for row in rows:
        month = calendar.local(datetime.fromisoformat(row[by])).strftime("%Y-%m")
        months.setdefault(month, []).append(json.dumps(row, ensure_ascii=False) + "\n")
    for month, lines in months.items():
        handle = os.open(folder / f"{name}-{month}.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
