"""The XML of callbacks: what people do, written as the platform writes it (documents 90239, 90240), and encrypted."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from wechatpy.work.crypto import PrpCrypto, WeChatCrypto

from bot.sandbox.platform import Platform
from bot.sandbox.settings import Settings

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for."""


def xml(name: str, value: object) -> str:
    """An element: texts as CDATA, numbers bare, mappings nested, lists as the element repeated."""
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(xml(key, one) for key, one in value.items())}</{name}>"
    if isinstance(value, list):
        return "".join(xml(name, one) for one in value)
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    words = _UNPRINTABLE.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{words}]]></{name}>"


def _message(platform: Platform, person: str, kind: str, fields: Mapping[str, Any]) -> str:
    """The instant of a message is business time: it is what the platform's clock shows to people."""
    common = {
        "ToUserName": platform.settings.corp_id,
        "FromUserName": person,
        "CreateTime": int(platform.clock.now().timestamp()),
        "MsgType": kind,
    }
    return xml("xml", {**common, **fields, "AgentID": platform.settings.agent_id})


def text(platform: Platform, person: str, content: str) -> tuple[str, str]:
    """A text, and its MsgId."""
    number = next(platform.numbers)
    return _message(platform, person, "text", {"Content": content, "MsgId": number}), str(number)


def image(platform: Platform, person: str, media_id: str, url: str) -> tuple[str, str]:
    """A picture that lies under `media_id`, and its MsgId."""
    number = next(platform.numbers)
    fields = {"PicUrl": url, "MediaId": media_id, "MsgId": number}
    return _message(platform, person, "image", fields), str(number)


def event(platform: Platform, person: str, name: str, key: str = "", **fields: Any) -> str:
    """An event; events carry no MsgId."""
    return _message(platform, person, "event", {"Event": name, "EventKey": key, **fields})


def selected(choices: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The SelectedItems of a card event: question key → chosen option ids."""
    rows = [{"QuestionKey": key, "OptionIds": {"OptionId": list(ids)}} for key, ids in choices.items()]
    return {"SelectedItem": rows}


def crypto(settings: Settings) -> WeChatCrypto:
    """The cipher and the signature check of the app's callbacks."""
    return WeChatCrypto(settings.token, settings.aes_key, settings.corp_id)


def encrypt(settings: Settings, plain: str) -> str:
    """The ciphertext of a message or an echo string, different at every call."""
    found: bytes = PrpCrypto(crypto(settings).key).encrypt(plain, settings.corp_id)
    return found.decode()


def query(settings: Settings, encrypted: str, nonce: str) -> dict[str, str]:
    """The signed query of a callback; its timestamp is wall time, for receivers check how fresh it is."""
    timestamp = str(int(settings.wall().timestamp()))
    joined = "".join(sorted([settings.token, timestamp, nonce, encrypted]))
    signature = hashlib.sha1(joined.encode(), usedforsecurity=False).hexdigest()
    return {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}


def sealed(settings: Settings, encrypted: str) -> str:
    """The body of a callback."""
    return xml("xml", {"ToUserName": settings.corp_id, "AgentID": str(settings.agent_id), "Encrypt": encrypted})
