"""Time-outs, broken and refused connections, gateways' pages: what may have happened, and what can not have."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels import ChannelDown
from bot.channels.wecom import limits
from bot.channels.wecom.client import WeCom

Made = Callable[..., WeCom]
SEND, TOKEN = "message/send", "gettoken"


async def test_no_answer_in_time_is_ambiguous(platform: Any, made: Made) -> None:
    platform.answers[SEND] = [asyncio.Event()]
    channel = made(platform.url, timeout=0.3)
    with pytest.raises(ChannelDown) as caught:
        await channel.send(channel.payload("U1", "a", "t"))
    assert (caught.value.ambiguous, caught.value.alarm) == (True, False)
    assert platform.count(SEND) == 1
    await channel.close()


async def test_a_hanging_gettoken_has_sent_nothing(platform: Any, made: Made) -> None:
    platform.answers[TOKEN] = [asyncio.Event()]
    channel = made(platform.url, timeout=0.1)
    with pytest.raises(ChannelDown) as caught:
        await channel.send(channel.payload("U1", "a", "t"))
    assert caught.value.ambiguous is False
    await channel.close()


def web_answer(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html")


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, "oops"),
        (502, "<html>bad gateway</html>"),
        (503, '{"errcode":0}'),
        (200, "<html>login</html>"),
        (200, ""),
        (200, "[]"),
        (200, '{"errcode":"0"}'),
        (404, "{}"),
        (302, ""),
    ],
)
async def test_what_is_not_the_platform_s_answer_is_ambiguous(
    platform: Any, wecom: WeCom, status: int, text: str
) -> None:
    platform.answers[SEND] = [web_answer(status, text)]
    with pytest.raises(ChannelDown) as caught:
        await wecom.send(wecom.payload("U1", "a", "t"))
    assert caught.value.ambiguous is True
    assert "T1" not in caught.value.detail


async def test_a_connection_broken_after_the_request_is_ambiguous(platform: Any, made: Made) -> None:
    async def cut(request: web.Request) -> web.Response:
        if request.path.endswith("gettoken"):
            return web.json_response({"errcode": 0, "access_token": "T1", "expires_in": 7200})
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", cut)
    server = TestServer(app)
    await server.start_server()
    channel = made(str(server.make_url("")))
    with pytest.raises(ChannelDown) as caught:
        await channel.send(channel.payload("U1", "a", "t"))
    assert caught.value.ambiguous is True
    assert "T1" not in caught.value.detail
    await channel.close()
    await server.close()


async def test_a_refused_connection_is_not_ambiguous(made: Made) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets it, and it refuses
        channel = made(f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(ChannelDown) as caught:
            await channel.send(channel.payload("U1", "a", "t"))
        assert (caught.value.ambiguous, caught.value.alarm) == (False, False)
        await channel.close()


async def test_a_connection_refused_between_token_and_send_is_not_ambiguous(platform: Any, made: Made) -> None:
    channel = made(platform.url)
    await channel._token.get()
    await channel.close()
    channel._session = None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        channel._base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ChannelDown) as caught:
            await channel.send(channel.payload("U1", "a", "t"))
        assert caught.value.ambiguous is False
    await channel.close()


async def test_no_more_than_five_calls_at_once(platform: Any, wecom: WeCom) -> None:
    gate = asyncio.Event()
    platform.answers[SEND] = [gate]
    sends = [asyncio.create_task(wecom.send(wecom.payload("U1", "a", str(n)))) for n in range(12)]
    for _ in range(1 + limits.CONCURRENT_CALLS):  # the token, then the calls
        await asyncio.wait_for(platform.arrived.acquire(), 5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(platform.arrived.acquire(), 0.1)
    gate.set()
    await asyncio.gather(*sends)
    assert platform.count(SEND) == 12
