"""The bot dies by SIGKILL at the worst moments; nothing is lost, nothing comes twice (data.md §What is promised)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import failpoint
from bot.demo import stage
from bot.errors import ConfigError
from bot.sandbox import app as sandbox
from bot.sandbox.settings import Settings

START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
WITHIN = 15.0


@dataclass
class Bot:
    """The bot as a process of its own beside a sandbox of this one."""

    platform: sandbox.Running
    session: aiohttp.ClientSession
    folder: Path
    admin: str
    url: str
    process: asyncio.subprocess.Process | None = None

    async def start(self, failpoint_at: str = "") -> None:
        variables = {**os.environ, **({failpoint.VARIABLE: failpoint_at} if failpoint_at else {})}
        command = [sys.executable, "-m", "bot.cli", "serve", "--config", str(self.folder / "config.toml")]
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*command, env=variables, stdout=log, stderr=log)

    async def ready(self) -> None:
        assert self.process
        async with asyncio.timeout(WITHIN):
            while self.process.returncode is None:
                with contextlib.suppress(aiohttp.ClientError):
                    async with self.session.get(f"{self.url}/healthz") as answer:
                        assert answer.status == 200
                        return
                await asyncio.sleep(0.03)

    async def killed(self, *, now: bool = False) -> None:
        """Wait until the process is dead by SIGKILL, or kill it."""
        assert self.process
        if now and self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGKILL)
        assert await asyncio.wait_for(self.process.wait(), WITHIN) == -signal.SIGKILL

    def hours_pass(self) -> None:
        """Wall time for a dead bot: leases and pauses of the outbox lie behind it."""
        with contextlib.closing(sqlite3.connect(self.folder / "duban.db")) as base, base:
            base.execute("UPDATE delivery SET lease_until = '2000-01-01 00:00:00+00:00' WHERE lease_until IS NOT NULL")
            base.execute("UPDATE delivery SET next_try_at = NULL")

    async def drained(self, until: datetime) -> bool:
        """Whether the bot planned and sent everything up to `until`; False when it died."""
        try:
            async with asyncio.timeout(WITHIN):
                while True:
                    async with self.session.post(f"{self.admin}/drain") as answer:
                        body = await answer.json()
                    if not body["moved"] and (not body["next"] or datetime.fromisoformat(body["next"]) > until):
                        return True
        except aiohttp.ClientError:
            return False

    async def step(self, hours: float) -> bool:
        to = START + timedelta(hours=hours)
        async with self.session.post(f"{self.platform.control}/clock", json={"to": to.isoformat()}) as answer:
            assert answer.status == 200
        return await self.drained(to)

    async def post(self, place: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.platform.control}/{place}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return dict(await answer.json())

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.folder / "duban.db")) as base:
            return base.execute(text).fetchall()

    def screens(self) -> Counter[tuple[str, str]]:
        """(person or phone, task or text) of everything pushed."""
        entries = self.platform.platform.inbox.of(_Everybody(), 0)
        pushed = [each for each in entries if each.via != "reply"]
        return Counter((each.person, str(each.payload.get("task_id") or each.payload["content"])) for each in pushed)


class _Everybody:
    def __contains__(self, address: object) -> bool:
        return True


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    platform = await sandbox.serve(settings=Settings(start=START, paused=True))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    made = stage.configure(tmp_path, platform, "sqlite://duban.db", f"127.0.0.1:{port}")
    with (tmp_path / "config.toml").open("a", encoding="utf-8") as more:
        more.write('[engine]\ntick = "1h"\n')
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{made.server.port}"
        found = Bot(platform, session, tmp_path, f"http://127.0.0.1:{port}", url)
        yield found
        if found.process and found.process.returncode is None:
            found.process.kill()
            await found.process.wait()
    await platform.close()


async def peopled(bot: Bot) -> None:
    command = [sys.executable, "-m", "bot.cli", "roster", "import", str(stage.ROSTER)]
    command += ["--config", str(bot.folder / "config.toml")]
    importing = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    assert await importing.wait() == 0
    for number, name, phone in bot.rows("SELECT wecom_id, name, phone FROM person"):
        await bot.post("people", id=number, name=name, platform="wecom", phone=phone)


async def initiated(bot: Bot) -> None:
    assert (await bot.post("callback", url=f"{bot.url}/wecom/callback"))["verified"]
    await bot.post("say", person="wangfang", text="/立项 农业水价综合改革情况 来源:省政府13710 类别:一般 处室:水资源处")
    await bot.post("say", person="zhengqiang", text="/批准 1")


PLACES = ((19, "planning:1"), (27, "planned:1"), (30, "claimed:1"), (33, "sent:2"), (72, "sent:3"))


async def test_a_death_anywhere_loses_nothing_and_doubles_nothing(bot: Bot) -> None:
    await bot.start()
    await bot.ready()
    await peopled(bot)
    await initiated(bot)
    assert await bot.step(0)
    await bot.killed(now=True)
    for hour, place in PLACES:
        bot.hours_pass()
        await bot.start(place)
        await bot.ready()
        assert not await bot.step(hour)
        await bot.killed()
        bot.hours_pass()
        await bot.start()  # within the four hours in which the platform knows a message again
        await bot.ready()
        assert await bot.step(hour)
        await bot.killed(now=True)
    told = bot.screens()
    assert max(told.values()) == 1, told.most_common(3)
    open_rows = bot.rows(
        "SELECT d.kind, d.lane, d.state, d.error FROM delivery d WHERE d.kind <> 'approval' AND d.state <> 'accepted' "
        "AND NOT (d.lane = 'sms' AND d.state = 'unknown')"
    )
    assert open_rows == []
    bundles = bot.rows("SELECT COUNT(DISTINCT payload) FROM delivery WHERE lane IN ('chat', 'sms') AND payload <> ''")
    assert len(told) == bundles[0][0]
    urged = bot.rows("SELECT seq FROM notice WHERE kind = 'urge' ORDER BY id")
    assert len(urged) == len(set(urged))
    assert bot.rows("SELECT supervised FROM matter") == [(1,)]


async def test_an_answer_is_neither_lost_nor_applied_twice(bot: Bot) -> None:
    await bot.start()
    await bot.ready()
    await peopled(bot)
    await initiated(bot)
    assert await bot.step(1)
    await bot.killed(now=True)
    await bot.start("answered:1")
    await bot.ready()
    said = asyncio.create_task(
        bot.post("say", person="zhangsan", text="收到此项任务，经处室负责人批示，已安排陈晨处理解决。")
    )
    await bot.killed()
    bot.hours_pass()
    await bot.start()  # the platform calls again
    await said
    await bot.ready()
    assert bot.rows("SELECT kind FROM feedback") == [("acknowledge",)]
    assert bot.rows("SELECT ended FROM obligation WHERE name = 'N1'") == [("met",)]
    assert len(bot.rows("SELECT id FROM inbound WHERE text LIKE '收到%'")) == 1
    assert await bot.step(30)
    assert bot.rows("SELECT COUNT(*) FROM notice WHERE kind = 'urge'") == [(0,)]
    assert max(bot.screens().values()) == 1


def size(base: Path) -> int:
    """Bytes of the database with its log."""
    return sum(each.stat().st_size for each in base.parent.glob(base.name + "*"))


async def test_a_death_in_the_first_migration_leaves_a_database_that_starts(bot: Bot) -> None:
    base = bot.folder / "duban.db"
    for written in (0, 1, 50_000):  # bytes that the migration has put down when it dies
        await bot.start()
        async with asyncio.timeout(WITHIN):
            while not base.exists() or size(base) < written:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.002)
        await bot.killed(now=True)
    await bot.start()
    await bot.ready()
    assert bot.rows("PRAGMA integrity_check") == [("ok",)]
    assert bot.rows("SELECT value FROM meta WHERE key = 'stamp'") == [("sandbox",)]


def test_fail_points_are_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    failpoint.check(sandbox=False)
    monkeypatch.setenv(failpoint.VARIABLE, "sent:2")
    failpoint.check(sandbox=True)
    failpoint.hit("claimed")
    with pytest.raises(ConfigError, match=failpoint.VARIABLE):
        failpoint.check(sandbox=False)
    for wrong in ("nowhere:1", "sent:0", "sent:x"):
        monkeypatch.setenv(failpoint.VARIABLE, wrong)
        with pytest.raises(ConfigError, match="name:count"):
            failpoint.check(sandbox=True)
