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
# No arrival lies further ahead than its window, unless the clock was set back since: then it is void.
_MINUTE_AHEAD = timedelta(seconds=61)
_HOUR_AHEAD = timedelta(hours=1, seconds=1)


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
        found = await (_take_postgres if database.dialect() == "postgres" else _take_sqlite)(channel, wanted, now)
        taken = {row["person_id"] for row in found}
        refused = [each for each in wanted if each not in taken]
        waits = await cls._waits(refused, channel, now) if refused else {}
        return {each: waits.get(each, 0.0) for each in wanted}

    @classmethod
    async def _waits(cls, person_ids: list[int], channel: str, now: datetime) -> dict[int, float]:
        found = await cls.filter(person_id__in=person_ids, channel=channel)
        return {each.person_id: max(each._wait(now), 0.001) for each in found}

    def _wait(self, now: datetime) -> float:
        minute = _held(self.minute_tat, now, _MINUTE_AHEAD) - _MINUTE_BURST
        hour = _held(self.hour_tat, now, _HOUR_AHEAD) - _HOUR_BURST
        return (max(minute, hour) - now).total_seconds()


def _held(tat: datetime | None, now: datetime, ahead: timedelta) -> datetime:
    return now if tat is None or tat > now + ahead else tat


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


async def _take_sqlite(channel: str, wanted: list[int], now: datetime) -> list[dict[str, Any]]:
    # strftime writes milliseconds, and text is compared: every instant here has exactly three digits of them
    first, rest = ([each.isoformat(" ", "milliseconds") for each in part] for part in _instants(now))
    return await database.rows(_TAKE_SQLITE, [channel, *first, json.dumps(wanted), *rest])


async def _take_postgres(channel: str, wanted: list[int], now: datetime) -> list[dict[str, Any]]:
    first, rest = _instants(now)
    return await database.rows(_TAKE_POSTGRES, [channel, *first, wanted, *rest])


def _instants(now: datetime) -> tuple[list[datetime], list[datetime]]:
    """The parameters of the statements below, in their order: of the first message, of the following ones."""
    minute, hour = now + _MINUTE_AHEAD, now + _HOUR_AHEAD
    limits = [minute, now, now + _MINUTE_BURST, hour, now, now + _HOUR_BURST]
    return [now + _MINUTE, now + _HOUR], [minute, now, now, hour, now, now, *limits]


def _arrival(column: str) -> str:
    """The stored one; void ones, and none, are `now`."""
    return f"CASE WHEN {column} IS NULL OR {column} > ? THEN ? ELSE {column} END"


def _later(column: str, step: timedelta) -> str:
    moved = f"max({_arrival('recipient.' + column)}, ?)"
    return f"{column} = strftime('%Y-%m-%d %H:%M:%f', {moved}, '+{step.total_seconds()} seconds') || '+00:00'"


def _later_postgres(column: str, step: timedelta) -> str:
    return f"{column} = greatest({_arrival('recipient.' + column)}, ?) + interval '{step.total_seconds()} seconds'"


_WITHIN = f"""WHERE {_arrival("recipient.minute_tat")} <= ? AND {_arrival("recipient.hour_tat")} <= ?
RETURNING person_id"""

_TAKE_SQLITE = f"""INSERT INTO recipient (channel, minute_tat, hour_tat, person_id)
SELECT ?, ?, ?, value FROM json_each(?) WHERE true
ON CONFLICT (person_id, channel) DO UPDATE SET {_later("minute_tat", _MINUTE)}, {_later("hour_tat", _HOUR)}
{_WITHIN}"""  # noqa: S608

_TAKE_POSTGRES = f"""INSERT INTO recipient (channel, minute_tat, hour_tat, person_id)
SELECT CAST(? AS varchar), CAST(? AS timestamptz), CAST(? AS timestamptz), wanted
FROM unnest(CAST(? AS int[])) AS wanted ORDER BY wanted
ON CONFLICT (person_id, channel) DO UPDATE SET
  {_later_postgres("minute_tat", _MINUTE)}, {_later_postgres("hour_tat", _HOUR)}
{_WITHIN}"""  # noqa: S608
