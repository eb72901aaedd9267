"""What a sandbox is started with: the credentials of its one app, its clock, its limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot import clock


def _made(name: str, size: int) -> str:
    """The same value at every start, so that a bot's configuration outlives a restart of the sandbox."""
    return hashlib.sha256(f"duban sandbox {name}".encode()).hexdigest()[:size]


@dataclass(frozen=True, slots=True)
class Settings:
    """Every knob of the sandbox.

    `start` is the first business instant (aware; None = now), `speed` business seconds per second. `accounts` is
    the corporation's account cap (the app may send cap × 200 messages a day). Tokens, sign-in codes and the
    signatures' timestamps always run on wall time. Windows of a message's life (30 a minute and 1,000 an hour per
    member, the daily quota, the duplicate check, 72 h of a response code, 24 h of a recall, 3 days of a media id)
    run on `rate_clock`: business time unless told otherwise, for at 600 business seconds a second a real minute
    holds ten hours of notices, and wall windows would drop what production delivers. Timeouts are real seconds.
    `retry_on_status`: is an answer other than 200 tried again (document 90238) or not (document 90930)?
    """

    corp_id: str = "ww" + _made("corp", 16)
    agent_id: int = 1000002
    secret: str = _made("secret", 43)
    token: str = _made("token", 24)
    aes_key: str = _made("aes key", 42) + "A"  # letters and digits, the last one leaving no stray bits
    start: datetime | None = None
    speed: float = 1.0
    paused: bool = False
    accounts: int = 1000
    rate_clock: Literal["business", "wall"] = "business"
    callback_timeout: float = 5.0
    verify_timeout: float = 1.0
    retry_on_status: bool = True
    wall: Callable[[], datetime] = clock.wall

    def credentials(self, url: str) -> dict[str, Any]:
        """What a bot needs to talk to the sandbox at `url`: the line that `duban sandbox --json` prints."""
        return {
            "url": url,
            "control": f"{url}/control",
            "wecom": {
                "corp_id": self.corp_id,
                "agent_id": self.agent_id,
                "secret": self.secret,
                "token": self.token,
                "aes_key": self.aes_key,
                "api_base": url,
            },
            "dingtalk": {
                "client_id": "ding" + _made("client", 16),
                "client_secret": _made("client secret", 64),
                "robot_code": "ding" + _made("client", 16),
                "api_base": f"{url}/dingtalk",
                "oapi_base": f"{url}/dingtalk/oapi",
            },
            "sms": {"base_url": f"{url}/sms/send"},
        }
