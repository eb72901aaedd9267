"""A phone's browser, by hand: cookies, signing in on the loopback platform, forms with files. No script runs."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from yarl import URL

from bot.demo.stage import Stage

File = tuple[str, bytes]
"""A name and its bytes."""


@dataclass
class Seen:
    """What came back: status, headers, words, and the address in the end."""

    status: int
    headers: Any
    text: str
    url: URL
    body: bytes = b""

    @property
    def token(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        assert found, self.text
        return found[1]


@dataclass
class Browser:
    """One person's; `agent` is the client's User-Agent."""

    stage: Stage
    http: aiohttp.ClientSession
    person: str
    agent: str = "Mozilla/5.0 wxwork/4.1"
    extra: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, *, follow: bool = True) -> Seen:
        """Open an address of the bot; at the platform the person is the one who is signed in."""
        url = URL(path) if path.startswith("http") else URL(self.stage.url).joinpath(path.partition("?")[0].lstrip("/"))
        if "?" in path and not path.startswith("http"):
            url = url.with_query(path.partition("?")[2])
        for _ in range(6):
            seen = await self._send("GET", url)
            if not follow or seen.status not in (302, 303):
                return seen
            url = url.join(URL(seen.headers["Location"]))
            if url.path.startswith(("/connect/", "/wwlogin/")):
                url = url.update_query(person=self.stage.ids[self.person])
        raise AssertionError("redirected for ever")

    async def post(self, path: str, fields: dict[str, str], files: Sequence[File] = (), **headers: str) -> Seen:
        """Send a form; a redirect after it is not followed."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in fields.items():
            form.add_field(name, value)
        for name, data in files:
            form.add_field("files", io.BytesIO(data), filename=name, content_type="text/html")
        if not files:
            form.add_field("files", b"", filename="", content_type="application/octet-stream")
        return await self._send("POST", URL(self.stage.url + path), data=form, headers=headers)

    async def _send(self, method: str, url: URL, **more: Any) -> Seen:
        headers = {"User-Agent": self.agent, **self.extra, **more.pop("headers", {})}
        async with self.http.request(method, url, allow_redirects=False, headers=headers, **more) as answer:
            body = await answer.read()
            return Seen(answer.status, answer.headers, body.decode(errors="replace"), url, body)


@asynccontextmanager
async def opened(stage: Stage, person: str) -> AsyncIterator[Browser]:
    """A browser without cookies, in the hands of a person."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Browser(stage, http, person)
