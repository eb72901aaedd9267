"""All the state of a sandbox, in memory: what an application of it keeps under one key."""

from __future__ import annotations

import uuid
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


@dataclass(slots=True)
class Said:
    """What a person did: `what` as the control API says it, `after` the inbox id it followed, `call` the number of
    the callback that carried it (0 = none yet), `error` why the bot did not take it."""

    id: int
    person: str
    virtual: datetime
    what: Mapping[str, Any]
    after: int
    call: int = 0
    error: str = ""

    def shown(self) -> dict[str, Any]:
        """As the news tell it."""
        return {"id": self.id, "person": self.person, "virtual": self.virtual.isoformat(), **self.what}


Item = Entry | Said
"""What a chat shows."""


class Platform:
    """The corporation, its one app, its people and their phones."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.events = Events()
        self.clock = Clock(settings.start, settings.speed, settings.paused, settings.wall)
        self.people = People()
        self.callback = ""
        self.boot = uuid.uuid4().hex
        self.numbers = count(7_000_000_000_000_000_001)
        self.wire = Wire()
        self.forget()
        self.clock.watch(lambda _: self.events.publish("clock", self.clock.shown()))

    def forget(self) -> None:
        """Empty everything but people, callback address and clock; MsgIds go on, for the bot remembers them."""
        self.inbox = Inbox()
        self.said: list[Said] = []
        self.calls = Wire(2_000)
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

    def hear(self, person: str, what: Mapping[str, Any]) -> Said:
        """Note what a person does, before the bot hears of it, and tell the news."""
        said = Said(len(self.said) + 1, person, self.clock.now(), what, len(self.inbox))
        self.said.append(said)
        self.events.publish("said", said.shown())
        return said

    def heard(self, number: int) -> Said | None:
        """What was said under this number."""
        return self.said[number - 1] if 0 < number <= len(self.said) else None

    def redraw(self, entry: Entry, card: Mapping[str, Any]) -> None:
        """Let a card look different to one person."""
        entry.card, entry.state = dict(card), "updated"
        self.events.publish("inbox", entry.shown())


PLATFORM = web.AppKey("platform", Platform)
