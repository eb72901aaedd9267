"""What came in and the answer it got: kept once by key, handed over once, pushed when nobody took it (data.md)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.channels import Action, Card, Choice
from bot.router import Message, Reply
from bot.rules import calendar
from models import database
from models.delivery import FARTHEST, Delivery
from models.inbound import Inbound

_KEEP = """
INSERT INTO inbound
  (channel, corp, agent, key, "user", kind, text, body, answered_at, received_at, received_wall, reply_via)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'none')
ON CONFLICT (channel, corp, agent, key) DO NOTHING RETURNING id"""
_OVERDUE = (
    "SELECT id FROM inbound WHERE reply_via = 'none' AND reply IS NOT NULL "
    "AND (received_wall < ? OR received_wall > ?) ORDER BY id LIMIT 100"
)
_MINE = "channel = ? AND corp = ? AND agent = ? AND key = ?"


def _key(message: Message) -> list[object]:
    return [message.channel, message.corp, message.agent, message.key]


async def keep(message: Message, wall: datetime) -> int | None:
    """Store the message in the caller's transaction; its id, or None when it is there already."""
    body = json.dumps(message.raw, ensure_ascii=False, default=str)
    said = message.text or (message.button.key if message.button else "")
    what = [message.user, message.kind, said, body, message.at, message.received, wall]
    found = await database.rows(_KEEP, [*_key(message), *what])
    return int(found[0]["id"]) if found else None


async def answer(inbound_id: int, person_id: int | None, reply: Reply) -> Reply:
    """Store the reply, and give it as it will be read back; with nothing to say nothing is left to hand over."""
    said = dump(reply)
    row = Inbound.filter(id=inbound_id)
    await row.update(person_id=person_id, **({"reply": said} if said else {"reply_via": "passive"}))
    return load(said)


async def stored(message: Message) -> Reply:
    """The reply that the message got; what was pushed meanwhile is left out, it is not said twice."""
    row = await Inbound.get(channel=message.channel, corp=message.corp, agent=message.agent, key=message.key)
    said = row.reply or {}
    gone = said.get("pushed", [])
    assert isinstance(gone, list)
    return load({part: value for part, value in said.items() if part not in gone})


async def passed(message: Message) -> bool:
    """none → passive: the whole reply went back in the answer. False when it was handed over already."""
    return bool(await _claim(_MINE, _key(message), "passive"))


async def push(message: Message, rest: Reply, now: datetime) -> bool:
    """none → push: queue what did not go back in the answer. False when it was handed over already."""
    async with database.transaction():
        rows = await _claim(_MINE, _key(message), "push")
        parts = list(dump(rest))
        for row in rows:
            said = {**(row.reply or {}), **dump(rest)}
            await _queue(row, said, parts, now)
        return bool(rows)


async def push_overdue(before_wall: datetime, now: datetime) -> int:
    """Push replies received before `before_wall` (wall) that nobody handed over, at most 100; how many.

    What was received further ahead than `FARTHEST` is from before the clock was set back.
    """
    async with database.transaction():
        rows = await _claim(f"id IN ({_OVERDUE})", [before_wall, before_wall + FARTHEST], "push")
        for row in rows:
            await _queue(row, row.reply or {}, [part for part in row.reply or {} if part != "pushed"], now)
        return len(rows)


async def _claim(condition: str, values: list[object], via: str) -> list[Inbound]:
    """The compare-and-set; `condition` and the statement are one, so two that try at once can't both win."""
    found = await database.rows(
        f"UPDATE inbound SET reply_via = '{via}' WHERE {condition} AND reply_via = 'none' "  # noqa: S608
        "AND reply IS NOT NULL RETURNING id",
        values,
    )
    return await Inbound.filter(id__in=[row["id"] for row in found]).order_by("id") if found else []


async def _queue(row: Inbound, said: dict[str, Any], parts: list[str], now: datetime) -> None:
    """A delivery for each part; a card that would have replaced the pressed one is said in words when it is all."""
    if parts == ["replace"]:
        said, parts = {**said, "text": f"{said['replace']['title']} {said['replace']['done']}"}, ["replace", "text"]
    await Inbound.filter(id=row.id).update(reply={**said, "pushed": parts})
    if row.person_id is None:
        return
    shared = {"person_id": row.person_id, "lane": "chat", "kind": "reply", "channel": row.channel}
    sent = [part for part in parts if part in ("text", "card")]
    await Delivery.queue(
        [{**shared, "bundle": f"inbound:{row.id}:{part}", "due_at": now, "created_at": now} for part in sent]
    )


async def greeted(person_id: int, inbound_id: int, at: datetime) -> bool:
    """Whether the person was greeted before on the day of `at` (Asia/Shanghai)."""
    start = calendar.instant(calendar.local(at).date())
    earlier = Inbound.filter(person_id=person_id, kind__in=("enter", "subscribe"), answered_at__gte=start)
    return await earlier.filter(id__lt=inbound_id, reply__isnull=False).exists()


async def content(bundle: str) -> Card | str:
    """What a delivery of kind `reply` says: the text or card that its `bundle`, `inbound:<id>:<part>`, names."""
    _, inbound_id, part = bundle.split(":")
    reply = load((await Inbound.get(id=int(inbound_id))).reply or {})
    return reply.text if part == "text" else reply.card


def dump(reply: Reply) -> dict[str, Any]:
    """The reply as JSON values, parts without content left out."""
    parts: dict[str, Any] = {"text": reply.text}
    for name in ("replace", "card"):
        card = getattr(reply, name)
        parts[name] = asdict(card) if card else None
    return {name: value for name, value in parts.items() if value}


def load(said: dict[str, Any]) -> Reply:
    """The reply of JSON values made by `dump`."""
    cards = {name: _card(said[name]) for name in ("replace", "card") if said.get(name)}
    return Reply(text=said.get("text", ""), **cards)


def _card(made: dict[str, Any]) -> Card:
    choice = made["choice"]
    return Card(
        **{
            **made,
            "facts": [(key, value) for key, value in made["facts"]],
            "choice": choice and Choice(**{**choice, "options": [(key, text) for key, text in choice["options"]]}),
            "actions": [Action(**action) for action in made["actions"]],
        }
    )
