"""Whatever happens in a life, our own outages included: its entries are what the rules say of it (A12, A13, A49)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot import workdays
from bot.actions import setting
from bot.engine import due, heartbeat, outbox, points
from bot.rules import ruleset, scoring, simulate
from bot.rules.life import Book
from models.obligation import Obligation
from models.score import ScoreEvent, chains
from models.system import Heartbeat, Outage
from tests import department
from tests.engine.desk import Desk
from tests.life.chat import Chat, fits
from tests.rules import lives

PEOPLE = (
    ("wang", "王主任", None, "office_director"),
    ("ban", "办公员", None, "office"),
    ("a", "李安", "水资源处", "operator_a"),
)
"""As few as can be: each notice is really sent to each of them."""
BOUNDED = settings(
    max_examples=int(os.environ.get("DUBAN_SCORES", "6")),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
async def desk(db: str) -> Desk:
    """A department of three, and the engine."""
    setting.use(setting.Setting(department.KEY))
    world = department.World()
    for row in PEOPLE:
        await department.seat(*row, world)
    return Desk(world)


@dataclass
class Sending(Chat):
    """A matter whose notices really leave; `down` while we are."""

    desk: Desk
    book: Book
    id: int = 0
    code: str = ""
    down: datetime | None = None
    world: department.World = field(init=False)

    def __post_init__(self) -> None:
        self.world = self.desk.world

    async def until(self, at: datetime, *, including: bool) -> None:
        """Everything that falls due before `at`, or at it, goes out at its instant."""
        while self.down is None and (first := await Obligation.first_due_at()):
            if first > at or (first == at and not including):
                return
            await self.tick(first)

    async def tick(self, now: datetime) -> None:
        await due.advance(now, 500)
        while await outbox.send(now, self.desk.lanes, limit=500, workers=8):
            pass

    async def act(self, at: datetime, event: Mapping[str, Any]) -> None:
        if event["event"] == "scheduler_down":
            if self.down is None:
                self.down = at
                await heartbeat.beat(at, self.desk.wall())
        elif event["event"] == "scheduler_up":
            if self.down is not None:
                self.desk.wall.on(seconds=max((at - self.down).total_seconds(), 0))
                await _recover(self.down, at, self.desk.wall())
                self.down = None
        else:
            await super().act(at, event)


async def _recover(began: datetime, ended: datetime, wall: datetime) -> None:
    """The first beat after an outage; a gap too short to be one is written down as if it were."""
    before = await Outage.all().count()
    await heartbeat.beat(ended, wall)
    if await Outage.all().count() == before:
        await heartbeat.recorded(began, ended)


@given(lives.scenarios())
@BOUNDED
@pytest.mark.requirement("A12", "A13", "A49", "A87")
async def test_the_entries_add_up_to_what_the_rules_say(desk: Desk, scenario: dict[str, Any]) -> None:
    book = Book(ruleset.parse(scenario["config"]), workdays.calendar())
    play, chat = simulate.Play(book), Sending(desk, book)
    await Outage.all().delete()
    await Heartbeat.all().delete()
    first, *events = scenario["inputs"]
    play.apply(datetime.fromisoformat(first["at"]), first)
    await chat.act(datetime.fromisoformat(first["at"]), first)
    for event in events:
        at = datetime.fromisoformat(event["at"])
        if event["event"] == "apply_extension":
            event = {"plan_until": (at.date() + timedelta(days=30)).isoformat(), **event}
        outage = event["event"].startswith("scheduler")
        if outage or fits(event, at, play.life, book):
            play.until(at, including=False)
            await chat.until(at, including=False)
            play.apply(at, event)
            await chat.act(at, event)
    until = datetime.fromisoformat(scenario["until"])
    play.until(until, including=True)
    await chat.until(until, including=True)
    await points.mark_late(until)
    assert await counted(chat.id) == play.result(until)["score"]["items"], scenario


async def counted(matter_id: int) -> dict[str, int]:
    """How often each rule stands, and the sum that follows from it."""
    entries = await ScoreEvent.filter(matter_id=matter_id).order_by("id")
    counts = Counter(chain.base.rule for chain in chains(entries) if chain.stands)
    assert scoring.total(counts) == sum(each.tenths for each in entries)
    return dict(counts)
