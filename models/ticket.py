"""One-time tickets for signing in without the platform: a random value, kept by its hash, used once within minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from models import database
from models.fields import utc

LIFE = timedelta(minutes=10)
_PREFIX = "ticket:"
_MINE = "SELECT value FROM meta WHERE key = ?"
_USE = "DELETE FROM meta WHERE key = ? RETURNING value"
_OLD = "DELETE FROM meta WHERE key LIKE 'ticket:%' AND value < ?"


async def issue(person_id: int, wall: datetime) -> str:
    """A ticket of a person, good for ten minutes from the instant `wall` on; what has run out is swept away."""
    ticket = secrets.token_urlsafe(24)
    await database.execute(_OLD, [_stamp(wall - LIFE)])
    statement = "INSERT INTO meta (key, value) VALUES (?, ?) RETURNING key"
    await database.rows(statement, [_key(ticket), f"{_stamp(wall)} {person_id}"])
    return ticket


async def look(ticket: str, wall: datetime) -> int | None:
    """Whose ticket it is while it is good; changes nothing."""
    return _owner(await database.rows(_MINE, [_key(ticket)]), wall)


async def use(ticket: str, wall: datetime) -> int | None:
    """Whose ticket it was, once: of two who come at the same time one gets None."""
    return _owner(await database.rows(_USE, [_key(ticket)]), wall)


def short(ticket: str) -> str:
    """A name for the ticket that gives nothing away."""
    return _key(ticket)[len(_PREFIX) :][:12]


def _owner(found: list[dict[str, str]], wall: datetime) -> int | None:
    if not found:
        return None
    stamp, person = found[0]["value"].split()
    age = wall - datetime.fromisoformat(stamp)
    return int(person) if timedelta(0) <= age <= LIFE else None


def _stamp(at: datetime) -> str:
    return utc(at).isoformat(timespec="seconds")


def _key(ticket: str) -> str:
    return _PREFIX + hashlib.sha256(ticket.encode(errors="replace")).hexdigest()[:32]
