"""One HTTP exchange with the platform, and what its failures mean. No address in any error: it holds the token."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.channels import ChannelDown

MAX_ANSWER = 32 << 20  # bytes; the largest medium is 20 MiB
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and whole body of a response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The platform's JSON. What is something else (a gateway's page, a cut body) leaves open what happened."""
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        whole = isinstance(found, dict) and isinstance(found.get("errcode", 0), int)
        if self.status >= 500 or not whole or (self.status >= 400 and "errcode" not in found):
            raise ChannelDown(f"HTTP {self.status}, no answer of the platform", ambiguous=True)
        return {"errcode": 0, **found}


def base(url: str) -> str:
    """The checked base address. ValueError unless https, or http on loopback."""
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return url.rstrip("/")
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return url.rstrip("/")
    raise ValueError("api_base must be https, or http on a loopback address")


async def exchange(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    timeout: float,
    params: Mapping[str, str],
    body: Callable[[], bytes | aiohttp.FormData] | None = None,
) -> Answer:
    """Send once and read the whole answer.

    ChannelDown not ambiguous: no connection was made. Ambiguous: a time-out in seconds `timeout`, or a connection that
    broke after the request may have left. Redirects are not followed: they would carry the token elsewhere.
    """
    data = body() if body else None
    headers = {"Content-Type": "application/json; charset=utf-8"} if isinstance(data, bytes) else None
    try:
        async with session.request(
            method,
            url,
            params=params,
            data=data,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=timeout),
        ) as response:
            content = await _read(response)
            return Answer(response.status, response.headers, content)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise ChannelDown(f"no connection: {type(error).__name__}") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise ChannelDown(f"no answer: {type(error).__name__}", ambiguous=True) from None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    pieces, size = [], 0
    async for piece in response.content.iter_chunked(1 << 16):
        size += len(piece)
        if size > MAX_ANSWER:
            raise ChannelDown("answer over 32 MiB", ambiguous=True)
        pieces.append(piece)
    return b"".join(pieces)
