"""What holds for every page: headers, the same origin for what changes something, refusals in words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from aiohttp import web

from bot import clock, errors, log, render
from bot.documents import storage
from bot.engine import trouble
from bot.pages.site import SITE, SignInFirst

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FORBIDDEN = frozenset({"other_unit", "not_lead", "not_in_roster", "not_entitled", "foreign_form"})
UNKNOWN = frozenset({"unknown_matter", "unknown_file"})
BUSY = frozenset({"login_down", "not_kept"})
BROKEN = frozenset({"login_expired", "form_cut"})

TLS = "max-age=31536000"
"""A year in which a browser asks for us by TLS only."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]
_OWN = re.compile(r"/(?![/\\])[A-Za-z0-9/_\-.?=&%]{0,300}")


def own_path(said: str) -> str:
    """A path of this site, else the front page: nothing leads a person elsewhere after signing in."""
    return said if _OWN.fullmatch(said) else "/"


def headers(base: str) -> Prepare:
    """What every answer carries, whoever made it; `base` is what our addresses begin with."""
    every = {**HEADERS, "Strict-Transport-Security": TLS} if base.startswith("https:") else HEADERS

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in every.items():
            response.headers.setdefault(name, value)
        response.headers.pop("Server", None)  # whose version that is concerns nobody

    return prepare


def page(handler: Handler) -> Handler:
    """Serve a page: nothing is changed for a request from another site; a refusal is a page, and so is a failure: a
    database or a disk that takes nothing, a defect of ours."""

    async def served(request: web.Request) -> web.StreamResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                _expect_own_origin(request)
            return await handler(request)
        except SignInFirst:
            return _sign_in(request)
        except errors.Refused as refusal:
            return refused(refusal)
        except web.HTTPException:
            raise
        except Exception as error:
            log.failure("page_failed", error)
            if isinstance(error, storage.NoRoom) or trouble.passes(error):
                return refused(errors.Refused("not_kept", url=own_path(request.path)))
            return refused(errors.Refused("page_failed"), 500)

    return served


def _expect_own_origin(request: web.Request) -> None:
    origin, fetched = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin not in (None, request.app[SITE].origin) or fetched not in (None, "same-origin", "none"):
        raise errors.Refused("foreign_form")


def _sign_in(request: web.Request) -> web.Response:
    """To the platform and back; a form that was sent is not sent again by itself."""
    if request.method in ("GET", "HEAD"):
        place = f"/login/wecom?next={quote(own_path(request.path_qs), safe='/')}"
        return web.Response(status=302, headers={"Location": place})
    return refused(errors.Refused("sign_in_again", url=own_path(request.path)), 401)


def refused(refusal: errors.Refused, status: int = 0) -> web.Response:
    """The refusal as a page; its facts may hold `url`, where to go on."""
    words = render.refusal(refusal.code, **{"now": clock.now(), **refusal.facts})
    return html("message", status or _status(refusal.code), words=words, url=refusal.facts.get("url", ""))


def _status(code: str) -> int:
    kinds = ((FORBIDDEN, 403), (UNKNOWN, 404), (BUSY, 503), (BROKEN, 400))
    return next((status for codes, status in kinds if code in codes), 409)


def html(name: str, status: int = 200, /, **facts: object) -> web.Response:
    """A page of `templates/pages`."""
    return web.Response(text=render.page(name, **facts), content_type="text/html", status=status)
