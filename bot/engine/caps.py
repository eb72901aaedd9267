"""How many short messages may leave on a day: to one person, and in all. The office hears before it comes to that.

A text over a cap fails visibly: it stands in /未达 with the reason, like everything that reached nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.engine import notify, word
from models.people import Person
from models.recipient import Quota

WINDOW = "sms"
WARN = 0.8
"""The part of a cap at which the office is told."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Caps:
    """Short messages a day (Asia/Shanghai), whatever the gateway."""

    per_person: int = 100
    per_day: int = 5000


async def take(person: Person, caps: Caps, now: datetime) -> str:
    """Count one more text to a person at `now` (business): "" when it may leave, else which cap it would break."""
    day = notify.today(now).isoformat()
    own = await Quota.take(WINDOW, f"{day}:{person.id}", 1, caps.per_person)
    if not own:
        return _over("per_person_day", caps.per_person)
    used = await Quota.take(WINDOW, day, 1, caps.per_day)
    if not used:
        return _over("per_day", caps.per_day)
    if own >= WARN * caps.per_person:
        await _warn(f"sms:{day}:{person.id}", now, person=person.name, used=own, cap=caps.per_person)
    if used >= WARN * caps.per_day:
        await _warn(f"sms:{day}", now, person="", used=used, cap=caps.per_day)
    return ""


def _over(key: str, cap: int) -> str:
    _log.warning("sms_over_cap", key=key, cap=cap)
    return f"over sms.{key} = {cap}"


async def _warn(key: str, now: datetime, *, person: str, used: int, cap: int) -> None:
    """Once a day."""
    if await word.office(key, "sms_cap", now, person=person, used=used, cap=cap):
        _log.warning("sms_near_cap", used=used, cap=cap)
