"""Everything a browser asks of the sandbox."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.platform import PLATFORM
from bot.sandbox.web import inspect, live, page, panels


def routes() -> list[web.RouteDef]:
    """The page, its files, its stream, its fragments."""
    return [
        web.get("/", page.home),
        web.get("/static/{name}", page.static),
        web.get("/phones/{person}", page.show_phone),
        web.get("/live", live.stream),
        web.get("/wire", inspect.lines),
        web.get(r"/inspect/entry/{id:\d+}", inspect.entry),
        web.get(r"/inspect/said/{id:\d+}", inspect.said),
        web.get(r"/inspect/{way:in|out}/{id:\d+}", inspect.line),
        web.get("/faults", panels.faults),
        web.get("/connect", panels.connect),
        web.get("/media/{id}", media),
    ]


async def media(request: web.Request) -> web.Response:
    """A file that the bot uploaded or a person sent; the browser has no token of the bot's."""
    platform = request.app[PLATFORM]
    try:
        found = platform.media.look(request.match_info["id"], platform.at())
    except ValueError as error:
        raise web.HTTPNotFound(text=f"media_id: {error}") from error
    kind = found.content_type.split(";")[0] if found.kind == "image" else "application/octet-stream"
    return web.Response(body=found.data, content_type=kind, headers=page.HEADERS)
