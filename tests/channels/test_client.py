"""The client against a platform on loopback: what is sent, and what each answer means."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.channels import Action, Card, ChannelDown, ChannelError, RateLimited, Unreachable
from bot.channels.wecom import limits
from bot.channels.wecom.client import WeCom

Made = Callable[..., WeCom]
SEND, TOKEN = "message/send", "gettoken"
OK = {"errcode": 0, "errmsg": "ok"}
CARD = Card("标题", facts=[("单位", "水资源处")], actions=[Action("收到", "ack:1:0:1")])


def test_payload_of_a_card(platform: Any, wecom: WeCom) -> None:
    payload = wecom.payload("ZhangSan", CARD, "d-1")
    assert payload == wecom.payload("ZhangSan", CARD, "d-1")
    body = json.loads(payload)
    assert body == {
        "touser": "ZhangSan",
        "agentid": 1000002,
        "msgtype": "template_card",
        "template_card": body["template_card"],
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 14400,
    }
    assert body["template_card"]["task_id"] == "d-1"
    assert "标题" in payload
    assert limits.check(body) == []


def test_payload_of_a_text_differs_by_its_task(wecom: WeCom) -> None:
    one, two = (wecom.payload("U1", "已收到", task) for task in ("d-1", "d-2"))
    assert one != two  # the platform drops a body it has seen
    assert json.loads(one)["text"] == {"content": "已收到"}
    marked = json.loads(wecom.payload("U1", "**已收到**", "d-1", markdown=True))
    assert (marked["msgtype"], marked["markdown"]) == ("markdown", {"content": "**已收到**"})


@pytest.mark.parametrize(
    ("content", "task"),
    [
        ("", "t"),
        (CARD, ""),
        (CARD, "任务"),
        (Card("t", facts=[("a", "b")] * 7), "t"),
        (Card("t", actions=[Action("a", "same"), Action("b", "same")]), "t"),
        (Card("t", done="已反馈"), "t"),
        (Card(""), "t"),
    ],
)
def test_payloads_that_break_a_limit(wecom: WeCom, content: Card | str, task: str) -> None:
    with pytest.raises(ValueError, match=r"content|template_card"):
        wecom.payload("U1", content, task)


def test_a_long_text_is_cut_between_characters(wecom: WeCom) -> None:
    content = json.loads(wecom.payload("U1", "字" * 683, "t"))["text"]["content"]
    assert content.startswith("字" * 600)
    assert len(content.encode()) <= 2048


@pytest.mark.parametrize("base", ["http://qyapi.example.com", "ftp://127.0.0.1", "", "https://", "127.0.0.1"])
def test_plain_http_is_for_loopback_alone(base: str, made: Made) -> None:
    with pytest.raises(ValueError, match="api_base"):
        made(base)


async def test_a_stored_payload_goes_out_byte_for_byte(platform: Any, wecom: WeCom) -> None:
    platform.answers[SEND] = [OK | {"msgid": "m-1", "response_code": "rc-1", "invaliduser": ""}]
    payload = '{ "touser":"U1",  "msgtype":"text", "text":{"content":"\\u5df2 收到"} }'
    receipt = await wecom.send(payload)
    assert (receipt.message_id, receipt.response_code) == ("m-1", "rc-1")
    assert platform.requests[-1] == (SEND, {"access_token": "T1"}, payload.encode())
    assert platform.requests[0] == (TOKEN, {"corpid": "ww1", "corpsecret": "s3cret"}, b"")


@pytest.mark.parametrize(
    "partial", [{"invaliduser": "zhangsan"}, {"unlicenseduser": "zhangsan"}, {"invaliduser": "li|ZhangSan"}]
)
async def test_a_partial_failure_is_unreachable(platform: Any, wecom: WeCom, partial: dict[str, str]) -> None:
    platform.answers[SEND] = [OK | {"msgid": "m"} | partial]
    with pytest.raises(Unreachable) as caught:
        await wecom.send(wecom.payload("ZhangSan", "a", "t"))
    assert "zhangsan" in caught.value.detail.lower()
    platform.answers[SEND] = [OK | {"msgid": "m", "invaliduser": "another"}]
    assert (await wecom.send(wecom.payload("ZhangSan", "a", "t"))).message_id == "m"


TABLE: list[tuple[int, str, type[ChannelError], dict[str, Any]]] = [
    (-1, "system busy", RateLimited, {"retry_after": 2.0}),
    (45009, "api freq out of limit", RateLimited, {"retry_after": 60.0}),
    (45033, "api concurrent out of limit", RateLimited, {"retry_after": 3.0}),
    (
        60020,
        "not allow to access from your ip, hint: [17], from ip: 203.0.113.7, more info",
        ChannelDown,
        {"alarm": True, "ambiguous": False, "mend": "trusted_ip"},
    ),
    (40013, "invalid corpid", ChannelDown, {"alarm": True, "mend": "corp_id"}),
    (40056, "invalid agentid", ChannelDown, {"alarm": True, "mend": "agent_id"}),
    (301002, "not allow operate another agent", ChannelDown, {"alarm": True, "mend": "agent_id"}),
    (48002, "api forbidden", ChannelDown, {"alarm": True, "mend": "permission"}),
    (60111, "userid not found", Unreachable, {}),
    (81013, "all invalid", Unreachable, {}),
    (60011, "no privilege", Unreachable, {}),
    (60021, "no privilege", Unreachable, {}),
    (50002, "no permission", Unreachable, {}),
    (82001, "no target", Unreachable, {}),
    (40058, "bad parameter", Unreachable, {}),
    (45002, "too long", Unreachable, {}),
    (42014, "bad task id", Unreachable, {}),
    (40007, "bad media_id", Unreachable, {}),
    (99999, "never heard of", Unreachable, {}),
]


@pytest.mark.parametrize(("code", "words", "kind", "facts"), TABLE)
async def test_errors(
    platform: Any, wecom: WeCom, code: int, words: str, kind: type[ChannelError], facts: dict[str, Any]
) -> None:
    platform.answers[SEND] = [{"errcode": code, "errmsg": words}]
    with pytest.raises(ChannelError) as caught:
        await wecom.send(wecom.payload("U1", "a", "t"))
    assert type(caught.value) is kind
    assert {name: getattr(caught.value, name) for name in facts} == facts
    assert str(code) in caught.value.detail
    assert platform.count(SEND) == 1  # the outbox retries, the client does not
    if code == 60020:
        assert caught.value.detail.startswith("add 203.0.113.7 to")
