"""Every act, played: those of the matrix by the first person of each outcome, then those of the scenes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.router import Button, Reply
from handlers import reception
from models import database
from tests.engine.desk import at as instant
from tests.office.days import Days
from tests.record import doings, lines, scenes, tables, words
from tests.record.names import Names
from tests.roles import matrix, states

_READ = tomllib.loads((Path(__file__).parent / "scenes.toml").read_text(encoding="utf-8"))
SCENES: dict[str, list[list[Any]]] = {each["given"]: each["acts"] for each in _READ["scene"]}
GIVEN = list(dict.fromkeys([*matrix.GIVEN, *SCENES]))
"""The states in which acts are played, in the order of the page."""
Act = Mapping[str, Any]
"""How (say, press, on, sure, do) → what; `who`, and `at` where it is later than the state."""


class _Undo(Exception):
    """Takes back what an act did."""


async def state(given: str) -> list[str]:
    """All acts in one state of a matter, in the connected, empty database."""
    days = await states.found()
    facts = await _state(given)(days)
    await days.until(facts["at"])
    await days.turn(facts["at"])  # what there is to say of the state is in people's hands
    before = await tables.shot()
    found: list[str] = []
    done = ""
    for act, outcome in [*_of_matrix(given), *_of_scenes(given)]:
        found += ["", f"# {_done(act)}"] if _done(act) != done else []
        found += [f"{act['who']}{outcome}"] if act["who"] in states.PEOPLE else []
        found += await _played(days, act, {**facts, **act}, before)
        done = _done(act)
    return found[1:]


def told(given: str) -> str:
    """What a state is, in a sentence."""
    return _state(given).__doc__ or ""


def _state(given: str) -> states.State:
    return scenes.OWN.get(given) or states.state(given)


def _done(act: Act) -> str:
    kind = next(each for each in ("say", "press", "on", "sure", "do") if each in act)
    later = f" at {words.instant(instant(act['at']))}" if "at" in act else ""
    what = doings.DOINGS[act[kind]].__doc__ or "" if kind == "do" else f"{kind} {act[kind]}"
    return words.line(what) + later


def _of_matrix(given: str) -> Iterator[tuple[Act, str]]:
    """Each row by the first person of each outcome; who is not in the roster reads the same everywhere."""
    for row in matrix.rows(given):
        outcomes = dict(matrix.expected(row))
        first: dict[str, str] = {}
        for person in states.PEOPLE:
            first.setdefault(outcomes[person], person)
        for outcome, person in first.items():
            if outcome != "refused/not_in_roster":
                yield {**row, "who": person}, f": {outcome}"


def _of_scenes(given: str) -> Iterator[tuple[Act, str]]:
    for who, kind, what, *later in SCENES.get(given, ()):
        yield {"who": who, kind: what} | ({"at": later[0]} if later else {}), ""


async def _played(days: Days, act: Act, facts: Mapping[str, Any], before: tables.Shot) -> list[str]:
    found: list[str] = []
    try:
        async with database.transaction():
            got = await _act(days, act, facts)
            found = await traces(before, got, facts["at"])
            raise _Undo
    except _Undo:
        return [f"  {each}" for each in found]


async def _act(days: Days, act: Act, facts: Mapping[str, Any]) -> Reply:
    at = facts["at"]
    if "do" in act:
        return await doings.DOINGS[act["do"]](days, at)
    if "sure" not in act:
        return await states.act(days, act["who"], act, facts)
    user = states.PEOPLE[act["who"]]
    asked = await days.world.say(user, act["sure"], at)
    assert asked.card, asked.text
    return await reception.receive(days.world.message(user, "card", at, button=Button(asked.card.actions[0].key)))


async def traces(before: tables.Shot, got: Reply, hours: float) -> list[str]:
    """The reply and everything that was written since `before`, at so many hours after T."""
    after = await tables.shot()
    names = Names(after)
    trace = lines.Trace(list(tables.written(before, after)), names, instant(hours))
    return [*words.reply(got, names), *await trace.lines()]
