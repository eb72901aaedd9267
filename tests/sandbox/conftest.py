"""A sandbox on a free port with a hand-moved wall clock, and a small bot that answers as the test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import xmltodict
from aiohttp import web
from wechatpy.work.crypto import WeChatCrypto

from bot.sandbox import app
from bot.sandbox.settings import Settings

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Wall:
    """A wall clock that moves when it is told to."""

    now: datetime = datetime(2026, 11, 24, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **span: float) -> None:
        self.now += timedelta(**span)


Script = Callable[["Bot", web.Request, dict[str, Any]], Awaitable[web.Response]]


async def silent(bot: Bot, request: web.Request, message: dict[str, Any]) -> web.Response:
    """Answer 200 with nothing."""
    return web.Response()


@dataclass
class Bot:
    """A WeCom bot: it checks and decrypts what comes, keeps it, and answers by `script`."""

    crypto: WeChatCrypto
    script: Script = silent
    echo: Callable[[str], str] = str
    seen: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    async def verify(self, request: web.Request) -> web.Response:
        query = request.query
        plain = self.crypto.check_signature(
            query["msg_signature"], query["timestamp"], query["nonce"], query["echostr"]
        )
        return web.Response(text=self.echo(plain))

    async def receive(self, request: web.Request) -> web.Response:
        body, query = await request.text(), request.query
        plain = self.crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        message = xmltodict.parse(plain)["xml"]
        self.seen.append(message)
        self.queries.append(dict(query))
        self.bodies.append(body)
        return await self.script(self, request, message)

    def sealed(self, inner: str, person: str = "zhangsan") -> web.Response:
        """A signed, encrypted reply."""
        xml = f"<xml><ToUserName>{person}</ToUserName><FromUserName>corp</FromUserName>{inner}</xml>"
        return web.Response(text=self.crypto.encrypt_message(xml, "nonce", "1700000000"))


@dataclass
class World:
    """What a test holds: the sandbox, its wall clock, a client of its API, the bot."""

    sandbox: app.Running
    wall: Wall
    http: aiohttp.ClientSession
    bot: Bot
    bot_url: str
    token: str = ""

    @property
    def wecom(self) -> dict[str, Any]:
        return dict(self.sandbox.credentials()["wecom"])

    async def json(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        async with self.http.request(method, url, **options) as response:
            found = await response.json()
            return {**found, "http": response.status} if response.status != 200 else dict(found)

    async def gettoken(self, **change: str) -> dict[str, Any]:
        query = {"corpid": self.wecom["corp_id"], "corpsecret": self.wecom["secret"], **change}
        return await self.json("GET", f"{self.sandbox.url}/cgi-bin/gettoken", params=query)

    async def call(self, path: str, method: str = "POST", **options: Any) -> dict[str, Any]:
        """An API call with a token."""
        self.token = self.token or (await self.gettoken())["access_token"]
        query = {"access_token": self.token, **options.pop("params", {})}
        return await self.json(method, f"{self.sandbox.url}/cgi-bin/{path}", params=query, **options)

    async def send(self, content: str = "hello", touser: str = "zhangsan", **more: Any) -> dict[str, Any]:
        return await self.call("message/send", json=self.message(content, touser, **more))

    def message(self, content: str = "hello", touser: str = "zhangsan", **more: Any) -> dict[str, Any]:
        body = {"touser": touser, "agentid": self.wecom["agent_id"], "msgtype": "text"}
        return {**body, "text": {"content": content}, **more}

    async def send_card(self, card: dict[str, Any], touser: str = "zhangsan") -> dict[str, Any]:
        return await self.send(touser=touser, msgtype="template_card", template_card=card)

    async def get(self, place: str, **query: Any) -> dict[str, Any]:
        return await self.json("GET", f"{self.sandbox.control}/{place}", params=query)

    async def post(self, place: str, **body: Any) -> dict[str, Any]:
        return await self.json("POST", f"{self.sandbox.control}/{place}", json=body)

    async def inbox(self, person: str = "zhangsan", **query: Any) -> list[dict[str, Any]]:
        return list((await self.get(f"inbox/{person}", **query))["messages"])


def button_card(task_id: str = "t-1", **more: Any) -> dict[str, Any]:
    """A card with two buttons and a pull-down."""
    return {
        "card_type": "button_interaction",
        "task_id": task_id,
        "main_title": {"title": "matter"},
        "button_selection": {
            "question_key": "handler",
            "title": "who",
            "option_list": [{"id": "1", "text": "one"}, {"id": "2", "text": "two"}],
            "selected_id": "1",
        },
        "button_list": [{"text": "assign", "key": "assign:1"}, {"text": "read", "key": "read:1", "style": 2}],
        **more,
    }


@pytest.fixture
def card() -> Callable[..., dict[str, Any]]:
    return button_card


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def settings(wall: Wall) -> Settings:
    return Settings(start=START, wall=wall, callback_timeout=1.0, verify_timeout=2.0, accounts=5000)


@pytest.fixture
async def world(settings: Settings, wall: Wall) -> AsyncIterator[World]:
    sandbox = await app.serve(settings=settings)
    bot = Bot(WeChatCrypto(settings.token, settings.aes_key, settings.corp_id))
    served = web.Application()
    served.add_routes([web.get("/wecom/callback", bot.verify), web.post("/wecom/callback", bot.receive)])
    runner = web.AppRunner(served, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback"
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        found = World(sandbox, wall, http, bot, url)
        people = [{"id": "zhangsan", "name": "Zhang", "phone": "13800000001"}, {"id": "LiSi", "name": "Li"}]
        await found.json("POST", f"{sandbox.control}/people", json=people)
        yield found
    await sandbox.close()
    await runner.cleanup()
