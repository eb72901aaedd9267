"""What WeCom calls us with: verified, decrypted, turned into a Message (documents 90930, 90238, 91144).

Nothing is parsed before the signature holds: the envelope is read by a bounded linear scan, because a general XML
parser on an unauthenticated body costs most of a second of the loop. The cipher is wechatpy's, given the ciphertext.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Mapping
from datetime import datetime

from wechatpy.work.crypto import PrpCrypto
from wechatpy.work.exceptions import InvalidCorpIdException

from bot.channels.wecom import decode, tree
from bot.channels.wecom.refusal import Rejected
from bot.router import Message

MAX_BODY = 64 * 1024
FRESH_SECONDS = 600
MAX_ELEMENTS = 16
_OPEN = re.compile(rb"\s*+<xml>\s*+")
_CLOSE = re.compile(rb"</xml>\s*+\Z")
_ELEMENT = re.compile(rb"<([A-Za-z]{1,32})>(?:<!\[CDATA\[([^\]<>]{0,65536}+)\]\]>|([^<>]{0,65536}+))</\1>\s*+")
_QUERY = {
    "msg_signature": re.compile(r"[0-9a-f]{40}"),
    "timestamp": re.compile(r"[0-9]{1,12}"),
    "nonce": re.compile(r"[!-~]{1,128}"),
    "echostr": re.compile(r"[0-9A-Za-z+/=]{1,4096}"),
}
_CIPHERTEXT = re.compile(r"[0-9A-Za-z+/]{43,}+={0,2}")


class _Cipher(PrpCrypto):  # type: ignore[misc]
    """wechatpy's cipher; its 16 leading bytes stand in for a random IV, so they come from a real random source."""

    def get_random_string(self) -> str:
        return secrets.token_hex(8)


class Callback:
    """The callback credentials of one self-built app.

    `aes_key` is the EncodingAESKey (43 characters). ValueError when it is not one.
    """

    def __init__(self, corp_id: str, agent_id: int | str, token: str, aes_key: str) -> None:
        key = base64.b64decode(aes_key + "=") if len(aes_key) == 43 else b""
        if len(key) != 32:
            raise ValueError("aes_key is not the 43 characters that the platform shows")
        self.corp_id = corp_id
        self.agent_id = str(agent_id)
        self._token = token
        self._key = key

    def verify_url(self, query: Mapping[str, str]) -> str:
        """The plain echo string of the platform's URL check, to be answered as it is. Raises Rejected."""
        signature, timestamp, nonce, echo = _fields(query, "msg_signature", "timestamp", "nonce", "echostr")
        self._compare(signature, timestamp, nonce, echo)
        return self._decrypt(echo)

    def open(self, query: Mapping[str, str], body: bytes, received: datetime, wall: datetime) -> Message:
        """The message in an encrypted callback.

        `received` is our business instant, `wall` the system's (the signature's freshness). Raises Rejected:
        413 too large, 400 malformed, 403 stale, forged, or meant for another corporation or app.
        """
        if len(body) > MAX_BODY:
            raise Rejected(413, "body over 64 KiB")
        signature, timestamp, nonce = _fields(query, "msg_signature", "timestamp", "nonce")
        if abs(int(timestamp) - wall.timestamp()) > FRESH_SECONDS:
            raise Rejected(403, "timestamp is not fresh")
        envelope = _envelope(body)
        self._compare(signature, timestamp, nonce, envelope["Encrypt"])
        self._check_agent(envelope.get("AgentID", ""))
        xml = self._decrypt(envelope["Encrypt"])
        node = tree.parse(xml)
        agent = tree.leaf(node, "AgentID")
        self._check_agent(agent)
        return decode.message(node, xml, self.corp_id, agent or self.agent_id, received)

    def seal(self, xml: str, wall: datetime) -> str:
        """The encrypted envelope of a passive reply, signed for the wall instant."""
        timestamp, nonce = str(int(wall.timestamp())), secrets.token_hex(8)
        encrypt = _Cipher(self._key).encrypt(xml, self.corp_id).decode()
        signature = self._signature(timestamp, nonce, encrypt)
        return (
            f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _signature(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted([self._token, *parts])).encode(), usedforsecurity=False).hexdigest()

    def _compare(self, signature: str, *parts: str) -> None:
        if not hmac.compare_digest(self._signature(*parts).encode(), signature.encode()):
            raise Rejected(403, "signature does not match")

    def _decrypt(self, encrypt: str) -> str:
        """wechatpy checks neither padding nor length, so every way a broken plaintext can fail is caught here."""
        try:
            return str(_Cipher(self._key).decrypt(encrypt, self.corp_id))
        except InvalidCorpIdException:
            raise Rejected(403, "receiveid is another corporation's") from None
        except (ValueError, IndexError, struct.error):
            raise Rejected(400, "ciphertext can't be decrypted") from None

    def _check_agent(self, agent: str) -> None:
        """Contact callbacks carry no AgentID; one that is there must be ours."""
        if agent and agent != self.agent_id:
            raise Rejected(403, "AgentID is another app's")


def _fields(query: Mapping[str, str], *names: str) -> list[str]:
    values = []
    for name in names:
        value = query.get(name, "")
        if not _QUERY[name].fullmatch(value):
            raise Rejected(400, f"query field {name} is missing or malformed")
        values.append(value)
    return values


def _envelope(body: bytes) -> dict[str, str]:
    """The leaves of `<xml>…</xml>`: no declaration, attribute, nesting, DOCTYPE or entity gets past the pattern."""
    found: dict[str, str] = {}
    start = _OPEN.match(body)
    position = start.end() if start else len(body)
    while (match := _ELEMENT.match(body, position)) and len(found) < MAX_ELEMENTS:
        name = match[1].decode()
        if name in found:
            raise Rejected(400, "envelope repeats an element")
        found[name] = (match[2] if match[2] is not None else match[3]).decode("ascii", "replace").strip()
        position = match.end()
    if not _CLOSE.match(body, position) or not _CIPHERTEXT.fullmatch(found.get("Encrypt", "")):
        raise Rejected(400, "envelope is malformed")
    return found
