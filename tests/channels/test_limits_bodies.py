"""The limits of everything around a card: targets, flags, texts, articles, media, updates."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.wecom import limits

BUTTONS = {"card_type": "button_interaction", "main_title": {"title": "t"}, "button_list": [{"text": "a", "key": "1"}]}


def message(kind: str, body: Any) -> dict[str, Any]:
    return {"touser": "U1", "agentid": 1000002, "msgtype": kind, kind: body}


BODIES: list[tuple[str, Any, int]] = [
    ("text", {"content": "字" * 682 + "ab"}, 0),
    ("text", {"content": "字" * 683}, 45002),
    ("text", {"content": ""}, 44004),
    ("text", {}, 44004),
    ("text", "hello", 40058),
    ("markdown", {"content": "a" * 2048}, 0),
    ("markdown", {"content": "a" * 2049}, 45002),
    ("textcard", {"title": "t", "description": "d", "url": "u", "btntxt": "详情更多"}, 0),
    ("textcard", {"title": "a" * 129, "description": "d", "url": "u"}, 45002),
    ("textcard", {"title": "t", "description": "d" * 513, "url": "u"}, 45002),
    ("textcard", {"title": "", "description": "d", "url": "u"}, 41016),
    ("textcard", {"title": "t", "description": "d"}, 40058),
    ("news", {"articles": [{"title": "t", "url": "u"}] * 8}, 0),
    ("news", {"articles": [{"title": "t", "url": "u"}] * 9}, 45008),
    ("news", {"articles": []}, 45008),
    ("news", {"articles": [{"url": "u"}]}, 41016),
    ("image", {"media_id": "m"}, 0),
    ("file", {}, 40007),
    ("video", {"media_id": "m", "title": "a" * 129}, 45002),
    ("fax", {}, 40008),
]


@pytest.mark.parametrize(("kind", "body", "errcode"), BODIES)
def test_bodies(kind: str, body: Any, errcode: int) -> None:
    assert [one.errcode for one in limits.check(message(kind, body))] == ([errcode] if errcode else [])


ENVELOPES: list[tuple[dict[str, Any], list[int]]] = [
    ({"touser": ""}, [82001]),
    ({"touser": "", "toparty": "1"}, []),
    ({"touser": "@all"}, []),
    ({"touser": "|".join(f"u{n}" for n in range(1000))}, []),
    ({"touser": "|".join(f"u{n}" for n in range(1001))}, [40058]),
    ({"toparty": "|".join(str(n) for n in range(101))}, [40058]),
    ({"totag": "|".join(str(n) for n in range(101))}, [40058]),
    ({"touser": "u" * 65}, [40058]),
    ({"agentid": "1000002"}, [40056]),
    ({"safe": 3}, [40058]),
    ({"enable_duplicate_check": 2}, [40058]),
    ({"enable_duplicate_check": 1, "duplicate_check_interval": 14400}, []),
    ({"enable_duplicate_check": 1, "duplicate_check_interval": 14401}, [40058]),
]


@pytest.mark.parametrize(("envelope", "errcodes"), ENVELOPES)
def test_envelopes(envelope: dict[str, Any], errcodes: list[int]) -> None:
    found = limits.check(message("text", {"content": "a"}) | envelope)
    assert [one.errcode for one in found] == errcodes


def update(**members: Any) -> dict[str, Any]:
    return {"userids": ["U1"], "agentid": 1, "response_code": "rc", "button": {"replace_name": "已办"}} | members


def test_updates() -> None:
    card = BUTTONS | {"replace_text": "已反馈"}
    whole = update(template_card=card)
    del whole["button"]
    assert limits.check_update(update()) == []
    assert limits.check_update(whole) == []
    assert [one.errcode for one in limits.check_update(update(userids=[]))] == [82001]
    assert limits.check_update(update(userids=[], atall=1)) == []
    assert [one.errcode for one in limits.check_update(update(userids=["u"] * 1001))] == [40058]
    assert [one.field for one in limits.check_update(update(response_code=""))] == ["response_code"]
    assert [one.field for one in limits.check_update(update(button={}))] == ["button.replace_name"]
    assert [one.field for one in limits.check_update({"userids": ["u"], "agentid": 1, "response_code": "r"})] == [
        "template_card"
    ]
