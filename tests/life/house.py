"""A department at work: several matters of several units at once, everybody says and presses what his post allows.

What a single life (`machine.py`) leaves out happens here: 改派, 并案, 撤销, 重开, 代报, 申诉, 问效, conversions,
notices made by hand, seats that change, families of matters, old cards. There is no second opinion of what must come
of it; `sound.py` says what must be true whatever happened.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot import errors
from bot.actions import setting
from bot.engine import heartbeat
from bot.engine.lanes import Lanes
from bot.engine.scheduler import Engine
from bot.router import Reply
from bot.rules import calendar
from bot.rules.ruleset import parse
from handlers import reception
from handlers.crowd import Crowd
from models import schedule
from models.matter import Matter
from tests import department
from tests.department import T, World
from tests.engine.desk import Fake, Wall
from tests.life import sound
from tests.life.spoken import CAST, FILERS, FITTING, LEADERS, NAMES, SOURCES, UNITS, WEIGHTS, lines

OPTIONS: dict[str, list[Any]] = {
    "accountability_count": ["unit_year"],
    "accountability_grace_hours": [24],
    "reassign_clock": ["keep"],
    "urge_scoring": ["message"],
    "scoring": ["highest"],
    "quiet_mode": ["defer"],
    "graded_units": ["all"],
    "clock_start": ["delivery", "acceptance"],
    "rework_clock": ["remaining", "next_workday_18"],
    "calendar": ["workday"],
    "n7_needs": ["completion"],
    "nm_met_by": ["feedback"],
    "head_notices": ["sparse"],
    "score_period": ["quarter"],
    "extension_late": ["refuse"],
    "late_settles_earlier": [False],
    "weekly_missed": ["off", "daily"],
    "monthly_remind": ["daily"],
}
SPANS = (2, 5, 30, 60, 200, 600, 1440, 1440, 3 * 1440, 9 * 1440)
"""Minutes at the most that pass between two things."""


@dataclass
class House:
    """The department, its engine, and what was said so far, in `told`."""

    chance: Random
    world: World
    engine: Engine
    wall: Wall
    channel: Fake
    at: datetime
    config: dict[str, Any]
    told: list[str] = field(default_factory=list)
    down: bool = False
    listened: int = 0

    @classmethod
    async def found(cls, chance: Random) -> House:
        """Moves into the connected, empty database."""
        keys = chance.sample(sorted(OPTIONS), chance.choice([0, 0, 1, 2, 4]))
        config = {key: chance.choice(OPTIONS[key]) for key in keys}
        world, wall, channel = await department.found(CAST), Wall(), Fake("wecom", deduplicates=True)
        setting.use(setting.Setting(department.KEY, parse(config)))
        engine = Engine(Lanes(channel, Fake("log", deduplicates=False), wall=wall), workers=1)
        start = T + timedelta(days=chance.choice([0, 0, 250, 290]), minutes=chance.randrange(3 * 1440))
        return cls(chance, world, engine, wall, channel, start, config)

    async def work(self, steps: int) -> None:
        """So many things happen; after each the books are looked at."""
        for _ in range(steps):
            await self.pass_by()
            await self.happen()
            if not self.down:
                await self.turn()
            self.heard()
            await sound.check(self.at, down=self.down)

    async def pass_by(self) -> None:
        """Time goes by, everything goes out at its instant."""
        until = self.at + timedelta(minutes=self.chance.randrange(self.chance.choice(SPANS)))
        while not self.down and (first := await schedule.first_due_at()) and first <= until:
            self.at = max(self.at, first)
            await self.turn()
        self.at = until
        if not self.down:
            await self.turn()

    async def turn(self) -> None:
        """All that is due now is planned and sent; the retries of what did not leave are due some time."""
        for _ in range(50):
            moved = await self.engine.plan(self.at) + await self.engine.send(self.at)
            if not moved:
                return
        raise AssertionError(f"what is due at {self.at} does not end")

    async def happen(self) -> None:
        """One thing more."""
        chance = self.chance
        matters = await Matter.all().order_by("id")
        if len(matters) < 2 or (len(matters) < 5 and not chance.randrange(8)):
            await self.propose()
        elif self.down or not chance.randrange(25):
            await self.stumble()
        elif not chance.randrange(5):
            await self.press()
        else:
            await self.speak(matters)

    async def propose(self) -> None:
        chance = self.chance
        category, unit = chance.choice(["一般", "一般", "重大", "月报"]), chance.choice(UNITS)
        rest = chance.choice(["", "", f" 配合:{chance.choice(UNITS[:2])}", f" 截止:{self.day(chance.randrange(40))}"])
        source = chance.choice(SOURCES)
        await self.say("ban", f"/立项 取水许可核查 来源:{source} 类别:{category} 处室:{unit}{rest}")
        last = await Matter.all().order_by("-id").first()
        if last and chance.randrange(6):
            for user in chance.sample(LEADERS, 4):
                await self.say(user, f"/批准 拟-{last.proposal_no}")

    async def speak(self, matters: list[Matter]) -> None:
        chance = self.chance
        matter, other = chance.choice(matters), chance.choice(matters)
        past = calendar.local(self.at - timedelta(minutes=chance.randrange(6 * 1440)))
        said = lines(chance, self.day(chance.randrange(45)), f"{past:%-m月%-d日 %H:%M}", name(matter), name(other))
        weights = FITTING.get("asked" if matter.extension_at else matter.state, WEIGHTS)
        kind = chance.choices(list(weights), list(weights.values()))[0]
        who, texts = said[kind]
        if who == ("filer",):
            who = FILERS[(await matter.unit).name]
        user = chance.choice(who) if chance.randrange(8) else chance.choice(sorted(NAMES))
        if kind == "finish" and matter.number:
            await self.hand_in(user, matter)
        await self.say(user, chance.choice(texts))

    async def hand_in(self, user: str, matter: Matter) -> None:
        """A sealed report, where it may be handed in."""
        try:
            await self.world.hand_in(user, self.at - T, matter.number or 0, matter.child, matter.year or 0)
        except errors.Refused as why:
            self.told.append(f"{calendar.local(self.at):%m-%d %H:%M} {user} hands in: {why}")

    async def press(self) -> None:
        """A button of some card of late: by the one who has it, now and then by another."""
        cards = [each for each in self.channel.sent[-30:] if each.get("keys")]
        if not cards:
            return
        card = self.chance.choice(cards)
        user = card["user"] if self.chance.randrange(10) else self.chance.choice(sorted(NAMES))
        await self.push(user, self.chance.choice(card["keys"]))

    async def push(self, user: str, key: str) -> None:
        chosen = {"person": [str(self.chance.choice(sorted(self.world.people.values())))], "grade": ["good"]}
        reply = await self.world.press(user, key, (self.at - T).total_seconds() / 3600, chosen)
        self.read(reply)
        self.told.append(f"{calendar.local(self.at):%m-%d %H:%M} {user} presses {key} → {reply.text[:100]}")

    async def say(self, user: str, text: str) -> None:
        """One message; a card that wants to be sure is mostly pressed."""
        reception.crowd = Crowd(1_000_000)
        reply = await self.world.say(user, text, self.at - T)
        self.read(reply)
        self.told.append(f"{calendar.local(self.at):%m-%d %H:%M} {user}: {text} → {reply.text[:100]}")
        if reply.card and reply.card.actions and self.chance.randrange(6):
            self.at += timedelta(seconds=self.chance.choice([0, 20, 90]))
            await self.push(user, reply.card.actions[0].key)

    def read(self, reply: Reply) -> None:
        """Every answer says something, in whole sentences."""
        assert reply.text or reply.card or reply.replace
        sound.worded(reply.text)
        for card in filter(None, (reply.card, reply.replace)):
            sound.worded(json.dumps([card.title, card.desc, card.text, card.quote, *card.facts], ensure_ascii=False))

    def heard(self) -> None:
        """So does every card that was sent."""
        for each in self.channel.sent[self.listened :]:
            for part in ("title", "desc", "text", "quote"):
                sound.worded(each.get(part) or "")
            sound.worded("\n".join(map(str, each.get("facts") or ())).replace("', '", ""))
        self.listened = len(self.channel.raw)

    async def stumble(self) -> None:
        """An outage of ours begins, or ends."""
        if self.down:
            self.wall.on(hours=1)
        await heartbeat.beat(self.at, self.wall())
        self.down = not self.down
        self.told.append(f"{calendar.local(self.at):%m-%d %H:%M} {'down' if self.down else 'up'}")

    def day(self, days: int) -> str:
        return (calendar.local(self.at).date() + timedelta(days=days)).isoformat()


def name(matter: Matter) -> str:
    """As people write it."""
    return matter.code or f"拟-{matter.proposal_no}"
