"""The stories: each plays to its end without a hitch, can be halted, and a hand may take over."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

from bot.demo import tales
from bot.demo.desk import Director
from tests.pages import acts
from tests.pages.conftest import Open

ENDINGS = {
    "answered": ("chenchen", "销号"),
    "ignored": ("zhaogang", "主要领导决定启动问效"),
    "extended": ("wangfang", "反馈"),
}


@pytest.mark.parametrize("name", list(ENDINGS))
async def test_a_story_plays_to_its_end(director: Director, name: str) -> None:
    await director.teller.start(name)
    await over(director)
    told = [event.data for event in director.world.platform.events.after(0) if event.kind == "desk"]
    assert [each["trouble"] for each in told if each.get("trouble")] == []
    assert director.teller.shown()["state"] == "over"
    person, words = ENDINGS[name]
    shown = [entry.shown()["shown"] for entry in director.world.platform.inbox.of({person}, 0)]
    assert any(words in text for text in shown), shown[-3:]


async def over(director: Director) -> None:
    """Until the tale has nothing more to tell."""
    async with asyncio.timeout(20):
        while director.teller.state != "over":
            await director.world.platform.events.until(lambda: director.teller.state == "over", 1)


async def test_a_story_on_the_page(director: Director, open_page: Open) -> None:
    page = await open_page(acts.address(director.world, "zhouzheng"))
    await page.click("#tab-tales")
    await page.get_by_role("button", name="演出：收到并按时办结").click()
    last = director.teller.tales["answered"].steps[-1]["caption"]
    await expect(page.locator("#caption")).to_have_text(last, timeout=20_000)
    await expect(page.locator(".phone")).to_have_count(4)
    await expect(page.locator("#phone-zhangsan .card .replaced").first).to_have_text("已安排陈晨")
    await expect(page.locator("#phone-chenchen h3", has_text="提醒")).to_have_count(0)
    await expect(page.locator("#panel-tales")).to_contain_text("演完了")
    await page.get_by_role("button", name="结束剧本").click()
    await expect(page.locator("#caption")).to_be_hidden()


async def test_halted_it_waits_and_a_hand_takes_over(director: Director) -> None:
    teller, world = director.teller, director.world
    heard: list[dict[str, Any]] = []
    await teller.start("answered")
    teller.halt(True)
    await world.platform.events.until(lambda: False, 0.05)
    assert (teller.state, teller.index) == ("halted", 0)
    await world.play([acts.act("02T08:40", "王芳", say=teller.tales["answered"].steps[0]["say"])])
    await world.play([acts.act("02T08:50", "郑强", card=acts.TITLE, press="同意")])
    assert teller.index == 0
    teller.halt(False)
    await over(director)
    heard += [event.data for event in world.platform.events.after(0) if event.kind == "desk"]
    assert any(each.get("trouble") for each in heard), "the step that a hand had done is not done twice"


def test_every_caption_can_be_read_in_time() -> None:
    for tale in tales.read().values():
        assert all(len(step["caption"]) <= 80 for step in tale.steps), tale.name
        instants = [step["at"] for step in tale.steps]
        assert instants == sorted(instants), tale.name
