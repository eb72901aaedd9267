"""The decrypted XML of a callback as a Message (documents 96467 for messages, 90240 for events)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels.wecom.refusal import Rejected
from bot.channels.wecom.tree import leaf, many
from bot.router import Button, Message

LATE = timedelta(minutes=10)
LONGEST_USER = 64
"""Characters of an account (document 90195)."""

TEXT_OF = {
    "text": "Content",
    "voice": "Recognition",
    "location": "Label",
    "link": "Title",
    "file": "FileName",
    "click": "EventKey",
    "view": "EventKey",
}
MESSAGES = ("text", "image", "voice", "video", "location", "link", "file")
EVENTS = {
    "click": "click",
    "view": "view",
    "enter_agent": "enter",
    "subscribe": "subscribe",
    "unsubscribe": "unsubscribe",
    "template_card_event": "card",
    "template_card_menu_event": "card",
    "change_contact": "contact",
}
# The platform advises sender and second to tell events apart; that loses events of `sys`, so more fields take part.
# Events that are not of one person's doing are known by their whole text instead.
IDENTITY = ("AgentID", "FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "ResponseCode")
PERSONAL = ("click", "view", "enter", "subscribe", "unsubscribe", "card")


def message(node: Mapping[str, Any], xml: str, corp: str, agent: str, received: datetime) -> Message:
    """The Message of a parsed callback; its instant is the platform's, clamped to [received − 10 min, received].

    Raises Rejected(400) when sender or type is missing or a field has the wrong shape. Unknown types are `other`.
    """
    user, kind = leaf(node, "FromUserName").lower(), _kind(node)
    if not 0 < len(user) <= LONGEST_USER:
        raise Rejected(400, "FromUserName is missing or too long")
    return Message(
        channel="wecom",
        corp=corp,
        agent=agent,
        key=_key(node, kind, xml),
        user=user,
        kind=kind,
        at=_instant(leaf(node, "CreateTime"), received),
        received=received,
        text=leaf(node, TEXT_OF[kind]) if kind in TEXT_OF else "",
        button=_button(node) if kind in ("card", "click") else None,
        raw=node,
    )


def _kind(node: Mapping[str, Any]) -> str:
    kind = leaf(node, "MsgType")
    if not kind:
        raise Rejected(400, "MsgType is missing")
    if kind == "event":
        return EVENTS.get(leaf(node, "Event").lower(), "other")
    return kind if kind in MESSAGES else "other"


def _key(node: Mapping[str, Any], kind: str, xml: str) -> str:
    """The same for every retry: MsgId, or a digest."""
    number = leaf(node, "MsgId")
    if number and len(number) <= 64 and leaf(node, "MsgType") != "event":
        return number
    identity = json.dumps([leaf(node, name) for name in IDENTITY]) if kind in PERSONAL else xml
    return hashlib.sha256(identity.encode(errors="surrogatepass")).hexdigest()


def _instant(seconds: str, received: datetime) -> datetime:
    """Clamped as a number first: what the platform sends may be past what a datetime holds."""
    latest = received.astimezone(UTC)
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 12):
        return latest
    earliest = latest - LATE
    return datetime.fromtimestamp(min(max(float(seconds), earliest.timestamp()), latest.timestamp()), UTC)


def _button(node: Mapping[str, Any]) -> Button:
    chosen = node.get("SelectedItems")
    items = many(chosen, "SelectedItem") if isinstance(chosen, Mapping) else []
    return Button(
        key=leaf(node, "EventKey"),
        task_id=leaf(node, "TaskId"),
        response_code=leaf(node, "ResponseCode"),
        card_type=leaf(node, "CardType"),
        selected=dict(_selected(item) for item in items),
    )


def _selected(item: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(item, Mapping):
        raise Rejected(400, "SelectedItem is malformed")
    ids = item.get("OptionIds")
    options = many(ids, "OptionId") if isinstance(ids, Mapping) else []
    if not all(isinstance(option, str) for option in options):
        raise Rejected(400, "OptionId is malformed")
    return leaf(item, "QuestionKey"), tuple(options)
