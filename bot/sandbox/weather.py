"""Between the wire and the API: the middleware that carries out the faults that are switched on."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox import answers, faults
from bot.sandbox.gate import PATHS, Handler
from bot.sandbox.platform import PLATFORM, Platform

SENDS = "/cgi-bin/message/"
PAGE = "<html><head><title>503 Service Temporarily Unavailable</title></head><body>503</body></html>"


@web.middleware
async def inject(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a call meet the faults that fit it; calls of the control API never do."""
    platform = request.app[PLATFORM]
    if not request.path.startswith(PATHS):
        return await handler(request)
    if slow := platform.faults.take("slow", request.path):
        await platform.events.rest(slow.seconds)
    if down := platform.faults.take("down", request.path):
        request[answers.BECAME] = {"fault": "down"}
        return _page() if down.answer == "html" else _cut(request)
    if request.path.startswith("/sms/") and platform.faults.take("sms_down", request.path):
        request[answers.BECAME] = {"fault": "sms_down"}
        return _page()
    _meet_errcode(platform, request)
    response = await handler(request)
    if lost := platform.faults.take("timeout_after_accept", request.path, default=SENDS):
        request[answers.BECAME] = {**request.get(answers.BECAME, {}), "fault": "timeout_after_accept"}
        await platform.events.rest(lost.seconds)
        return _cut(request)
    return response


def _meet_errcode(platform: Platform, request: web.Request) -> None:
    """Faults with an errcode meet calls that carry a token; gettoken only when their path names it."""
    if not request.path.startswith("/cgi-bin/"):
        return
    for name, (code, words) in faults.ERRCODES.items():
        default = "/cgi-bin/" if request.path != "/cgi-bin/gettoken" else "/cgi-bin/gettoken/"
        if platform.faults.take(name, request.path, default=default):
            if name == "token_expired":
                platform.tokens.revoke(request.query.get("access_token", ""))
            raise answers.Denied(code, words)


def _page() -> web.Response:
    return web.Response(status=503, text=PAGE, content_type="text/html")


def _cut(request: web.Request) -> web.Response:
    """End the connection; the response that aiohttp wants to write meets a closed transport."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
