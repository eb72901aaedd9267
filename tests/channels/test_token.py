"""The access token: one fetch for all, one renewal, and what its failure means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels import ChannelDown
from bot.channels.wecom.client import WeCom
from bot.channels.wecom.token import Token

Made = Callable[..., WeCom]
SEND, TOKEN = "message/send", "gettoken"
OK = {"errcode": 0, "errmsg": "ok"}


def fresh(number: int) -> dict[str, Any]:
    return {"errcode": 0, "access_token": f"T{number}", "expires_in": 7200}


@pytest.mark.parametrize(("code", "mend"), [(40001, "secret"), (40013, "corp_id"), (60020, "trusted_ip")])
async def test_a_refused_gettoken_is_an_alarm(platform: Any, wecom: WeCom, code: int, mend: str) -> None:
    platform.answers[TOKEN] = [{"errcode": code, "errmsg": "no"}]
    with pytest.raises(ChannelDown) as caught:
        await wecom.send(wecom.payload("U1", "a", "t"))
    assert (caught.value.alarm, caught.value.ambiguous, caught.value.mend) == (True, False, mend)
    assert platform.count(SEND) == 0
    assert "s3cret" not in caught.value.detail


@pytest.mark.parametrize("code", [40014, 42001, 40001])
async def test_a_stale_token_is_fetched_once_more(platform: Any, wecom: WeCom, code: int) -> None:
    platform.answers[TOKEN] = [fresh(1), fresh(2)]
    platform.answers[SEND] = [{"errcode": code, "errmsg": "stale"}, OK | {"msgid": "m"}]
    payload = wecom.payload("U1", "a", "t")
    assert (await wecom.send(payload)).message_id == "m"
    sent = [(query["access_token"], body) for path, query, body in platform.requests if path == SEND]
    assert sent == [("T1", payload.encode()), ("T2", payload.encode())]


@pytest.mark.parametrize("code", [40014, 42001, 40001])
async def test_a_token_that_stays_refused_is_given_up(platform: Any, wecom: WeCom, code: int) -> None:
    platform.answers[SEND] = [{"errcode": code, "errmsg": "stale"}]
    with pytest.raises(ChannelDown) as caught:
        await wecom.send(wecom.payload("U1", "a", "t"))
    assert (caught.value.alarm, caught.value.mend) == (True, "secret")
    assert (platform.count(SEND), platform.count(TOKEN)) == (2, 2)


async def test_many_callers_fetch_one_token(platform: Any, wecom: WeCom) -> None:
    platform.answers[SEND] = [OK | {"msgid": "m"}]
    await asyncio.gather(*(wecom.send(wecom.payload("U1", "a", str(n))) for n in range(30)))
    assert (platform.count(TOKEN), platform.count(SEND)) == (1, 30)


async def test_many_callers_renew_a_stale_token_once() -> None:
    fetched = 0

    async def fetch() -> tuple[str, float]:
        nonlocal fetched
        fetched += 1
        await asyncio.sleep(0)
        return f"T{fetched}", 7200

    token = Token(fetch)
    old = await asyncio.gather(*(token.get() for _ in range(20)))
    for one in old:
        token.drop(one)
        assert await token.get() == "T2"
    assert fetched == 2


async def test_a_failed_fetch_answers_for_a_while(platform: Any, made: Made) -> None:
    platform.answers[TOKEN] = [{"errcode": 40001, "errmsg": "no"}]
    channel = made(platform.url, pause=60.0)
    for _ in range(5):
        with pytest.raises(ChannelDown):
            await channel.send(channel.payload("U1", "a", "t"))
    assert platform.count(TOKEN) == 1
    await channel.close()


async def test_a_cancelled_first_caller_does_not_spoil_the_fetch() -> None:
    gate, fetched = asyncio.Event(), 0

    async def fetch() -> tuple[str, float]:
        nonlocal fetched
        fetched += 1
        await gate.wait()
        return "T", 7200

    token = Token(fetch)
    first, second = asyncio.create_task(token.get()), asyncio.create_task(token.get())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await second == "T"
    assert fetched == 1


async def test_a_token_near_its_end_is_renewed() -> None:
    lives = iter([("T1", 0.0), ("T2", 7200.0)])

    async def fetch() -> tuple[str, float]:
        return next(lives)

    token = Token(fetch)
    assert [await token.get(), await token.get(), await token.get()] == ["T1", "T2", "T2"]
