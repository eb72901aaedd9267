"""The HTTP side of the callback: GET answers the URL check, POST takes a message and answers within the 5 s allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import aiohttp
import structlog
from aiohttp import web

from bot import clock
from bot import log as logs
from bot.channels.wecom import inbound, limits, passive
from bot.channels.wecom.refusal import Rejected
from bot.router import Message, Reply

PATIENCE = 3.5  # seconds; the platform cuts at 5 and calls again, so a later reply is pushed
BODY_WITHIN = 10.0  # seconds; whoever sends his body in drops holds a connection no longer
ANSWERABLE = frozenset(
    ("text", "image", "voice", "video", "location", "link", "file", "click", "view", "enter", "subscribe", "card")
)
Dispatch = Callable[[Message], Awaitable[Reply]]
Late = Callable[[Message, Reply], Awaitable[None]]
Answered = Callable[[Message], Awaitable[None]]
log = structlog.get_logger(__name__)


class Endpoint:
    """Serves /wecom/callback for one app.

    `dispatch` turns a message into its reply. A text, or the card that replaces a pressed one, goes back in the
    answer, and `answered` is told so; `late` gets what can't go that way: a new card, a text over 2048 bytes,
    whatever is ready after `patience` seconds (wall). `fallback_url` is what a notice card without a link opens.
    """

    def __init__(
        self,
        callback: inbound.Callback,
        dispatch: Dispatch,
        late: Late,
        *,
        answered: Answered | None = None,
        fallback_url: str = "",
        patience: float = PATIENCE,
    ) -> None:
        self._callback = callback
        self._dispatch = dispatch
        self._late = late
        self._answered = answered
        self._fallback_url = fallback_url
        self.patience = patience
        self.body_within = BODY_WITHIN
        self._tasks: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """The routes to add to an application."""
        return [
            web.get("/wecom/callback", self.check, allow_head=False),
            web.post("/wecom/callback", self.receive),
        ]

    async def drain(self) -> None:
        """Wait for what was acknowledged and is still being worked on; to be awaited at shutdown."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def check(self, request: web.Request) -> web.Response:
        """The platform's URL check: the plain echo string, nothing around it."""
        try:
            return web.Response(text=self._callback.verify_url(request.query))
        except Rejected as refusal:
            return _refused(refusal)

    async def receive(self, request: web.Request) -> web.Response:
        """A message: 200 with the encrypted reply or, without one, empty; 4xx refused; 500 to be called again."""
        try:
            async with asyncio.timeout(self.body_within):
                body = await _body(request)
            message = self._callback.open(request.query, body, clock.now(), clock.wall())
        except Rejected as refusal:
            return _refused(refusal)
        except TimeoutError:
            return _refused(Rejected(408, "body did not arrive in time"))
        return await self._served(message, asyncio.ensure_future(self._dispatch(message)))

    async def _served(self, message: Message, task: asyncio.Future[Reply]) -> web.Response:
        """200 only for what is stored: a message that takes too long is left to the platform's next call (ADR 9)."""
        started = clock.monotonic()
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            self._keep(self._finish(message, task))
            raise
        if task.cancelled() or (error := task.exception()):
            logs.failure("callback failed", None if task.cancelled() else error)
            return web.Response(status=500)
        if clock.monotonic() - started <= self.patience:
            return self._answer(message, task.result())
        if task.result() != Reply():  # nobody reads this answer any more
            self._keep(self._push(message, task.result()))
        return web.Response()

    def _answer(self, message: Message, reply: Reply) -> web.Response:
        xml, rest = self._passive(message, reply)
        if rest != Reply():
            self._keep(self._push(message, rest))
        elif self._answered:
            self._keep(self._answered(message))
        if not xml:
            return web.Response()
        return web.Response(text=self._callback.seal(xml, clock.wall()), content_type="application/xml")

    def _passive(self, message: Message, reply: Reply) -> tuple[str, Reply]:
        """The XML that goes back in the answer, and what is left of the reply."""
        user = str(message.raw.get("FromUserName", message.user))
        if reply.replace is not None and message.kind == "card":
            try:
                xml = passive.update_card(message.corp, user, reply.replace, self._fallback_url)
            except ValueError as error:
                logs.failure("card does not fit", error)
                return "", reply
            return xml, replace(reply, replace=None)
        fits = 0 < len(reply.text.encode()) <= limits.PASSIVE_TEXT_BYTES
        if fits and message.kind in ANSWERABLE:
            return passive.text(message.corp, user, reply.text, clock.wall()), replace(reply, text="")
        return "", reply

    async def _finish(self, message: Message, task: asyncio.Future[Reply]) -> None:
        try:
            reply = await task
        except (Exception, asyncio.CancelledError) as error:
            logs.failure("callback failed", error)
            return
        if reply != Reply():
            await self._push(message, reply)

    async def _push(self, message: Message, reply: Reply) -> None:
        try:
            await self._late(message, reply)
        except Exception as error:
            logs.failure("late reply failed", error)

    def _keep(self, work: asyncio.Future[None] | Awaitable[None]) -> None:
        """Hold a reference: the loop alone doesn't keep a task alive."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _body(request: web.Request) -> bytes:
    """At most one byte more than is allowed, whatever the application's own limit is."""
    if (request.content_length or 0) > inbound.MAX_BODY:
        raise Rejected(413, "body over 64 KiB")
    pieces, size = [], 0
    try:
        while size <= inbound.MAX_BODY and (piece := await request.content.read(inbound.MAX_BODY + 1 - size)):
            pieces.append(piece)
            size += len(piece)
    except (aiohttp.ClientPayloadError, aiohttp.http_exceptions.HttpProcessingError, web.RequestPayloadError) as error:
        raise Rejected(400, f"body can't be read: {type(error).__name__}") from None
    return b"".join(pieces)


def _refused(refusal: Rejected) -> web.Response:
    log.warning("callback refused", status=refusal.status, reason=refusal.reason)
    return web.Response(status=refusal.status)
