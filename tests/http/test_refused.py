"""Callbacks that are none: 4xx, nothing stored, nothing of a traceback outside or in the log."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot import app, clock
from bot.sandbox import envelope
from tests.http.wire import Line, counts

Call = tuple[dict[str, str], str | bytes]
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def bad_signature(line: Line) -> Call:
    query, body = line.seal(line.text("张三", "待办"))
    return {**query, "msg_signature": "0" * 40}, body


def old(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"), wall=lambda: clock.wall() - timedelta(seconds=660))


def ahead(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"), wall=lambda: clock.wall() + timedelta(seconds=660))


def foreign(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"), corp_id="ww0000000000000000")


def other_token(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"), token="another")


def other_key(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"), aes_key="a" * 42 + "A")


def other_app(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"), agent_id=1000099)


def other_app_inside(line: Line) -> Call:
    return line.seal(line.text("张三", "待办").replace(f"<AgentID>{line.settings.agent_id}", "<AgentID>1000099"))


def too_large(line: Line) -> Call:
    query, body = line.seal(line.text("张三", "待办"))
    return query, body + " " * (64 * 1024 + 1 - len(body.encode()))


def malformed(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"))[0], "<xml><Encrypt>"


def no_xml(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"))[0], '{"Encrypt": "x"}'


def nested(line: Line) -> Call:
    query, body = line.seal(line.text("张三", "待办"))
    return query, body.replace("<Encrypt>", "<A>" * 500 + "<Encrypt>").replace(
        "</Encrypt>", "</Encrypt>" + "</A>" * 500
    )


def bomb(line: Line) -> Call:
    query, body = line.seal(line.text("张三", "待办"))
    return query, BOMB + body


def nested_inside(line: Line) -> Call:
    return line.seal("<xml>" + "<A>" * 2000 + "</A>" * 2000 + "</xml>")


def bomb_inside(line: Line) -> Call:
    return line.seal(BOMB + line.text("张三", "待办").replace("待办", "&b;"))


def garbage_inside(line: Line) -> Call:
    return line.seal("not xml at all \x00")


def nobody_inside(line: Line) -> Call:
    return line.seal(line.text("张三", "待办").replace("FromUserName", "Somebody"))


def no_body(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"))[0], b""


def bytes_only(line: Line) -> Call:
    return line.seal(line.text("张三", "待办"))[0], bytes(range(256)) * 8


def no_query(line: Line) -> Call:
    return {}, line.seal(line.text("张三", "待办"))[1]


def no_nonce(line: Line) -> Call:
    query, body = line.seal(line.text("张三", "待办"))
    return {"msg_signature": query["msg_signature"], "timestamp": query["timestamp"]}, body


def odd_timestamp(line: Line) -> Call:
    query, body = line.seal(line.text("张三", "待办"))
    return {**query, "timestamp": "１２３"}, body


EVERY = {
    bad_signature: 403, old: 403, ahead: 403, foreign: 403, other_token: 403, other_key: 400, other_app: 403,
    other_app_inside: 403, too_large: 413, malformed: 400, no_xml: 400, nested: 400, bomb: 400, nested_inside: 400,
    bomb_inside: 400, garbage_inside: 400, nobody_inside: 400, no_body: 400, bytes_only: 400, no_query: 400,
    no_nonce: 400, odd_timestamp: 400,
}  # fmt: skip


def quiet(caplog: pytest.LogCaptureFixture) -> bool:
    """Nothing of aiohttp's or asyncio's own to worry about."""
    return not [each for each in caplog.records if each.levelno >= logging.WARNING or each.exc_info]


def clean(words: str) -> bool:
    return not any(sign in words for sign in ("Traceback", 'File "', ".py", "Error:"))


async def test_nothing_that_is_no_callback_gets_in(
    line: Line, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    before = await counts()
    capsys.readouterr()
    answered: dict[Callable[..., Any], int] = {}
    for make in EVERY:
        query, body = make(line)
        answered[make], words = await line.post(query, body)
        assert clean(words), make.__name__
    printed = capsys.readouterr()
    assert {each.__name__: status for each, status in answered.items()} == {
        each.__name__: status for each, status in EVERY.items()
    }
    assert clean(printed.out + printed.err)
    assert quiet(caplog)
    assert printed.out.count("callback refused") == len(EVERY)
    assert await counts() == before
    assert before["person"] == 12


async def test_methods_encodings_and_addresses(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    before = await counts()
    query, body = line.seal(line.text("张三", "待办"))
    session = line.stage.session
    for method in ("PUT", "DELETE", "PATCH", "HEAD"):
        async with session.request(method, line.url, params=query, data=body) as response:
            assert response.status == 405, method
    async with session.get(line.url) as response:
        assert response.status == 400
    async with session.get(line.url, params={**query, "echostr": "bm90IG91cnM="}) as response:
        assert response.status == 403
    packed = {"Content-Encoding": "gzip"}
    for data in (b"no gzip at all", gzip.compress(body.encode()), gzip.compress(b"0" * 30_000_000)):
        status, words = await line.post(query, data, headers=packed)
        assert 400 <= status < 500
        assert clean(words)
    async with session.post(f"{line.stage.url}/wecom/callback/x", data=body) as response:
        assert response.status == 404
    assert quiet(caplog)
    assert await counts() == before


async def test_one_that_says_less_than_it_sends(line: Line) -> None:
    """A chunked body has no length to be judged by: it is read no further than is allowed."""

    async def pieces() -> Any:
        for _ in range(80):
            yield b"<" * 1024

    query = line.seal(line.text("张三", "待办"))[0]
    async with line.stage.session.post(line.url, params=query, data=pieces()) as response:
        assert response.status == 413


async def test_one_that_comes_in_drops(line: Line) -> None:
    line.stage.app[app.ENDPOINT].body_within = 0.05

    async def drops() -> Any:
        yield b"<xml>"
        await asyncio.Event().wait()

    query = line.seal(line.text("张三", "待办"))[0]
    async with line.stage.session.post(line.url, params=query, data=drops()) as response:
        assert response.status == 408


async def test_a_stranger_changes_nothing_but_the_inbox(line: Line) -> None:
    before = await counts()
    status, words = await line.send(line.text("nobody", "进展 已完成现场核查，形成问题清单"))
    assert status == 200
    assert "不在督办系统的人员名单中" in words
    # a kind that is none of ours is taken and forgotten
    plain = envelope.event(line.platform, "zhangsan", "LOCATION")
    assert await line.send(plain) == (200, "")
    after = await counts()
    assert {name for name, count in after.items() if count != before[name]} == {"inbound"}
