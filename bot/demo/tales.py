"""Guided stories: a tale from `templates/demo/tales.json` plays itself, with captions, and can be halted."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import wording
from bot.demo.world import World

FILE = wording.TEMPLATES / "demo" / "tales.json"
SECONDS_A_CHARACTER = 0.11
SHORTEST = 2.5
"""How long a caption stays, in seconds at pace 1."""

WALK = 7.0
"""Seconds that the events between two steps take together, at most; `BEAT` each."""
BEAT = 0.5


@dataclass(frozen=True, slots=True)
class Tale:
    """`steps` are acts with a `caption`; one without a deed only moves time (`watch`: on whose phone it shows).
    `people`: whose phones are shown."""

    name: str
    title: str
    about: str
    start: str
    people: Sequence[str]
    steps: Sequence[Mapping[str, Any]]


def read() -> dict[str, Tale]:
    """Every tale by its name, in the file's order."""
    return {each["name"]: Tale(**each) for each in json.loads(FILE.read_text(encoding="utf-8"))}


class Teller:
    """Plays at most one tale. `pace` stretches every pause (0: none). While it is halted people act by hand."""

    def __init__(self, world: World, pace: float = 1.0) -> None:
        self.world = world
        self.pace = pace
        self.tales = read()
        self.tale: Tale | None = None
        self.index = 0
        self.caption = ""
        self.trouble = ""
        self.who = ""
        self._go = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        """none, playing, halted or over."""
        if self.tale is None:
            return "none"
        if self.index >= len(self.tale.steps):
            return "over"
        return "playing" if self._go.is_set() else "halted"

    def shown(self) -> dict[str, Any]:
        """What the page hears."""
        return {
            "tale": self.tale.name if self.tale else "",
            "title": self.tale.title if self.tale else "",
            "state": self.state,
            "step": self.index,
            "steps": len(self.tale.steps) if self.tale else 0,
            "caption": self.caption,
            "who": self.who,
            "trouble": self.trouble,
        }

    async def start(self, name: str) -> None:
        """Begin a tale in a world of its own; KeyError when there is no such tale."""
        tale = self.tales[name]
        await self.end()
        await self.world.reset(datetime.fromisoformat(tale.start))
        self.tale, self.index, self.caption = tale, 0, tale.about
        self._go.set()
        self.world.platform.events.publish("desk", {"people": [self.world.here.ids[one] for one in tale.people]})
        self._task = asyncio.create_task(self._tell())

    def halt(self, on: bool) -> None:
        """Hold the tale after what it is doing, or let it go on."""
        if on:
            self._go.clear()
        else:
            self._go.set()
        self._say()

    async def end(self) -> None:
        """Leave the tale where it stands; the world stays."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._task, self.tale, self.caption, self.trouble, self.who = None, None, "", "", ""
        self._go.clear()
        self._say()

    async def _tell(self) -> None:
        assert self.tale
        self._say()
        await self._rest(self.caption)
        for step in self.tale.steps:
            await self._go.wait()
            self.caption, self.trouble = step["caption"], ""
            self.who = self.world.here.ids.get(step.get("who") or step.get("watch", ""), "")
            self._say()
            await self._walk(datetime.fromisoformat(step["at"]))
            await self._act(step)
            await self._rest(self.caption)
            self.index += 1
        self._say()

    async def _walk(self, to: datetime) -> None:
        """Time goes to the step's instant, so that each event on the way can be seen; a hand may have been faster."""
        if to > self.world.platform.clock.now():
            await self.world.jump(to, BEAT * self.pace, WALK * self.pace)

    async def _act(self, step: Mapping[str, Any]) -> None:
        if not {"say", "photo", "card"} & set(step):
            return
        try:
            await self.world.perform(step)
        except (RuntimeError, StopIteration) as error:  # a hand did it already, or did something else
            self.trouble = str(error)
            self._say()

    async def _rest(self, words: str) -> None:
        """As long as the words take to read; halted, until it goes on."""
        await asyncio.sleep(max(SHORTEST, len(words) * SECONDS_A_CHARACTER) * self.pace)
        await self._go.wait()

    def _say(self) -> None:
        self.world.platform.events.publish("desk", self.shown())
