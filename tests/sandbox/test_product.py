"""The product's own WeCom client and callback endpoint against the sandbox: one card from sending to its result."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.channels import Action, Card, ChannelDown, Choice, RateLimited, Unreachable
from bot.channels.wecom import client, endpoint, inbound
from bot.router import Message, Reply
from bot.sandbox import app
from bot.sandbox.settings import Settings


class Product:
    """A sandbox with one person, the product's client, and its endpoint answering every message by `reply`."""

    def __init__(self, sandbox: app.Running, http: aiohttp.ClientSession) -> None:
        wecom = sandbox.credentials()["wecom"]
        base = {"api_base": wecom["api_base"], "fallback_url": "http://127.0.0.1/m", "pause": 0.0}
        self.client = client.WeCom(wecom["corp_id"], wecom["agent_id"], wecom["secret"], **base)
        self.callback = inbound.Callback(wecom["corp_id"], wecom["agent_id"], wecom["token"], wecom["aes_key"])
        self.sandbox, self.http = sandbox, http
        self.reply = Reply()
        self.seen: list[Message] = []

    async def dispatch(self, message: Message) -> Reply:
        self.seen.append(message)
        return self.reply

    async def late(self, message: Message, reply: Reply) -> None:
        pytest.fail(f"nothing is late here: {reply}")

    async def post(self, place: str, body: object) -> dict[str, object]:
        async with self.http.post(f"{self.sandbox.control}/{place}", json=body) as response:
            assert response.status == 200, await response.text()
            return dict(await response.json())

    async def screen(self) -> list[dict[str, object]]:
        async with self.http.get(f"{self.sandbox.control}/inbox/zhangsan") as response:
            return list((await response.json())["messages"])


@pytest.fixture
async def product() -> AsyncIterator[Product]:
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await app.serve(settings=Settings())
        stack.push_async_callback(sandbox.close)
        found = Product(sandbox, await stack.enter_async_context(aiohttp.ClientSession()))
        stack.push_async_callback(found.client.close)
        served = web.Application()
        served.add_routes(
            endpoint.Endpoint(found.callback, found.dispatch, found.late, fallback_url="http://127.0.0.1/m").routes()
        )
        runner = web.AppRunner(served, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await found.post("people", [{"id": "zhangsan", "name": "Zhang", "phone": "13800000001"}])
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback"
        assert (await found.post("callback", {"url": url}))["verified"] is True
        yield found


CARD = Card(
    title="matter",
    facts=[("unit", "water")],
    choice=Choice("handler", "who", [("1", "one"), ("2", "two")]),
    actions=[Action("assign", "assign:1"), Action("read", "read:1", 2)],
)


async def test_a_card_is_sent_pressed_and_becomes_its_result(product: Product) -> None:
    receipt = await product.client.send(product.client.payload("zhangsan", CARD, "task-1"))
    assert receipt.response_code
    [entry] = await product.screen()
    product.reply = Reply(replace=Card(title="done", text="assigned to two"))
    pressed = {"person": "zhangsan", "message": entry["id"], "button": "assign", "selected": {"handler": ["2"]}}
    found = await product.post("press", pressed)
    assert (found["error"], found["tries"]) == ("", 1)
    [message] = product.seen
    assert message.button is not None
    assert (message.user, message.button.key, message.button.task_id) == ("zhangsan", "assign:1", "task-1")
    assert {key: list(ids) for key, ids in message.button.selected.items()} == {"handler": ["2"]}
    [entry] = await product.screen()
    assert (entry["state"], entry["shown"]) == ("updated", "done\nassigned to two")
    await product.client.replace("zhangsan", message.button.response_code, Card(title="over"), "task-1")
    assert (await product.screen())[0]["shown"] == "over"


async def test_a_text_is_answered(product: Product) -> None:
    product.reply = Reply(text="已收到 ]]> <b>")
    said = await product.post("say", {"person": "zhangsan", "text": "进展 1 本周完成"})
    assert said["error"] == ""
    assert (product.seen[0].text, product.seen[0].kind) == ("进展 1 本周完成", "text")
    assert [entry["shown"] for entry in await product.screen()] == ["已收到 ]]> <b>"]


async def test_a_stored_payload_sent_again_is_shown_once(product: Product) -> None:
    payload = product.client.payload("zhangsan", CARD, "task-1")
    await product.post("fault", {"name": "timeout_after_accept", "count": 1})
    with pytest.raises(ChannelDown) as lost:
        await product.client.send(payload)
    assert lost.value.ambiguous
    await product.client.send(payload)
    assert len(await product.screen()) == 1


async def test_a_revoked_token_is_fetched_anew(product: Product) -> None:
    await product.client.send(product.client.payload("zhangsan", "one", "t-1"))
    await product.post("fault", {"name": "token_expired", "count": 1})
    await product.client.send(product.client.payload("zhangsan", "two", "t-2"))
    assert [entry["shown"] for entry in await product.screen()] == ["one", "two"]


async def test_what_goes_wrong_has_its_name(product: Product) -> None:
    for name, error in (("rate_limit", RateLimited), ("ip", ChannelDown), ("down", ChannelDown)):
        await product.post("fault", {"name": name, "count": 1, "path": "/cgi-bin/message/"})
        with pytest.raises(error):
            await product.client.send(product.client.payload("zhangsan", name, f"t-{name}"))
    with pytest.raises(Unreachable):
        await product.client.send(product.client.payload("nobody", "x", "t-x"))
    assert await product.screen() == []
