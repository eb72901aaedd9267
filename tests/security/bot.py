"""A bot in a thread of its own, for a state machine that is not asynchronous; its database emptied between runs."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.demo import stage as stages
from bot.demo.stage import Stage
from handlers import reception
from handlers.crowd import Crowd
from models import database
from tests.http.wire import Line, tables
from tests.security.matrix import Sender
from tests.stories.theatre import START

T = TypeVar("T")
KEPT = frozenset({"person", "unit", "seat", "meta", "heartbeat"})
"""Tables that a run does not empty."""
OWN = frozenset({"inbound", "delivery", "attempt", "meta", "heartbeat", "recipient", "quota", "outage", "anchor"})
"""Tables of the machinery: what a message leaves there is no effect on a matter."""


class Bot:
    """Sandbox and bot on `url`; `call` runs a coroutine beside them."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.line = Line(self.call(self._raise()))

    @property
    def stage(self) -> Stage:
        return self.line.stage

    async def _raise(self) -> Stage:
        self._raised = stages.raised(self.folder, START, stepped=True, database=self.url)
        return await self._raised.__aenter__()

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    def close(self) -> None:
        self.call(self._raised.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def empty(self) -> None:
        """No matter and no message any more; everybody is active again."""
        reception.crowd = Crowd(1_000_000)
        names = [each._meta.db_table for each in tables() if each._meta.db_table not in KEPT]
        if database.dialect() == "postgres":
            await database.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
        else:
            async with database.transaction():
                await database.execute("PRAGMA defer_foreign_keys = ON")
                for name in names:
                    await database.execute(f"DELETE FROM {name}")
                await database.execute("DELETE FROM sqlite_sequence")
        await database.execute("DELETE FROM meta WHERE key LIKE '%_no%' OR key LIKE 'digest%' OR key LIKE 'word:%'")
        await database.execute("UPDATE person SET active = ?", [True])

    async def senders(self) -> dict[str, Sender]:
        """Active people by login."""
        found = await database.rows(
            "SELECT p.id, p.wecom_id, s.role, s.unit_id FROM person p LEFT JOIN seat s ON s.person_id = p.id "
            "WHERE p.active AND (s.since IS NULL OR s.since <= ?) AND (s.until IS NULL OR s.until >= ?)",
            [self.today, self.today],
        )
        people: dict[str, list[dict[str, Any]]] = {}
        for row in found:
            people.setdefault(row["wecom_id"], []).append(row)
        return {
            login: Sender(rows[0]["id"], frozenset((row["role"], row["unit_id"]) for row in rows))
            for login, rows in people.items()
        }

    @property
    def today(self) -> Any:
        from bot import clock
        from bot.rules import calendar

        return calendar.local(clock.now()).date()


Snapshot = dict[tuple[str, int], tuple[str, int | None]]


async def snapshot() -> Snapshot:
    """A digest of every row that an effect could show in, with the matter that it belongs to."""
    found: Snapshot = {}
    for model in tables():
        table = model._meta.db_table
        if table in OWN:
            continue
        for row in await database.rows(f"SELECT * FROM {table}"):
            matter = row["id"] if table == "matter" else row.get("matter_id")
            found[table, row["id"]] = (hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest(), matter)
    return found
