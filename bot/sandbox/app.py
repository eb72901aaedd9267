"""The sandbox as an aiohttp application, and the server of it: `build`, `serve`, `run`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox import api, callbacks, control, gate, media, oauth, send, sms, talk, update, weather
from bot.sandbox.platform import PLATFORM, Platform
from bot.sandbox.settings import Settings
from bot.sandbox.web import routes
from bot.sandbox.web.page import DESK, Desk
from bot.sections import is_loopback

CLOSE_WITHIN = 0.2
"""Seconds that answers in progress get at the end; long polls and streams are told to finish before."""


def build(settings: Settings | None = None, desk: Desk | None = None) -> web.Application:
    """The application; its `Platform` lies under `PLATFORM`. `desk`: what a bot's own demo adds to the page."""
    app = web.Application(middlewares=[gate.record, weather.inject, api.require_token], client_max_size=media.LARGEST)
    app[PLATFORM] = Platform(settings or Settings())
    app[DESK] = desk or Desk()
    app.cleanup_ctx.append(_session)
    app.on_shutdown.append(_let_go)
    app.add_routes([*_wecom(), *_control(), web.post("/sms/send", sms.send)])
    app.add_routes([*routes.routes(), *app[DESK].routes])
    return app


def _wecom() -> list[web.RouteDef]:
    return [
        web.get(api.GETTOKEN, api.gettoken),
        web.get("/cgi-bin/user/get", api.user_get),
        web.get("/cgi-bin/getcallbackip", api.callback_ip),
        web.post("/cgi-bin/message/send", send.send),
        web.post("/cgi-bin/message/update_template_card", update.update_card),
        web.post("/cgi-bin/message/recall", update.recall),
        web.post("/cgi-bin/media/upload", media.upload),
        web.get("/cgi-bin/media/get", media.get),
        web.get("/cgi-bin/auth/getuserinfo", oauth.user_info),
        web.get("/connect/oauth2/authorize", oauth.authorize),
        web.get("/wwlogin/sso/login", oauth.authorize),
    ]


def _control() -> list[web.RouteDef]:
    return [
        web.get("/control/callback", talk.get_callback),
        web.post("/control/callback", talk.set_callback),
        web.get("/control/people", control.people),
        web.post("/control/people", control.add_people),
        web.post("/control/say", talk.say),
        web.post("/control/image", talk.send_image),
        web.post("/control/press", talk.press_button),
        web.post("/control/enter", talk.enter),
        web.post("/control/click", talk.click),
        web.get("/control/inbox/{person}", control.inbox),
        web.get("/control/clock", control.clock),
        web.post("/control/clock", control.set_clock),
        web.get("/control/fault", control.faults),
        web.post("/control/fault", control.set_fault),
        web.get("/control/wire", control.wire),
        web.get("/control/events", control.events),
        web.post("/control/reset", control.reset),
    ]


async def _session(app: web.Application) -> AsyncIterator[None]:
    """Calls to the bot: no proxy, no cookies, no connection kept over a restart of the bot."""
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        app[callbacks.SESSION] = session
        yield


async def _let_go(app: web.Application) -> None:
    app[PLATFORM].events.close()


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that is serving: `url`, its `control` API, the `platform` state behind it."""

    url: str
    platform: Platform
    runner: web.AppRunner

    @property
    def control(self) -> str:
        """The control API's address."""
        return f"{self.url}/control"

    def credentials(self) -> dict[str, Any]:
        """What a bot is configured with, as `duban sandbox --json` prints it."""
        return self.platform.settings.credentials(self.url)

    async def close(self) -> None:
        """Stop serving."""
        await self.runner.cleanup()


async def serve(
    host: str = "127.0.0.1", port: int = 0, settings: Settings | None = None, desk: Desk | None = None
) -> Running:
    """Serve on loopback (port 0 = a free one) until `close()`; ValueError for any other host."""
    if not is_loopback(host):
        raise ValueError(f"host: {host} is not loopback; the sandbox serves this machine only")
    app = build(settings, desk)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_WITHIN)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    shown = f"[{host}]" if ":" in host else host
    return Running(f"http://{shown}:{bound}", app[PLATFORM], runner)


async def run(port: int, as_json: bool, settings: Settings | None = None) -> None:
    """`duban sandbox`: print the endpoints and credentials, then serve until cancelled."""
    running = await serve(port=port, settings=settings)
    try:
        found = running.credentials()
        sys.stdout.write(json.dumps(found, indent=None if as_json else 2, ensure_ascii=False) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
    finally:
        await running.close()
