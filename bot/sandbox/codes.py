"""Things that are handed out and used up: access tokens, response codes, sign-in codes, media ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

TOKEN_LIFE = timedelta(seconds=7200)


def maker(seed: str) -> Callable[[], str]:
    """Codes that are unique, look random and are the same in every run."""
    numbers = count(1)
    return lambda: hashlib.sha256(f"{seed} {next(numbers)}".encode()).hexdigest()


class Tokens:
    """The app's access tokens: the same one inside its validity, which is not extended (document 91039)."""

    def __init__(self, seed: str) -> None:
        self._make = maker(seed)
        self._expiry: dict[str, datetime] = {}
        self._current = ""

    def issue(self, at: datetime) -> tuple[str, int]:
        """The token in force at the wall instant `at`, made when there is none, and its life left in seconds."""
        if self._expiry.get(self._current, at) <= at:
            self._current = self._make()
            self._expiry[self._current] = at + TOKEN_LIFE
        return self._current, int((self._expiry[self._current] - at).total_seconds())

    def is_known(self, token: str) -> bool:
        """Was this token ever issued?"""
        return token in self._expiry

    def is_valid(self, token: str, at: datetime) -> bool:
        """Is this token in force at the wall instant `at`?"""
        return self._expiry.get(token, at) > at

    def revoke(self, token: str) -> None:
        """End a token before its time; it stays known, as expired."""
        if token in self._expiry:
            self._expiry[token] = datetime.min.replace(tzinfo=self._expiry[token].tzinfo)


@dataclass(slots=True)
class _Slip(Generic[Thing]):
    thing: Thing
    until: datetime
    used: bool = False


class Codes(Generic[Thing]):
    """Codes that stand for a thing during `life`; `take` uses a code up, `look` doesn't."""

    def __init__(self, seed: str, life: timedelta) -> None:
        self._make = maker(seed)
        self._life = life
        self._slips: dict[str, _Slip[Thing]] = {}

    def issue(self, thing: Thing, at: datetime) -> str:
        """A fresh code for `thing`, good from `at` on."""
        code = self._make()
        self._slips[code] = _Slip(thing, at + self._life)
        return code

    def look(self, code: str, at: datetime) -> Thing:
        """What the code stands for; ValueError says why it stands for nothing any more."""
        slip = self._slips.get(code)
        if slip is None:
            raise ValueError("unknown")
        if slip.used:
            raise ValueError("used")
        if at >= slip.until:
            raise ValueError("expired")
        return slip.thing

    def take(self, code: str, at: datetime) -> Thing:
        """As `look`, and the code is used up."""
        thing = self.look(code, at)
        self._slips[code].used = True
        return thing
