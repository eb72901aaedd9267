"""What the engine's tests are made of: a channel that does as it is told, a wall clock moved by hand, a desk."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.actions import takeover
from bot.channels import Card, ChannelError, Receipt, Unreachable
from bot.engine import due, outbox, prompts
from bot.engine.lanes import Lanes
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.people import Person
from tests.department import PROPOSE, T, World


class Fake:
    """A channel: what was sent, byte for byte; `errors` are raised one by one, then `always`; `hang` holds sends."""

    def __init__(self, name: str, *, deduplicates: bool) -> None:
        self.name, self.deduplicates = name, deduplicates
        self.raw: list[str] = []
        self.replaced: list[tuple[str, str, Card]] = []
        self.errors: list[Exception | None] = []
        self.always: ChannelError | None = None
        self.hang: asyncio.Event | None = None
        self.entered = asyncio.Event()
        self.three = asyncio.Event()

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.raw]

    @property
    def users(self) -> list[str]:
        return sorted(each["user"] for each in self.sent)

    def payload(self, user: str, content: Card | str, task_id: str) -> str:
        said: dict[str, Any] = {"text": content} if isinstance(content, str) else {"title": content.title}
        if isinstance(content, Card):
            said |= {
                "desc": content.desc,
                "source": content.source,
                "text": content.text,
                "quote": content.quote,
                "facts": list(content.facts),
                "keys": [each.key for each in content.actions],
            }
        return json.dumps({"user": user, "task": task_id, **said}, ensure_ascii=False)

    async def send(self, payload: str) -> Receipt:
        self.raw.append(payload)
        number, hang = len(self.raw), self.hang
        error = self.errors.pop(0) if self.errors else self.always
        self.entered.set()
        if number >= 3:
            self.three.set()
        if hang:
            await hang.wait()
        if error:
            raise error
        return Receipt(f"m{number}", f"code-{number}" if self.deduplicates else "")

    async def replace(self, user: str, response_code: str, card: Card, task_id: str) -> None:
        error = self.errors.pop(0) if self.errors else self.always
        if error:
            raise error
        self.replaced.append((user, response_code, card))

    async def recall(self, message_id: str) -> None:
        raise Unreachable("not here")

    async def close(self) -> None:
        return


class Wall:
    """A wall clock that stands until it is moved; years away from the business clock, on purpose."""

    def __init__(self) -> None:
        self.at = datetime(2019, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def on(self, **step: float) -> None:
        self.at += timedelta(**step)


def at(hours: float) -> datetime:
    """The business instant so many hours after T."""
    return T + timedelta(hours=hours)


@dataclass
class Desk:
    """The engine by hand: `plan` and `send` at hours after T, one after the other in `turn`."""

    world: World
    wecom: Fake = field(default_factory=lambda: Fake("wecom", deduplicates=True))
    sms: Fake = field(default_factory=lambda: Fake("log", deduplicates=False))
    wall: Wall = field(default_factory=Wall)
    mode: str = "fallback"
    workers: int = 8

    @property
    def lanes(self) -> Lanes:
        return Lanes(self.wecom, self.sms, self.mode, timedelta(minutes=10), "督办", wall=self.wall)

    async def plan(self, hours: float) -> None:
        await takeover.advance(at(hours))
        while await due.advance(at(hours), 500) or await prompts.advance(at(hours), 500):
            pass

    async def send(self, hours: float) -> int:
        """Once: how many were taken in hand."""
        return await outbox.send(at(hours), self.lanes, limit=500, workers=self.workers)

    async def turn(self, hours: float) -> None:
        await self.plan(hours)
        while await self.send(hours):
            await self.plan(hours)

    async def matter(self, text: str = PROPOSE, hours: float = 0) -> Matter:
        """An initiated matter about which everybody was told; the channels' memory starts after it."""
        matter = await self.world.matter(text, hours)
        await self.turn(hours)
        self.forget()
        return matter

    async def urged(self, matters: int = 1) -> Matter:
        """The first urge of N1 (27 h) of so many matters is planned, nothing of it sent; the last matter."""
        for _ in range(matters):
            matter = await self.world.matter()
        await self.turn(0)
        await self.turn(19)
        await self.plan(27)
        self.forget()
        return matter

    def forget(self) -> None:
        for channel in (self.wecom, self.sms):
            channel.raw.clear()
            channel.replaced.clear()
            channel.entered.clear()
            channel.three.clear()

    async def phone(self, user: str) -> str:
        return (await Person.get(wecom_id=user)).phone


async def states(kind: str, lane: str = "chat") -> list[str]:
    """The states of all deliveries of a kind, sorted."""
    return sorted(await Delivery.filter(kind=kind, lane=lane).values_list("state", flat=True))


async def planned() -> list[tuple[str, str, int]]:
    """(obligation, kind, seq) of every notice of the ladder, in the order of planning."""
    rows = await Notice.filter(kind__in=["remind", "urge", "supervise", "accountability_proposal"]).order_by("id")
    return [((await each.obligation).name, each.kind, each.seq) for each in rows]
