"""What the outside may ask: alive, ready, the home page; the admin port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from bot.demo import stage as stages
from bot.demo.stage import Stage
from models import database
from models.system import Heartbeat
from tests.stories.theatre import START


async def get(stage: Stage, path: str, base: str = "") -> tuple[int, str]:
    async with stage.session.get(f"{base or stage.url}{path}") as response:
        return response.status, await response.text()


@pytest.fixture
async def stage(db_url: str, tmp_path: Path, free_port: int) -> AsyncIterator[Stage]:
    """A bot with its admin port."""
    folder = tmp_path / "stage"
    folder.mkdir()
    listen = f"127.0.0.1:{free_port}"
    async with stages.raised(folder, START, stepped=True, database=db_url, admin=listen) as stage:
        yield stage


@pytest.fixture
def free_port() -> int:
    return stages.free_port()


async def test_alive_and_ready(stage: Stage, free_port: int) -> None:
    admin = f"http://127.0.0.1:{free_port}"
    assert await get(stage, "/healthz") == (200, "ok")
    assert await get(stage, "/readyz") == (200, "ready")
    status, detail = await get(stage, "/readyz?detail", admin)
    assert (status, '"ready": true' in detail) == (200, True)
    assert (await get(stage, "/readyz?detail"))[1] == "ready"
    async with stage.session.post(f"{admin}/drain") as response:
        assert (await response.json())["moved"] == 0
    async with stage.session.post(f"{stage.url}/drain") as response:
        assert response.status == 404
    assert (await get(stage, "/wecom/callback", admin))[0] == 404


async def test_a_heart_that_does_not_beat(stage: Stage, free_port: int) -> None:
    await Heartbeat.all().delete()
    assert await get(stage, "/readyz") == (503, "not ready")
    assert '"heartbeat": false' in (await get(stage, "/readyz?detail", f"http://127.0.0.1:{free_port}"))[1]
    assert (await get(stage, "/healthz"))[0] == 200


async def test_the_database_gone(stage: Stage, free_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    """PostgreSQL: nobody gets in any more; SQLite: closed. A callback is left to the platform's next call."""
    await take_away(stage.settings.database_url)
    assert await get(stage, "/readyz") == (503, "not ready")
    status, detail = await get(stage, "/readyz?detail", f"http://127.0.0.1:{free_port}")
    assert (status, '"ready": false' in detail) == (503, True)
    assert (await get(stage, "/healthz"))[0] == 200
    answer = await stage.say("张三", "待办")
    assert (answer["status"], answer["tries"]) == (500, 3)
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out  # ours; a library's lines are test_log's
    assert "待办" not in printed.out


async def take_away(url: str) -> None:
    if url.startswith("sqlite"):
        await database.close()
        return
    name = urlsplit(url).path.lstrip("/")
    connection = await asyncpg.connect(url.replace(f"/{name}", "/postgres"))
    await connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    await connection.close()


async def test_the_home_page(stage: Stage) -> None:
    async with stage.session.get(f"{stage.url}/") as response:
        page = await response.text()
    assert (response.status, response.content_type) == (200, "text/html")
    assert "<html" in page
    assert "{{" not in page
