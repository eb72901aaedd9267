"""A matter lived in chat whose notices really leave, by a department as small as can be; our own outages included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.actions import setting
from bot.engine import due, heartbeat, outbox
from bot.rules import scoring
from bot.rules.life import Book
from handlers import reception
from handlers.crowd import Crowd
from models.obligation import Obligation
from models.recipient import Quota
from models.score import ScoreEvent, chains
from models.system import Heartbeat, Outage
from tests import department
from tests.engine.desk import Desk
from tests.life.chat import Chat

PEOPLE = (
    ("wang", "王主任", None, "office_director"),
    ("ban", "办公员", None, "office"),
    ("a", "李安", "水资源处", "operator_a"),
    ("fen", "分管", "水资源处", "leader_in_charge"),
)
"""As few as can be: each notice is really sent to each of them."""


async def found() -> Desk:
    """The department of four, in the connected database, and the engine."""
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
    clock: datetime | None = None
    world: department.World = field(init=False)

    def __post_init__(self) -> None:
        self.world = self.desk.world

    async def until(self, at: datetime, *, including: bool) -> None:
        """Everything that falls due before `at`, or at it, goes out at its instant."""
        while self.down is None and (first := await Obligation.first_due_at()):
            now = max(first, self.clock or first)
            if now > at or (now == at and not including):
                return
            await self.tick(now)

    async def forget(self) -> None:
        """The lives before are over, with their outages and the messages they used up, also of the same minute."""
        reception.crowd = Crowd()
        for each in (Outage, Heartbeat, Quota):
            await each.all().delete()

    async def tick(self, now: datetime) -> None:
        await due.advance(now, 500)
        while await outbox.send(now, self.desk.lanes, limit=500, workers=8):
            pass

    async def act(self, at: datetime, event: Mapping[str, Any]) -> None:
        self.clock = at
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


async def counted(matter_id: int) -> dict[str, int]:
    """How often each rule stands, and the sum that follows from it."""
    entries = await ScoreEvent.filter(matter_id=matter_id).order_by("id")
    counts = Counter(chain.base.rule for chain in chains(entries) if chain.stands)
    assert scoring.total(counts) == sum(each.tenths for each in entries)
    return dict(counts)
