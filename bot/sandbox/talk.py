"""The control API's people who act: they write, press, open the app, and see what the bot answers."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from aiohttp import web

from bot.sandbox import answers, callbacks, envelope, press, replies
from bot.sandbox.inbox import Entry
from bot.sandbox.loopback import is_loopback
from bot.sandbox.people import Person
from bot.sandbox.platform import PLATFORM, Media


async def set_callback(request: web.Request) -> web.Response:
    """`{url, verify = true}` → `{url, verified, error}`. As on the platform, a url that fails the check is not kept."""
    platform, body = request.app[PLATFORM], await answers.body(request)
    url = str(body.get("url", ""))
    if not is_loopback(url):
        answers.refuse("url: http on loopback only")
    wanted = body.get("verify", True)
    error = await callbacks.verify(platform, request.app[callbacks.SESSION], url) if wanted else ""
    if not error:
        platform.callback = url
    return answers.shown(url=platform.callback, verified=bool(wanted and not error), error=error)


async def get_callback(request: web.Request) -> web.Response:
    """Where callbacks go: `{url}`, empty when nowhere."""
    return answers.shown(url=request.app[PLATFORM].callback)


async def say(request: web.Request) -> web.Response:
    """`{person, text}`: a person writes to the bot. Answers as `_acted`, with `message` = the MsgId."""
    platform, body = request.app[PLATFORM], await answers.body(request)
    person, text = _person(request, body), body.get("text")
    if not isinstance(text, str) or not text:
        answers.refuse("text: missing")
    plain, number = envelope.text(platform, person.id, text)
    return await _acted(request, person.id, plain, said={"text": text}, message=number)


async def send_image(request: web.Request) -> web.Response:
    """`{person, data: base64, name = "image.jpg"}`: a person sends a picture; media/get has it under its MediaId."""
    platform, body = request.app[PLATFORM], await answers.body(request)
    person, name = _person(request, body), str(body.get("name") or "image.jpg")
    try:
        data = base64.b64decode(str(body.get("data", "")), validate=True)
    except binascii.Error as error:
        answers.refuse(f"data: no base64 ({error})")
    content_type = "image/png" if name.endswith(".png") else "image/jpeg"
    media_id = platform.media.issue(Media("image", name, content_type, data), platform.at())
    url = str(request.url.origin() / "cgi-bin/media/get" % {"media_id": media_id})
    plain, number = envelope.image(platform, person.id, media_id, url)
    return await _acted(request, person.id, plain, said={"image": name}, message=number)


async def enter(request: web.Request) -> web.Response:
    """`{person}`: a person opens the app."""
    person = _person(request, await answers.body(request))
    plain = envelope.event(request.app[PLATFORM], person.id, "enter_agent")
    return await _acted(request, person.id, plain, said={"event": "enter_agent"})


async def click(request: web.Request) -> web.Response:
    """`{person, key}`: a person taps an entry of the app's menu."""
    body = await answers.body(request)
    person, key = _person(request, body), str(body.get("key", ""))
    plain = envelope.event(request.app[PLATFORM], person.id, "click", key)
    return await _acted(request, person.id, plain, said={"event": "click", "key": key})


async def press_button(request: web.Request) -> web.Response:
    """`{person, message: inbox id, button: key or text, selected?: {question: [ids]}}`: a person presses a button."""
    platform, body = request.app[PLATFORM], await answers.body(request)
    person = _person(request, body)
    number, button, selected = body.get("message"), str(body.get("button", "")), body.get("selected") or {}
    entry = platform.inbox.get(int(str(number))) if str(number).isdecimal() else None
    if entry is None or entry.person != person.id:
        answers.refuse(f"message: {person.id} has no inbox message {number}", 404)
    if not isinstance(selected, dict):
        answers.refuse("selected: an object, question key to option ids")
    try:
        plain = press.event(platform, entry, button, selected)
    except ValueError as error:
        answers.refuse(error)
    said = {"press": button, "message": entry.id, "selected": selected}
    return await _acted(request, person.id, plain, said=said, pressed=entry)


def _person(request: web.Request, body: dict[str, Any]) -> Person:
    person = request.app[PLATFORM].people.on("wecom", str(body.get("person", "")))
    if person is None:
        answers.refuse(f"person: {body.get('person')!r} is not on wecom; POST /control/people adds people", 404)
    return person


async def _acted(
    request: web.Request,
    person: str,
    plain: str,
    *,
    said: dict[str, Any],
    pressed: Entry | None = None,
    **more: Any,
) -> web.Response:
    """`{reply, tries, status, error}`: the reply as shown (null = none), how often and how well the bot was called."""
    platform = request.app[PLATFORM]
    heard = platform.hear(person, said)
    outcome = await callbacks.deliver(platform, request.app[callbacks.SESSION], plain)
    reply, error = None, outcome.error
    if outcome.status == 200:
        try:
            reply = replies.show(platform, person, outcome.body, pressed)
        except ValueError as wrong:
            error = str(wrong)
    heard.call, heard.error = outcome.call, error
    platform.events.publish("heard", {"id": heard.id, "person": person, "call": outcome.call, "error": error})
    return answers.shown(reply=reply, tries=outcome.tries, status=outcome.status, error=error, **more)
