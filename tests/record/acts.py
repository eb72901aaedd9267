"""Every act of the matrix of roles, played by the first person of each outcome: what he reads, what it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.router import Reply
from models import database
from tests.department import T
from tests.office.days import Days
from tests.record import lines, tables, words
from tests.record.names import Names
from tests.roles import matrix, states

GIVEN = matrix.GIVEN
"""The states in which acts are played, in the order of the page."""


class _Undo(Exception):
    """Takes back what an act did."""


async def state(given: str) -> list[str]:
    """All acts in one state of a matter, in the connected, empty database."""
    days = await states.found()
    facts = await states.state(given)(days)
    await days.until(facts["at"])  # what was said of the state has left and is in people's hands
    before = await tables.shot()
    found: list[str] = []
    for row in matrix.rows(given):
        found += ["", f"# {_done(row)}"]
        for person, outcome in _outcomes(row):
            found += [f"{person}: {outcome}", *await _played(days, person, row, facts, before)]
    return found[1:]


def told(given: str) -> str:
    """What a state is, in a sentence."""
    return states.state(given).__doc__ or ""


def _done(row: Mapping[str, Any]) -> str:
    kind = next(each for each in ("say", "press", "on") if each in row)
    return f"{kind} {words.line(row[kind])}"


def _outcomes(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The first person of each outcome; who is not in the roster reads the same everywhere."""
    outcomes = dict(matrix.expected(row))
    first: dict[str, str] = {}
    for person in states.PEOPLE:
        first.setdefault(outcomes[person], person)
    for outcome, person in first.items():
        if outcome != "refused/not_in_roster":
            yield person, outcome


async def _played(
    days: Days, who: str, row: Mapping[str, Any], facts: Mapping[str, Any], before: tables.Shot
) -> list[str]:
    found: list[str] = []
    try:
        async with database.transaction():
            got = await states.act(days, who, row, facts)
            found = await traces(before, got, facts["at"])
            raise _Undo
    except _Undo:
        return [f"  {each}" for each in found]


async def traces(before: tables.Shot, got: Reply, hours: float) -> list[str]:
    """The reply and everything that was written since `before`, at so many hours after T."""
    after = await tables.shot()
    names = Names(after)
    trace = lines.Trace(list(tables.written(before, after)), names, T + timedelta(hours=hours))
    return [*words.reply(got, names), *await trace.lines()]
