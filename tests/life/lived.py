"""A matter lived by the department in one process: people write and press, the engine plans and sends at each instant.

Handlers, actions, engine and database are the bot's own; the channels and the wall clock are the tests'.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import setting
from bot.engine import heartbeat, points
from bot.engine.lanes import Lanes
from bot.engine.scheduler import Engine
from bot.rules import scoring, simulate
from bot.rules.calendar import local
from bot.rules.life import Book, Life, unfold
from models import database, schedule
from models import life as lives
from models.fields import utc
from models.matter import Matter
from models.score import ScoreEvent
from tests import department
from tests.department import KEY, T, World
from tests.engine.desk import Fake, Wall
from tests.life import conductor

CAST = (
    ("wang", "王主任", None, "office_director"),
    ("ban", "办公员", None, "office"),
    ("fen", "分管", "水资源处", "leader_in_charge"),
    ("chu", "陈处长", "水资源处", "head"),
    ("a", "李安", "水资源处", "operator_a"),
    ("b", "孙贝", "水资源处", "handler"),
    ("gui", "规划员", "规划处", "operator_a"),
)
"""As few as the rules need, for each notice is told to each of them; and one of another unit."""
SURE = ("complete:", "reseat:")
"""Buttons that do what was asked for."""
TAKEN = ("不作评价", "每季度只评一次")
"""A grade that the rules do not book: the version is accepted all the same, without one."""


@dataclass
class Lived:
    """`filer` speaks for the unit; `clock` is the instant of the last event; `down`: nothing is planned or sent."""

    world: World
    book: Book
    engine: Engine
    wall: Wall
    filer: str = "a"
    matter_id: int = 0
    code: str = ""
    clock: datetime | None = None
    down: bool = False
    said: list[str] = field(default_factory=list)
    last: tuple[str, str, datetime, str] = ("", "", T, "")

    async def until(self, at: datetime, *, including: bool) -> None:
        """Let everything go out that is due before `at` (or at it)."""
        while not self.down and (first := await schedule.first_due_at()):
            now = max(first, self.clock or first)
            if now > at or (now == at and not including):
                return
            assert await self._turn(now), f"what is due at {now} does not move"

    async def _turn(self, now: datetime) -> int:
        moved = 0
        while more := await self.engine.plan(now):
            moved += more
        while await self.engine.send(now):
            pass
        return moved

    async def act(self, at: datetime, event: Mapping[str, Any]) -> None:
        """The event as people would write it."""
        self.clock = at
        await getattr(self, f"_{event['event']}")(at, event)

    async def say(self, user: str, text: str, at: datetime) -> str:
        """One message; a card that wants to be sure is pressed at once. The words of the reply."""
        self.clock, self.last = at, (user, text, at, f"said{len(self.said)}")
        reply = await self.world.say(user, text, at - T, key=self.last[3])
        if reply.card and reply.card.actions[0].key.startswith(SURE):
            reply = await self.world.press(user, reply.card.actions[0].key, (at - T).total_seconds() / 3600)
        self.said.append(f"{at:%m-%d %H:%M} {user}: {text} → {reply.text[:120]}")
        return reply.text

    async def _initiate(self, at: datetime, event: Mapping[str, Any]) -> None:
        due_on = f" 截止:{event['deadline']}" if "deadline" in event else ""
        category = conductor.CATEGORIES[event["category"]]
        await self.say("ban", f"/立项 取水许可核查 来源:省政府13710 类别:{category} 处室:水资源处{due_on}", at)
        await self.say("wang", "/批准 1", at)
        found = await Matter.get()
        self.matter_id, self.code = found.id, found.code

    async def _feedback(self, at: datetime, event: Mapping[str, Any]) -> None:
        await self.say(self.filer, f"进展 1 {conductor.node(event['node'])} 已完成现场核查，形成问题清单", at)

    async def _apply_completion(self, at: datetime, event: Mapping[str, Any]) -> None:
        with contextlib.suppress(errors.Refused):  # what may not be handed in may not be filed either
            await self.world.hand_in(self.filer, at - T)
        await self.say(self.filer, "完结 1 理由：已全部整改到位", at)

    async def _return(self, at: datetime, event: Mapping[str, Any]) -> None:
        flag = "未落实 " if event.get("kind") == "not_done" else ""
        await self.say("ban", f"/退回 1 {flag}附件不全", at)

    async def _accept(self, at: datetime, event: Mapping[str, Any]) -> None:
        said = await self.say("ban", f"/同意办结 1 {conductor.GRADES.get(event.get('grade', ''), '')}", at)
        if any(words in said for words in TAKEN):
            await self.say("ban", "/同意办结 1", at)

    async def _apply_extension(self, at: datetime, event: Mapping[str, Any]) -> None:
        until = event.get("plan_until", conductor.FAR)
        await self.say(self.filer, f"延期 1 理由：汛期 方案：分段推进 责任人：李安 时限：{until}", at)

    async def _approve_extension(self, at: datetime, event: Mapping[str, Any]) -> None:
        await self.say("ban", "/同意延期 1", at)

    async def _reject_extension(self, at: datetime, event: Mapping[str, Any]) -> None:
        await self.say("ban", "/不同意延期 1 时间过长", at)

    async def _limit(self, at: datetime, event: Mapping[str, Any]) -> None:
        await self.say("fen", f"限期 1 {event['deadline']} 请报方案", at)

    async def _scheduler_down(self, at: datetime, event: Mapping[str, Any]) -> None:
        if not self.down:
            await heartbeat.beat(at, self.wall())
        self.down = True

    async def _scheduler_up(self, at: datetime, event: Mapping[str, Any]) -> None:
        if self.down:
            self.wall.on(hours=1)
            await heartbeat.beat(at, self.wall())
        self.down = False

    async def swap(self, at: datetime) -> str:
        """换岗: operator A and the handler change places; the new A files from now on."""
        names = {user: name for user, name, *_ in CAST}
        self.filer = {"a": "b", "b": "a"}[self.filer]
        await self.say("ban", f"/换岗 水资源处 A:{names[self.filer]}", at)
        return f"operator A is {names[self.filer]}"

    async def meddle(self, at: datetime) -> str:
        """Somebody of another unit files."""
        said = await self.say("gui", "进展 1 3天 已完成现场核查，形成问题清单", at)
        assert "水资源处" in said or "没有" in said, said
        return f"gui: {said}"

    async def again(self, _: datetime) -> str:
        """The last message comes once more, under its own key: it gets the reply it had."""
        user, text, at, key = self.last
        await self.world.say(user, text, at - T, key=key)
        return f"{user} again: {text}"

    async def life(self) -> Life:
        """The matter as the rules see it."""
        async with database.transaction():
            return await lives.load(await database.lock_matter(self.matter_id))

    async def outcome(self, until: datetime) -> dict[str, Any]:
        """What `simulate` prints: the notices that were really sent, the deadlines, the net of the points."""
        async with database.transaction():
            await points.mark_late(until)
        return {
            "notices": await _sent(),
            "deadlines": simulate.deadlines(unfold(await self.life(), until, self.book), until),
            "score": await _score(),
        }


_LEFT = f"""
SELECT n.kind, o.name, n.seq, min(d.accepted_at) AS at FROM notice n
JOIN obligation o ON o.id = n.obligation_id JOIN delivery d ON d.notice_id = n.id
WHERE d.lane = 'chat' AND d.accepted_at IS NOT NULL AND n.kind IN {conductor.KINDS}
GROUP BY n.id, n.kind, o.name, n.seq ORDER BY 4, 2, 1"""


async def _sent() -> list[dict[str, Any]]:
    """What really left, and when: by instant, and by name what left at one instant."""
    return [
        {"at": local(utc(row["at"])).isoformat(), "kind": row["kind"], "obligation": row["name"]}
        | ({"seq": row["seq"]} if row["kind"] == "urge" else {})
        for row in await database.rows(_LEFT)
    ]


async def _score() -> dict[str, Any]:
    total: Counter[str] = Counter()
    for each in await ScoreEvent.all():
        total[each.rule] += each.tenths
    items = {rule: total[rule] // tenths for rule, tenths in scoring.TENTHS.items() if total[rule]}
    return {"items": items, "total": scoring.written(sum(total.values()))}


async def settle(book: Book) -> Lived:
    """The department moves into the connected, empty database."""
    world, wall = await department.found(CAST), Wall()
    setting.use(setting.Setting(KEY, book.rules, book.days))
    lanes = Lanes(Fake("wecom", deduplicates=True), None, wall=wall)
    return Lived(world, book, Engine(lanes, workers=1), wall)
