"""The inspector: what went over the wire for a message, in both directions, decrypted, and what the limits say."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.channels.wecom import card_limits, limits
from bot.channels.wecom.schema import Problem
from bot.sandbox import replies
from bot.sandbox.inbox import Entry
from bot.sandbox.platform import PLATFORM, Platform
from bot.sandbox.web import draw, page

ROWS = 80
"""Requests in the list, the newest first."""

Row = Mapping[str, Any]


async def lines(request: web.Request) -> web.Response:
    """The list of requests in both directions."""
    platform = request.app[PLATFORM]
    out = [{**row, "way": "out"} for row in platform.wire.after(0)[-ROWS:]]
    back = [{**row, "way": "in"} for row in platform.calls.after(0)[-ROWS:]]
    rows = sorted([*out, *back], key=lambda row: row["real"], reverse=True)[:ROWS]
    return page.html(draw.page("wire", rows=[{**row, "words": _words(row)} for row in rows]))


def _words(row: Row) -> str:
    """What became of a request, in a word: an errcode, a status, or nothing yet."""
    became = row["became"] or {}
    if became.get("error"):
        return str(became["error"])
    return str(became.get("fault") or became.get("errcode", became.get("status", "…")))


async def entry(request: web.Request) -> web.Response:
    """A message that came: its card, the request that brought it, the presses on it."""
    platform = request.app[PLATFORM]
    found = platform.inbox.get(int(request.match_info["id"]))
    if found is None:
        raise web.HTTPNotFound(text="no such message")
    sent = [row for row in platform.wire.after(0) if found.msgid and (row["became"] or {}).get("msgid") == found.msgid]
    pressed = {each.call for each in platform.said if each.what.get("message") == found.id}
    calls = [row for row in platform.calls.after(0) if row["id"] in pressed]
    facts = {"entry": found, "problems": _problems(found), "sent": [_shown(row) for row in sent[:1]]}
    return page.html(
        draw.page("inspect", card=pretty(found.card or dict(found.payload)), calls=_calls(platform, calls), **facts)
    )


def _problems(found: Entry) -> list[Problem]:
    if found.card is not None:
        return card_limits.check(found.card, update=found.state == "updated")
    if found.platform != "wecom" or found.via != "push":
        return []
    return limits.check({"touser": found.person, "agentid": 1, "msgtype": found.kind, found.kind: found.payload})


async def said(request: web.Request) -> web.Response:
    """What a person wrote: the callback that carried it, and the bot's answer."""
    platform = request.app[PLATFORM]
    found = platform.heard(int(request.match_info["id"]))
    if found is None:
        raise web.HTTPNotFound(text="no such message")
    calls = [row for row in platform.calls.after(0) if row["id"] == found.call]
    return page.html(draw.page("inspect", entry=None, problems=[], sent=[], card="", calls=_calls(platform, calls)))


async def line(request: web.Request) -> web.Response:
    """One request of the list."""
    platform, way, number = request.app[PLATFORM], request.match_info["way"], int(request.match_info["id"])
    log = platform.wire if way == "out" else platform.calls
    rows = [row for row in log.after(number - 1) if row["id"] == number]
    facts: dict[str, Any] = {"entry": None, "problems": [], "card": ""}
    if way == "out":
        return page.html(draw.page("inspect", sent=[_shown(row) for row in rows], calls=[], **facts))
    return page.html(draw.page("inspect", sent=[], calls=_calls(platform, rows), **facts))


def _shown(row: Row) -> dict[str, Any]:
    """A bot's request with its body readable and its token short."""
    query = {key: _short(value) if key == "access_token" else value for key, value in row["query"].items()}
    return {**row, "query": query, "body": _readable(row["body"]), "became": pretty(row["became"])}


def _calls(platform: Platform, rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [{**row, "plain": xml(row["plain"]), "opened": _opened(platform, row), "words": _words(row)} for row in rows]


def _opened(platform: Platform, row: Row) -> str:
    """The bot's answer, decrypted; empty when it gave none, the reason when it can't be read."""
    body = str(row.get("answer") or "")
    if body.strip() in replies.NOTHING or (row["became"] or {}).get("status") != 200:
        return ""
    try:
        return xml(replies.plain(platform, body))
    except ValueError as error:
        return str(error)


def _short(token: str) -> str:
    return f"{token[:8]}…" if len(token) > 8 else token


def _readable(body: str) -> str:
    try:
        return pretty(json.loads(body))
    except ValueError:
        return body


def pretty(value: Any) -> str:
    """JSON for reading."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


def xml(text: str) -> str:
    """XML with a line for every element; a value stays on the line of its element."""
    depth, lines, before = 0, [""], ""
    for token in re.findall(r"(?s)<!\[CDATA\[.*?\]\]>|<[^>]+>|[^<\s][^<]*", text):
        is_tag, closes = not token.startswith("<![") and token.startswith("<"), token.startswith("</")
        depth -= closes
        if is_tag and not (closes and not before.startswith("</")):
            lines.append("  " * depth + token)
        else:
            lines[-1] += token
        depth += is_tag and not closes and not token.endswith("/>")
        before = token
    return "\n".join(lines).strip()
