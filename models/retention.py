"""What may go after its time, a batch at a look: messages that came in, replies and digests, the bodies of notices.

What proves a notice stays for good: the notice, its deliveries with states and instants, the ledger. A closed matter's
deliveries lose only their bodies and the lines of their tries. What gives rows gives those with ids above `after`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models import database
from models.delivery import Attempt, Delivery
from models.document import Document
from models.fields import utc
from models.inbound import Inbound
from models.system import Heartbeat

Row = dict[str, Any]
_OVER = "d.state NOT IN ('pending', 'sending')"
_LOOSE = f"""
SELECT d.* FROM delivery d WHERE d.id > ? AND d.notice_id IS NULL AND d.created_at < ? AND {_OVER}
ORDER BY d.id LIMIT ?"""  # noqa: S608
_CLOSED = f"""
SELECT d.* FROM delivery d JOIN notice n ON n.id = d.notice_id JOIN matter m ON m.id = n.matter_id
WHERE d.id > ? AND m.closed_at < ? AND d.payload <> '' AND {_OVER} ORDER BY d.id LIMIT ?"""  # noqa: S608


async def messages(before: datetime, after: int, limit: int) -> list[Row]:
    """The next messages received before that instant (business): they came in by id."""
    found = await database.rows("SELECT * FROM inbound WHERE id > ? ORDER BY id LIMIT ?", [after, limit])
    return [_plain(row) for row in found if utc(row["received_at"]) < before]


async def drop_messages(rows: Sequence[Row]) -> None:
    """Remove them; a picture that came with one is the matter's and stays."""
    ids = [row["id"] for row in rows]
    async with database.transaction():
        await Document.filter(inbound_id__in=ids).update(inbound_id=None)
        await Inbound.filter(id__in=ids).delete()


async def loose(before: datetime, after: int, limit: int) -> list[Row]:
    """Replies, digests and words queued before that instant (business), with their tries."""
    return await _with_tries(await database.rows(_LOOSE, [after, before, limit]))


async def drop_loose(rows: Sequence[Row]) -> None:
    """Remove them, tries and all."""
    ids = [row["id"] for row in rows]
    async with database.transaction():
        await Attempt.filter(delivery_id__in=ids).delete()
        await Delivery.filter(id__in=ids).delete()


async def closed(before: datetime, after: int, limit: int) -> list[Row]:
    """Deliveries that still have their body, of matters closed before that instant (business), with their tries."""
    return await _with_tries(await database.rows(_CLOSED, [after, before, limit]))


async def strip(rows: Sequence[Row]) -> None:
    """Take body and tries away; who was told what, how and when stays."""
    ids = [row["id"] for row in rows]
    async with database.transaction():
        await Attempt.filter(delivery_id__in=ids).delete()
        await Delivery.filter(id__in=ids).update(payload="", response_code="")


async def sweep(before: datetime) -> None:
    """Beats of workers and used-up quotas from before that instant (wall): nobody asks for them any more."""
    await Heartbeat.filter(wall__lt=before).delete()
    await database.execute('DELETE FROM quota WHERE "window" < ?', [before.date().isoformat()])


async def _with_tries(found: Sequence[Row]) -> list[Row]:
    tries: dict[int, list[Row]] = {row["id"]: [] for row in found}
    for each in await Attempt.filter(delivery_id__in=list(tries)).order_by("id").values():
        tries[each["delivery_id"]].append(_plain(each))
    return [{**_plain(row), "attempts": tries[row["id"]]} for row in found]


def _plain(row: Row) -> Row:
    """As JSON values: instants in ISO text, UTC."""
    return {name: utc(value).isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
