"""Faults: what a bot's client meets when the platform is ill."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest


@pytest.mark.parametrize(
    ("name", "code"),
    [("busy", -1), ("rate_limit", 45009), ("concurrency", 45033), ("ip", 60020), ("token_expired", 42001)],
)
async def test_an_errcode_for_the_next_calls(world: Any, name: str, code: int) -> None:
    await world.post("fault", name=name, count=2)
    token = (await world.gettoken())["access_token"]
    for expected in (code, code):
        assert (await world.send())["errcode"] == expected
        world.token = (await world.gettoken())["access_token"]
    assert (await world.send())["errcode"] == 0
    assert (world.token != token) is (name == "token_expired")
    assert len(await world.inbox()) == 1


async def test_an_expired_token_stays_expired(world: Any) -> None:
    await world.gettoken()
    await world.post("fault", name="token_expired", count=1)
    assert [(await world.send())["errcode"] for _ in range(2)] == [42001, 42001]


async def test_on_until_off_and_only_where_the_path_says(world: Any) -> None:
    await world.post("fault", name="busy", path="/cgi-bin/user/")
    assert (await world.send())["errcode"] == 0
    for _ in range(3):
        assert (await world.call("user/get", "GET", params={"userid": "zhangsan"}))["errcode"] == -1
    assert (await world.post("fault", name="busy", on=False))["faults"] == []
    assert (await world.call("user/get", "GET", params={"userid": "zhangsan"}))["errcode"] == 0


async def test_gettoken_is_busy_when_named(world: Any) -> None:
    await world.post("fault", name="busy", path="/cgi-bin/gettoken", count=1)
    assert (await world.gettoken())["errcode"] == -1
    assert (await world.gettoken())["errcode"] == 0


async def test_down_ends_the_connection(world: Any) -> None:
    await world.call("getcallbackip", "GET")
    await world.post("fault", name="down")
    with pytest.raises(aiohttp.ClientConnectionError):
        await world.send()
    assert (await world.get("fault"))["faults"][0]["name"] == "down"
    await world.post("fault", name="down", on=False)
    assert (await world.send())["errcode"] == 0


async def test_down_with_a_page(world: Any) -> None:
    await world.post("fault", name="down", answer="html", count=1)
    async with world.http.get(f"{world.sandbox.url}/cgi-bin/gettoken") as response:
        assert (response.status, response.content_type) == (503, "text/html")


async def test_slow_outlasts_a_client(world: Any) -> None:
    await world.gettoken()
    await world.post("fault", name="slow", seconds=30, path="/cgi-bin/message/send")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(world.send(), 0.1)
    await world.post("fault", name="slow", seconds=0.01, count=1)
    assert (await world.send())["errcode"] == 0


async def test_accepted_without_an_answer(world: Any) -> None:
    await world.post("fault", name="timeout_after_accept", count=1)
    asked = {"enable_duplicate_check": 1}
    with pytest.raises(aiohttp.ClientConnectionError):
        await world.send("once", **asked)
    assert (await world.send("once", **asked))["errcode"] == 0
    assert [entry["shown"] for entry in await world.inbox()] == ["once"]
    first, second = (await world.get("wire", path="/cgi-bin/message/send"))["requests"]
    assert first["body"] == second["body"]
    assert first["became"]["fault"] == "timeout_after_accept"
    assert second["became"]["duplicate_of"] == first["became"]["msgid"]


async def test_faults_of_one_person(world: Any) -> None:
    for name in ("unknown_user", "unlicensed", "unreachable"):
        await world.post("fault", name=name, person="ZhangSan", count=1)
    first, second, third = [await world.send(str(number), "zhangsan|lisi") for number in range(3)]
    assert (first["invaliduser"], first["errcode"]) == ("zhangsan", 0)
    assert second["unlicenseduser"] == "zhangsan"
    assert set(third) == {"errcode", "errmsg", "msgid"}
    assert await world.inbox() == []
    assert len(await world.inbox("LiSi")) == 3
    await world.send("healed")
    assert len(await world.inbox()) == 1


async def test_a_person_alone_in_invaliduser(world: Any) -> None:
    """errcode 0 all the same: only the list tells that nobody has it."""
    await world.post("fault", name="invalid_user", person="zhangsan")
    answer = await world.send("nobody", "zhangsan")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "zhangsan")
    assert await world.inbox() == []


async def test_a_person_alone_and_unknown(world: Any) -> None:
    await world.post("fault", name="unknown_user", person="zhangsan")
    assert (await world.send())["errcode"] == 81013


async def test_the_gateway_is_down(world: Any) -> None:
    await world.post("fault", name="sms_down", count=1)
    url, sms = f"{world.sandbox.url}/sms/send", {"phone": "13800000001", "text": "hello"}
    async with world.http.post(url, json=sms) as response:
        assert response.status == 503
    async with world.http.post(url, json=sms) as response:
        assert (await response.json())["ok"] is True


@pytest.mark.parametrize(
    "body",
    [
        {"name": "earthquake"},
        {},
        {"name": "unknown_user"},
        {"name": "busy", "person": "zhangsan"},
        {"name": "busy", "count": 0},
        {"name": "slow", "seconds": -1},
        {"name": "down", "answer": "smoke"},
    ],
)
async def test_faults_that_are_none(world: Any, body: dict[str, Any]) -> None:
    found = await world.post("fault", **body)
    assert found["http"] == 400
    assert (await world.get("fault"))["faults"] == []
