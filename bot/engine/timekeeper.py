"""The engine's two clocks (data.md §Clocks): the database's on PostgreSQL, so that replicas agree whatever their
machines say; this machine's on SQLite.

What the database told is carried on by the monotonic clock, so a machine whose clock is set anew moves nothing.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from bot import clock
from models import database

FRESH = 1.0
"""Seconds for which a reading serves: planning and sending share it."""

_told: datetime | None = None
_mark = 0.0


async def look() -> None:
    """Read the database's clock, unless that was done just now; done before each look at the due rows."""
    global _told, _mark
    if database.dialect() == "sqlite":
        _told = None
    elif _told is None or clock.monotonic() - _mark > FRESH:
        _told, _mark = await database.clock(), clock.monotonic()


def forget() -> None:
    """Another database is connected."""
    global _told
    _told = None


def wall() -> datetime:
    """The instant that leases, retries and heartbeats are counted by."""
    return clock.wall() if _told is None else _told + timedelta(seconds=clock.monotonic() - _mark)


def now() -> datetime:
    """The business instant that the engine plans and sends by; beside a sandbox the sandbox's."""
    return clock.now() if clock.setting() else wall()


def seconds_until(at: datetime) -> float:
    """Wall seconds until business time shows `at`: 0 when it has, infinite while it stands still."""
    left = (at - now()).total_seconds()
    setting = clock.setting()
    speed = setting.speed if setting else 1.0
    return 0.0 if left <= 0 else left / speed if speed else math.inf
