"""The bot dies by SIGKILL in its very first migration; fail-points stay out of production. The rest is `test_soak`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from pathlib import Path

import aiohttp
import pytest

from bot import failpoint
from bot.demo import stage
from bot.errors import ConfigError
from bot.sandbox import app as sandbox
from bot.sandbox.settings import Settings
from tests.stories import theatre

WITHIN = 60.0


def size(base: Path) -> int:
    """Bytes of the database with its log."""
    return sum(each.stat().st_size for each in base.parent.glob(base.name + "*"))


async def start(folder: Path) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "bot.cli", "serve", "--config", str(folder / "config.toml")]
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet)


async def killed(process: asyncio.subprocess.Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
    assert await asyncio.wait_for(process.wait(), WITHIN) == -signal.SIGKILL


async def is_up(url: str) -> None:
    async with asyncio.timeout(WITHIN), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{url}/healthz") as answer:
                    assert answer.status == 200
                    return
            await asyncio.sleep(0.03)


def rows(base: Path, text: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(base)) as opened:
        return opened.execute(text).fetchall()


async def test_a_death_in_the_first_migration_leaves_a_database_that_starts(tmp_path: Path) -> None:
    platform = await sandbox.serve(settings=Settings(start=theatre.START, paused=True))
    made = stage.configure(tmp_path, platform, "sqlite://duban.db")
    base = tmp_path / "duban.db"
    for written in (0, 1, 50_000):  # bytes that the migration has put down when it dies
        process = await start(tmp_path)
        async with asyncio.timeout(WITHIN):
            while not base.exists() or size(base) < written:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.002)
        await killed(process)
    process = await start(tmp_path)
    await is_up(f"http://127.0.0.1:{made.server.port}")
    assert rows(base, "PRAGMA integrity_check") == [("ok",)]
    assert rows(base, "SELECT value FROM meta WHERE key = 'stamp'") == [("sandbox",)]
    await killed(process)
    await platform.close()


def test_fail_points_are_refused_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    failpoint.check(sandbox=False)
    for right in ("sent:2", "claimed:1:freeze", "migrating"):
        monkeypatch.setenv(failpoint.VARIABLE, right)
        failpoint.check(sandbox=True)
        failpoint.hit("answered")
        with pytest.raises(ConfigError, match=failpoint.VARIABLE):
            failpoint.check(sandbox=False)
    for wrong in ("nowhere:1", "sent:0", "sent:x", "sent:1:thaw"):
        monkeypatch.setenv(failpoint.VARIABLE, wrong)
        with pytest.raises(ConfigError, match="name:count"):
            failpoint.check(sandbox=True)
