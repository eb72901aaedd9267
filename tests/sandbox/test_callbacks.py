"""URL verification, delivery in three tries, and passive replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

TEXT = "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{}]]></Content>"


def text_reply(words: str) -> Any:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return bot.sealed(TEXT.format(words))

    return script


def status(code: int) -> Any:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return web.Response(status=code)

    return script


class TestVerification:
    async def test_a_bot_that_decrypts_is_kept(self, world: Any) -> None:
        found = await world.post("callback", url=world.bot_url)
        assert found == {"url": world.bot_url, "verified": True, "error": ""}
        assert await world.get("callback") == {"url": world.bot_url}

    @pytest.mark.parametrize("wrong", ['"{}"', "{}\n", "\ufeff{}", ""])
    async def test_anything_but_the_plain_text_fails(self, world: Any, wrong: str) -> None:
        world.bot.echo = wrong.format
        found = await world.post("callback", url=world.bot_url)
        assert (found["verified"], found["url"]) == (False, "")
        assert "not the decrypted echostr" in found["error"]

    async def test_nobody_there(self, world: Any) -> None:
        found = await world.post("callback", url="http://127.0.0.1:9/")
        assert (found["verified"], bool(found["error"])) == (False, True)
        assert (await world.post("callback", url="http://127.0.0.1:9/", verify=False))["url"] == "http://127.0.0.1:9/"

    async def test_too_slow(self, world: Any) -> None:
        gate = asyncio.Event()

        async def hang(request: web.Request) -> web.Response:
            await gate.wait()
            return web.Response()

        async with serving(hang) as url:
            assert (await world.post("callback", url=url))["error"] == "no answer within 2 s"
            gate.set()

    @pytest.mark.parametrize("url", ["http://example.com/", "http://10.0.0.1/", "ftp://127.0.0.1/", ""])
    async def test_loopback_only(self, world: Any, url: str) -> None:
        assert (await world.post("callback", url=url))["http"] == 400


class serving:
    """A server of one handler for GET, on a free port."""

    def __init__(self, handler: Callable[[web.Request], Any]) -> None:
        app = web.Application()
        app.router.add_get("/", handler)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def __aenter__(self) -> str:
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{self.runner.addresses[0][1]}/"

    async def __aexit__(self, *failure: object) -> None:
        await self.runner.cleanup()


@pytest.fixture
async def ready(world: Any) -> Any:
    """The world, with the callback set."""
    assert (await world.post("callback", url=world.bot_url))["verified"]
    return world


async def test_a_text_arrives_as_the_platform_writes_it(ready: Any) -> None:
    said = await ready.post("say", person="zhangsan", text="进展 1 ]]> <b>")
    assert (said["reply"], said["tries"], said["status"], said["error"]) == (None, 1, 200, "")
    [message] = ready.bot.seen
    assert message == {
        "ToUserName": ready.wecom["corp_id"],
        "FromUserName": "zhangsan",
        "CreateTime": "1772413200",
        "MsgType": "text",
        "Content": "进展 1 ]]> <b>",
        "MsgId": said["message"],
        "AgentID": str(ready.wecom["agent_id"]),
    }
    assert ready.bot.queries[0]["timestamp"] == str(int(ready.wall().timestamp()))
    assert f"<ToUserName><![CDATA[{ready.wecom['corp_id']}]]>" in ready.bot.bodies[0]


async def test_what_xml_can_not_carry_is_left_out(ready: Any) -> None:
    await ready.post("say", person="zhangsan", text="a\x00\x08b\ud800😀")
    assert ready.bot.seen[0]["Content"] == "ab😀"


async def test_create_time_is_business_time(ready: Any) -> None:
    await ready.post("clock", step=3600)
    await ready.post("say", person="zhangsan", text="hello")
    assert ready.bot.seen[0]["CreateTime"] == "1772416800"
    assert ready.bot.queries[0]["timestamp"] == str(int(ready.wall().timestamp()))


async def test_the_reply_is_shown_to_the_person(ready: Any) -> None:
    ready.bot.script = text_reply("noted")
    said = await ready.post("say", person="ZhangSan", text="hello")
    [entry] = await ready.inbox()
    assert said["reply"] == {"kind": "text", "inbox": entry["id"], "text": "noted"}
    assert (entry["shown"], entry["via"]) == ("noted", "reply")


async def test_a_reply_is_cut_at_2048_bytes(ready: Any) -> None:
    ready.bot.script = text_reply("长" * 700)
    await ready.post("say", person="zhangsan", text="hello")
    assert (await ready.inbox())[0]["shown"] == "长" * 682


async def test_a_failing_bot_gets_three_tries_with_one_msgid(ready: Any) -> None:
    ready.bot.script = status(500)
    said = await ready.post("say", person="zhangsan", text="hello")
    assert (said["tries"], said["status"], said["error"]) == (3, 500, "status 500")
    assert len(ready.bot.seen) == 3
    assert ready.bot.seen[0] == ready.bot.seen[1] == ready.bot.seen[2]
    for fresh in ("nonce", "msg_signature"):
        assert len({query[fresh] for query in ready.bot.queries}) == 3
    assert len(set(ready.bot.bodies)) == 3


async def test_a_bot_that_fails_once_is_heard_the_second_time(ready: Any) -> None:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return web.Response(status=503) if len(bot.seen) == 1 else bot.sealed(TEXT.format("late"))

    ready.bot.script = script
    said = await ready.post("say", person="zhangsan", text="hello")
    assert (said["tries"], said["reply"]["text"]) == (2, "late")


async def test_without_retry_on_status_an_answer_is_an_answer(ready: Any) -> None:
    platform = ready.sandbox.platform
    platform.settings = replace(platform.settings, retry_on_status=False)
    ready.bot.script = status(500)
    assert (await ready.post("say", person="zhangsan", text="hello"))["tries"] == 1


async def test_a_hanging_bot_is_cut_off_and_called_again(ready: Any) -> None:
    gate = asyncio.Event()

    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        if len(bot.seen) == 1:
            await gate.wait()
        return bot.sealed(TEXT.format("here"))

    ready.bot.script = script
    said = await ready.post("say", person="zhangsan", text="hello")
    assert (said["tries"], said["reply"]["text"]) == (2, "here")
    gate.set()


async def test_a_dead_bot(ready: Any) -> None:
    await ready.post("callback", url="http://127.0.0.1:9/", verify=False)
    said = await ready.post("say", person="zhangsan", text="hello")
    assert (said["tries"], said["status"], said["reply"]) == (3, None, None)
    assert said["error"]


async def test_no_callback_is_set(world: Any) -> None:
    said = await world.post("say", person="zhangsan", text="hello")
    assert (said["tries"], said["error"]) == (0, "no callback url is set")


@pytest.mark.parametrize("junk", ["hello", "<xml></xml>", "<xml><Encrypt>AAAA</Encrypt></xml>", "{}"])
async def test_junk_is_reported_and_shows_nothing(ready: Any, junk: str) -> None:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return web.Response(text=junk)

    ready.bot.script = script
    said = await ready.post("say", person="zhangsan", text="hello")
    assert (said["tries"], said["reply"]) == (1, None)
    assert said["error"].startswith("the reply is no signed, encrypted XML")
    assert await ready.inbox() == []


async def test_a_forged_signature_shows_nothing(ready: Any) -> None:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        good = bot.sealed(TEXT.format("x")).text
        return web.Response(text=good.replace("<MsgSignature><![CDATA[", "<MsgSignature><![CDATA[0"))

    ready.bot.script = script
    said = await ready.post("say", person="zhangsan", text="hello")
    assert "InvalidSignature" in said["error"]
    assert await ready.inbox() == []


async def test_a_reply_for_somebody_else(ready: Any) -> None:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return bot.sealed(TEXT.format("x"), person="LiSi")

    ready.bot.script = script
    said = await ready.post("say", person="zhangsan", text="hello")
    assert "not for 'zhangsan'" in said["error"]
    assert await ready.inbox("LiSi") == []


@pytest.mark.parametrize(
    ("inner", "error"),
    [
        ("<MsgType>update_button</MsgType><Button><ReplaceName>x</ReplaceName></Button>", "answers a card event only"),
        ("<MsgType>hologram</MsgType>", "is no reply"),
    ],
)
async def test_replies_that_do_not_fit(ready: Any, inner: str, error: str) -> None:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return bot.sealed(inner)

    ready.bot.script = script
    assert error in (await ready.post("say", person="zhangsan", text="hello"))["error"]


async def test_success_means_no_reply(ready: Any) -> None:
    async def script(bot: Any, request: web.Request, message: dict[str, Any]) -> web.Response:
        return web.Response(text="success")

    ready.bot.script = script
    said = await ready.post("say", person="zhangsan", text="hello")
    assert (said["reply"], said["error"], said["tries"]) == (None, "", 1)


async def test_events_carry_no_msgid(ready: Any) -> None:
    await ready.post("enter", person="zhangsan")
    await ready.post("click", person="zhangsan", key="todo")
    entered, clicked = ready.bot.seen
    assert (entered["MsgType"], entered["Event"], "MsgId" in entered) == ("event", "enter_agent", False)
    assert (clicked["Event"], clicked["EventKey"]) == ("click", "todo")


async def test_the_platform_repeats_itself(ready: Any) -> None:
    await ready.post("fault", name="repeat", count=1)
    assert (await ready.post("say", person="zhangsan", text="hello"))["tries"] == 2
    assert ready.bot.seen[0] == ready.bot.seen[1]
    assert (await ready.post("say", person="zhangsan", text="hello"))["tries"] == 1


@pytest.mark.parametrize("body", [{"person": "nobody", "text": "x"}, {"text": "x"}])
async def test_nobody_there_to_speak(ready: Any, body: dict[str, str]) -> None:
    assert (await ready.post("say", **body))["http"] == 404


async def test_nothing_said(ready: Any) -> None:
    assert (await ready.post("say", person="zhangsan"))["http"] == 400
