"""What can be done to a message that was sent: update its card for listed members (94945), recall it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.channels.wecom import card_limits, limits
from bot.sandbox import answers, api, send
from bot.sandbox.inbox import Entry
from bot.sandbox.platform import PLATFORM, Platform

RECALL = timedelta(seconds=limits.RECALL_SECONDS)


async def update_card(request: web.Request) -> web.Response:
    """Grey out the buttons or replace the card, for the listed recipients only.

    A response code works once, for 72 hours. Which errcode a bad one gets is not documented; here it is 40058.
    """
    platform, body = request.app[PLATFORM], await api.parsed(request)
    api.check_agent(request, body)
    send.refuse_hard(limits.check_update(body))
    change = _change(body)
    entries, invalid = _chosen(platform, body, _look(platform, body))
    _check_button(entries, change)
    platform.response_codes.take(str(body["response_code"]), platform.at())
    for entry in entries:
        platform.redraw(entry, changed(entry, change))
    result = {"invaliduser": invalid} if invalid else {}
    return answers.answer(request, {"updated": [entry.person for entry in entries]}, **result)


def _look(platform: Platform, body: dict[str, Any]) -> str:
    try:
        return platform.response_codes.look(str(body.get("response_code", "")), platform.at())
    except ValueError as error:
        raise answers.Denied(40058, f"invalid response_code: {error}") from error


def _change(body: dict[str, Any]) -> dict[str, Any]:
    """`{"replace_text": …}` from the button form, or the whole card."""
    if "button" in body:
        return {"replace_text": str(body["button"]["replace_name"])}
    return dict(body["template_card"])


def _check_button(entries: list[Entry], change: dict[str, Any]) -> None:
    """replace_name needs a card with buttons of its own; one with only a menu can only be replaced whole."""
    for entry in entries:
        if set(change) == {"replace_text"} and (entry.card or {}).get("card_type") not in card_limits.INTERACTIVE:
            raise answers.Denied(40058, "button: this card has no buttons to replace")


def changed(entry: Entry, change: dict[str, Any]) -> dict[str, Any]:
    """The card of an entry after a change; a replacing card keeps the first one's task_id unless it brings one."""
    before = entry.card or {}
    if set(change) == {"replace_text"}:
        return {**before, **change}
    return {"task_id": before.get("task_id", ""), **change}


def _chosen(platform: Platform, body: dict[str, Any], msgid: str) -> tuple[list[Entry], list[str]]:
    """The listed members' entries, and the listed ids that did not receive the message."""
    entries = {entry.person.lower(): entry for entry in platform.inbox.sent_as(msgid)}
    if body.get("atall"):
        return list(entries.values()), []
    listed = [str(user) for user in body.get("userids") or []]
    sent = {user.lower() for user in platform.sent[msgid].people}
    found = [entries[user.lower()] for user in listed if user.lower() in entries]
    return found, [user.lower() for user in listed if user.lower() not in sent]


async def recall(request: web.Request) -> web.Response:
    """Take a message off every screen, within 24 hours; 40058 for an unknown or older one (code not documented)."""
    platform, body = request.app[PLATFORM], await api.parsed(request)
    msgid = str(body.get("msgid", ""))
    sent = platform.sent.get(msgid)
    if sent is None:
        raise answers.Denied(40058, "invalid msgid")
    if platform.at() - sent.at > RECALL:
        raise answers.Denied(40058, "msgid: sent more than 24 hours ago")
    for entry in platform.inbox.sent_as(msgid):
        entry.state = "recalled"
        platform.events.publish("inbox", entry.shown())
    return answers.answer(request, {"recalled": msgid})
