"""The limits that count: per member and minute or hour, per app and day, and the check for duplicates."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.wecom import limits

_SHANGHAI = ZoneInfo("Asia/Shanghai")


class Rates:
    """Sliding windows per member, and the app's use of its day (document 90454)."""

    def __init__(self, accounts: int) -> None:
        self._quota = accounts * limits.APP_PER_ACCOUNT_DAY
        self._used: Counter[date] = Counter()
        self._sent: dict[str, deque[datetime]] = {}

    def spend(self, count: int, at: datetime) -> bool:
        """Take `count` person-sends out of the day of `at` (Asia/Shanghai); False when they are not left."""
        day = at.astimezone(_SHANGHAI).date()
        if self._used[day] + count > self._quota:
            return False
        self._used[day] += count
        return True

    def let_through(self, person: str, at: datetime) -> bool:
        """False when this member had 30 messages in the last minute or 1,000 in the last hour: silently dropped."""
        sent = self._sent.setdefault(person, deque())
        while sent and at - sent[0] >= timedelta(hours=1):
            sent.popleft()
        most = limits.MEMBER_PER_MINUTE
        minute = sum(1 for one in list(sent)[-most:] if at - one < timedelta(minutes=1))
        if minute >= most or len(sent) >= limits.MEMBER_PER_HOUR:
            return False
        sent.append(at)
        return True


class Duplicates:
    """Bodies that asked for the duplicate check, by their bytes."""

    def __init__(self) -> None:
        self._seen: dict[bytes, tuple[datetime, str]] = {}

    def find(self, raw: bytes, interval: int, at: datetime) -> str | None:
        """The msgid of the same body, if it was sent less than `interval` seconds ago."""
        seen = self._seen.get(hashlib.sha256(raw).digest())
        return seen[1] if seen and at - seen[0] < timedelta(seconds=interval) else None

    def note(self, raw: bytes, msgid: str, at: datetime) -> None:
        """Remember a body that was accepted."""
        self._seen[hashlib.sha256(raw).digest()] = (at, msgid)
