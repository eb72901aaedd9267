"""Calling the bot: URL verification, and delivery with a time limit and three tries (documents 90238, 90930)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import aiohttp
from aiohttp import web
from yarl import URL

from bot import clock
from bot.sandbox import envelope
from bot.sandbox.platform import Platform
from bot.sandbox.settings import Settings

SESSION = web.AppKey("session", aiohttp.ClientSession)
TRIES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last try: `status` None = no answer at all, `error` says why it failed, `body` is the bot's answer, `call`
    its number in the log of calls."""

    tries: int
    status: int | None
    body: str
    error: str
    call: int = 0


async def verify(platform: Platform, session: aiohttp.ClientSession, url: str) -> str:
    """Ask the bot to decrypt an echo string; "" when it answers with exactly the plain text, else what is wrong."""
    settings = platform.settings
    plain = str(next(platform.numbers))
    echo = envelope.encrypt(settings, plain)
    query = {**envelope.query(settings, echo, _nonce(platform)), "echostr": echo}
    timeout = aiohttp.ClientTimeout(total=settings.verify_timeout)
    try:
        async with session.get(URL(url).update_query(query), timeout=timeout, allow_redirects=False) as response:
            body = await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        return _why(error, settings.verify_timeout)
    if response.status != 200:
        return f"status {response.status}"
    return "" if body == plain.encode() else "the answer is not the decrypted echostr, alone and unquoted"


async def deliver(platform: Platform, session: aiohttp.ClientSession, plain: str) -> Outcome:
    """Post a message up to three times: the same XML each time, under a new nonce, ciphertext and signature."""
    outcome = Outcome(0, None, "", "no callback url is set")
    for number in range(1, TRIES + 1 if platform.callback else 1):
        outcome = await _post(platform, session, plain, number)
        answered = outcome.status == 200 or (outcome.status is not None and not platform.settings.retry_on_status)
        if answered and not platform.faults.take("repeat"):
            break
    seen = {"tries": outcome.tries, "status": outcome.status, "error": outcome.error, "call": outcome.call}
    platform.events.publish("callback", seen)
    return outcome


async def _post(platform: Platform, session: aiohttp.ClientSession, plain: str, number: int) -> Outcome:
    """One try, written down in `platform.calls` with what was sent, what it says, and what came back."""
    settings = platform.settings
    encrypted = envelope.encrypt(settings, plain)
    query, body = envelope.query(settings, encrypted, _nonce(platform)), envelope.sealed(settings, encrypted)
    row = platform.calls.add(
        virtual=platform.clock.now().isoformat(),
        real=settings.wall().isoformat(),
        method="POST",
        path=URL(platform.callback).path,
        query=query,
        body=body,
        plain=plain,
        number=number,
    )
    started = clock.monotonic()
    outcome = await _try(settings, session, URL(platform.callback).update_query(query), body)
    row["became"] = {"status": outcome.status, "error": outcome.error, "seconds": clock.monotonic() - started}
    row["answer"] = outcome.body
    return replace(outcome, tries=number, call=row["id"])


async def _try(settings: Settings, session: aiohttp.ClientSession, url: URL, sealed: str) -> Outcome:
    try:
        async with session.post(
            url,
            data=sealed.encode(),
            headers={"Content-Type": "text/xml; charset=utf-8"},
            timeout=aiohttp.ClientTimeout(total=settings.callback_timeout),
            allow_redirects=False,
        ) as response:
            body = (await response.read()).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError) as error:
        return Outcome(1, None, "", _why(error, settings.callback_timeout))
    failed = "" if response.status == 200 else f"status {response.status}"
    return Outcome(1, response.status, body, failed)


def _why(error: Exception, seconds: float) -> str:
    return f"no answer within {seconds:g} s" if isinstance(error, TimeoutError) else str(error)


def _nonce(platform: Platform) -> str:
    return str(next(platform.numbers))[-10:]
