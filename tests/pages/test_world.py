"""Faults as switches, the seeded department, beginning anew."""

from __future__ import annotations

from playwright.async_api import expect

from bot.demo.desk import Director
from bot.demo.world import World
from tests.pages import acts
from tests.pages.conftest import Open


async def test_a_fault_switched_on_and_off_heals(world: World, open_page: Open) -> None:
    await acts.initiate(world)
    page = await open_page(acts.address(world, "zhangsan"))
    before = await acts.chat(page, "zhangsan").count()
    await page.click("#tab-faults")
    down = page.get_by_role("switch", name="平台中断")
    await down.click()
    await expect(down).to_have_attribute("aria-checked", "true")
    await acts.jump(page, "03T04:30")
    assert await acts.chat(page, "zhangsan").count() == before

    await down.click()
    await expect(down).to_have_attribute("aria-checked", "false")
    await expect(acts.chat(page, "zhangsan").last).to_contain_text("剩余", timeout=20_000)
    assert await acts.chat(page, "zhangsan").count() == before + 1


async def test_an_unreachable_person_gets_nothing(world: World, open_page: Open) -> None:
    page = await open_page(acts.address(world, "zhangsan", "zhaogang"))
    await page.click("#tab-faults")
    await page.get_by_role("switch", name="张三").click()
    await expect(page.get_by_role("switch", name="张三")).to_have_attribute("aria-checked", "true")
    await acts.initiate(world)
    await expect(page.locator("#phone-zhaogang .card")).to_have_count(1)
    await expect(page.locator("#phone-zhangsan .card")).to_have_count(0)


async def test_the_seeded_department_and_its_reset(director: Director, open_page: Open) -> None:
    page = await open_page(director.world.here.platform.url)
    await page.locator("#panel-matters [data-restart]").click()
    rows = page.locator(".matter")
    await expect(rows).to_have_count(12, timeout=30_000)
    states = set(await rows.locator(".state").all_inner_texts())
    assert states >= {"办理中", "待批示", "未批准", "已逾期", "已督办", "持续跟进", "办结待审", "退回重报", "已办结"}
    await expect(page.locator("#phone-zhangsan .card").last).to_contain_text("春灌用水调度方案")
    await expect(page.locator("#now")).to_contain_text("3月9日 周一 09:00")
    await rows.filter(has_text="山洪灾害").click()
    await expect(page.locator(".events .today")).to_be_visible()
    await expect(page.locator(".strip .dot").first).to_be_attached()
    await expect(page.locator(".events > .coming").first).to_contain_text("催办")


async def test_time_runs_and_stands_still(world: World, open_page: Open) -> None:
    page = await open_page(acts.address(world, "zhangsan"))
    await page.select_option("#speed", "3600")
    await page.click("#pause")
    await expect(page.locator("#pause")).to_have_text("暂停")
    await expect(page.locator("#now")).to_contain_text("09:")
    await page.click("#pause")
    await expect(page.locator("#pause")).to_have_text("继续")
    shown = world.platform.clock.now()
    await page.click("#next")
    assert world.platform.clock.now() == shown, "nothing is due, so time stays"
