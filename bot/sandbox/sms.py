"""The SMS gateway: it takes a text for a phone, and the phone shows it."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox import answers
from bot.sandbox.platform import PLATFORM


async def send(request: web.Request) -> web.Response:
    """`{phone, text}` → `{"ok": true, "id": …}`; 400 with `{"error": …}` when one of them is missing."""
    platform, body = request.app[PLATFORM], await answers.body(request)
    phone, text = str(body.get("phone", "")), str(body.get("text", ""))
    if not phone or not text:
        answers.refuse("phone and text are required")
    msgid = f"sms-{next(platform.numbers)}"
    platform.show(phone, "sms", "text", {"content": text}, msgid=msgid, via="sms")
    request[answers.BECAME] = {"msgid": msgid, "delivered": [phone]}
    return answers.shown(ok=True, id=msgid)
