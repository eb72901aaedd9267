"""Whatever comes in: a Message or Rejected, nothing else, on envelope bytes and on rightly encrypted content."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.wecom.refusal import Rejected
from bot.router import Message

SETTINGS = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PIECES = st.sampled_from(
    [
        *("<xml>", "</xml>", "<Encrypt>", "</Encrypt>", "<![CDATA[", "]]>", "<!DOCTYPE a>", "<!ENTITY a 'b'>", "&a;"),
        *("<?xml?>", "<a b='c'/>", "<AgentID>1000002</AgentID>", "<MsgType>event</MsgType>", "<Event>", "</Event>"),
        *("<FromUserName>U</FromUserName>", "template_card_event", "<CreateTime>9999999999999</CreateTime>"),
        *("<SelectedItems>", "</SelectedItems>", "<SelectedItem>", "</SelectedItem>"),
        *("<OptionIds>", "</OptionIds>", "<OptionId>", "</OptionId>"),
    ]
)
SOUP = st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join)
TAGS = st.sampled_from(
    [
        *("FromUserName", "MsgType", "Event", "EventKey", "CreateTime", "AgentID", "MsgId", "Content", "TaskId"),
        *("SelectedItems", "SelectedItem", "OptionIds", "OptionId", "QuestionKey", "ResponseCode", "zzz"),
    ]
)
VALUES = st.sampled_from(
    ["event", "text", "template_card_event", "click", "1000002", "", "0", "-1", "1e9", "٣", "x" * 70]
)
TREES = st.recursive(
    VALUES,
    lambda inner: st.lists(st.tuples(TAGS, inner), max_size=6).map(
        lambda pairs: "".join(f"<{tag}>{value}</{tag}>" for tag, value in pairs)
    ),
    max_leaves=20,
).map(lambda inner: f"<xml>{inner}</xml>")
LIKELY = TREES.map(lambda xml: xml.replace("<xml>", "<xml><FromUserName>U</FromUserName><MsgType>event</MsgType>", 1))


def outcome(app: Any, query: dict[str, str], body: bytes, now: datetime) -> Message | int:
    """Anything but Rejected fails the test."""
    try:
        message: Message = app.callback().open(query, body, now, now)
    except Rejected as refusal:
        return refusal.status
    assert now - timedelta(minutes=10) <= message.at <= now
    assert message.key
    assert message.user == message.user.lower()
    assert len(message.key) <= 64
    return message


@SETTINGS
@given(body=st.binary(max_size=400) | SOUP.map(str.encode))
def test_envelope_bytes(app: Any, now: datetime, body: bytes) -> None:
    assert outcome(app, app.query("A" * 64), body, now) in (400, 403)


@SETTINGS
@given(encrypt=st.text("ABCDwxyz0189+/=", min_size=1, max_size=200))
def test_signed_but_senseless_ciphertext(app: Any, now: datetime, encrypt: str) -> None:
    assert outcome(app, app.query(encrypt), app.body(encrypt), now) in (400, 403)


@SETTINGS
@given(data=st.binary(max_size=200), length=st.integers(0, 2**32 - 1), padding=st.integers(0, 255))
def test_signed_ciphertext_of_any_plaintext(
    app: Any, now: datetime, raw_encrypt: Any, data: bytes, length: int, padding: int
) -> None:
    for claimed in (length, len(data)):
        encrypt = raw_encrypt(data, claimed, app.corp_id.encode(), padding)
        assert outcome(app, app.query(encrypt), app.body(encrypt), now) in (400, 403)


@SETTINGS
@given(xml=SOUP | TREES | LIKELY | st.text(max_size=60))
def test_rightly_encrypted_content(app: Any, now: datetime, xml: str) -> None:
    made = outcome(app, *app.sealed(xml, now), now)
    assert isinstance(made, Message) or made in (400, 403)


def test_the_fuzz_reaches_messages(app: Any, now: datetime) -> None:
    """The generators are of use only if some of what they make is taken."""
    taken: list[str] = []

    @SETTINGS
    @given(xml=LIKELY)
    def run(xml: str) -> None:
        made = outcome(app, *app.sealed(xml, now), now)
        if isinstance(made, Message):
            taken.append(made.kind)

    run()
    assert len(taken) > 20
    assert "other" in taken


@SETTINGS
@given(
    query=st.dictionaries(
        st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr"]), st.text(max_size=50), max_size=4
    )
)
def test_queries(app: Any, now: datetime, query: dict[str, str]) -> None:
    assert outcome(app, query, app.body("A" * 64), now) in (400, 403)
    with pytest.raises(Rejected):
        app.callback().verify_url(query)
