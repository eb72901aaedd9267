"""Rate limits: per person and channel (GCRA), and the app-wide budgets per window."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models import database
from models.fields import UtcDatetimeField, utc
from models.people import Person

# Half of each limit may leave at once, the other half comes back evenly over its window: so no window of a
# minute sees more than 30 and none of an hour more than 1,000, wherever it begins (WeCom drops the rest silently).
_MINUTE = timedelta(seconds=60) / 15
_HOUR = timedelta(hours=1) / 500
_MINUTE_BURST = _MINUTE * 14
_HOUR_BURST = _HOUR * 499


class Recipient(Model):
    """A person on a channel: GCRA's theoretical arrival times (wall) for 30 a minute and 1,000 an hour."""

    id = fields.IntField(primary_key=True)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="recipients", on_delete=fields.RESTRICT, db_index=True
    )
    channel = fields.CharField(max_length=10)
    minute_tat = UtcDatetimeField(null=True)
    hour_tat = UtcDatetimeField(null=True)

    person_id: int

    class Meta:
        table = "recipient"
        unique_together = (("person", "channel"),)

    @classmethod
    async def take(cls, person_ids: Iterable[int], channel: str, now_wall: datetime) -> dict[int, float]:
        """Take one message for each person: 0.0 = taken, else the seconds to wait, and nothing taken.

        All are taken in one statement; only those refused are then read, to tell how long.
        """
        wanted = sorted(set(person_ids))
        now = utc(now_wall)
        after = [now + _MINUTE, now + _HOUR, now, now + _MINUTE_BURST, now + _HOUR_BURST]
        if database.dialect() == "postgres":
            found = await _take_postgres(channel, wanted, after)
        else:
            found = await _take_sqlite(channel, wanted, after)
        taken = {row["person_id"] for row in found}
        refused = [each for each in wanted if each not in taken]
        waits = await cls._waits(refused, channel, now) if refused else {}
        return {each: waits.get(each, 0.0) for each in wanted}

    @classmethod
    async def _waits(cls, person_ids: list[int], channel: str, now: datetime) -> dict[int, float]:
        found = await cls.filter(person_id__in=person_ids, channel=channel)
        return {each.person_id: max(each._wait(now), 0.001) for each in found}

    def _wait(self, now: datetime) -> float:
        minute = (self.minute_tat or now) - _MINUTE_BURST
        hour = (self.hour_tat or now) - _HOUR_BURST
        return (max(minute, hour) - now).total_seconds()


class Quota(Model):
    """What a channel has used of its budget in one window, e.g. "2026-11-24"."""

    id = fields.IntField(primary_key=True)
    channel = fields.CharField(max_length=10)
    window = fields.CharField(max_length=20)
    used = fields.IntField(default=0)

    class Meta:
        table = "quota"
        unique_together = (("channel", "window"),)

    @classmethod
    async def take(cls, channel: str, window: str, n: int, cap: int) -> int:
        """Take `n` of the window's budget `cap`: what is used now; 0, and nothing taken, when they would not fit."""
        if n > cap:
            return 0
        text = (
            'INSERT INTO quota (channel, "window", used) VALUES (?, ?, ?) '
            'ON CONFLICT (channel, "window") DO UPDATE SET used = quota.used + excluded.used '
            "WHERE quota.used + excluded.used <= ? RETURNING used"
        )
        found = await database.rows(text, [channel, window, n, cap])
        return int(found[0]["used"]) if found else 0


async def _take_sqlite(channel: str, wanted: list[int], instants: list[datetime]) -> list[dict[str, Any]]:
    # strftime writes milliseconds, and text is compared: every instant here has exactly three digits of them
    minute, hour, now, *limits = (each.isoformat(" ", "milliseconds") for each in instants)
    params = [channel, minute, hour, json.dumps(wanted), now, now, now, now, *limits]
    return await database.rows(_TAKE_SQLITE, params)


async def _take_postgres(channel: str, wanted: list[int], instants: list[datetime]) -> list[dict[str, Any]]:
    minute, hour, now, *limits = instants
    return await database.rows(_TAKE_POSTGRES, [channel, minute, hour, wanted, now, now, *limits])


def _later(column: str, step: timedelta) -> str:
    moved = f"max(coalesce({column}, ?), ?)"
    return f"{column} = strftime('%Y-%m-%d %H:%M:%f', {moved}, '+{step.total_seconds()} seconds') || '+00:00'"


_WITHIN = """WHERE (recipient.minute_tat IS NULL OR recipient.minute_tat <= ?)
  AND (recipient.hour_tat IS NULL OR recipient.hour_tat <= ?)
RETURNING person_id"""

_TAKE_SQLITE = f"""INSERT INTO recipient (channel, minute_tat, hour_tat, person_id)
SELECT ?, ?, ?, value FROM json_each(?) WHERE true
ON CONFLICT (person_id, channel) DO UPDATE SET {_later("minute_tat", _MINUTE)}, {_later("hour_tat", _HOUR)}
{_WITHIN}"""  # noqa: S608

_TAKE_POSTGRES = f"""INSERT INTO recipient (channel, minute_tat, hour_tat, person_id)
SELECT CAST(? AS varchar), CAST(? AS timestamptz), CAST(? AS timestamptz), wanted
FROM unnest(CAST(? AS int[])) AS wanted ORDER BY wanted
ON CONFLICT (person_id, channel) DO UPDATE SET
  minute_tat = greatest(recipient.minute_tat, ?) + interval '{_MINUTE.total_seconds()} seconds',
  hour_tat = greatest(recipient.hour_tat, ?) + interval '{_HOUR.total_seconds()} seconds'
{_WITHIN}"""  # noqa: S608
