"""The stories: each plays to its end without a hitch, can be halted, and a hand may take over."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from bot.demo import matters, tales
from bot.demo.desk import Director
from bot.demo.tales import Tale
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
    # on a busy machine an answer may miss the platform's five seconds: it is pushed twenty later
    await expect(page.locator("#phone-zhangsan .card .replaced").first).to_have_text("已安排陈晨", timeout=40_000)
    await expect(page.locator("#phone-chenchen h3", has_text="提醒")).to_have_count(0)
    await expect(page.locator("#panel-tales")).to_contain_text("演完了")
    await page.get_by_role("button", name="结束剧本").click()
    await expect(page.locator("#caption")).to_be_hidden()


async def test_halted_it_waits_and_a_hand_takes_over(director: Director) -> None:
    teller, world = director.teller, director.world
    await teller.start("answered")
    teller.halt(True)
    await world.platform.events.until(lambda: False, 0.05)
    assert (teller.state, teller.index) == ("halted", 0)
    await world.play([acts.act("02T08:35", "王芳", say="/立项 另一件事 来源:处室 类别:一般 处室:水资源处")])
    assert (teller.index, len(await matters.listing(world.platform.clock.now()))) == (0, 1)
    teller.halt(False)
    await over(director)
    assert len(await matters.listing(world.platform.clock.now())) == 2


async def test_a_step_that_a_hand_did_already_is_said_and_passed_over(director: Director) -> None:
    steps = [
        {"at": "2026-03-02T08:40:00+08:00", "caption": "同意", "who": "郑强", "card": "没有这张卡片", "press": "同意"},
        {"at": "2026-03-02T08:50:00+08:00", "caption": "到此为止"},
    ]
    director.teller.tales["odd"] = Tale("odd", "题目", "说明", "2026-03-02T08:30:00+08:00", ["郑强"], steps)
    await director.teller.start("odd")
    await over(director)
    told = [event.data for event in director.world.platform.events.after(0) if event.kind == "desk"]
    assert any("没有这张卡片" in each.get("trouble", "") for each in told)
    assert (director.teller.caption, director.teller.trouble) == ("到此为止", "")


def test_every_caption_can_be_read_in_time() -> None:
    for tale in tales.read().values():
        assert all(len(step["caption"]) <= 80 for step in tale.steps), tale.name
        instants = [step["at"] for step in tale.steps]
        assert instants == sorted(instants), tale.name
