"""The ledger's anchors: chained every minute, every day walked through, exported to a file and told to the office."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot.actions import setting
from bot.documents import storage
from bot.engine import notify, word
from models import audit, database
from models.anchor import Anchor
from models.system import Meta

EVERY = 60.0
"""Seconds (wall) between two anchors: a line cut off sooner than that leaves no witness."""
KEY = "anchor"
_TAKE = (
    "INSERT INTO meta (key, value) VALUES ('anchor', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value "
    "WHERE substr(meta.value, 1, 10) <> substr(excluded.value, 1, 10) RETURNING key"
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Export:
    """The day's anchor file: day (ISO) and the newest anchor's number and hash."""

    day: str
    n: int
    hash: str

    @property
    def name(self) -> str:
        return f"{self.day}.json"


def folder(storage_path: Path) -> Path:
    """Where the daily files lie: beside the storage."""
    return storage_path.parent / "anchors"


async def keep(now: datetime, files: Path) -> None:
    """Anchor what grew; with the first anchor of a day its file. `now` is business time, `files` the storage's folder.

    The day is taken by whoever moves the row of `meta` on; the file is a function of the anchors, so that any process
    may write it, also after one that died in between.
    """
    key = setting.current().ledger_key
    while await Anchor.write(now, key):
        pass
    export = await _due(now)
    if export is None:
        return
    place = folder(files) / export.name
    if place.exists():
        return
    try:
        text = await audit.export(key, export.n)
        await asyncio.to_thread(storage.put, place, text.encode())
    except (OSError, RuntimeError) as error:  # matters go on without it; tried again with the next anchor
        _log.error("anchor_not_exported", file=str(place), reason=str(error))


async def latest() -> Export | None:
    """The newest export; None before the first."""
    found = await Meta.get_or_none(key=KEY)
    if found is None:
        return None
    day, n, digest = found.value.split()
    return Export(day, int(n), digest)


async def _due(now: datetime) -> Export | None:
    """The export of this day: the one that was taken, or a new one if anything was anchored since the last."""
    day, last = notify.today(now).isoformat(), await latest()
    if last and last.day == day:
        return last
    newest = await Anchor.all().order_by("-n").first()
    if newest is None or (last and last.n == newest.n):
        return None
    export = Export(day, newest.n, newest.hash)
    if await database.rows(_TAKE, [f"{export.day} {export.n} {export.hash}"]):
        await _look(now, export)
    return await latest()


async def _look(now: datetime, export: Export) -> None:
    """The whole record, once a day; the office learns of a broken link at once."""
    found = await audit.Audit(setting.current().ledger_key).first()
    if found is not None:
        _log.error("ledger_broken", **asdict(found))
        await word.office(f"broken:{export.day}", "ledger_broken", now, **asdict(found))
