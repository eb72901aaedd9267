"""A real Chromium before the real demo: sandbox and bot over loopback, time moved, nothing slept."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright
from wechatpy.work.crypto import WeChatCrypto

from bot.demo import live
from bot.demo.desk import Director
from bot.demo.world import World
from bot.sandbox import app
from bot.sandbox.settings import Settings
from tests import npm
from tests.sandbox import conftest as platform

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START = datetime.fromisoformat("2026-03-02T08:30:00+08:00")
Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.fail("a Chromium is needed: apt-get install chromium")
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        await found.close()


@pytest.fixture
async def director(tmp_path: Path) -> AsyncIterator[Director]:
    """The demo with its people and no matters, its clock paused at Monday 2026-03-02 08:30, stories without pauses."""
    async with live.opened(tmp_path, pace=0, seeded=False) as found:
        yield found


@pytest.fixture
def world(director: Director) -> World:
    """The department behind the page."""
    return director.world


@pytest.fixture
async def open_page(browser: Browser) -> AsyncIterator[Open]:
    """Open an address and wait until it is live; errors, refused content and outside hosts fail the test."""
    problems: list[str] = []

    async def made(url: str, width: int = 1440, height: int = 900, dark: bool = False) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="zh-CN"
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: problems.extend(_outside(request.url)))
        await page.goto(url)
        await page.wait_for_selector("html[data-live]", state="attached")
        return page

    yield made
    assert problems == []


def _outside(url: str) -> list[str]:
    found = urlsplit(url)
    return [] if found.scheme == "data" or found.hostname == "127.0.0.1" else [f"asked {found.hostname}"]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, the accessibility checker."""
    folder = npm.installed("axe-core", "4.14.1")
    return (folder / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
async def anybody() -> AsyncIterator[platform.World]:
    """The sandbox alone, with two people and a small bot that keeps what it is told."""
    settings = Settings()
    sandbox = await app.serve(settings=settings)
    bot = platform.Bot(WeChatCrypto(settings.token, settings.aes_key, settings.corp_id))
    served = web.Application()
    served.add_routes([web.get("/wecom/callback", bot.verify), web.post("/wecom/callback", bot.receive)])
    server = TestServer(served)
    await server.start_server()
    async with aiohttp.ClientSession() as http:
        url = str(server.make_url("/wecom/callback"))
        yield platform.World(sandbox, platform.Wall(), http, bot, url)
    await sandbox.close()
    await server.close()
