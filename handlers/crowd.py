"""How many messages a person may send: what is over is refused in words once, then in silence, and never half done.

A flood costs the others nothing: it is told apart before the database is asked. Counted in this process, by sender.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import structlog

from bot.router import Message

MINUTE = 60.0
MOST = 120
KEPT = 4
"""Times `most` keys whose verdict is remembered: the platform calls again within a quarter of a minute."""
FREE = frozenset({"contact"})
"""Kinds that no person sends."""
_log = structlog.get_logger(__name__)


class Verdict(Enum):
    """What becomes of a message: it is served, refused in words, or refused without any."""

    SERVE = "serve"
    SAY = "say"
    SILENT = "silent"


@dataclass(slots=True)
class _Sender:
    """The latest messages, served or not: when (seconds, business instant), and what became of each key."""

    times: deque[tuple[float, datetime]]
    keys: OrderedDict[str, Verdict] = field(default_factory=OrderedDict)
    told: bool = False


class Crowd:
    """`most` messages a minute are served to one person; whoever sends more is served again once he is below that,
    after a minute of rest at the latest.

    A minute has passed when it has on either clock: a sandbox that steps its time steps its limits too.
    """

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._senders: OrderedDict[tuple[str, str], _Sender] = OrderedDict()

    def judge(self, message: Message, seconds: float) -> Verdict:
        """What becomes of the message, at `seconds` of the monotonic clock. The same key again: what became of it."""
        if message.kind in FREE:
            return Verdict.SERVE
        sender = self._sender((message.channel, message.user.lower()), seconds)
        known = sender.keys.get(message.key)
        if known:
            return known
        busy = len(sender.times) == self.most and _within(sender.times[0], seconds, message.received)
        sender.times.append((seconds, message.received))
        verdict = Verdict.SERVE if not busy else Verdict.SILENT if sender.told else Verdict.SAY
        sender.told = busy
        sender.keys[message.key] = verdict
        if len(sender.keys) > KEPT * self.most:
            sender.keys.popitem(last=False)
        if verdict is Verdict.SAY:
            _log.warning("too_many_messages", channel=message.channel, most=self.most)
        return verdict

    def _sender(self, who: tuple[str, str], seconds: float) -> _Sender:
        """The sender, the most recent now; who has been quiet for a minute is forgotten."""
        while self._senders:
            first = next(iter(self._senders.values()))
            if first.times and seconds - first.times[-1][0] <= MINUTE:
                break
            self._senders.popitem(last=False)
        found = self._senders.setdefault(who, _Sender(deque(maxlen=self.most)))
        self._senders.move_to_end(who)
        return found


def _within(earlier: tuple[float, datetime], seconds: float, at: datetime) -> bool:
    return seconds - earlier[0] < MINUTE and abs(at - earlier[1]) < timedelta(seconds=MINUTE)
