"""The stage: a loopback platform and the bot over real HTTP, a seeded department, and hands that act on both."""

from __future__ import annotations

import base64
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot import app, clock, config, errors, wording
from bot.actions import roster as action
from bot.documents import roster, seating
from bot.engine.scheduler import Engine
from bot.rules import calendar
from bot.sandbox import app as sandbox
from bot.sandbox.settings import Settings
from bot.sandbox.web.page import Desk
from models import schedule
from models.people import Person

MARK = "# written by duban demo"
ROSTER = wording.TEMPLATES / "demo" / "roster.csv"


@dataclass(slots=True)
class Stage:
    """`ids` are WeCom ids by name; every act goes over HTTP to the sandbox, which calls the bot as WeCom does.

    `runner` is None while the bot is stopped.
    """

    platform: sandbox.Running
    session: aiohttp.ClientSession
    settings: config.Config
    stepped: bool
    runner: web.AppRunner | None = None
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def app(self) -> web.Application:
        """The running bot; RuntimeError while it is stopped."""
        if self.runner is None:
            raise RuntimeError("the bot is stopped")
        return self.runner.app

    @property
    def engine(self) -> Engine:
        """The running bot's engine."""
        return self.app[app.ENGINE]

    @property
    def url(self) -> str:
        """The bot's address."""
        return f"http://127.0.0.1:{self.settings.server.port}"

    async def start(self) -> None:
        """Start the bot on the database of the settings."""
        self.runner = await app.start(self.settings, stepped=self.stepped)

    async def stop(self) -> None:
        """Stop the bot; sandbox and database stay."""
        if self.runner:
            await self.runner.cleanup()
            self.runner = None

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        """One call of the sandbox's control API; RuntimeError with its words when it refuses."""
        async with self.session.post(f"{self.platform.control}/{path}", json=body) as response:
            answer: dict[str, Any] = await response.json()
        if response.status >= 400:
            raise RuntimeError(f"/control/{path}: {answer.get('error')}")
        return answer

    async def say(self, name: str, text: str) -> dict[str, Any]:
        """A person writes to the bot."""
        return await self.post("say", person=self.ids[name], text=text)

    async def picture(self, name: str, data: bytes) -> dict[str, Any]:
        """A person sends a picture."""
        return await self.post("image", person=self.ids[name], data=base64.b64encode(data).decode(), name="photo.png")

    async def press(self, name: str, message: int, button: str, selected: dict[str, list[str]]) -> dict[str, Any]:
        """A person presses a button of a message on his screen."""
        return await self.post("press", person=self.ids[name], message=message, button=button, selected=selected)

    async def inbox(self, person: str) -> list[dict[str, Any]]:
        """Everything on a person's (or phone's) screen."""
        async with self.session.get(f"{self.platform.control}/inbox/{person}") as response:
            messages: list[dict[str, Any]] = (await response.json())["messages"]
            return messages

    async def settle(self) -> None:
        """Finish what was acknowledged, then send what is due, without moving the clock."""
        await self.app[app.ENDPOINT].drain()
        await self.engine.drain()

    async def play_until(self, at: datetime) -> None:
        """Step: jump to the next event, drain, jump, until `at` (data.md §Clocks)."""
        await self.settle()
        while (first := await schedule.first_due_at()) and first < at:
            await self.post("clock", to=max(first, clock.now()).isoformat())
            await self.engine.drain()
        await self.post("clock", to=at.isoformat())


@contextlib.asynccontextmanager
async def raised(
    folder: Path,
    start: datetime,
    *,
    speed: float = 1.0,
    stepped: bool = False,
    database: str = "sqlite://duban.db",
    people: Path = ROSTER,
    admin: str = "",
    port: int = 0,
    desk: Desk | None = None,
) -> AsyncIterator[Stage]:
    """Sandbox and bot from nothing in `folder` until the block ends; `stepped`: time stands still until it is moved.

    `database` is the bot's URL, `people` a roster file, `admin` where the admin port listens; `port`
    is the sandbox's (0 = a free one), `desk` what its page shows besides.
    """
    platform = await sandbox.serve(port=port, settings=Settings(start=start, speed=speed, paused=stepped), desk=desk)
    platform.platform.clock.watch(clock.follow)
    try:
        settings = configure(folder, platform, database, admin)
        async with aiohttp.ClientSession() as session:
            stage = Stage(platform, session, settings, stepped)
            try:
                await stage.start()
                await seed(stage, people)
                yield stage
            finally:
                await stage.stop()
    finally:
        await platform.close()
        clock.follow(None)


def configure(folder: Path, platform: sandbox.Running, database: str, admin: str = "") -> config.Config:
    """The configuration file of a demo, written where a person can read it; ConfigError over another's file."""
    path = folder / "config.toml"
    if path.exists() and not path.read_text(encoding="utf-8").startswith(MARK):
        raise errors.ConfigError(f"{path}: not written by a demo; name an empty folder by --dir")
    found, own = platform.credentials()["wecom"], free_port()
    lines = [
        MARK,
        "[server]",
        f"port = {own}",
        f'public_url = "http://127.0.0.1:{own}"',
        "sandbox = true",
        f'admin_listen = "{admin}"',
        "[database]",
        f'url = "{database}"',
        "[wecom]",
        "enabled = true",
        *(f'{key} = "{found[key]}"' for key in ("corp_id", "secret", "token", "aes_key", "api_base")),
        f"agent_id = {found['agent_id']}",
        "[sms]",
        f'sink = "{platform.url}/sms/send"',
        "[clock]",
        f'url = "{platform.control}"',
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return config.load(path, first_start=True)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def seed(stage: Stage, file: Path) -> None:
    """The department's people in both worlds, and the callback address given to the platform."""
    rows, problems = roster.read(file)
    people = seating.people(rows, problems)
    await action.apply(people, seating.units(rows), on=calendar.local(clock.now()).date())
    everybody = await Person.all().order_by("id")
    stage.ids = {each.name: each.wecom_id or "" for each in everybody}
    for each in everybody:
        await stage.post("people", id=each.wecom_id, name=each.name, platform="wecom", phone=each.phone)
    answer = await stage.post("callback", url=f"{stage.url}/wecom/callback")
    if not answer["verified"]:
        raise RuntimeError(f"the platform's URL check failed: {answer['error']}")
