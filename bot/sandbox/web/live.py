"""The page's stream: the sandbox's news with each message already drawn, so that a browser only puts it in place."""

from __future__ import annotations

import contextlib
import json
from functools import partial
from typing import Any

from aiohttp import web

from bot.sandbox.events import Event
from bot.sandbox.platform import PLATFORM, Item, Platform
from bot.sandbox.web import draw

QUIET = 20.0
"""Seconds after which a silent stream says that it still lives."""


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events after `?after=` (or Last-Event-ID); first `hello` with the boot this stream belongs to."""
    platform = request.app[PLATFORM]
    last = int(request.headers.get("Last-Event-ID") or request.query.get("after") or 0)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    with contextlib.suppress(ConnectionResetError):  # the page was closed
        await _tell(platform, response, last)
    return response


async def _tell(platform: Platform, response: web.StreamResponse, last: int) -> None:
    await response.write(_frame("hello", {"boot": platform.boot}))
    while not platform.events.closed:
        events = platform.events.after(last)
        frames = [_frame(kind, data, each.id) for each in events for kind, data in [_told(platform, each)]]
        await response.write(b"".join(frames) or b": still here\n\n")
        last = events[-1].id if events else last
        await platform.events.until(partial(platform.events.has_after, last), QUIET)


def _frame(kind: str, data: Any, number: int = 0) -> bytes:
    head = f"id: {number}\n" if number else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _told(platform: Platform, event: Event) -> tuple[str, Any]:
    """A message as `item` {person, app, key, html}; a row of the wire by its number; the rest as it is."""
    if event.kind in ("inbox", "said", "heard"):
        return "item", _item(platform, event)
    if event.kind in ("wire", "callback"):
        return "line", {}
    return event.kind, event.data


def _item(platform: Platform, event: Event) -> dict[str, Any]:
    number = int(event.data["id"])
    item: Item | None = platform.inbox.get(number) if event.kind == "inbox" else platform.heard(number)
    where = draw.place(platform, item) if item else None
    if item is None or where is None:
        return {}
    shown = "" if event.kind != "inbox" and not draw.is_seen(item) else draw.latest(platform, item, where)
    key = f"{'e' if event.kind == 'inbox' else 's'}{number}"
    return {"person": where.person, "app": where.app, "key": key, "html": shown}
