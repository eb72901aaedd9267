"""The outermost middleware: what enters the platform is written down, a refusal becomes its JSON."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot import sections
from bot.sandbox import answers
from bot.sandbox.loopback import is_loopback
from bot.sandbox.platform import PLATFORM

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PATHS = ("/cgi-bin/", "/sms/", "/connect/", "/wwlogin/")
"""What belongs to the platforms; everything else is the sandbox's own."""


@web.middleware
async def record(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write a platform request down, turn a refusal into its JSON, and note the outcome.

    A Host or an Origin that is not loopback is a page of somebody else's that found its way here: refused."""
    origin = request.headers.get("Origin")
    if not sections.is_loopback(request.url.host or "") or (origin is not None and not is_loopback(origin)):
        raise web.HTTPForbidden(text="loopback only")
    if not request.path.startswith(PATHS):
        return await handler(request)
    platform = request.app[PLATFORM]
    row = platform.wire.add(
        virtual=platform.clock.now().isoformat(),
        real=platform.settings.wall().isoformat(),
        method=request.method,
        path=request.path,
        query=dict(request.query),
        body=await _body(request),
    )
    status = 500
    try:
        response = await _answered(request, handler)
        status = response.status
    except web.HTTPException as refusal:
        status = refusal.status
        raise
    finally:
        row["became"] = {"status": status, **request.get(answers.BECAME, {})}
        platform.events.publish("wire", row)
    return response


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except answers.Denied as denied:
        return answers.denial(request, denied)


async def _body(request: web.Request) -> str:
    """The text of the body; of an upload only its size, for its stream is read by the handler."""
    if request.content_type.startswith("multipart/"):
        return f"<{request.content_length} bytes of {request.content_type}>"
    return (await request.read()).decode(errors="replace")
