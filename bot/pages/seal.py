"""Values that travel through a browser and come back unchanged: signed, by purpose, with a secret that may rotate."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

LONGEST = 2048


class Seal:
    """Signs with `secret`; what `previous` signed is still accepted while secrets rotate ("" = none)."""

    def __init__(self, secret: str, previous: str = "") -> None:
        if not secret:
            raise ValueError("a seal needs a secret")
        self._secrets = [each.encode() for each in (secret, previous) if each]

    def seal(self, purpose: str, value: Mapping[str, Any]) -> str:
        """The value as a token of letters that a cookie can hold; it can be read by anybody, made by us alone."""
        body = _text(json.dumps(value, separators=(",", ":")).encode())
        return f"{body}.{_mac(self._secrets[0], purpose, body)}"

    def open(self, purpose: str, token: str) -> dict[str, Any] | None:
        """The value of a token sealed for the same purpose, else None; never raises."""
        body, dot, mac = token.partition(".")
        if not dot or len(token) > LONGEST or not token.isascii():
            return None
        if not any(hmac.compare_digest(_mac(secret, purpose, body), mac) for secret in self._secrets):
            return None
        found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return found


def _mac(secret: bytes, purpose: str, body: str) -> str:
    key = hmac.digest(secret, f"duban.{purpose}".encode(), hashlib.sha256)
    return _text(hmac.digest(key, body.encode(), hashlib.sha256))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
