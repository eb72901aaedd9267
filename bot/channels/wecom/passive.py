"""The XML of passive replies: a text, or the card that replaces the pressed one (documents 90241, 96469)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels import Card
from bot.channels.wecom import card_limits, cards, limits

# XML 1.0 has no way to write these characters, not even escaped.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_IRREGULAR = {
    "keyname": "KeyName",
    "checkbox": "CheckBox",
    "userid": "UserId",
    "appid": "AppId",
    "pagepath": "PagePath",
}


def cdata(text: str) -> str:
    """A CDATA section that holds the text whatever it contains: `]]>` is split over two sections."""
    return "<![CDATA[" + _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def text(corp_id: str, user: str, content: str, at: datetime) -> str:
    """A text reply; the content is cut at 2048 bytes between characters. `at` fills CreateTime (seconds)."""
    short = cards.cut_bytes(cards.inert(_ILLEGAL.sub("", content)), limits.PASSIVE_TEXT_BYTES)
    return (
        f"<xml><ToUserName>{cdata(user)}</ToUserName><FromUserName>{cdata(corp_id)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content>{cdata(short)}</Content></xml>"
    )


def update_card(corp_id: str, user: str, card: Card, fallback_url: str = "") -> str:
    """The reply that turns the pressed card into `card`, for the presser alone. ValueError when it breaks a limit."""
    made = cards.build(card, fallback_url=fallback_url)
    if problems := card_limits.check(made, update=True):
        raise ValueError("; ".join(f"{one.field}: {one.what}" for one in problems))
    return template_card(corp_id, user, made)


def template_card(corp_id: str, user: str, card: Mapping[str, Any]) -> str:
    """The update_template_card reply of a template card given as in the JSON interface."""
    return (
        f"<xml><FromUserName>{cdata(corp_id)}</FromUserName><ToUserName>{cdata(user)}</ToUserName>"
        f"<MsgType><![CDATA[update_template_card]]></MsgType>{element('template_card', card)}</xml>"
    )


def element(name: str, value: Any) -> str:
    """One member as XML: names in CamelCase, strings in CDATA, numbers and truth values bare, lists repeated."""
    if isinstance(value, list | tuple):
        return "".join(element(name, one) for one in value)
    tag = _IRREGULAR.get(name) or "".join(part.capitalize() for part in name.split("_"))
    if isinstance(value, Mapping):
        inner = "".join(element(key, one) for key, one in value.items())
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = str(value) if isinstance(value, int | float) else cdata(str(value))
    return f"<{tag}>{inner}</{tag}>"
