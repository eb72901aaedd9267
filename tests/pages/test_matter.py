"""A matter before people's eyes: answered in time it is silent, ignored it climbs its whole ladder."""

from __future__ import annotations

from playwright.async_api import expect

from bot.demo.world import World
from tests.pages import acts
from tests.pages.conftest import Open


async def test_officer_answers_the_card_and_no_reminder_comes(world: World, open_page: Open) -> None:
    await acts.initiate(world)
    page = await open_page(acts.address(world, "zhangsan", "zhaogang", "wangfang"))
    card = page.locator("#phone-zhangsan .card").last
    await expect(card).to_contain_text("前安排承办人")
    await card.get_by_label("承办人", exact=True).select_option(label="陈晨")
    await card.get_by_role("button", name="收到并安排").click()

    await expect(card.locator(".replaced")).to_have_text("已安排陈晨")
    await expect(card.get_by_role("button")).to_have_count(0)
    await expect(page.locator("#phone-zhaogang .card").last.locator(".replaced")).to_have_text("已安排陈晨")
    await expect(page.locator("#phone-wangfang .card").last).to_contain_text("1天")
    before = await acts.chat(page, "zhangsan").count()

    await acts.jump(page, "03T14:00")
    await expect(page.locator("#now")).to_contain_text("3月3日 周二 14:00")
    assert await acts.chat(page, "zhangsan").count() == before
    await expect(acts.chat(page, "zhangsan").filter(has_text="催办")).to_have_count(0)


async def test_ignored_matter_climbs_its_ladder_on_the_right_phones(world: World, open_page: Open) -> None:
    await acts.initiate(world)
    page = await open_page(acts.address(world, "zhangsan", "lisi", "zhaogang", "wumin", "wangfang"))
    await acts.jump(page, "07T10:00")

    for person, urges, supervised in [("zhangsan", 38, 2), ("lisi", 38, 2), ("zhaogang", 38, 2), ("wumin", 0, 2)]:
        titles = acts.chat(page, person).locator("h3")
        await expect(titles.filter(has_text="次催办")).to_have_count(urges)
        await expect(titles.filter(has_text="督办：")).to_have_count(supervised)
    await expect(acts.chat(page, "zhangsan").locator("h3").filter(has_text="剩余5小时")).to_have_count(2)
    await expect(acts.chat(page, "lisi").locator("h3").filter(has_text="剩余5小时")).to_have_count(0)
    await expect(acts.chat(page, "wangfang").locator(".source", has_text="问效")).to_have_count(1)

    await expect(page.locator("#tab-zhaogang-sms .badge")).to_have_text("2")
    await page.click("#tab-zhaogang-sms")
    await expect(acts.chat(page, "zhaogang", "sms")).to_have_count(3)
    await expect(acts.chat(page, "zhaogang", "sms").last).to_contain_text("已转督办")
    await expect(acts.chat(page, "wumin", "sms")).to_have_count(0)


async def test_the_matters_line_tells_what_comes_and_to_whom(world: World, open_page: Open) -> None:
    await acts.initiate(world)
    page = await open_page(acts.address(world, "zhangsan"))
    coming = page.locator("#panel-matters .events > .coming")
    await expect(coming.first).to_contain_text("提醒 1天")
    await expect(coming.first).to_contain_text("张三")
    await expect(coming.nth(1)).to_contain_text("张三、李四、赵刚")

    await coming.nth(1).get_by_role("button").click()
    await expect(page.locator("#now")).to_contain_text("3月3日 周二 12:00")
    await expect(acts.chat(page, "zhangsan").last).to_contain_text("第1次催办")
    await expect(coming.first).to_contain_text("第2次催办")
    await page.click("#next")
    await expect(page.locator("#now")).to_contain_text("15:00")
    await expect(acts.chat(page, "zhangsan").last).to_contain_text("第2次催办")
