"""What the demo's page tells of the bot's matters: their states, what happened, and what would go out, to whom."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import wording
from bot.actions import setting
from bot.engine import notify
from bot.rules import simulate
from models import database, roster
from models import life as lives
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Seat

AHEAD = timedelta(days=40)
MOST = 40
"""How far, and how many events, the line of a matter looks ahead."""

_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    (wording.TEMPLATES / "demo" / "words.toml").read_text(encoding="utf-8")
)
_NOTICES = ("supervise", "accountability_proposal", "initiate")
"""Deeds of the machine: the notices tell of them already."""


def word(table: str, key: str) -> str:
    """A word of `templates/demo/words.toml`."""
    return _WORDS[table][key]


@dataclass(frozen=True, slots=True)
class Event:
    """Something on a matter's line: `kind` past, deed or coming; `to` is names by lane."""

    at: datetime
    kind: str
    what: str
    of: str = ""
    tone: str = ""
    to: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A deadline on the line; `ended` as the obligation's."""

    at: datetime
    name: str
    ended: str


async def titles() -> dict[str, str]:
    """What stands under a person's name: WeCom id → unit and posts."""
    seats = await Seat.all().prefetch_related("person", "unit").order_by("id")
    posts: defaultdict[str, list[str]] = defaultdict(list)
    for seat in seats:
        unit = f"{seat.unit.name} · " if seat.unit and seat.role not in ("leader_in_charge", "leader") else ""
        words = f"{unit}{_WORDS['post'].get(seat.role, seat.role)}"
        if words not in posts[seat.person.wecom_id or ""]:
            posts[seat.person.wecom_id or ""].append(words)
    return {person: "，".join(words) for person, words in posts.items()}


async def listing(now: datetime) -> list[dict[str, Any]]:
    """Every matter, the newest first: its number, title, unit, state, and the instant of its next notice."""
    rows = await Matter.all().prefetch_related("unit", "handler").order_by("-id")
    owed: defaultdict[int, list[Obligation]] = defaultdict(list)
    async for each in Obligation.filter(ended=""):
        owed[each.matter_id].append(each)
    return [_shown(row, owed[row.id], now) for row in rows]


def _shown(row: Matter, owed: Sequence[Obligation], now: datetime) -> dict[str, Any]:
    state = _state(row, owed, now)
    return {
        "id": row.id,
        "code": row.code or f"拟-{row.proposal_no}",
        "title": row.title,
        "unit": row.unit.name,
        "handler": row.handler.name if row.handler else "",
        "category": row.category,
        "source": row.source,
        "state": state,
        "words": _WORDS["state"][state],
        "next": min((each.next_notice_at for each in owed if each.next_notice_at), default=None),
    }


def _state(row: Matter, owed: Sequence[Obligation], now: datetime) -> str:
    """The stored state; of a running matter the gravest thing that holds."""
    if row.state == "closed" and not row.written_off_at:
        return "accepted"
    if row.state not in ("running", "follow_up"):
        return row.state
    if row.proposal_open:
        return "accountable"
    if row.supervised:
        return "supervised"
    if any(lives.owed(each).is_overdue(now) for each in owed):
        return "overdue"
    return "extension" if any(each.paused_by == "extension" for each in owed) else row.state


async def line(matter_id: int, now: datetime) -> dict[str, Any] | None:
    """One matter: `shown` as in the list, its `events` in order, what went out and what would; None when it is gone."""
    row = await Matter.get_or_none(id=matter_id).prefetch_related("unit", "handler")
    if row is None:
        return None
    owed = await Obligation.filter(matter_id=row.id, cycle=row.cycle).order_by("id")
    past = [*await _notices(row), *await _deeds(row)]
    coming = await _coming(row, now) if row.initiated_at else []
    marks = [Mark(each.due_at, wording.named(each.name), each.ended) for each in owed if each.due_at]
    return {
        "shown": _shown(row, [each for each in owed if not each.ended], now),
        "past": sorted(past, key=lambda event: event.at),
        "coming": coming,
        "marks": marks,
        "start": row.initiated_at or row.proposed_at,
        "end": max([now, *(each.at for each in marks), *(each.at for each in coming)]),
    }


async def _notices(row: Matter) -> list[Event]:
    found = await Notice.filter(matter=row).prefetch_related("obligation", "deliveries__person")
    return [_past(each) for each in found if each.kind in _WORDS["notice"]]


def _past(each: Notice) -> Event:
    to: defaultdict[str, list[str]] = defaultdict(list)
    for delivery in each.deliveries:  # type: ignore[attr-defined]
        if delivery.lane != "update" and delivery.state not in ("cancelled", "failed"):
            to["sms" if delivery.lane == "sms" else "wecom"].append(delivery.person.name)
    return Event(each.at, "past", _named(each.kind, each.seq), _of(each.obligation.name), each.kind, to)


async def _deeds(row: Matter) -> list[Event]:
    found = await Ledger.filter(matter=row).prefetch_related("actor").order_by("n")
    return [
        Event(each.at, "deed", _WORDS["deed"].get(each.verb, each.verb), each.actor.name if each.actor else "", "deed")
        for each in found
        if each.verb not in _NOTICES
    ]


async def _coming(row: Matter, now: datetime) -> list[Event]:
    """What goes out if nobody does anything: the same rules that the engine runs, played ahead."""
    play = simulate.Play(setting.book(row))
    async with database.transaction():
        play.life, play.clock = await lives.load(row), now
    play.until(now + AHEAD)
    seated = (await notify.holders([row.unit_id], notify.today(now)))[row.unit_id]
    names = await roster.names(person for people in seated.values() for person in people)
    handler = await notify.handler(row, notify.today(now))
    found = []
    for each, rung in list(zip(play.notices, play.rungs, strict=True))[:MOST]:
        people, sms = notify.by_roles(rung, play.book.rules, seated, handler)
        to = {"wecom": [names[one] for one in people], "sms": [names[one] for one in sms]}
        found.append(Event(rung.at, "coming", _named(rung.kind, rung.seq), _of(each["obligation"]), rung.kind, to))
    return found


def _named(kind: str, seq: int) -> str:
    return _WORDS["notice"][kind].format(seq=seq)


def _of(name: str) -> str:
    return "" if name == "MATTER" else wording.named(name)
