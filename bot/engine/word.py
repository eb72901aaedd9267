"""A word to people that is about no matter: kept once under its key, one message a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot import render
from bot.engine import alarm, notify
from models import database, roster
from models.delivery import Delivery
from models.system import Meta

KIND = "word"
OFFICE = ("office", "office_director")
LONGEST = 24
"""Characters of a key: it stands in `meta` and in the delivery's bundle."""


async def tell(key: str, code: str, people: Iterable[int], now: datetime, **facts: object) -> bool:
    """Queue the reply template `code` for these people; False, and nothing is queued, when `key` was told before.

    `now` is business time.
    """
    if len(key) > LONGEST:
        raise ValueError(f"{key}: at most {LONGEST} characters")
    text = render.reply(code, **facts, now=now)
    statement = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING RETURNING key"
    async with database.transaction():
        if not await database.rows(statement, [_key(key), text]):
            return False
        shared = {"lane": "chat", "kind": KIND, "bundle": _key(key), "due_at": now, "created_at": now}
        await Delivery.queue([{"person_id": each, **shared} for each in dict.fromkeys(people)])
        database.after_commit(alarm.ring)
        return True


async def office(key: str, code: str, now: datetime, **facts: object) -> bool:
    """`tell` the office and its director of today."""
    return await tell(key, code, await roster.holding(OFFICE, notify.today(now)), now, **facts)


async def content(delivery: Delivery) -> str:
    """The words of one delivery."""
    return (await Meta.get(key=delivery.bundle)).value


def _key(key: str) -> str:
    return f"word:{key}"
