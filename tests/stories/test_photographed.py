"""A sealed report photographed page by page in chat, and a picture that never comes, over HTTP (R40, R42)."""

from __future__ import annotations

import pytest

from models.completion import Completion
from models.document import Document
from tests.documents import samples
from tests.stories.theatre import Story


@pytest.mark.requirement("R40", "R42")
async def test_pages_sent_in_chat_go_with_the_completion(story: Story) -> None:
    await story.matter()
    await story.photograph("张三")
    assert "[已作为报告附件]" in await story.press("张三", "图片用作完结报告", "作为报告附件")
    assert "图片已作为 2026-0001 完结报告的附件，共1个" in (await story.shown("张三"))[-1]
    await story.say("张三", "完结 1 理由：取水口全部核查完毕，问题整改到位")
    assert "共2个" in await story.photograph("张三")
    await story.say("张三", "完结 1")
    assert "附件 2个" in (await story.cards("张三", "请确认两项"))[-1]["shown"]
    await story.press("张三", "请确认两项", "确认两项并提交")
    row = await Completion.get(state="pending")
    files = await Document.filter(completion_id=row.id)
    assert [(each.state, each.media_type, len(each.sha256)) for each in files] == [("kept", "image/png", 64)] * 2
    folder = story.stage.settings.storage_path
    assert {each.name for each in folder.rglob("*") if each.is_file()} == {each.sha256 for each in files}
    assert "附件 2个，请点卡片查看" in (await story.cards("王芳", "申请完结"))[-1]["shown"]


@pytest.mark.requirement("R40")
async def test_without_a_report_nothing_is_filed(story: Story) -> None:
    await story.matter()
    await story.say("张三", "完结 1 理由：取水口全部核查完毕，问题整改到位")
    card = next(each for each in await story.screen("张三") if "请提交加盖公章的完结报告" in each["shown"])
    assert card["card"]["card_action"]["url"] == f"{story.stage.url}/m/2026-0001/completion"
    assert card["buttons"] == []
    await story.stage.picture("张三", samples.png()[:40])
    await story.stage.settle()
    assert any("一张图片没有收到" in each for each in await story.shown("张三"))
    await story.stage.picture("张三", samples.PDF)
    await story.stage.settle()
    assert {each.state for each in await Document.all()} == {"lost"}
    assert not list(story.stage.settings.storage_path.rglob("*"))
    await story.say("张三", "完结 1")
    assert await story.cards("张三", "请确认两项") == []
    assert not await Completion.filter(state="pending").exists()
