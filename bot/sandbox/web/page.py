"""The page itself: who is on it, its phones, its files; nothing is loaded from anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot import wording
from bot.sandbox.people import Person
from bot.sandbox.platform import PLATFORM, Platform
from bot.sandbox.web import draw

STATIC = wording.TEMPLATES / "static" / "sandbox"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
MOST = 12
"""Phones on one page."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a bot's own demo adds to the page: the app's name, routes, panels (each drawn by the route of its name),
    whose phones show first, and whether its POST /control/step moves time from event to event."""

    name: str = ""
    routes: tuple[web.RouteDef, ...] = ()
    panels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    steps: bool = False


DESK = web.AppKey("desk", Desk)


def html(text: str) -> web.Response:
    """A page or fragment under the page's policy."""
    return web.Response(text=text, content_type="text/html", headers=HEADERS)


async def home(request: web.Request) -> web.Response:
    """`?people=a,b`: whose phones are shown; without it the desk's choice, else the first three."""
    platform, desk = request.app[PLATFORM], request.app[DESK]
    chosen = _chosen(request, platform, desk)
    facts = {
        "desk": desk,
        "people": platform.people.all("wecom"),
        "chosen": {each.id for each in chosen},
        "phones": [phone(platform, each, desk) for each in chosen],
        "clock": platform.clock.shown(),
        "now": platform.clock.now(),
        "boot": platform.boot,
        "last": platform.events.last,
        "callback": platform.callback,
        "credentials": platform.settings.credentials(str(request.url.origin())),
    }
    return html(draw.page("page", **facts))


def _chosen(request: web.Request, platform: Platform, desk: Desk) -> list[Person]:
    wanted = [each for each in request.query.get("people", "").split(",") if each] or list(desk.people)
    found = [person for each in wanted if (person := platform.people.on("wecom", each))]
    return (found or platform.people.all("wecom")[:3])[:MOST]


def phone(platform: Platform, person: Person, desk: Desk) -> dict[str, Any]:
    """What `phone.html` shows of a person."""
    chat, texts = (list(draw.items(draw.thread(platform, person, app))) for app in ("wecom", "sms"))
    return {"person": person, "chat": chat, "texts": texts, "app": desk.name}


async def show_phone(request: web.Request) -> web.Response:
    """One phone, to be put on the page."""
    platform = request.app[PLATFORM]
    person = platform.people.on("wecom", request.match_info["person"])
    if person is None:
        raise web.HTTPNotFound(text="nobody")
    return html(draw.page("phone", phone=phone(platform, person, request.app[DESK])))


async def static(request: web.Request) -> web.FileResponse:
    """A file of `templates/static/sandbox`."""
    path = STATIC / request.match_info["name"]
    if path.parent != STATIC or not path.is_file():
        raise web.HTTPNotFound()
    return web.FileResponse(path, headers=HEADERS)
