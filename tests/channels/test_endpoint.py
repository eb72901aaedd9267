"""The callback over real HTTP: passive replies, late ones, refusals, and what is left in the log."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import clock
from bot.channels import Action, Card
from bot.channels.wecom.endpoint import Endpoint
from bot.router import Message, Reply

Plain = Callable[..., str]
CARD = Card("标题", done="已反馈", actions=(Action("收到", "ack:1:0:1"),))
PRESS = "<Event>template_card_event</Event><EventKey>ack:1:0:1</EventKey><ResponseCode>r</ResponseCode>"


class Side:
    """A server with the endpoint, whatever it sent late, and a session."""

    def __init__(self, app: Any, dispatch: Callable[[Message], Awaitable[Reply]], patience: float) -> None:
        self.app = app
        self.late: list[tuple[Message, Reply]] = []
        self.pushed = asyncio.Event()
        self.endpoint = Endpoint(app.callback(), dispatch, self.push, fallback_url="https://d/", patience=patience)
        self.url = ""
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))

    async def push(self, message: Message, reply: Reply) -> None:
        self.late.append((message, reply))
        self.pushed.set()

    async def post(self, xml: str, **headers: str) -> tuple[int, bytes]:
        query, body = self.app.sealed(xml, clock.wall())
        return await self.raw(query, body, **headers)

    async def raw(self, query: dict[str, str], body: Any, **headers: str) -> tuple[int, bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.session.post(self.url, params=query, data=body, headers=named) as response:
            return response.status, await response.read()

    def plain(self, sealed: bytes) -> str:
        """The passive reply as the platform decrypts it; its signature must hold."""
        text = sealed.decode()
        parts = dict(re.findall(r"<(\w+)>(?:<!\[CDATA\[)?([^<\]]+)", text))
        callback = self.app.callback()
        query = {name: parts[tag] for name, tag in (("msg_signature", "MsgSignature"), ("timestamp", "TimeStamp"))}
        return str(callback.verify_url(query | {"nonce": parts["Nonce"], "echostr": parts["Encrypt"]}))


@asynccontextmanager
async def serving(
    app: Any, reply: Reply | BaseException | asyncio.Event, *, then: str = "late", patience: float = 30
) -> AsyncIterator[Side]:
    async def dispatch(message: Message) -> Reply:
        if isinstance(reply, BaseException):
            raise reply
        if isinstance(reply, asyncio.Event):
            await reply.wait()
            return Reply(text=then)
        return reply

    side = Side(app, dispatch, patience)
    web_app = web.Application()
    web_app.add_routes(side.endpoint.routes())
    server = TestServer(web_app)
    await server.start_server()
    side.url = str(server.make_url("/wecom/callback"))
    try:
        yield side
    finally:
        await side.endpoint.drain()
        await side.session.close()
        await server.close()


async def test_url_check(app: Any) -> None:
    async with serving(app, Reply()) as side:
        encrypt = app.encrypt("12345")
        query = app.query(encrypt) | {"echostr": encrypt}
        async with side.session.get(side.url, params=query) as response:
            assert (response.status, await response.read()) == (200, b"12345")
        async with side.session.get(side.url, params=query | {"nonce": "x"}) as response:
            assert (response.status, await response.read()) == (403, b"")


async def test_a_text_goes_back_in_the_answer(app: Any, plain: Plain) -> None:
    async with serving(app, Reply(text="已收到 ]]><evil/>")) as side:
        status, body = await side.post(plain())
        xml = side.plain(body)
    assert status == 200
    assert "<ToUserName><![CDATA[ZhangSan]]></ToUserName>" in xml  # as sent, not lower-cased
    assert "<Content><![CDATA[已收到 ]]]]><![CDATA[><evil/>]]></Content>" in xml
    assert side.late == []


async def test_nothing_to_say_is_an_empty_200(app: Any, plain: Plain) -> None:
    async with serving(app, Reply()) as side:
        assert await side.post(plain()) == (200, b"")
    assert side.late == []


async def test_a_replacement_answers_a_press(app: Any, plain: Plain) -> None:
    async with serving(app, Reply(text="谢谢", replace=CARD)) as side:
        status, body = await side.post(plain("event", PRESS))
        xml = side.plain(body)
    assert status == 200
    assert "<MsgType><![CDATA[update_template_card]]></MsgType>" in xml
    assert "<ReplaceText><![CDATA[已反馈]]></ReplaceText>" in xml
    assert [reply for _, reply in side.late] == [Reply(text="谢谢")]


@pytest.mark.parametrize(
    ("kind", "fields", "reply", "rest"),
    [
        ("text", "", Reply(card=CARD), Reply(card=CARD)),
        ("text", "", Reply(replace=CARD), Reply(replace=CARD)),
        ("text", "", Reply(text="字" * 683), Reply(text="字" * 683)),
        ("event", "<Event>change_contact</Event>", Reply(text="a"), Reply(text="a")),
        ("event", PRESS, Reply(replace=Card("t", facts=[("a", "b")] * 7)), None),
    ],
)
async def test_what_can_not_be_passive_comes_late(
    app: Any, plain: Plain, kind: str, fields: str, reply: Reply, rest: Reply | None
) -> None:
    async with serving(app, reply) as side:
        assert await side.post(plain(kind, fields)) == (200, b"")
    assert [late for _, late in side.late] == [rest or reply]


async def test_a_text_and_a_card_part(app: Any, plain: Plain) -> None:
    async with serving(app, Reply(text="a", card=CARD)) as side:
        _, body = await side.post(plain())
        assert "<![CDATA[a]]>" in side.plain(body)
    assert [late for _, late in side.late] == [Reply(card=CARD)]


async def test_2048_bytes_still_go_passively(app: Any, plain: Plain) -> None:
    async with serving(app, Reply(text="字" * 682 + "ab")) as side:
        _, body = await side.post(plain())
        assert "字" * 682 + "ab]]>" in side.plain(body)
    assert side.late == []


async def test_past_patience_the_reply_is_pushed(app: Any, plain: Plain) -> None:
    async with serving(app, Reply(text="done"), patience=-1) as side:
        assert await side.post(plain()) == (200, b"")
        await asyncio.wait_for(side.pushed.wait(), 5)
    assert [(message.text, reply.text) for message, reply in side.late] == [("hello", "done")]


async def test_nothing_is_acknowledged_before_it_is_stored(app: Any, plain: Plain) -> None:
    gate = asyncio.Event()
    async with serving(app, gate, then="done") as side:
        posting = asyncio.create_task(side.post(plain()))
        done, _ = await asyncio.wait({posting}, timeout=0.2)
        assert not done
        gate.set()
        assert (await posting)[0] == 200


async def test_drain_waits_for_what_the_platform_gave_up(app: Any, plain: Plain) -> None:
    gate = asyncio.Event()
    async with serving(app, gate) as side:
        query, body = app.sealed(plain(), clock.wall())
        message = app.callback().open(query, body, clock.now(), clock.wall())
        task = asyncio.ensure_future(side.endpoint._dispatch(message))
        serving_it = asyncio.create_task(side.endpoint._served(message, task))
        await asyncio.sleep(0)
        serving_it.cancel()
        await asyncio.wait({serving_it})
        draining = asyncio.create_task(side.endpoint.drain())
        await asyncio.sleep(0)
        assert not draining.done()
        gate.set()
        await asyncio.wait_for(draining, 5)
        assert len(side.late) == 1


@pytest.mark.parametrize(
    "error", [RuntimeError("secret words"), TimeoutError("secret words"), KeyError("secret words")]
)
async def test_a_failing_dispatch_is_500_without_words(app: Any, plain: Plain, error: Exception) -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving(app, error) as side:
            assert await side.post(plain()) == (500, b"")
    assert [(one["event"], one["error"], one["log_level"]) for one in logs] == [
        ("callback failed", type(error).__name__, "error")
    ]
    assert re.search(r"test_endpoint\.py:\d+$", logs[0]["place"])
    assert "secret words" not in repr(logs)


async def test_bad_input_is_never_5xx(app: Any, plain: Plain) -> None:
    async with serving(app, Reply()) as side:
        query, body = app.sealed(plain(), clock.wall())
        assert (await side.raw({}, body))[0] == 400
        assert (await side.raw(query, b"<xml>" * 5000))[0] == 400
        assert (await side.raw(query, body, Content_Encoding="gzip"))[0] == 400
        assert (await side.raw(query | {"msg_signature": "0" * 40}, body)) == (403, b"")
        assert (await side.raw(query, b"a" * 65537))[0] == 413

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"a" * 4096

        assert (await side.raw(query, chunks()))[0] == 413  # no length given
        assert (await side.post(plain("text", "<a>" * 30 + "</a>" * 30)))[0] == 400


async def test_a_refusal_is_logged_with_its_reason_alone(app: Any, plain: Plain) -> None:
    with structlog.testing.capture_logs() as logs:
        async with serving(app, Reply()) as side:
            encrypt = app.encrypt(plain(), corp_id="wwother")
            assert (await side.raw(app.query(encrypt, clock.wall()), app.body(encrypt)))[0] == 403
    assert [(one["status"], one["reason"]) for one in logs] == [(403, "receiveid is another corporation's")]
