"""WeCom as a channel: messages, card updates, media and members over the server API (documents 90236, 94945)."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.channels import Card, ChannelDown, Receipt
from bot.channels.wecom import cards, errors, limits, media, wire
from bot.channels.wecom.schema import Problem
from bot.channels.wecom.token import PAUSE, Token

TIMEOUT = 10.0  # seconds, whole exchange


class WeCom:
    """One self-built app. The token and the connections belong to this object; close() releases them."""

    name = "wecom"
    deduplicates = True

    def __init__(
        self,
        corp_id: str,
        agent_id: int,
        secret: str,
        *,
        api_base: str = "https://qyapi.weixin.qq.com",
        fallback_url: str = "",
        timeout: float = TIMEOUT,
        pause: float = PAUSE,
    ) -> None:
        """`fallback_url` is what a notice card without a link opens; `timeout` and `pause` (after a failed token
        fetch) are seconds. ValueError when api_base is neither https nor http on loopback."""
        self._corp_id, self._agent_id, self._secret = corp_id, agent_id, secret
        self._base = wire.base(api_base)
        self._fallback_url, self._timeout = fallback_url, timeout
        self._token = Token(self._fetch_token, pause=pause)
        self._session: aiohttp.ClientSession | None = None
        # The platform refuses more than a handful of calls at once on one interface (45033).
        self._gates: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.CONCURRENT_CALLS))

    def payload(self, user: str, content: Card | str, task_id: str, *, markdown: bool = False) -> str:
        """The exact message/send body for a card or a text (cut at 2048 bytes); ValueError when it breaks a limit.

        The platform drops a body it has seen in the last four hours. A text body therefore carries the task id too,
        as a member that the platform ignores, so that two equal texts are two messages.
        """
        message: dict[str, Any] = {"touser": user, "agentid": self._agent_id}
        if isinstance(content, Card):
            card = cards.build(content, task_id, self._fallback_url)
            message |= {"msgtype": "template_card", "template_card": card}
        else:
            kind = "markdown" if markdown else "text"
            message |= {
                "msgtype": kind,
                kind: {"content": cards.cut_bytes(cards.inert(content), limits.TEXT_BYTES)},
                "task_id": task_id,
            }
        message |= {"enable_duplicate_check": 1, "duplicate_check_interval": limits.DUPLICATE_INTERVAL}
        _require(limits.check(message))
        return _dump(message)

    async def send(self, payload: str) -> Receipt:
        """Send a stored payload byte for byte. A member who is listed as invalid or unlicensed is Unreachable."""
        answer = await self._post("message/send", payload)
        errors.check_targets(answer, {one.lower() for one in json.loads(payload)["touser"].split("|")})
        return Receipt(str(answer.get("msgid", "")), str(answer.get("response_code", "")), answer)

    async def replace(self, user: str, response_code: str, card: Card, task_id: str) -> None:
        """Turn a sent card into `card`; the code works once, for 72 h. ValueError when the card breaks a limit."""
        body = {
            "userids": [user],
            "agentid": self._agent_id,
            "response_code": response_code,
            "template_card": cards.build(card, task_id, self._fallback_url),
        }
        _require(limits.check_update(body))
        answer = await self._post("message/update_template_card", _dump(body))
        errors.check_targets(answer, {user.lower()})

    async def recall(self, message_id: str) -> None:
        """Take a message back, within 24 h of sending."""
        await self._post("message/recall", _dump({"msgid": message_id}))

    async def upload(self, kind: str, filename: str, data: bytes) -> str:
        """Upload a temporary medium (image, voice, video, file) and return its media_id, good for three days.

        ValueError when the platform would not take its kind or size.
        """
        form = media.form(kind, filename, data)
        answer = await self._call("POST", "media/upload", {"type": kind}, form)
        return _member(answer, "media_id")

    async def download(self, media_id: str) -> media.Media:
        """The medium behind a media_id: its bytes, name and type."""
        return media.read(await self._raw("GET", "media/get", {"media_id": media_id}))

    async def user(self, userid: str) -> dict[str, Any]:
        """A member's record (name, department, status …; no phone for apps made since June 2022)."""
        return await self._call("GET", "user/get", {"userid": userid})

    async def who(self, code: str) -> str:
        """The member (id in lower case) behind an OAuth code, "" for an outsider; Unreachable: used or expired."""
        answer = await self._call("GET", "auth/getuserinfo", {"code": code})
        return str(answer.get("userid", "")).lower()

    async def close(self) -> None:
        """Release the connections."""
        await self._token.close()
        if self._session:
            await self._session.close()

    async def _post(self, path: str, body: str) -> dict[str, Any]:
        data = body.encode()
        return await self._call("POST", path, {}, lambda: data)

    async def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        body: Callable[[], bytes | aiohttp.FormData] | None = None,
    ) -> dict[str, Any]:
        return (await self._raw(method, path, params, body)).json()

    async def _raw(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        body: Callable[[], bytes | aiohttp.FormData] | None = None,
    ) -> wire.Answer:
        """An answer that is no error. A refused token is dropped and the call made once more, never more often."""
        for last in (False, True):
            token = await self._token.get()
            answer = await self._exchange(method, path, {"access_token": token, **params}, body)
            if media.is_file(answer):
                return answer
            code = answer.json()["errcode"]
            if code not in errors.STALE_TOKEN:
                break
            self._token.drop(token)
            if last:
                break
        errors.check(answer.json())
        return answer

    async def _exchange(
        self,
        method: str,
        path: str,
        params: Mapping[str, str],
        body: Callable[[], bytes | aiohttp.FormData] | None,
    ) -> wire.Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._gates[path]:
            url = f"{self._base}/cgi-bin/{path}"
            return await wire.exchange(self._session, method, url, timeout=self._timeout, params=params, body=body)

    async def _fetch_token(self) -> tuple[str, float]:
        """gettoken; whatever goes wrong here, the message itself has not been sent."""
        params = {"corpid": self._corp_id, "corpsecret": self._secret}
        try:
            answer = (await self._exchange("GET", "gettoken", params, None)).json()
        except ChannelDown as error:
            raise ChannelDown(f"gettoken: {error.detail}") from None
        errors.check(answer)
        seconds = answer.get("expires_in")
        return _member(answer, "access_token"), float(seconds if isinstance(seconds, int) else 7200)


def _require(problems: list[Problem]) -> None:
    if problems:
        raise ValueError("; ".join(f"{one.field}: {one.what}" for one in problems))


def _member(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise ChannelDown(f"errcode 0 without {name}")
    return value


def _dump(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
