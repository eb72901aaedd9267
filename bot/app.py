"""The bot as one aiohttp application: routes, and ONE ordered list of what is opened and closed (architecture.md)."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import get_args

import aiohttp
import structlog
from aiohttp import web

from bot import clock, errors, failpoint, health, render, sections, workdays
from bot import log as logs
from bot.actions import setting
from bot.channels.sms.log import Log
from bot.channels.wecom.client import WeCom
from bot.channels.wecom.endpoint import Endpoint
from bot.channels.wecom.inbound import Callback
from bot.config import Config
from bot.engine import notify, scheduler, timekeeper, trouble
from bot.engine.caps import Caps
from bot.engine.lanes import Lanes
from bot.engine.pictures import Fetcher
from bot.engine.retention import Keeping
from bot.pages import guard
from bot.pages import routes as pages
from bot.pages.seal import Seal
from bot.pages.site import SITE, Site
from bot.sandbox import follow
from handlers import reception
from handlers.crowd import Crowd
from models import database, migrate
from models.anchor import Anchor
from models.ledger import Ledger
from models.system import Meta

ALL_KINDS = get_args(sections.NoticeKind)
CONFIG: web.AppKey[Config] = web.AppKey("config", Config)
ENGINE: web.AppKey[scheduler.Engine] = web.AppKey("engine", scheduler.Engine)
ENDPOINT: web.AppKey[Endpoint] = web.AppKey("endpoint", Endpoint)
log = structlog.get_logger(__name__)


def build_app(config: Config, *, stepped: bool = False) -> web.Application:
    """The application. `stepped`: no jobs run by themselves, whoever owns the clock drains the engine (data.md)."""
    failpoint.check(sandbox=config.server.sandbox)
    app = web.Application(client_max_size=64 * 1024)
    app[CONFIG] = config
    app.on_response_prepare.append(guard.headers(link_base(config)))
    app.router.add_get("/", home)
    app.add_routes(pages.static_routes())
    app.add_routes(health.routes())
    if config.wecom.enabled:
        app[ENDPOINT] = endpoint(config)
        app.add_routes(app[ENDPOINT].routes())
        app.add_routes(pages.routes())
    jobs = _drained if stepped else _jobs
    app.cleanup_ctx.extend([_database, _clock, _settings, _anchored_at_last, _lanes, jobs, _admin, _callbacks])
    return app


async def home(request: web.Request) -> web.Response:
    """What a card without a link opens: where to answer."""
    return web.Response(text=render.page("home"), content_type="text/html")


def endpoint(config: Config) -> Endpoint:
    """The callback of the configured WeCom app."""
    wecom = config.wecom
    callback = Callback(wecom.corp_id, wecom.agent_id, wecom.token.get_secret_value(), wecom.aes_key.get_secret_value())
    return Endpoint(
        callback, reception.receive, reception.late, answered=reception.answered, fallback_url=link_base(config)
    )


def link_base(config: Config) -> str:
    """What links begin with; without a public address the bot's own."""
    return config.server.public_url or f"http://{config.server.host}:{config.server.port}"


async def _database(app: web.Application) -> AsyncIterator[None]:
    config = app[CONFIG]
    await migrate.migrate(config.database_url)
    await database.connect(config.database_url, pgbouncer=config.database.pgbouncer)
    await database.stamp("sandbox" if config.server.sandbox else "production")
    await Meta.get_or_create(key="installation", defaults={"value": secrets.token_hex(4)})
    timekeeper.forget()
    trouble.forget()
    await timekeeper.look()
    yield
    await database.close()


async def _clock(app: web.Application) -> AsyncIterator[None]:
    """Business time: the system's, the sandbox's, or this database's own accelerated one (data.md §Clocks)."""
    config = app[CONFIG].clock
    if config.url:
        async with aiohttp.ClientSession() as session:
            await follow.sync(config.url, session)
            following = asyncio.create_task(follow.follow(config.url, session))
            yield
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
        return
    if config.start_at or config.speed != 1:
        clock.follow(await _anchored(config.start_at or clock.wall(), config.speed))
    yield


async def _anchored(start: datetime, speed: float) -> clock.Setting:
    """The anchor is kept in the database at first start, so that a restart never turns time back."""
    value = f"{start.isoformat()} {clock.wall().isoformat()}"
    made, _ = await Meta.get_or_create(key="clock", defaults={"value": value})
    virtual, anchor = (datetime.fromisoformat(part) for part in made.value.split())
    return clock.Setting(virtual, anchor, speed)


