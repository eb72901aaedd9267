"""What every page needs of the installation, and who is looking at it."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from weakref import WeakValueDictionary

from aiohttp import web
from yarl import URL

from bot import clock, sections
from bot.engine import notify
from bot.pages.seal import Seal
from models import roster
from models.roster import Seated

SESSION_SECONDS = 8 * 3600
"""A session ends after a working day (wall time), and at once when its person is suspended or has left."""
UPLOADS = 4
"""Forms with files that are read at once; each holds one file in memory."""
MOST_A_DAY = 200
"""Files of one person on a day that one process keeps: dropped ones stay on the disk, and the disk is everybody's."""


@dataclass(frozen=True, slots=True)
class Site:
    """`base` is what links begin with; `who` turns an OAuth code into a member's id (`WeCom.who`).

    `platform` is where members sign in: the platform's public hosts when "", else a private or loopback installation.
    """

    base: str
    seal: Seal
    who: Callable[[str], Awaitable[str]]
    corp_id: str
    agent_id: int
    files: Path
    platform: str = ""
    wall: Callable[[], datetime] = clock.wall
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS))
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    _kept: Counter[tuple[int, date]] = field(default_factory=Counter)

    def turn(self, person_id: int) -> asyncio.Lock:
        """Held while a form of this person is read."""
        return self._turns.setdefault(person_id, asyncio.Lock())

    def spend(self, person_id: int) -> bool:
        """Count one more file that this person sends today (wall); False when he has sent enough."""
        today = self.wall().date()
        if any(day != today for _, day in self._kept):
            self._kept.clear()
        self._kept[person_id, today] += 1
        return self._kept[person_id, today] <= MOST_A_DAY

    @property
    def origin(self) -> str:
        return str(URL(self.base).origin())

    @property
    def is_secure(self) -> bool:
        """False on loopback without TLS only: elsewhere nobody can sign in without it."""
        place = URL(self.base)
        return place.scheme == "https" or not sections.is_loopback(place.host or "")

    def cookie(self, name: str) -> str:
        """The cookie's full name; `__Host-` binds it to this host and to TLS."""
        return f"__Host-duban-{name}" if self.is_secure else f"duban-{name}"

    def set_cookie(self, response: web.StreamResponse, name: str, value: str, seconds: int) -> None:
        """A cookie that no script reads and no other site's request carries along, links from chat excepted."""
        response.set_cookie(
            self.cookie(name),
            value,
            max_age=seconds,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self.is_secure,
        )

    def drop_cookie(self, response: web.StreamResponse, name: str) -> None:
        response.del_cookie(self.cookie(name), path="/", httponly=True, samesite="Lax", secure=self.is_secure)


SITE: web.AppKey[Site] = web.AppKey("site", Site)


class SignInFirst(Exception):
    """Nobody is signed in, or not any more."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at a page, with the seats of today; `token` goes into each of his forms."""

    by: Seated
    token: str

    def expect(self, token: str) -> bool:
        """Whether a form came from a page that we gave this visitor."""
        return hmac.compare_digest(self.token.encode(), token.encode())


def begin(site: Site, response: web.StreamResponse, person_id: int) -> None:
    """Open a session for a person on this browser."""
    value = {"person": person_id, "at": int(site.wall().timestamp()), "token": secrets.token_urlsafe(24)}
    site.set_cookie(response, "session", site.seal.seal("session", value), SESSION_SECONDS)


async def visitor(request: web.Request) -> Visitor:
    """Who sent the request. Raises SignInFirst without a session, after its time, or when the person is gone."""
    site = request.app[SITE]
    found = site.seal.open("session", request.cookies.get(site.cookie("session"), ""))
    if found is None or not 0 <= site.wall().timestamp() - found["at"] + 60 <= SESSION_SECONDS + 60:
        raise SignInFirst
    by = await roster.person(found["person"], notify.today(clock.now()))
    if by is None:
        raise SignInFirst
    return Visitor(by, found["token"])
