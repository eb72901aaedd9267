"""The SMS driver that logs: lengths, masking, the phone on loopback, and its failures."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import Card, Channel, ChannelDown, Unreachable, sms
from bot.channels.sms.log import Log
from bot.channels.wecom.client import WeCom

PHONE = "13800001234"


class Sink:
    """A phone: keeps what it gets and answers with `status`; hangs while `gate` is closed."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.status = 200
        self.gate = asyncio.Event()
        self.gate.set()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        await self.gate.wait()
        return web.Response(status=self.status)


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink()
    app = web.Application()
    app.router.add_post("/sms", made.take)
    server = TestServer(app)
    await server.start_server()
    made.url = str(server.make_url("/sms"))
    yield made
    made.gate.set()
    await server.close()


def test_both_are_channels() -> None:
    channels: list[Channel] = [Log(), WeCom("ww1", 1, "s")]
    assert [(one.name, one.deduplicates) for one in channels] == [("log", False), ("wecom", True)]


@pytest.mark.parametrize(("phone", "shown"), [(PHONE, "*******1234"), ("1234", "1234"), ("12", "12"), ("", "")])
def test_masking(phone: str, shown: str) -> None:
    assert sms.mask(phone) == shown


@pytest.mark.parametrize(
    ("phone", "text", "fits"),
    [
        (PHONE, "字" * 70, True),
        (PHONE, "字" * 71, False),
        (PHONE, "😀" * 35, True),
        (PHONE, "😀" * 36, False),
        (PHONE, "", False),
        ("+86" + PHONE, "a", True),
        ("138 0000", "a", False),
        ("", "a", False),
    ],
)
def test_lengths_and_numbers(phone: str, text: str, fits: bool) -> None:
    if fits:
        assert json.loads(Log().payload(phone, text, "d-1")) == {"phone": phone, "text": text, "task_id": "d-1"}
        return
    with pytest.raises(ValueError, match=r"phone|characters") as caught:
        Log().payload(phone, text, "d-1")
    assert PHONE not in str(caught.value)


def test_a_card_is_no_sms() -> None:
    with pytest.raises(ValueError, match="text"):
        Log().payload(PHONE, Card("t"), "d-1")


async def test_a_text_is_logged_masked_and_handed_on(sink: Sink) -> None:
    channel = Log(sink.url)
    with structlog.testing.capture_logs() as logs:
        receipt = await channel.send(channel.payload(PHONE, "督办通知", "d-1"))
    assert receipt.message_id == "d-1"
    assert sink.got == [{"phone": PHONE, "text": "督办通知"}]
    assert [(one["phone"], one["text"]) for one in logs] == [("*******1234", "督办通知")]
    assert PHONE not in repr(logs)
    await channel.close()


async def test_without_a_sink_it_only_logs() -> None:
    channel = Log()
    assert (await channel.send(channel.payload(PHONE, "a", "d-2"))).message_id == "d-2"
    await channel.close()


@pytest.mark.parametrize(("status", "kind"), [(500, ChannelDown), (503, ChannelDown), (400, Unreachable)])
async def test_a_sink_that_refuses(sink: Sink, status: int, kind: type[Exception]) -> None:
    sink.status = status
    channel = Log(sink.url)
    with pytest.raises(kind):
        await channel.send(channel.payload(PHONE, "a", "d"))
    await channel.close()


async def test_a_hanging_sink_is_ambiguous(sink: Sink) -> None:
    sink.gate.clear()
    channel = Log(sink.url, timeout=0.1)
    with pytest.raises(ChannelDown) as caught:
        await channel.send(channel.payload(PHONE, "a", "d"))
    assert caught.value.ambiguous is True
    await channel.close()


async def test_a_closed_sink_is_not_ambiguous() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel = Log(f"http://127.0.0.1:{taken.getsockname()[1]}/sms")
        with pytest.raises(ChannelDown) as caught:
            await channel.send(channel.payload(PHONE, "a", "d"))
        assert caught.value.ambiguous is False
        await channel.close()


@pytest.mark.parametrize("url", ["http://sms.example.com/", "ftp://127.0.0.1/", "127.0.0.1", "http://10.0.0.1/"])
def test_the_sink_is_on_loopback(url: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Log(url)


async def test_an_sms_stays_as_it_is() -> None:
    with pytest.raises(Unreachable):
        await Log().replace(PHONE, "", Card("t"), "d")
    with pytest.raises(Unreachable):
        await Log().recall("d")
