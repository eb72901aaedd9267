"""How long a tap takes on a full page: eight phones with 200 cards each, from the click to the card's new face.

Run `python -m tests.bench.page` from the project's folder; it prints the median, the slowest of twenty, and the load.
A small bot in the same process answers every press at once, so what is measured is the sandbox and the browser.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import sys
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import async_playwright
from wechatpy.work.crypto import WeChatCrypto

from bot.sandbox import app
from bot.sandbox.settings import Settings

PHONES, CARDS, TAPS = 8, 200, 60
FACTS = [{"keyname": "编号", "value": "2026-0001"}, {"keyname": "承办", "value": "水资源处"}]
TAP = """([person, index]) => new Promise((done) => {
  const card = document.querySelectorAll(`#phone-${person} .card`)[index];
  const thread = card.closest(".thread"), began = performance.now();
  const watch = new MutationObserver(() => {
    const now = document.querySelectorAll(`#phone-${person} .card`)[index];
    if (!now.querySelector(".replaced")) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  watch.observe(thread, { childList: true, subtree: true });
  card.querySelector("[data-press]").click();
})"""


def card(number: int) -> dict[str, Any]:
    """A notice as the product sends it."""
    return {
        "card_type": "button_interaction",
        "task_id": f"bench-{number}",
        "source": {"desc": "13710督办·催办", "desc_color": 2},
        "main_title": {"title": f"第{number}次催办：1天反馈已逾期", "desc": "农业水价综合改革情况"},
        "sub_title_text": "本节点逾期扣0.1分、催办扣0.1分；仍未报的将转督办，另扣0.5分。",
        "horizontal_content_list": FACTS,
        "button_list": [{"text": "收到", "key": f"k{number}", "style": 1}],
    }


async def filled() -> tuple[app.Running, TestServer]:
    """A sandbox whose phones are full, and the bot it calls."""
    settings = Settings()
    sandbox = await app.serve(settings=settings)
    crypto = WeChatCrypto(settings.token, settings.aes_key, settings.corp_id)
    inner = "<xml><MsgType>update_button</MsgType><Button><ReplaceName>已收到</ReplaceName></Button></xml>"

    async def receive(request: web.Request) -> web.Response:
        return web.Response(text=crypto.encrypt_message(inner, "nonce", "1700000000"))

    served = web.Application()
    served.add_routes([web.post("/callback", receive)])
    server = TestServer(served)
    await server.start_server()
    platform = sandbox.platform
    platform.callback = str(server.make_url("/callback"))
    for person in range(PHONES):
        platform.people.put({"id": f"p{person}", "name": f"人员{person}"})
        for number in range(CARDS):
            at = person * CARDS + number
            platform.show(f"p{person}", "wecom", "template_card", card(at), msgid=f"m{at}", via="push")
    return sandbox, server


async def measured(url: str) -> tuple[list[float], float]:
    """Milliseconds of each tap, and of opening the page."""
    people = ",".join(f"p{person}" for person in range(PHONES))
    path = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1920, "height": 1080})
        await page.goto(f"{url}/?people={people}")
        await page.wait_for_selector("html[data-live]", state="attached")
        opened = await page.evaluate("performance.now()")
        places = [(f"p{number % PHONES}", CARDS - 1 - number // PHONES) for number in range(TAPS)]
        taps = [await page.evaluate(TAP, list(place)) for place in places]
        await browser.close()
    return taps, opened


async def main() -> None:
    """Print one line of JSON."""
    sandbox, server = await filled()
    taps, opened = await measured(sandbox.url)
    await sandbox.close()
    await server.close()
    slowest = statistics.quantiles(taps, n=20)[-1]
    found = {"phones": PHONES, "cards": CARDS, "taps": TAPS, "median_ms": statistics.median(taps), "p95_ms": slowest}
    sys.stdout.write(json.dumps({**found, "open_ms": opened}) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
