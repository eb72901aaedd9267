"""The heartbeat: proof that this process was alive; its gaps are our own outages (A49, data.md)."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from bot.engine import grace
from models import database
from models.system import Heartbeat, Outage

EVERY = 60.0
"""Seconds between two beats (wall)."""
GAP = timedelta(seconds=3 * EVERY)
"""Silence of all workers, wall time, that counts as an outage."""


def worker() -> str:
    """The name of this process among all that share the database."""
    return f"{socket.gethostname()}:{os.getpid()}"[-64:]


async def beat(now: datetime, wall: datetime) -> None:
    """Write this worker's beat; when nobody had beaten for `GAP` of wall time, first record the outage.

    A beat that lies ahead is from before the clock was set back: of another worker it proves nothing, our own says
    that we were alive all the time.
    """
    async with database.transaction():
        await _alone()
        last = await Heartbeat.filter(wall__lte=wall + GAP).order_by("-wall").first()
        if last and wall - last.wall > GAP and now > last.at and not await _is_set_back(wall):
            await recorded(last.at, now)
        await database.rows(
            "INSERT INTO heartbeat (worker, at, wall) VALUES (?, ?, ?) "
            "ON CONFLICT (worker) DO UPDATE SET at = excluded.at, wall = excluded.wall RETURNING id",
            [worker(), now, wall],
        )


async def recorded(began: datetime, ended: datetime) -> None:
    """An outage, with what follows from it (A49)."""
    await grace.after(await Outage.create(began_at=began, ended_at=ended), ended)


async def _alone() -> None:
    """Replicas that wake at the same time record an outage once: they queue for the oldest beat's row."""
    await Heartbeat.all().order_by("id").limit(1).select_for_update(no_key=True)


async def _is_set_back(wall: datetime) -> bool:
    return await Heartbeat.filter(worker=worker(), wall__gt=wall + GAP).exists()


async def is_fresh(wall: datetime) -> bool:
    """Whether this worker has beaten lately, for /readyz."""
    mine = await Heartbeat.get_or_none(worker=worker())
    return mine is not None and wall - mine.wall <= GAP
