"""The business clock: jumps, pauses, never back; the long poll; a bot that follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot import clock as bot_clock
from bot.sandbox import app, follow
from bot.sandbox.settings import Settings


async def test_it_starts_where_it_is_told_and_runs_with_the_wall(world: Any) -> None:
    found = await world.get("clock")
    assert found == {
        "virtual": "2026-03-02T01:00:00+00:00",
        "anchor": "2026-11-24T00:00:00+00:00",
        "speed": 1.0,
        "paused": False,
        "version": 1,
        "now": "2026-03-02T01:00:00+00:00",
    }
    world.wall.on(seconds=10)
    assert (await world.get("clock"))["now"] == "2026-03-02T01:00:10+00:00"


async def test_speed_counts_from_the_change(world: Any) -> None:
    world.wall.on(seconds=10)
    assert (await world.post("clock", speed=600))["now"] == "2026-03-02T01:00:10+00:00"
    world.wall.on(seconds=1)
    assert (await world.get("clock"))["now"] == "2026-03-02T01:10:10+00:00"


async def test_pause_step_and_on(world: Any) -> None:
    await world.post("clock", paused=True, speed=60)
    world.wall.on(hours=1)
    assert (await world.get("clock"))["now"] == "2026-03-02T01:00:00+00:00"
    found = await world.post("clock", step=90)
    assert (found["now"], found["paused"], found["speed"]) == ("2026-03-02T01:01:30+00:00", True, 60)
    await world.post("clock", paused=False)
    world.wall.on(seconds=1)
    assert (await world.get("clock"))["now"] == "2026-03-02T01:02:30+00:00"


async def test_to_an_instant_in_either_zone(world: Any) -> None:
    assert (await world.post("clock", to="2026-03-03T01:00:00+00:00"))["now"] == "2026-03-03T01:00:00+00:00"
    assert (await world.post("clock", to="2026-03-03T12:00"))["now"] == "2026-03-03T04:00:00+00:00"


@pytest.mark.parametrize(
    "body",
    [
        {"to": "2026-03-02T00:59:59+00:00"},
        {"to": "yesterday"},
        {"step": -1},
        {"step": 1e300},
        {"speed": 0},
        {"speed": "fast"},
        {"jump": 5},
    ],
)
async def test_what_the_clock_refuses_changes_nothing(world: Any, body: dict[str, Any]) -> None:
    found = await world.post("clock", **body)
    assert (found["http"], set(found)) == (400, {"error", "http"})
    assert (await world.get("clock"))["version"] == 1


async def test_the_long_poll_answers_at_the_change(world: Any) -> None:
    waiting = asyncio.create_task(world.get("clock", after=1))
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    await world.post("clock", step=60)
    assert (await asyncio.wait_for(waiting, 2))["version"] == 2
    assert (await world.get("clock", after=1))["version"] == 2
    assert (await world.get("clock", after=2, wait=0.01))["version"] == 2


async def test_closing_lets_the_long_poll_go(settings: Settings) -> None:
    sandbox = await app.serve(settings=settings)
    async with aiohttp.ClientSession() as http:
        waiting = asyncio.create_task(http.get(f"{sandbox.control}/clock?after=1"))
        await asyncio.wait({waiting}, timeout=0.05)
        await asyncio.wait_for(sandbox.close(), 1)
        (await waiting).release()


@pytest.fixture
async def followed(world: Any) -> AsyncIterator[Any]:
    """The world; business time of this process is the system's again afterwards."""
    yield world
    bot_clock.follow(None)


async def test_a_bot_in_this_process_follows_by_a_watch(followed: Any) -> None:
    followed.sandbox.platform.clock.watch(bot_clock.follow)
    setting = bot_clock.setting()
    assert setting is not None
    assert setting.at(followed.wall()) == datetime(2026, 3, 2, 1, tzinfo=UTC)
    await followed.post("clock", step=60)
    assert bot_clock.setting() != setting


async def test_sync_reads_it_once(followed: Any) -> None:
    await followed.post("clock", paused=True)
    assert await follow.sync(followed.sandbox.control, followed.http) == 2
    assert bot_clock.now() == datetime(2026, 3, 2, 1, tzinfo=UTC)


async def until(ready: Any) -> None:
    for _ in range(1000):
        if ready():
            return
        await asyncio.sleep(0.005)
    pytest.fail("it never came")


async def test_follow_hears_changes_and_survives_a_restart(followed: Any, settings: Settings) -> None:
    start = datetime(2026, 3, 2, 1, tzinfo=UTC)
    first = await app.serve(settings=settings)
    first.platform.clock.change(paused=True)
    port = int(first.url.rsplit(":", 1)[1])
    task = asyncio.create_task(follow.follow(first.control, followed.http, retry_after=0.01))
    await until(lambda: bot_clock.now() == start)
    first.platform.clock.change(step=60)
    await until(lambda: bot_clock.now() == start + timedelta(minutes=1))
    await first.close()
    assert bot_clock.now() == start + timedelta(minutes=1)
    second = await app.serve(port=port, settings=settings)
    second.platform.clock.change(paused=True)
    second.platform.clock.change(step=7200)
    assert second.platform.clock.version == 3  # as the first one: the version alone tells nothing
    await until(lambda: bot_clock.now() == start + timedelta(hours=2))
    task.cancel()
    await asyncio.wait({task})
    await second.close()
