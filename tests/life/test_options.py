"""Each choice of the ruleset makes its difference in the running bot, and a matter keeps the ruleset of its initiation
whatever the configuration becomes (A1–A61)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from bot import workdays
from bot.actions import setting
from bot.engine import points
from bot.rules import calendar, ruleset, simulate
from bot.rules.life import Book
from models import database
from models.delivery import Delivery
from models.notice import Notice
from models.obligation import Obligation
from tests.department import KEY
from tests.engine.desk import Desk
from tests.life import sending
from tests.life.conductor import KINDS
from tests.rules.options import ROWS, Row

DAYS = workdays.calendar()
GROUPS = 4
"""As many worlds share the rows; the first row counts by unit and must be the first in its world."""


@pytest.fixture
async def desk(db: str) -> Desk:
    """A department of three, and the engine."""
    return await sending.found()


class Living(sending.Sending):
    """A matter under its own ruleset, while the house has gone back to the defaults."""

    async def act(self, at: datetime, event: Mapping[str, Any]) -> None:
        if event["event"] == "accept_task":
            await self.say("a", "收到", at)
        else:
            await super().act(at, event)
        if event["event"] == "initiate":
            setting.use(setting.Setting(KEY, days=DAYS))


@pytest.mark.requirement(
    "A1", "A2", "A3", "A4", "A6", "A7", "A8", "A9", "A10", "A12", "A13", "A15", "A16", "A17", "A20"
)
@pytest.mark.requirement("A21", "A22", "A23", "A24", "A25", "A27", "A29", "A31", "A43")
@pytest.mark.parametrize("group", range(GROUPS))
async def test_a_choice_makes_its_difference_in_the_running_bot(desk: Desk, group: int) -> None:
    # on the other database one row in three: the choices are the rules', and those are the same code
    every = 1 if database.dialect() == "sqlite" else 3
    for row in ROWS[group :: GROUPS * every]:
        assert (row.id, await lived(desk, row)) == (row.id, told(row))


async def lived(desk: Desk, row: Row) -> dict[str, Any]:
    """What went out, was due and was scored in chat."""
    scenario = row.scenario()
    chat = Living(desk, Book(ruleset.parse(scenario["config"]), DAYS))
    await chat.forget()
    for event in sorted(scenario["inputs"], key=lambda each: str(each["at"])):
        at = datetime.fromisoformat(event["at"])
        await chat.until(at, including=False)
        await chat.act(at, event)
    until = datetime.fromisoformat(scenario["until"])
    await chat.until(until, including=True)
    await points.mark_late(until)
    begun = Obligation.filter(matter_id=chat.id, due_at__isnull=False).order_by("ordinal")
    due = {each.name: calendar.local(each.due_at).isoformat() for each in await begun if each.due_at}
    return {
        "notices": await sent(chat.id),
        "due": {name: at for name, at in due.items() if name in row.seen},
        "score": await sending.counted(chat.id),
    }


async def sent(matter_id: int) -> list[tuple[str, str, str, int]]:
    """(instant, kind, obligation, number) of what really went out, at the instant at which it did."""
    out = Delivery.filter(notice__matter_id=matter_id, notice__kind__in=KINDS, state="accepted", lane="chat")
    found = set()
    for each in await out.prefetch_related("notice__obligation"):
        notice: Notice = each.notice
        seq = notice.seq if notice.kind == "urge" else 0
        found.add((calendar.local(each.accepted_at).isoformat(), notice.kind, notice.obligation.name, seq))
    return sorted(found)


def told(row: Row) -> dict[str, Any]:
    """The same by the rules."""
    scenario = row.scenario()
    result = simulate.run(scenario, ruleset.parse(scenario["config"]), DAYS)
    notices = [(each["at"], each["kind"], each["obligation"], each.get("seq", 0)) for each in result["notices"]]
    due = {name: at for name, at in result["deadlines"].items() if name in row.seen}
    return {"notices": sorted(notices), "due": due, "score": result["score"]["items"]}
