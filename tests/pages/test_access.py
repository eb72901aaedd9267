"""Everybody can use the page: nothing serious in axe, no sideways scrolling, the keyboard alone."""

from __future__ import annotations

from typing import Any, Literal

from playwright.async_api import Page, expect

from bot.demo.world import World
from tests.pages import acts
from tests.pages.conftest import Open

LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1440, "light"), (375, "dark"))
PANELS = ("matters", "tales", "wire", "faults", "connect")


async def serious(page: Page, within: str) -> list[str]:
    """What axe finds serious or critical, with the place."""
    found: dict[str, Any] = await page.evaluate("where => axe.run(where, {resultTypes: ['violations']})", within)
    rows = [row for row in found["violations"] if row["impact"] in ("serious", "critical")]
    return [f"{row['id']}: {node['html'][:160]} {node['any'][:1]}" for row in rows for node in row["nodes"]]


async def test_nothing_serious(world: World, open_page: Open, axe: str) -> None:
    await acts.initiate(world)
    await world.jump(world.platform.clock.now().replace(day=3, hour=4))
    await world.perform(acts.act("03T12:00", "张三", say="待办"))
    page = await open_page(acts.address(world, "zhangsan", "wangfang"))
    await page.evaluate(axe)
    for panel in PANELS:
        within = "html" if panel == PANELS[0] else ".side"
        async with page.expect_response(f"**/{panel}*"):
            await page.click(f"#tab-{panel}")
        if panel == "wire":
            await page.locator("#panel-wire .lines button").first.click()
            await expect(page.locator("#panel-wire pre").first).to_be_visible()
        for width, scheme in LOOKS:
            await page.set_viewport_size({"width": width, "height": 900})
            await page.emulate_media(color_scheme=scheme)
            assert await serious(page, within) == [], (panel, width, scheme)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (panel, width)


async def test_the_keyboard_is_enough(world: World, open_page: Open) -> None:
    await acts.initiate(world)
    page = await open_page(acts.address(world, "zhangsan"))
    await page.focus("#say-zhangsan")
    await page.keyboard.type("待办")
    await page.keyboard.press("Enter")
    await expect(acts.chat(page, "zhangsan").last).to_contain_text(acts.TITLE)

    await page.focus("#tab-matters")
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("#tab-tales")).to_be_focused()
    await expect(page.locator("#panel-tales")).to_be_visible()

    card = page.locator("#phone-zhangsan .card").first
    await card.locator("select").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(card.locator(".replaced")).to_contain_text("已安排")
