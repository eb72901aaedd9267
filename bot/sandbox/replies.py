"""What a bot answers to a callback: checked, decrypted, and shown to the person who acted (documents 90241, 96469)."""

from __future__ import annotations

import re
from typing import Any

import xmltodict

from bot.channels.wecom import card_limits
from bot.sandbox import envelope, update
from bot.sandbox.inbox import Entry
from bot.sandbox.platform import Platform

NOTHING = ("", "success")
"""Bodies that mean: no reply, do not try again. The second is what many bots send."""

_OTHER = ("image", "voice", "video", "news")
_LISTS = {"HorizontalContentList", "VerticalContentList", "JumpList", "ButtonList", "SelectList", "OptionList"}
_LISTS |= {"ActionList"}
_NUMBERS = {"Type", "Style", "Mode", "DescColor"}
_NAMES = {
    "CheckBox": "checkbox",
    "KeyName": "keyname",
    "UserId": "userid",
    "AppId": "appid",
    "PagePath": "pagepath",
}


def show(platform: Platform, person: str, body: str, pressed: Entry | None) -> dict[str, Any] | None:
    """Show a reply; None when the bot gives none. `pressed` is the card the person acted on.

    Returns `{kind, inbox, …}` with the inbox id of what changed. Raises ValueError when the reply is no valid
    one: the platform shows nothing then.
    """
    if body.strip() in NOTHING:
        return None
    reply = _opened(platform, body)
    if str(reply.get("ToUserName") or person).lower() != person.lower():
        raise ValueError(f"ToUserName: the reply is for {reply['ToUserName']!r}, not for {person!r}")
    kind = str(reply.get("MsgType") or "")
    if kind in ("update_button", "update_template_card"):
        return _redraw(platform, kind, reply, pressed)
    if kind == "text":
        payload: dict[str, Any] = {"content": str(reply.get("Content") or "")}
    elif kind in _OTHER:
        payload = {"content": "", **snake({key: reply[key] for key in reply if key.startswith(kind.title())})}
    else:
        raise ValueError(f"MsgType: {kind!r} is no reply")
    entry = platform.show(person, "wecom", kind, payload, via="reply")
    return {"kind": kind, "inbox": entry.id, "text": entry.shown()["shown"]}


def plain(platform: Platform, body: str) -> str:
    """The XML inside a reply's envelope, signature and receiver checked; ValueError when that can't be had."""
    try:
        outer = xmltodict.parse(body)["xml"]
        return str(
            envelope.crypto(platform.settings).decrypt_message(
                {"Encrypt": outer["Encrypt"]}, outer["MsgSignature"], str(outer["TimeStamp"]), outer["Nonce"]
            )
        )
    except Exception as error:  # the libraries leak many kinds, and all mean the same
        raise ValueError(f"the reply is no signed, encrypted XML ({type(error).__name__}: {error})") from error


def _opened(platform: Platform, body: str) -> dict[str, Any]:
    inner = plain(platform, body)
    try:
        return dict(xmltodict.parse(inner)["xml"])
    except Exception as error:
        raise ValueError(f"the reply is no signed, encrypted XML ({type(error).__name__}: {error})") from error


def _redraw(platform: Platform, kind: str, reply: dict[str, Any], pressed: Entry | None) -> dict[str, Any]:
    if pressed is None:
        raise ValueError(f"{kind}: answers a card event only")
    if kind == "update_button":
        change = {"replace_text": str((reply.get("Button") or {}).get("ReplaceName") or "")}
    else:
        change = snake(reply.get("TemplateCard") or {})
        hard = [one for one in card_limits.check(change, update=True) if one.hard]
        if hard:
            raise ValueError(f"{hard[0].field}: {hard[0].what}")
    platform.redraw(pressed, update.changed(pressed, change))
    return {"kind": kind, "inbox": pressed.id, "card": pressed.card, "text": pressed.shown()["shown"]}


def snake(node: dict[str, Any]) -> dict[str, Any]:
    """A card in the XML's CamelCase as the JSON of message/send: lists always lists, numbers and flags as such."""
    return {_name(key): _value(key, value) for key, value in node.items()}


def _name(key: str) -> str:
    return _NAMES.get(key) or re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()


def _value(key: str, value: Any) -> Any:
    if key in _LISTS:
        return [snake(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
    if isinstance(value, dict):
        return snake(value)
    if key in _NUMBERS and str(value).isdigit():
        return int(value)
    if key in ("Disable", "IsChecked"):
        return str(value).lower() in ("true", "1")
    return value or ""
