"""Every address of the pages."""

from __future__ import annotations

from aiohttp import web

from bot import wording
from bot.pages import completion, documents, guard, link, login, matter

STATIC = wording.TEMPLATES / "static" / "pages"
_FILES = {path.name: path for path in STATIC.iterdir()}


def routes() -> list[web.RouteDef]:
    """The routes to add to an application that has a SITE."""
    own = f"/m/{matter.CODE}"
    return [
        web.get(login.PATH, guard.page(login.login)),
        web.get(link.PATH, guard.page(link.show)),
        web.post(link.PATH, guard.page(link.use)),
        web.get(f"{own}/completion", guard.page(completion.show)),
        web.post(f"{own}/completion", guard.page(completion.send)),
        web.get(own + r"/documents/{id:\d{1,9}}", guard.page(documents.download)),
    ]


def static_routes() -> list[web.RouteDef]:
    """What every page's look needs, also where nobody signs in."""
    return [web.get("/static/{name}", static)]


async def static(request: web.Request) -> web.StreamResponse:
    """A file of `templates/static/pages`, by its name alone."""
    place = _FILES.get(request.match_info["name"])
    if place is None:
        raise web.HTTPNotFound
    return web.FileResponse(place, headers={"Cache-Control": "max-age=3600"})
