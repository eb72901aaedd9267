"""What a callback must be to be taken, in which order it is checked, and what each kind becomes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import Any

import pytest

from bot.channels.wecom import inbound
from bot.channels.wecom.refusal import Rejected
from bot.router import Message

Plain = Callable[..., str]


def refusal(app: Any, query: dict[str, str], body: bytes, at: datetime) -> tuple[int, str]:
    with pytest.raises(Rejected) as caught:
        app.callback().open(query, body, at, at)
    assert type(caught.value) is Rejected
    return caught.value.status, caught.value.reason


def opened(app: Any, xml: str, at: datetime) -> Message:
    message: Message = app.callback().open(*app.sealed(xml, at), at, at)
    return message


@contextmanager
def calls() -> Iterator[list[str]]:
    """The names of everything called inside: Python functions and C functions."""
    seen: list[str] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            seen.append(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}")
        elif event == "c_call":
            seen.append(f"{argument.__module__}.{argument.__qualname__}")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(before)


def parsers(seen: list[str]) -> list[str]:
    return [name for name in seen if any(word in name for word in ("expat", "ParserCreate", "xmltodict", "tree."))]


def test_a_forged_body_never_reaches_a_parser(app: Any, plain: Plain, now: datetime) -> None:
    encrypt = app.encrypt(plain())
    query = app.query(encrypt) | {"msg_signature": "0" * 40}
    with calls() as seen:
        assert refusal(app, query, app.body(encrypt), now)[0] == 403
    assert "_operator._compare_digest" in seen or any("compare_digest" in name for name in seen)
    assert not parsers(seen)
    assert not any("decrypt" in name for name in seen)
    with calls() as seen:  # the probe sees the parser when there is one
        opened(app, plain(), now)
    assert parsers(seen)
    names = [name.rsplit(".", 1)[-1] for name in seen]
    assert names.index("compare_digest" if "compare_digest" in names else "_compare_digest") < names.index("parse")


@pytest.mark.parametrize("filler", [b"<a>" * 20_000, b"<xml>" * 12_000, b"<" * 60_000, b"<xml>" + b" " * 65_000])
def test_deep_and_huge_bodies_cost_nothing(app: Any, plain: Plain, now: datetime, filler: bytes) -> None:
    encrypt = app.encrypt(plain())
    with calls() as seen:
        status, _ = refusal(app, app.query(encrypt), filler, now)
    assert status == 400
    assert not parsers(seen)
    assert len(seen) < 200
    with calls() as seen:
        assert refusal(app, app.query(encrypt), filler * 4, now)[0] == 413
    assert len(seen) < 100


def breakage(app: Any, plain: Plain, now: datetime) -> dict[str, tuple[dict[str, str], bytes, int]]:
    query, body = app.sealed(plain(), now)
    encrypt = app.encrypt(plain())
    foreign = app.encrypt(plain(), corp_id="ww9999999999999999")
    other_agent = app.encrypt(plain(AgentID="1000003"))
    late, early = now - timedelta(seconds=601), now + timedelta(seconds=601)
    return {
        "too large": (query, body + b" " * 65536, 413),
        "no signature": ({k: v for k, v in query.items() if k != "msg_signature"}, body, 400),
        "no timestamp": ({k: v for k, v in query.items() if k != "timestamp"}, body, 400),
        "no nonce": ({k: v for k, v in query.items() if k != "nonce"}, body, 400),
        "signature in capitals": (query | {"msg_signature": query["msg_signature"].upper() + "A"}, body, 400),
        "timestamp in words": (query | {"timestamp": "now"}, body, 400),
        "timestamp in other digits": (query | {"timestamp": "١٢٣"}, body, 400),
        "timestamp huge": (query | {"timestamp": "9" * 400}, body, 400),
        "stale": (app.query(encrypt, late), app.body(encrypt), 403),
        "from the future": (app.query(encrypt, early), app.body(encrypt), 403),
        "empty": (query, b"", 400),
        "no Encrypt": (query, b"<xml><ToUserName>a</ToUserName></xml>", 400),
        "two Encrypt": (query, body.replace(b"</xml>", b"<Encrypt>" + encrypt.encode() + b"</Encrypt></xml>"), 400),
        "nested": (query, b"<xml><a>" + body + b"</a></xml>", 400),
        "a document type": (query, b'<!DOCTYPE xml [<!ENTITY a "b">]>' + body, 400),
        "a declaration": (query, b'<?xml version="1.0"?>' + body, 400),
        "a comment": (query, body.replace(b"<xml>", b"<xml><!-- -->"), 400),
        "an attribute": (query, body.replace(b"<Encrypt>", b"<Encrypt a='1'>"), 400),
        "text after": (query, body + b"x", 400),
        "not base64": (app.query("*" * 64), app.body("*" * 64), 400),
        "another's signature": (app.query(encrypt, token="other"), app.body(encrypt), 403),
        "another body": (query, app.body(encrypt[:-4] + "AAA="), 403),
        "changed nonce": (query | {"nonce": "n2"}, body, 403),
        "another corporation": (app.query(foreign), app.body(foreign), 403),
        "another app in the message": (app.query(other_agent), app.body(other_agent), 403),
        "another app on the envelope": (
            app.query(encrypt),
            app.body(encrypt).replace(b"1000002", b"1000003"),
            403,
        ),
    }


def test_refusals(app: Any, plain: Plain, now: datetime) -> None:
    for name, (query, body, status) in breakage(app, plain, now).items():
        assert refusal(app, query, body, now)[0] == status, name


def test_the_edges_of_freshness_are_taken(app: Any, plain: Plain, now: datetime) -> None:
    for seconds in (-600, 600):
        query, body = app.sealed(plain(), now + timedelta(seconds=seconds))
        assert app.callback().open(query, body, now, now).text == "hello"


INNER = {
    "empty": "",
    "no root": "hello",
    "another root": "<a><FromUserName>a</FromUserName><MsgType>text</MsgType></a>",
    "root without children": "<xml>text</xml>",
    "cut": "<xml><MsgType>text</MsgType>",
    "two roots": "<xml><a>1</a></xml><xml/>",
    "entity": '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><FromUserName>&a;</FromUserName></xml>',
    "outside entity": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><MsgType>&a;</MsgType></xml>',
    "empty document type": "<!DOCTYPE xml><xml><FromUserName>a</FromUserName><MsgType>text</MsgType></xml>",
    "unknown entity": "<xml><FromUserName>&nope;</FromUserName></xml>",
    "deep": "<xml>" + "<a>" * 20 + "</a>" * 20 + "</xml>",
    "wide": "<xml>" + "<a/>" * 2001 + "</xml>",
    "no sender": "<xml><MsgType>text</MsgType></xml>",
    "no type": "<xml><FromUserName>a</FromUserName></xml>",
    "two contents": "<xml><FromUserName>a</FromUserName><MsgType>text</MsgType>"
    "<Content>1</Content><Content>2</Content></xml>",
    "a tree for a text": "<xml><FromUserName>a</FromUserName><MsgType>text</MsgType><Content><b>1</b></Content></xml>",
    "a text for an item": "<xml><FromUserName>a</FromUserName><MsgType>event</MsgType>"
    "<Event>template_card_event</Event><SelectedItems><SelectedItem>x</SelectedItem></SelectedItems></xml>",
    "a tree for an option": "<xml><FromUserName>a</FromUserName><MsgType>event</MsgType>"
    "<Event>template_card_event</Event><SelectedItems><SelectedItem><QuestionKey>q</QuestionKey><OptionIds>"
    "<OptionId><c>1</c></OptionId></OptionIds></SelectedItem></SelectedItems></xml>",
}


@pytest.mark.parametrize("xml", INNER.values(), ids=INNER.keys())
def test_rightly_encrypted_nonsense_is_refused(app: Any, now: datetime, xml: str) -> None:
    assert refusal(app, *app.sealed(xml, now), now)[0] == 400


@pytest.mark.parametrize(
    ("message", "length", "receiver", "padding"),
    [
        (b"<xml/>", 0xFFFFFFFF, b"", 32),
        (b"<xml/>", 0, b"", 0),
        (b"<xml/>", 6, b"ww1234567890abcdef", 255),
        (b"\xff\xfe", 2, b"ww1234567890abcdef", 12),
        (b"<xml/>", 6, b"", 26),
        (b"", 0, b"\xff", 31),
    ],
)
def test_broken_plaintexts_are_refused(
    app: Any, now: datetime, raw_encrypt: Any, message: bytes, length: int, receiver: bytes, padding: int
) -> None:
    encrypt = raw_encrypt(message, length, receiver, padding)
    assert refusal(app, app.query(encrypt), app.body(encrypt), now)[0] in (400, 403)


@pytest.mark.parametrize("size", [43, 44, 64, 65, 128])
def test_odd_ciphertext_sizes_are_refused(app: Any, now: datetime, size: int) -> None:
    encrypt = "A" * size
    assert refusal(app, app.query(encrypt), app.body(encrypt), now)[0] in (400, 403)


def test_url_check(app: Any) -> None:
    encrypt = app.encrypt("1616140317555161061")
    query = app.query(encrypt) | {"echostr": encrypt}
    assert app.callback().verify_url(query) == "1616140317555161061"
    for broken in (
        query | {"echostr": encrypt[:-4]},
        query | {"msg_signature": "f" * 40},
        query | {"echostr": "a b"},
        {},
    ):
        with pytest.raises(Rejected):
            app.callback().verify_url(broken)


@pytest.mark.parametrize("key", ["", "a" * 42, "a" * 44, "é" * 43])
def test_a_wrong_aes_key_stops_the_start(key: str) -> None:
    with pytest.raises(ValueError, match=r"aes_key|ASCII"):
        inbound.Callback("ww1", 1, "t", key)
