"""One message with what the edge knows about it: what every handler is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot import router
from bot.engine import notify
from models.roster import Seated


@dataclass(frozen=True, slots=True)
class Turn:
    """`by` is the sender with his seats of today; `inbound_id` names the stored message; `picked` the matter
    that was chosen for it by card, `sure` that a command hard to undo was confirmed by card."""

    message: router.Message
    by: Seated
    inbound_id: int
    picked: int | None = None
    sure: bool = False

    @property
    def at(self) -> datetime:
        """The instant of the answer: what on time is judged by."""
        return self.message.at

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def today(self) -> date:
        return notify.today(self.message.at)
