"""The completion's form on a phone, by hand: signing in, a file, the check, filed; nothing serious in axe (R39–R47)."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.demo.world import World
from models.completion import Completion
from tests.documents import samples
from tests.pages import acts
from tests.pages.test_access import serious


@pytest.fixture
async def phone(browser: Browser, world: World) -> Page:
    """The phone of 张三: the platform asks who he is, then the form is there."""
    await acts.initiate(world)
    context = await browser.new_context(viewport={"width": 375, "height": 812}, locale="zh-CN", has_touch=True)
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await page.goto(f"{world.here.url}/m/2026-0001/completion")
    await page.get_by_role("link", name="张三").click()
    await page.wait_for_selector("html[data-live]", state="attached")
    return page


async def looks_well(page: Page, axe: str) -> None:
    """Two schemes, two widths: no sideways scrolling, nothing serious. The checker gets past the page's own policy."""
    for width in (375, 1280):
        await page.set_viewport_size({"width": width, "height": 812})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    await page.set_viewport_size({"width": 375, "height": 812})
    await page.evaluate(axe)
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert await serious(page, "html") == [], scheme


async def test_filed_from_a_phone(phone: Page, world: World, axe: str, tmp_path: Path) -> None:
    problems: list[str] = []
    phone.on("pageerror", lambda error: problems.append(str(error)))
    phone.on("console", lambda line: problems.append(line.text) if "policy" in line.text.lower() else None)
    await looks_well(phone, axe)
    file = tmp_path / "报告.docx"
    file.write_bytes(samples.docx([each.replace("取水许可核查", "春灌用水调度") for each in samples.REPORT[:6]]))
    await phone.set_input_files("#files", [str(file)])
    await phone.fill("#signer", "规划处")
    await phone.locator("#files").press("Tab")
    await phone.get_by_role("button", name="上传", exact=True).last.click()
    await expect(phone.locator(".files .name a")).to_have_text("报告.docx")
    await expect(phone.locator("#task")).to_have_value(
        samples.REPORT[2] + "\n" + samples.REPORT[3].replace("取水许可核查", "春灌用水调度")
    )
    await expect(phone.locator("#signer")).to_have_value("规划处")

    await phone.fill("#reason", "春灌用水调度方案已印发执行，三个灌区供水正常")
    await phone.get_by_label("已与厅办公室提前沟通").check()
    await phone.get_by_label("事项已全面落实").check()
    await phone.locator("#addressee").press("Enter")  # the first button is a harmless one
    await expect(phone.locator("#reason")).to_have_value("春灌用水调度方案已印发执行，三个灌区供水正常")
    await expect(phone.locator(".files li")).to_have_count(1)
    await phone.get_by_role("button", name="检查并提交").click()
    await expect(phone.locator(".findings")).to_contain_text("落款单位“规划处”不是承办单位，宜写“水资源处”")
    await looks_well(phone, axe)
    assert not await Completion.filter(state="pending").exists()

    await phone.get_by_role("button", name="仍然提交").dblclick()
    await expect(phone.locator("h1")).to_have_text("完结申请：厅办公室审核中")
    await looks_well(phone, axe)
    assert await Completion.filter(state="pending").count() == 1
    assert problems == []