async def _settings(app: web.Application) -> AsyncIterator[None]:
    config = app[CONFIG]
    key = config.ledger.key.get_secret_value().encode()
    if not await Ledger.fits(key):  # whatever was written with another key would never be believed again
        raise errors.ConfigError(
            f"{config.path}: ledger.key: this database's record was written with another key; put back the keys.toml "
            "that belongs to it, from the backup"
        )
    days = workdays.calendar(config.folder)
    setting.use(setting.Setting(key, config.ruleset(), days, config.server.public_url))
    reception.crowd = Crowd(config.server.messages_per_minute)
    notify.always_sms = {"off": None, "fallback": config.sms.always, "always": ALL_KINDS}[config.sms.mode]
    yield


async def _anchored_at_last(app: web.Application) -> AsyncIterator[None]:
    """What was written since the last minute's anchor is anchored before the process ends."""
    yield
    try:
        while await Anchor.write(clock.now(), setting.current().ledger_key):
            pass
    except Exception as error:
        log.warning("not_anchored", error=type(error).__name__)


async def _lanes(app: web.Application) -> AsyncIterator[None]:
    config = app[CONFIG]
    wecom = wecom_client(config) if config.wecom.enabled else None
    sms = Log(config.sms.sink) if config.sms.driver == "log" else None
    if wecom:
        app[SITE] = site(config, wecom)
    caps = Caps(config.sms.per_person_day, config.sms.per_day)
    lanes = Lanes(wecom, sms, config.sms.mode, timedelta(seconds=config.sms.after), config.sms.sign, caps=caps)
    fetcher = Fetcher(wecom.download, config.storage_path) if wecom else None
    engine = config.engine
    app[ENGINE] = scheduler.Engine(
        lanes, engine.tick, engine.batch, engine.workers, fetcher, config.storage_path, Keeping(*config.keeping())
    )
    yield
    for channel in (wecom, sms):
        if channel:
            await channel.close()


def site(config: Config, wecom: WeCom) -> Site:
    """What the pages need; members sign in at the platform's public hosts, or at a private installation's own."""
    secret, previous = config.web.secret.get_secret_value(), config.web.previous_secret.get_secret_value()
    return Site(
        link_base(config).rstrip("/"),
        Seal(secret, previous),
        wecom.who,
        config.wecom.corp_id,
        config.wecom.agent_id,
        config.storage_path,
        "" if config.wecom.api_base == sections.Wecom().api_base else config.wecom.api_base,
    )


def wecom_client(config: Config) -> WeCom:
    """The client of the configured WeCom app."""
    wecom = config.wecom
    return WeCom(
        wecom.corp_id,
        wecom.agent_id,
        wecom.secret.get_secret_value(),
        api_base=wecom.api_base,
        fallback_url=link_base(config),
    )


async def _jobs(app: web.Application) -> AsyncIterator[None]:
    async with scheduler.running(app[ENGINE]):
        yield


async def _drained(app: web.Application) -> AsyncIterator[None]:
    await scheduler.beat()
    yield


async def _admin(app: web.Application) -> AsyncIterator[None]:
    """The admin port, unless it is turned off."""
    host, _, port = app[CONFIG].server.admin_listen.rpartition(":")
    if not port:
        yield
        return
    admin = web.Application()
    admin[CONFIG], admin[ENGINE] = app[CONFIG], app[ENGINE]
    admin.on_response_prepare.append(guard.headers(""))
    admin.add_routes(health.admin_routes(ENGINE, sandbox=app[CONFIG].server.sandbox))
    runner = web.AppRunner(admin, access_log=None, shutdown_timeout=1)
    try:
        await runner.setup()
        await web.TCPSite(runner, host, int(port)).start()
        yield
    finally:
        await runner.cleanup()


async def _callbacks(app: web.Application) -> AsyncIterator[None]:
    yield
    if ENDPOINT in app:  # what was acknowledged is finished before the database closes
        await app[ENDPOINT].drain()


async def start(config: Config, *, stepped: bool = False) -> web.AppRunner:
    """Serve the bot and its admin port; `await runner.cleanup()` ends both."""
    app = build_app(config, stepped=stepped)
    # a body that can't be inflated would be logged with a traceback by aiohttp itself
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5, auto_decompress=False)
    try:
        await runner.setup()
        await web.TCPSite(runner, config.server.host, config.server.port).start()
    except BaseException:
        await runner.cleanup()
        raise
    return runner


def serve(config: Config) -> None:
    """`duban serve`: run until SIGTERM or SIGINT."""
    logs.configure()
    asyncio.run(_serve(config))


async def _serve(config: Config) -> None:
    runner = await start(config)
    stopped = asyncio.Event()
    _on_signals(stopped.set)
    try:
        await stopped.wait()
    finally:
        await runner.cleanup()


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop)
