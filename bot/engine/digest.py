"""The digest: 08:30 or the house's hour, on working days, one message a person, nothing when there is nothing (A61).

A row of `meta` names the last day that had one; who moves it on plans it. So neither a restart nor a second replica
sends it twice, and a start later in the morning still sends it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot import render
from bot.actions import morning, setting
from bot.engine import alarm
from bot.rules import calendar
from models import database, roster
from models.delivery import Delivery
from models.system import Meta

KIND = "digest"
LATEST = timedelta(hours=9.5)
"""A digest missed by more is left out: the next day's says the same."""
_TAKE = (
    "INSERT INTO meta (key, value) VALUES ('digest', ?) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.value <> excluded.value RETURNING key"
)
_KEEP = (
    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING key"
)


async def plan(now: datetime) -> int:
    """Queue today's digest when it is time (business) and nobody has yet; how many people get one."""
    day = calendar.local(now).date()
    at = calendar.instant(day) + setting.current().rules.digest_time
    if not at <= now < at + LATEST or not setting.current().days.is_workday(day):
        return 0
    last = await _last()
    if last == day:
        return 0
    async with database.transaction():
        if not await database.rows(_TAKE, [day.isoformat()]):
            return 0
        before = (
            last if last and last < day else day - calendar.DAY
        )  # a day ahead is from before the clock was set back
        told = await morning.sections(now, before)
        names = await roster.names(told)
        here = [each for each in sorted(told) if await roster.person(each, day)]
        for person in here:
            text = render.reply("digest", name=names[person], **told[person], now=now)
            await database.rows(_KEEP, [_key(person), text])
        shared = {"lane": "chat", "kind": KIND, "bundle": f"digest:{day}", "due_at": now, "created_at": now}
        # one of another day that never left would say today's words too
        stale = Delivery.filter(kind=KIND, state="pending", payload="").exclude(bundle=shared["bundle"])
        await stale.update(state="cancelled")
        await Delivery.queue([{"person_id": person, **shared} for person in here])
        database.after_commit(alarm.ring)
        return len(here)


def _key(person_id: int) -> str:
    return f"digest:{person_id}"


async def _last() -> date | None:
    found = await database.rows("SELECT value FROM meta WHERE key = 'digest'")
    return date.fromisoformat(found[0]["value"]) if found else None


async def content(delivery: Delivery) -> str:
    """The words of one person's digest, as they were that morning."""
    return (await Meta.get(key=_key(delivery.person_id))).value
