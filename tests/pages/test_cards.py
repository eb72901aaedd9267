"""Any bot's messages on the page: the five cards, what a tap sends, what an update and a recall do."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from playwright.async_api import Locator, Page, expect

from tests.pages import acts, samples
from tests.pages.conftest import Open
from tests.sandbox.conftest import Bot, World


async def _ready(anybody: World, open_page: Open, *cards: dict[str, Any]) -> Page:
    await anybody.post("people", id="zhangsan", name="张三", phone="13800000001")
    assert (await anybody.post("callback", url=anybody.bot_url))["verified"]
    for card in cards:
        assert (await anybody.send_card(card))["errcode"] == 0
    return await open_page(anybody.sandbox.url)


def _card(page: Page, kind: str) -> Locator:
    return page.locator(f".card.{kind}")


async def _reddened(bot: Bot, request: web.Request, message: dict[str, Any]) -> web.Response:
    inner = "<MsgType>update_button</MsgType><Button><ReplaceName>已收到</ReplaceName></Button>"
    return bot.sealed(inner)


async def test_the_five_kinds_are_drawn(anybody: World, open_page: Open) -> None:
    page = await _ready(anybody, open_page, *samples.ALL)
    text = _card(page, "text_notice")
    await expect(text.locator(".source")).to_have_class("source tone-2")
    await expect(text.locator(".emphasis strong")).to_have_text("5小时")
    await expect(text.locator("blockquote")).to_contain_text("请抓紧研究")
    await expect(text.locator(".facts a")).to_have_attribute("href", samples.LINK)
    await expect(text.locator(".jump")).to_have_text("查看事项")
    news = _card(page, "news_notice")
    await expect(news.locator(".card-image.none").first).to_be_visible()
    await expect(news.locator(".vertical")).to_have_text("新立项12件")
    buttons = _card(page, "button_interaction")
    await expect(buttons.get_by_role("button", name="不收")).to_have_class("press style-3")
    await expect(buttons.get_by_role("link", name="看看")).to_have_attribute("href", samples.LINK)
    await expect(_card(page, "vote_interaction").get_by_role("checkbox")).to_have_count(3)
    await expect(_card(page, "multiple_interaction").get_by_label("办理时间")).to_have_value("o0")


async def test_what_is_chosen_reaches_the_bot(anybody: World, open_page: Open) -> None:
    page = await _ready(anybody, open_page, samples.TEXT_NOTICE, samples.VOTE, samples.MULTIPLE)
    vote = _card(page, "vote_interaction")
    await vote.get_by_label("周一").check()
    await vote.get_by_label("周五").check()
    async with page.expect_response("**/control/press"):
        await vote.get_by_role("button", name="提交").click()
    picked = anybody.bot.seen[-1]["SelectedItems"]["SelectedItem"]
    assert (picked["QuestionKey"], picked["OptionIds"]["OptionId"]) == ("when", ["o0", "o2"])

    multiple = _card(page, "multiple_interaction")
    await multiple.get_by_label("报送质量").select_option(label="良好")
    async with page.expect_response("**/control/press"):
        await multiple.get_by_role("button", name="提交评价").click()
    both = anybody.bot.seen[-1]["SelectedItems"]["SelectedItem"]
    assert [each["OptionIds"]["OptionId"] for each in both] == ["o0", "o1"]

    text = _card(page, "text_notice")
    await text.get_by_label("更多").click()
    async with page.expect_response("**/control/press"):
        await text.get_by_role("button", name="不再接收").click()
    assert (anybody.bot.seen[-1]["Event"], anybody.bot.seen[-1]["EventKey"]) == ("template_card_menu_event", "stop")


async def test_a_card_turns_and_is_recalled(anybody: World, open_page: Open) -> None:
    anybody.bot.script = _reddened
    page = await _ready(anybody, open_page, samples.BUTTONS)
    card = _card(page, "button_interaction")
    await card.get_by_label("承办人").select_option(label="李四")
    await card.get_by_role("button", name="收到").click()
    await expect(card.locator(".replaced")).to_have_text("已收到")
    await expect(card.get_by_role("button")).to_have_count(0)

    sent = await anybody.send("稍后撤回")
    await expect(acts.chat(page, "zhangsan").last).to_contain_text("稍后撤回")
    await anybody.call("message/recall", json={"msgid": sent["msgid"]})
    await expect(acts.chat(page, "zhangsan").last).to_contain_text("撤回了一条消息")
    await expect(page.get_by_text("稍后撤回")).to_have_count(0)


async def test_what_people_write_is_never_markup(anybody: World, open_page: Open) -> None:
    page = await _ready(anybody, open_page)
    evil = "<img src=x onerror=alert(1)>&lt;b&gt;"
    await page.fill("#say-zhangsan", evil)
    await page.press("#say-zhangsan", "Enter")
    await expect(acts.chat(page, "zhangsan").last.locator(".bubble")).to_have_text(evil)
    await anybody.send(f"{evil}</p><script>alert(2)</script>")
    await expect(acts.chat(page, "zhangsan").last.locator(".bubble")).to_contain_text("<script>")
    assert await page.locator(".thread img, .thread script").count() == 0


async def test_the_inspector_shows_the_wire(anybody: World, open_page: Open) -> None:
    anybody.bot.script = _reddened
    page = await _ready(anybody, open_page, {**samples.BUTTONS, "main_title": {"title": "很长的标题" * 8}})
    card = _card(page, "button_interaction")
    await card.get_by_role("button", name="收到").click()
    await expect(card.locator(".replaced")).to_be_visible()
    await page.locator(".item [data-look]").last.click()
    found = page.locator("#panel-wire .inspect")
    await expect(found.locator(".problems")).to_contain_text("main_title.title")
    for words in ("message/send", '"task_id": "buttons"', "template_card_event", "<![CDATA[yes]]>", "已收到", "msg-"):
        await expect(found).to_contain_text(words)
    token = (await anybody.gettoken())["access_token"]
    assert token not in await found.inner_text()


async def test_a_page_of_somebody_elses_is_refused(anybody: World) -> None:
    for origin in ("https://evil.example", "null"):
        async with anybody.http.post(f"{anybody.sandbox.control}/reset", headers={"Origin": origin}) as answer:
            assert answer.status == 403
    async with anybody.http.post(f"{anybody.sandbox.control}/reset", headers={"Origin": anybody.sandbox.url}) as answer:
        assert answer.status == 200
    async with anybody.http.get(anybody.sandbox.url) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    async with anybody.http.get(f"{anybody.sandbox.url}/static/..%2f..%2fwords.toml") as answer:
        assert answer.status == 404
