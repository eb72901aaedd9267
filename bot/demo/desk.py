"""What the demo adds to the sandbox's page: its matters, its stories, stepping time, and beginning anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot import wording
from bot.demo import matters
from bot.demo.tales import Teller
from bot.demo.world import World
from bot.rules import calendar
from bot.sandbox import answers
from bot.sandbox.web import draw
from bot.sandbox.web.page import Desk, html

SEED = wording.TEMPLATES / "demo" / "seed.json"
FARTHEST = timedelta(days=400)
"""The longest jump: each event on the way is played."""


class Director:
    """The routes of the page's own panels; `world` and `teller` come once bot and sandbox are up."""

    world: World
    teller: Teller

    def __init__(self) -> None:
        self.seed: Mapping[str, Any] = json.loads(SEED.read_text(encoding="utf-8"))

    def desk(self) -> Desk:
        """The demo's part of the page."""
        routes = (
            web.get("/matters", self.show_matters),
            web.get("/tales", self.show_tales),
            web.post("/control/step", self.step),
            web.post("/control/tale", self.tale),
            web.post("/control/restart", self.restart),
        )
        return Desk(matters.word("say", "name"), routes, ("matters", "tales"), tuple(self.seed["people"]), steps=True)

    def open(self, world: World, teller: Teller) -> None:
        """Bot and sandbox are up."""
        self.world, self.teller = world, teller

    async def begin(self) -> None:
        """The seeded department, as it stands after its first days."""
        await self.teller.end()
        await self.world.reset(datetime.fromisoformat(self.seed["start"]))
        await self.world.play(self.seed["acts"])
        await self.world.jump(datetime.fromisoformat(self.seed["until"]))
        self.world.platform.events.publish("desk", {"people": list(self.seed["people"])})

    async def show_matters(self, request: web.Request) -> web.Response:
        """`?matter=id`: the list, and the line of the chosen one (the newest that runs when none is)."""
        chosen = request.query.get("matter", "")
        async with self.world.awake:
            now = self.world.platform.clock.now()
            rows = await matters.listing(now)
            number = int(chosen) if chosen.isdecimal() else next((row["id"] for row in rows if row["next"]), 0)
            line = await matters.line(number, now)
        return html(draw.page("matters", rows=rows, line=line, chosen=number, now=now))

    async def show_tales(self, request: web.Request) -> web.Response:
        """The stories, and where the one that plays stands."""
        return html(draw.page("tales", tales=self.teller.tales.values(), shown=self.teller.shown()))

    async def step(self, request: web.Request) -> web.Response:
        """`{next: true}` or `{to: ISO instant}`: time goes there through every event; answers with the clock."""
        body = await answers.body(request)
        clock = self.world.platform.clock
        if body.get("next"):
            await self.world.next()
        else:
            await self.world.jump(_instant(body.get("to"), clock.now()))
        return answers.shown(**clock.shown())

    async def tale(self, request: web.Request) -> web.Response:
        """`{play: name}`, `{halt: true | false}` or `{end: true}`."""
        body = await answers.body(request)
        if body.get("play"):
            if body["play"] not in self.teller.tales:
                answers.refuse(f"play: no tale {body['play']!r}", 404)
            await self.teller.start(str(body["play"]))
        elif "halt" in body:
            self.teller.halt(bool(body["halt"]))
        else:
            await self.teller.end()
        return answers.shown(**self.teller.shown())

    async def restart(self, request: web.Request) -> web.Response:
        """The seeded department again."""
        await self.begin()
        return answers.shown(ok=True)


def _instant(words: object, now: datetime) -> datetime:
    """The instant of a jump, Asia/Shanghai when it names no zone; refused when it is no future one."""
    try:
        found = datetime.fromisoformat(str(words))
    except ValueError:
        answers.refuse(f"to: {words!r} is no instant")
    found = found if found.tzinfo else found.replace(tzinfo=calendar.SHANGHAI)
    if not now <= found <= now + FARTHEST:
        answers.refuse(matters.word("say", "too_far"))
    return found
