"""A WeCom app's credentials, callbacks sealed as the platform seals them, and a small platform on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import struct
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from wechatpy.work.crypto import PrpCrypto

from bot.channels.wecom import inbound
from bot.channels.wecom.client import WeCom
from tests import npm

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class App:
    """One app as the platform knows it."""

    corp_id: str = "ww1234567890abcdef"
    agent_id: str = "1000002"
    token: str = "QDG6eK"
    aes_key: str = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"

    def callback(self) -> inbound.Callback:
        return inbound.Callback(self.corp_id, self.agent_id, self.token, self.aes_key)

    def encrypt(self, xml: str, corp_id: str = "") -> str:
        key = inbound.Callback(self.corp_id, 1, self.token, self.aes_key)._key
        return PrpCrypto(key).encrypt(xml, corp_id or self.corp_id).decode()

    def query(self, encrypt: str, at: datetime = NOW, nonce: str = "n1", token: str = "") -> dict[str, str]:
        timestamp = str(int(at.timestamp()))
        parts = "".join(sorted([token or self.token, timestamp, nonce, encrypt]))
        return {
            "msg_signature": hashlib.sha1(parts.encode()).hexdigest(),
            "timestamp": timestamp,
            "nonce": nonce,
        }

    def body(self, encrypt: str) -> bytes:
        return (
            f"<xml><ToUserName><![CDATA[{self.corp_id}]]></ToUserName>"
            f"<AgentID><![CDATA[{self.agent_id}]]></AgentID><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
        ).encode()

    def sealed(self, xml: str, at: datetime = NOW) -> tuple[dict[str, str], bytes]:
        encrypt = self.encrypt(xml)
        return self.query(encrypt, at), self.body(encrypt)


def plain(kind: str = "text", fields: str = "<Content><![CDATA[hello]]></Content>", **common: str) -> str:
    """A decrypted callback; `common` replaces the members every callback has ("" leaves one out)."""
    members = {
        "ToUserName": "ww1234567890abcdef",
        "FromUserName": "ZhangSan",
        "CreateTime": str(int(NOW.timestamp())),
        "MsgType": kind,
        "MsgId": "" if kind == "event" else "4561255354251345929",
        "AgentID": "1000002",
    } | common
    inner = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in members.items() if value)
    return f"<xml>{inner}{fields}</xml>"


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture(name="plain")
def plain_fixture() -> Callable[..., str]:
    return plain


@pytest.fixture
def now() -> datetime:
    return NOW


Answer = dict[str, Any] | web.Response | asyncio.Event


@dataclass
class Platform:
    """Answers each path with its queue of answers, the last one for good; an Event hangs until it is set."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    arrived: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    url: str = ""

    def count(self, path: str) -> int:
        return sum(1 for one, _, _ in self.requests if one == path)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/cgi-bin/")
        self.requests.append((path, dict(request.query), await request.read()))
        self.arrived.release()
        queue = self.answers[path]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return web.json_response({"errcode": 0})
        if isinstance(answer, web.Response):
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        return web.json_response(answer)


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    made = Platform()
    made.answers["gettoken"] = [{"errcode": 0, "access_token": "T1", "expires_in": 7200}]
    app = web.Application(client_max_size=32 << 20)
    app.router.add_route("*", "/cgi-bin/{path:.*}", made.serve)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("")).rstrip("/")
    yield made
    for queue in made.answers.values():
        for answer in queue:
            if isinstance(answer, asyncio.Event):
                answer.set()
    await server.close()


def channel(url: str, timeout: float = 5.0, pause: float = 0.0) -> WeCom:
    """A client of the platform; `timeout` and `pause` in seconds."""
    return WeCom("ww1", 1000002, "s3cret", api_base=url, fallback_url="https://d/", timeout=timeout, pause=pause)


@pytest.fixture
def made() -> Callable[..., WeCom]:
    return channel


@pytest.fixture
async def wecom(platform: Platform) -> AsyncIterator[WeCom]:
    client = channel(platform.url)
    yield client
    await client.close()


@pytest.fixture(scope="session")
def wecom_crypto() -> Path:
    """The folder in which node finds the platform's own @wecom/crypto."""
    return npm.installed("@wecom/crypto", "1.0.1")


@pytest.fixture
def raw_encrypt(app: App) -> Callable[[bytes, int, bytes, int], str]:
    """Ciphertext of a hand-made plaintext: message, its claimed length, receiveid, padding byte."""

    def make(message: bytes, length: int, receiver: bytes, padding: int) -> str:
        import base64

        from wechatpy.crypto.base import WeChatCipher

        content = b"0" * 16 + struct.pack("!I", length) + message + receiver
        content += bytes([padding]) * (32 - len(content) % 32)
        key = base64.b64decode(app.aes_key + "=")
        return base64.b64encode(WeChatCipher(key).encrypt(content)).decode()

    return make
