"""The SMS driver that sends nothing out: it logs, and hands the text to a phone on loopback when there is one."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.channels import Card, ChannelDown, Receipt, Unreachable, sms

LOOPBACK = ("127.0.0.1", "localhost", "::1")
log = structlog.get_logger(__name__)


class Log:
    """An SMS channel for tests, demos and offices without a gateway."""

    name = "log"
    deduplicates = False

    def __init__(self, sink_url: str = "", *, timeout: float = 10.0) -> None:
        """`sink_url` (loopback only) gets POST {phone, text}; `timeout` in seconds. ValueError for another host."""
        parts = urlsplit(sink_url)
        if sink_url and not (parts.scheme in ("http", "https") and parts.hostname in LOOPBACK):
            raise ValueError("the sink of sms.driver = log must be a loopback address")
        self._sink_url, self._timeout = sink_url, timeout
        self._session: aiohttp.ClientSession | None = None

    def payload(self, user: str, content: Card | str, task_id: str) -> str:
        """The JSON kept for sending; `user` is the phone. ValueError for a card, a bad phone or over 70 characters."""
        if not isinstance(content, str):
            raise ValueError("an SMS is a text")  # noqa: TRY004 - every channel's payload() refuses with ValueError
        sms.check(user, content)
        return json.dumps({"phone": user, "text": content, "task_id": task_id}, ensure_ascii=False)

    async def send(self, payload: str) -> Receipt:
        """Log the text, then hand it to the sink. ChannelDown when the sink fails, ambiguous unless it was refused."""
        message = json.loads(payload)
        log.info("sms", phone=sms.mask(message["phone"]), text=message["text"], task_id=message["task_id"])
        if self._sink_url:
            await self._deliver({"phone": message["phone"], "text": message["text"]})
        return Receipt(message_id=message["task_id"])

    async def replace(self, user: str, response_code: str, card: Card, task_id: str) -> None:
        """Raises Unreachable: an SMS can't be changed."""
        raise Unreachable("an SMS can't be changed")

    async def recall(self, message_id: str) -> None:
        """Raises Unreachable: an SMS can't be taken back."""
        raise Unreachable("an SMS can't be taken back")

    async def close(self) -> None:
        """Release the connection to the sink."""
        if self._session:
            await self._session.close()

    async def _deliver(self, message: dict[str, str]) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
        try:
            async with self._session.post(self._sink_url, json=message, allow_redirects=False) as response:
                status = response.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise ChannelDown(f"no connection to the sink: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ChannelDown(f"the sink gave no answer: {type(error).__name__}", ambiguous=True) from None
        if status >= 500:
            raise ChannelDown(f"the sink answered {status}", ambiguous=True)
        if status >= 300:
            raise Unreachable(f"the sink answered {status}")
