"""A member who sends a thousand messages a minute: told once, then silence; the others notice nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from bot import clock
from bot.sandbox import envelope
from handlers import reception
from handlers.crowd import MINUTE, Crowd, Verdict
from models.inbound import Inbound
from tests.department import World
from tests.http.wire import Line

FLOOD = 1000
LIMIT = 120
LONGEST = 3.0
"""Seconds that another's callback may take while other tests use every core; the platform waits five."""


async def test_others_are_served_while_one_floods(line: Line) -> None:
    said: list[str] = []

    async def flood(numbers: range) -> None:
        for number in numbers:
            status, words = await line.send(line.text("张三", f"待办 {number}"))
            assert status == 200
            said.append(words)

    lanes = [asyncio.create_task(flood(range(first, FLOOD, 8))) for first in range(8)]
    took = []
    while not all(each.done() for each in lanes):
        started = clock.monotonic()
        status, words = await line.send(line.text("李四", "待办"))
        took.append(clock.monotonic() - started)
        assert (status, "待办" in words) == (200, True)
        await asyncio.sleep(0.1)
    await asyncio.gather(*lanes)
    assert max(took) < LONGEST
    counted = Counter("refused" if "均未受理" in words else "served" if words else "silent" for words in said)
    assert counted == {"served": LIMIT, "refused": 1, "silent": FLOOD - LIMIT - 1}
    # what was served is stored, what was refused left nothing
    assert await Inbound.filter(user="zhangsan").count() == LIMIT
    # a minute of rest, on the platform's clock or on ours
    await line.stage.post("clock", step=61)
    assert "待办" in (await line.send(line.text("张三", "待办")))[1]


async def test_the_platforms_second_call_hears_the_same(line: Line) -> None:
    reception.crowd = Crowd(10)
    texts = [line.text("张三", f"待办 {number}") for number in range(12)]
    first = [await line.send(each) for each in texts]
    assert [("均未受理" in words, words == "") for _, words in first[10:]] == [(True, False), (False, True)]
    again = [await line.send(each) for each in texts]
    assert again == first
    assert await Inbound.filter(user="zhangsan").count() == 10
    # whoever is told is told once, however many kinds of messages he sends
    for plain in (
        envelope.event(line.platform, "zhangsan", "enter_agent"),
        envelope.image(line.platform, "zhangsan", "m", "http://127.0.0.1/x.jpg")[0],
        envelope.event(line.platform, "zhangsan", "LOCATION"),
    ):
        assert await line.send(plain) == (200, "")


async def test_a_minute_on_either_clock(world: World) -> None:
    crowd = Crowd(3)
    verdicts = [crowd.judge(world.message("a", "text", 0), second) for second in range(5)]
    assert verdicts == [Verdict.SERVE] * 3 + [Verdict.SAY, Verdict.SILENT]
    # refused ones count as well: he must rest
    assert crowd.judge(world.message("a", "text", 0), MINUTE + 1) is Verdict.SILENT
    assert crowd.judge(world.message("a", "text", 0), MINUTE + 4) is Verdict.SERVE
    assert crowd.judge(world.message("a", "text", 0), MINUTE + 5) is Verdict.SERVE
    assert crowd.judge(world.message("a", "text", 0), MINUTE + 6) is Verdict.SAY
    assert crowd.judge(world.message("a", "text", timedelta(minutes=1)), MINUTE + 8) is Verdict.SERVE
    # others, other channels' people of the same name, and what nobody sends
    assert crowd.judge(world.message("A", "text", timedelta(minutes=1)), MINUTE + 8) is Verdict.SERVE
    assert crowd.judge(world.message("b", "text", 0), MINUTE + 8) is Verdict.SERVE
    for _ in range(9):
        assert crowd.judge(world.message("sys", "contact", 0), MINUTE + 8) is Verdict.SERVE


async def test_who_is_quiet_is_forgotten(world: World) -> None:
    crowd = Crowd(3)
    for number in range(500):
        crowd.judge(world.message(f"u{number}", "text", 0), number)
    assert len(crowd._senders) <= MINUTE + 1
