"""Signing in inside the client and by QR code (document 96441): a redirect with a code, the code's owner."""

from __future__ import annotations

import html
import re

from aiohttp import web
from yarl import URL

from bot.sandbox import answers
from bot.sandbox.loopback import is_loopback
from bot.sandbox.platform import PLATFORM, Platform

STATE = re.compile(r"[a-zA-Z0-9]{0,128}")
SCOPES = ("snsapi_base", "snsapi_privateinfo")


async def authorize(request: web.Request) -> web.Response:
    """Send the browser back to redirect_uri with a code of the person in `person`; without one, ask who it is.

    `person` is the sandbox's own parameter: it stands for the account that is signed in on the phone.
    """
    platform = request.app[PLATFORM]
    target = _checked(request)
    user = request.query.get("person", "")
    if not user:
        return _ask(request, platform)
    person = platform.people.on("wecom", user)
    if person is None:
        raise answers.Denied(60111, "userid not found")
    code = platform.sign_ins.issue(person.id, platform.settings.wall())
    request[answers.BECAME] = {"errcode": 0, "signed_in": person.id}
    place = target.update_query(code=code, state=request.query.get("state", ""))
    return web.Response(status=302, headers={"Location": str(place)})


def _checked(request: web.Request) -> URL:
    """The redirect address. 40013 wrong corporation, 50001 untrusted address, 40035 what else is wrong."""
    query, settings = request.query, request.app[PLATFORM].settings
    if query.get("appid") != settings.corp_id:
        raise answers.Denied(40013, "invalid corpid")
    if query.get("agentid") not in (None, str(settings.agent_id)):
        raise answers.Denied(301002, "agentid belongs to another app")
    if not is_loopback(query.get("redirect_uri", "")):
        raise answers.Denied(50001, "redirect_uri: not a trusted address (the sandbox knows loopback only)")
    if not STATE.fullmatch(query.get("state", "")):
        raise answers.Denied(40035, "state: at most 128 letters and digits")
    if request.path.startswith("/connect/") and query.get("scope", SCOPES[0]) not in SCOPES:
        raise answers.Denied(40035, "scope: snsapi_base or snsapi_privateinfo")
    return URL(query["redirect_uri"])


def _ask(request: web.Request, platform: Platform) -> web.Response:
    rows = [
        f'<li><a href="{html.escape(str(request.rel_url.update_query(person=one.id)))}">{html.escape(one.name)}</a>'
        for one in platform.people.all("wecom")
    ]
    page = f'<!doctype html><meta charset="utf-8"><title>sign in</title><ul>{"".join(rows)}</ul>'
    return web.Response(text=page, content_type="text/html")


async def user_info(request: web.Request) -> web.Response:
    """Whose code it is, once and within five minutes of wall time; 40029 otherwise."""
    platform = request.app[PLATFORM]
    try:
        user = platform.sign_ins.take(request.query.get("code", ""), platform.settings.wall())
    except ValueError as error:
        raise answers.Denied(40029, f"invalid code: {error}") from error
    return answers.answer(request, userid=user)
