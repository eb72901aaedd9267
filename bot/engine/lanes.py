"""The lanes deliveries leave by: chat first, SMS behind it (A44). Set once at start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.channels import Channel
from bot.engine import timekeeper
from bot.engine.caps import Caps
from models.delivery import Delivery
from models.people import Person

DEDUPLICATED = timedelta(hours=4) - timedelta(minutes=2)
"""How long after the first try a body is sent again. A channel that de-duplicates recognises it for four hours after
it took it (wecom.md §2); the two minutes are for requests on their way and clocks that differ."""

STEP = timedelta(minutes=1)
"""A first try that lies further ahead is from before the clock was set back: how long ago it was, nobody can say."""

CHANGEABLE = timedelta(hours=72)
"""How long after it was sent a card can still be turned into its result (wecom.md §3)."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """`wecom` and `sms` may be missing; `sms_after` counts from the first attempt; `sign` heads each SMS (A73).

    `caps` bound the SMS of a day; `wall` is the clock of leases and retries.
    """

    wecom: Channel | None = None
    sms: Channel | None = None
    sms_mode: str = "fallback"
    sms_after: timedelta = timedelta(minutes=10)
    sign: str = "督办"
    wall: Callable[[], datetime] = timekeeper.wall
    caps: Caps = field(default_factory=Caps)

    def of(self, delivery: Delivery, person: Person) -> tuple[Channel | None, str]:
        """The channel of a delivery and the person's address on it; (None, "") when there is no way to him."""
        if delivery.lane == "sms":
            return (self.sms, person.phone) if self.sms and person.phone else (None, "")
        return (self.wecom, person.wecom_id) if self.wecom and person.wecom_id else (None, "")

    @property
    def has_sms(self) -> bool:
        """Whether a failed card may fall back to SMS."""
        return self.sms is not None and self.sms_mode != "off"


def age(mine: Sequence[Delivery], wall: datetime) -> timedelta:
    """How long ago (wall) these deliveries were first tried."""
    return wall - min(each.first_attempt_at or wall for each in mine)


def is_forgotten(age: timedelta) -> bool:
    """Whether the channel may have forgotten a try of that age, and would not recognise another one."""
    return not -STEP <= age <= DEDUPLICATED
