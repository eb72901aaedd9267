"""Pictures that officers sent in chat: their bytes are fetched from the platform, judged, kept by hash (R40, R42).

They are asked of the platform's own api_base by MediaId; the address that a message carries is never opened.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot import errors
from bot.actions import document, facts
from bot.channels import ChannelError, Unreachable
from bot.channels.wecom.media import Media
from bot.documents import filetype, storage
from bot.engine import notify, timekeeper
from bot.engine.notify import Planned
from bot.rules.status import MATTER
from models import database
from models.document import Document
from models.matter import Matter
from models.obligation import Obligation

LEASE = timedelta(seconds=60)
"""Longer than a download may take (10 s, with a new token 40 s)."""
PAUSES = (15, 60, 300, 900, 3600)
"""Seconds (wall) between tries; the last for ever after, until the platform has dropped the picture (3 days)."""
LONGEST = timedelta(days=3)
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Fetcher:
    """`download` is `WeCom.download`; `files` is the storage's folder, `wall` the clock of leases and retries."""

    download: Callable[[str], Awaitable[Media]]
    files: Path
    wall: Callable[[], datetime] = timekeeper.wall
    busy: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def fetch(self, now: datetime, limit: int = 20) -> int:
        """Fetch what is due, once; how many were tried. `now` (business) is when a loss is told."""
        async with self.busy:
            claimed = await Document.claim(self.wall(), LEASE, limit)
            for row in claimed:
                await self._one(row, now)
            return len(claimed)

    async def _one(self, row: Document, now: datetime) -> None:
        try:
            found = await self.download(row.media_id)
            kind = filetype.judge(found.data, "")
        except Unreachable as error:
            await self._lost(row, now, error.detail)
        except errors.Refused as refusal:
            await self._lost(row, now, refusal.code)
        except ChannelError as error:
            await self._later(row, now, error.detail)
        else:
            if kind not in filetype.PICTURES:
                await self._lost(row, now, kind)
                return
            await self._keep(row, found.data, kind, now)

    async def _keep(self, row: Document, data: bytes, kind: str, now: datetime) -> None:
        try:
            name = await asyncio.to_thread(storage.keep, self.files, data)
        except storage.NoRoom as error:
            _log.error("picture_not_kept", document=row.id, reason=str(error))
            await self._later(row, now, str(error))
        else:
            if await row.settle(state="kept", sha256=name, size=len(data), media_type=kind):
                await document.drop_double(row.id, now)

    async def _later(self, row: Document, now: datetime, why: str) -> None:
        """The platform does not answer now; it keeps the picture for three days."""
        if now - row.at > LONGEST:
            await self._lost(row, now, why)
            return
        pause = PAUSES[min(row.tried, len(PAUSES)) - 1]
        await row.settle(next_try_at=self.wall() + timedelta(seconds=pause))

    async def _lost(self, row: Document, now: datetime, why: str) -> None:
        """It will not come any more; who gave it to a matter is told to send it again."""
        _log.warning("picture_lost", document=row.id, reason=why)
        async with database.transaction():
            if not await row.settle(state="lost"):
                return
            # given to a matter while it was on its way, perhaps
            stored = await Document.get(id=row.id).prefetch_related("matter")
            if stored.matter is not None:
                await _tell(stored.matter, stored, now)


async def _tell(found: Matter, row: Document, now: datetime) -> None:
    root = await Obligation.get(matter_id=found.id, cycle=found.cycle, name=MATTER)
    said = {**await facts.of(found), "sent_at": row.at.isoformat()}
    told = Planned(found.id, root.id, root.episode, "picture_lost", row.id, now, [row.person_id], facts=said)
    await notify.plan([told], now)
