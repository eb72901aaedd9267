"""The control API's world: people, inboxes, the clock, faults, the wire log, the stream of news."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from aiohttp import web

from bot.sandbox import answers
from bot.sandbox.platform import PLATFORM

LONGEST_POLL = 30.0
_SHANGHAI = timezone(timedelta(hours=8))


def _number(request: web.Request, name: str, default: float = 0.0) -> float:
    value = request.query.get(name, "")
    try:
        return float(value) if value else default
    except ValueError:
        answers.refuse(f"{name}: {value!r} is no number")


async def add_people(request: web.Request) -> web.Response:
    """`[{id, name, platform, phone?, title?}]` or one such object: adds or renews people, by id and platform."""
    platform = request.app[PLATFORM]
    rows: Any = await answers.document(request)
    try:
        for row in rows if isinstance(rows, list) else [rows]:
            platform.people.put(row if isinstance(row, dict) else {})
    except ValueError as error:
        answers.refuse(error)
    return await people(request)


async def people(request: web.Request) -> web.Response:
    """`{people: [{id, name, platforms, phone}]}`."""
    return answers.shown(people=[one.shown() for one in request.app[PLATFORM].people.all()])


async def inbox(request: web.Request) -> web.Response:
    """`{messages: [entry]}` of a person (chat and phone) or a phone, with ids above `after`.

    With `wait=seconds` (30 at most) an empty answer is held back until something comes.
    """
    platform, address = request.app[PLATFORM], request.match_info["person"]
    person, after = platform.people.get(address), int(_number(request, "after"))
    addresses = {person.id, person.phone} - {""} if person else {address}
    wait = min(_number(request, "wait"), LONGEST_POLL)
    await platform.events.until(lambda: bool(platform.inbox.of(addresses, after)), wait)
    return answers.shown(messages=[entry.shown() for entry in platform.inbox.of(addresses, after)])


async def clock(request: web.Request) -> web.Response:
    """`{virtual, anchor, speed, paused, version, now}`; with `after=version` once the version is another one."""
    platform = request.app[PLATFORM]
    if "after" in request.query:
        after, wait = _number(request, "after"), min(_number(request, "wait", LONGEST_POLL), LONGEST_POLL)
        await platform.events.until(lambda: platform.clock.version != after, wait)
    return answers.shown(**platform.clock.shown())


async def set_clock(request: web.Request) -> web.Response:
    """`{to?: ISO instant, step?: seconds, speed?, paused?}`; 400 when time would turn back.

    An instant without an offset is Asia/Shanghai.
    """
    platform, body = request.app[PLATFORM], await answers.body(request)
    try:
        if unknown := set(body) - {"to", "step", "speed", "paused"}:
            raise ValueError(f"{', '.join(sorted(unknown))}: not known; there are to, step, speed, paused")
        platform.clock.change(
            to=_instant(str(body["to"])) if body.get("to") else None,
            step=float(body.get("step") or 0),
            speed=None if body.get("speed") is None else float(body["speed"]),
            paused=None if body.get("paused") is None else bool(body["paused"]),
        )
    except (TypeError, ValueError, OverflowError) as error:
        answers.refuse(error)
    return answers.shown(**platform.clock.shown())


def _instant(words: str) -> datetime:
    found = datetime.fromisoformat(words)
    return found if found.tzinfo else found.replace(tzinfo=_SHANGHAI)


async def faults(request: web.Request) -> web.Response:
    """`{faults: [{name, person, path, count, seconds, answer}]}`: what is switched on."""
    return answers.shown(faults=request.app[PLATFORM].faults.shown())


async def set_fault(request: web.Request) -> web.Response:
    """`{name, on = true, person?, path?, count?, seconds?, answer?}`; names and fields in `faults`."""
    platform, body = request.app[PLATFORM], await answers.body(request)
    try:
        platform.faults.put(body)
    except ValueError as error:
        answers.refuse(error)
    platform.events.publish("fault", {"faults": platform.faults.shown()})
    return await faults(request)


async def wire(request: web.Request) -> web.Response:
    """`{requests: [{id, virtual, real, method, path, query, body, became}]}` with ids above `after`.

    `path` picks by the beginning of the path."""
    after, path = int(_number(request, "after")), request.query.get("path", "")
    return answers.shown(requests=request.app[PLATFORM].wire.after(after, path))


async def reset(request: web.Request) -> web.Response:
    """Forget messages, tokens, limits, faults and the wire log; people, callback address and clock stay."""
    platform = request.app[PLATFORM]
    platform.forget()
    platform.events.publish("reset", {})
    return answers.shown(ok=True)


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events with ids above `after` (or Last-Event-ID), then as they come, until the client leaves."""
    platform = request.app[PLATFORM]
    last = int(_number(request, "after") or int(request.headers.get("Last-Event-ID") or 0))
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    while not platform.events.closed:
        for event in platform.events.after(last):
            frame = f"id: {event.id}\nevent: {event.kind}\ndata: {json.dumps(event.data)}\n\n"
            await response.write(frame.encode())
            last = event.id
        await platform.events.until(partial(platform.events.has_after, last), LONGEST_POLL)
        await response.write(b": still here\n\n")
    return response
