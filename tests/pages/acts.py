"""What the tests do on the page, and what the department does before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.async_api import Locator, Page, expect

from bot.demo.world import World

TITLE = "春灌用水调度方案"
PROPOSAL = f"/立项 {TITLE} 来源:省政府13710 类别:一般 处室:水资源处"


def act(at: str, who: str, **deed: Any) -> Mapping[str, Any]:
    return {"at": f"2026-03-{at}:00+08:00", "who": who, **deed}


async def initiate(world: World) -> None:
    """One general matter of 水资源处, initiated Monday 2026-03-02 09:00."""
    await world.play([act("02T08:40", "王芳", say=PROPOSAL), act("02T09:00", "郑强", card=TITLE, press="同意")])


def address(world: World, *people: str) -> str:
    """The page with these people's phones."""
    return f"{world.here.platform.url}/?people={','.join(people)}"


def chat(page: Page, person: str, app: str = "wecom") -> Locator:
    """The messages on one phone."""
    return page.locator(f"#phone-{person} [data-thread={app}] > .item")


async def jump(page: Page, to: str) -> None:
    """Let the page's clock go to 2026-03-<to>, through everything on the way."""
    await page.fill("#to", f"2026-03-{to}")
    async with page.expect_response("**/control/step", timeout=20_000) as answer:
        await page.click("#jump button")
    assert (await answer.value).ok


async def settled(locator: Locator, count: int) -> None:
    await expect(locator).to_have_count(count)
