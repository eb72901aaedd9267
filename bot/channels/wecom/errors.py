"""The platform's errcodes as what the engine can act on (document 90313)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels import ChannelDown, RateLimited, Unreachable

STALE_TOKEN = (40014, 42001, 40001)
BUSY, TOO_OFTEN, TOO_MANY_AT_ONCE = -1, 45009, 45033
RETRY_AFTER = {BUSY: 2.0, TOO_OFTEN: 60.0, TOO_MANY_AT_ONCE: 3.0}  # seconds
# What a person must mend before any call succeeds. 40001 comes from gettoken, or from a call with a fresh token.
MEND = {
    60020: ("trusted_ip", "add {ip} to the app's trusted IP list"),
    40013: ("corp_id", "wecom.corp_id is not this corporation's id"),
    40001: ("secret", "wecom.secret is not this app's secret"),
    40014: ("secret", "a fresh access token is refused: check wecom.secret"),
    42001: ("secret", "a fresh access token is refused: check wecom.secret"),
    40056: ("agent_id", "wecom.agent_id is not an app's id"),
    301002: ("agent_id", "wecom.agent_id is not the app that wecom.secret belongs to"),
    48002: ("permission", "the app has no permission for this interface"),
}
_IP = re.compile(r"from ip: ?([0-9A-Fa-f.:]{3,45})")


def check(answer: Mapping[str, Any]) -> None:
    """Return when the answer is errcode 0, else raise.

    RateLimited: too fast, or the platform is busy. ChannelDown with alarm: configuration. Unreachable: everything
    else, because the platform says that no other error goes away by a retry.
    """
    code = answer["errcode"]
    if code == 0:
        return
    said = f"{code} {answer.get('errmsg', '')}"[:300]
    if code in RETRY_AFTER:
        raise RateLimited(RETRY_AFTER[code], said)
    if code in MEND:
        mend, words = MEND[code]
        found = _IP.search(said)
        words = words.format(ip=found[1].rstrip(".:") if found else "this server's IP")
        raise ChannelDown(f"{words} ({said})", alarm=True, mend=mend)
    raise Unreachable(said)


def check_targets(answer: Mapping[str, Any], users: set[str]) -> None:
    """Raise Unreachable when none of `users` (ids in lower case) was reached: a partial failure is errcode 0."""
    for field in ("invaliduser", "unlicenseduser"):
        missed = answer.get(field) or ""
        listed = missed.split("|") if isinstance(missed, str) else [str(one) for one in missed]
        users = users - {one.lower() for one in listed}
    if not users:
        told = {field: answer.get(field, "") for field in ("invaliduser", "unlicenseduser")}
        raise Unreachable(f"0 {told}")
