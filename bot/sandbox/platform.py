"""All the state of a sandbox, in memory: what an application of it keeps under one key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from aiohttp import web

from bot.channels.wecom import limits
from bot.sandbox.clock import Clock
from bot.sandbox.codes import Codes, Tokens
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.inbox import Entry, Inbox
from bot.sandbox.people import People
from bot.sandbox.rates import Duplicates, Rates
from bot.sandbox.settings import Settings
from bot.sandbox.wire import Wire


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded file."""

    kind: str
    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was accepted: who it went to and when (the instant of its windows)."""

    people: tuple[str, ...]
    at: datetime


class Platform:
    """The corporation, its one app, its people and their phones."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.events = Events()
        self.clock = Clock(settings.start, settings.speed, settings.paused, settings.wall)
        self.people = People()
        self.callback = ""
        self.numbers = count(7_000_000_000_000_000_001)
        self.wire = Wire()
        self.forget()
        self.clock.watch(lambda _: self.events.publish("clock", self.clock.shown()))

    def forget(self) -> None:
        """Empty everything but people, callback address and clock; MsgIds go on, for the bot remembers them."""
        self.inbox = Inbox()
        self.faults = Faults()
        self.tokens = Tokens(f"token {next(self.numbers)}")
        self.rates = Rates(self.settings.accounts)
        self.duplicates = Duplicates()
        self.task_ids: set[str] = set()
        self.sent: dict[str, Sent] = {}
        self.response_codes: Codes[str] = Codes(
            f"response {next(self.numbers)}", timedelta(seconds=limits.RESPONSE_CODE_SECONDS)
        )
        self.sign_ins: Codes[str] = Codes(f"sign-in {next(self.numbers)}", timedelta(minutes=5))
        self.media: Codes[Media] = Codes(f"media {next(self.numbers)}", timedelta(days=3))
        self.wire.clear()

    def at(self) -> datetime:
        """The instant of the windows: business or wall time, as `rate_clock` says."""
        return self.clock.now() if self.settings.rate_clock == "business" else self.settings.wall()

    def show(
        self, person: str, platform: str, kind: str, payload: Mapping[str, Any], *, msgid: str = "", via: str
    ) -> Entry:
        """Put a message on a person's screen and tell the news."""
        entry = self.inbox.add(
            person, platform, kind, payload, self.clock.now(), self.settings.wall(), msgid=msgid, via=via
        )
        self.events.publish("inbox", entry.shown())
        return entry

    def redraw(self, entry: Entry, card: Mapping[str, Any]) -> None:
        """Let a card look different to one person."""
        entry.card, entry.state = dict(card), "updated"
        self.events.publish("inbox", entry.shown())


PLATFORM = web.AppKey("platform", Platform)
