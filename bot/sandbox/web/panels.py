"""The console's own panels: what can go wrong, as switches; and how a bot is connected."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.platform import PLATFORM
from bot.sandbox.web import draw, page

SWITCHES: tuple[tuple[str, dict[str, int]], ...] = (
    ("down", {}),
    ("slow", {"seconds": 3}),
    ("token_expired", {"count": 1}),
    ("rate_limit", {}),
    ("timeout_after_accept", {"seconds": 2}),
    ("repeat", {}),
    ("sms_down", {}),
)
"""Faults that concern everybody, with what they are switched on with."""


async def faults(request: web.Request) -> web.Response:
    """The switches, as they stand."""
    platform = request.app[PLATFORM]
    on = {(fault["name"], fault["person"]) for fault in platform.faults.shown()}
    return page.html(draw.page("faults", switches=SWITCHES, on=on, people=platform.people.all("wecom")))


async def connect(request: web.Request) -> web.Response:
    """Credentials, the callback address, and the people."""
    platform = request.app[PLATFORM]
    found = platform.settings.credentials(str(request.url.origin()))["wecom"]
    return page.html(draw.page("connect", found=found, callback=platform.callback))
