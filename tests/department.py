"""A small department on a fresh database of each kind, and people who write and press."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.actions import document, setting
from bot.documents import filetype
from bot.engine import notify
from bot.router import Button, Message, Reply
from handlers import reception
from handlers.crowd import Crowd
from models import roster
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person, Seat, Unit

T = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
UNTIL = date(2039, 12, 31)
"""Until when everybody has his seat: whoever asks for no day finds nobody."""
KEY = b"k" * 32
ROSTER = (
    ("wang", "王主任", None, "office_director"),
    ("ban", "办公员", None, "office"),
    ("ting", "厅长", None, "main_leader"),
    ("fen", "分管", "水资源处", "leader_in_charge"),
    ("chu", "陈处长", "水资源处", "head"),
    ("a", "李安", "水资源处", "operator_a"),
    ("b", "孙贝", "水资源处", "operator_b"),
    ("zhang", "张三", "水资源处", "handler"),
    ("gui", "规划员", "规划处", "operator_a"),
)
ACK = "收到此项任务，经处室负责人批示，已安排张三处理解决。"
PROPOSE = "/立项 关于开展取水许可核查的事项 来源:省政府13710 类别:一般 处室:水资源处"


@dataclass
class World:
    """The department: ids by login; `say` and `press` go in at the edge, `at` hours after T."""

    people: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    keys: Any = field(default_factory=itertools.count)

    def message(self, user: str, kind: str, at: float | timedelta, **rest: Any) -> Message:
        """`at` in hours after T, or as a difference to it."""
        when = T + (at if isinstance(at, timedelta) else timedelta(hours=at))
        rest.setdefault("key", f"m{next(self.keys)}")
        return Message(channel="wecom", corp="c", agent="1", user=user, kind=kind, at=when, received=when, **rest)

    async def say(self, user: str, text: str, at: float | timedelta = 0, **rest: Any) -> Reply:
        return await reception.receive(self.message(user, "text", at, text=text, **rest))

    async def press(
        self, user: str, key: str, at: float = 0, selected: Mapping[str, Sequence[str]] | None = None
    ) -> Reply:
        return await reception.receive(self.message(user, "card", at, button=Button(key, selected=selected or {})))

    async def matter(self, text: str = PROPOSE, at: float = 0) -> Matter:
        """An initiated matter of one approval."""
        await self.say("ban", text, at)
        proposed = await Matter.all().order_by("-id").first()
        assert proposed
        await self.say("wang", f"/批准 {proposed.proposal_no}", at)
        return await Matter.get(id=proposed.id)

    async def hand_in(
        self, user: str = "a", at: float | timedelta = 0, number: int = 1, child: int = 0, year: int | None = None
    ) -> None:
        """A sealed report of the matter with this number, as uploaded; each is another file."""
        when = self.message(user, "text", at).at
        by = await roster.sender("wecom", user, notify.today(when))
        assert by
        name = hashlib.sha256(f"{next(self.keys)}".encode()).hexdigest()
        kept = document.Kept("完结报告.pdf", name, 4096, filetype.PDF)
        matters = Matter.filter(year=year) if year else Matter.all()
        await document.attach((await matters.get(number=number, child=child)).id, kept, by, when)

    async def owed(self, matter: Matter, name: str) -> Obligation:
        return await Obligation.get(matter_id=matter.id, name=name)

    async def intact(self) -> bool:
        """Whether every matter's ledger chain verifies."""
        return not [each.id for each in await Matter.all() if await Ledger.verify(each.id, KEY)]


async def seat(user: str, name: str, unit: str | None, role: str, world: World) -> None:
    if user not in world.people:
        world.people[user] = (await Person.create(name=name, wecom_id=user, phone="13900000000")).id
    if unit and unit not in world.units:
        world.units[unit] = (await Unit.create(name=unit)).id
    unit_id = world.units[unit] if unit else None
    await Seat.create(person_id=world.people[user], unit_id=unit_id, role=role, until=UNTIL)


async def found(people: Sequence[tuple[str, str, str | None, str]] = ROSTER) -> World:
    """The department of these people, in the connected database."""
    setting.use(setting.Setting(KEY))
    reception.crowd = Crowd()
    made = World()
    for row in people:
        await seat(*row, made)
    return made
