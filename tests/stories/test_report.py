"""完结 by the form: signing in, the sealed report, the check, the office reads it, over HTTP (R39–R47, A63, A74)."""

from __future__ import annotations

import html
import re

import pytest

from models.completion import Completion
from models.document import Document
from models.ledger import Ledger
from tests.documents import samples
from tests.stories import browser
from tests.stories.theatre import Story

FORM = "/m/2026-0001/completion"


def found_fields(text: str) -> dict[str, str]:
    """What the page would send back."""
    inputs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', text)
    areas = re.findall(r'<textarea name="(\w+)" hidden>(.*?)</textarea>', text, re.DOTALL)
    return {name: html.unescape(value) for name, value in inputs + areas}


GOOD = {"reason": "取水口全部核查完毕，问题整改到位", "talked": "1", "all_done": "1"}


@pytest.mark.requirement("R39", "R40", "R41", "R42", "R43", "R44", "R45", "R46", "R47", "A74")
async def test_the_sealed_report_is_filed_by_the_form(story: Story) -> None:
    await story.matter()
    async with browser.opened(story.stage, "张三") as phone:
        page = await phone.get(FORM)
        assert page.status == 200, page.text
        assert "关于取水许可核查落实情况的报告" in page.text
        assert 'value="省政府办公厅"' in page.text
        assert 'value="水资源处"' in page.text
        token = {"csrf": page.token}
        empty = await phone.post(FORM, {**token, "reason": "", "do": "check"})
        assert empty.status == 422
        for words in ("完结理由未填写", "两项都没有确认", "还没有加盖公章的完结报告"):
            assert words in empty.text

        files = [("报告.docx", samples.docx(samples.REPORT[:6])), ("盖章页.jpg", samples.JPEG)]
        found = await phone.post(FORM, {**token, **GOOD, "do": "check"}, files)
        assert found.status == 200, found.text
        assert "报告检查：2处请核对" in found.text
        assert "缺落款" not in found.text or "落款缺承办单位" in found.text
        assert (await Completion.get(state="draft")).form["addressee"] == "省政府办公厅"
        assert (await phone.get(FORM)).text.count("盖章页.jpg") >= 1

        filed = await phone.post(FORM, {**found_fields(found.text), "do": "file"})
        assert (filed.status, filed.headers["Location"]) == (303, FORM)
        assert "厅办公室审核中" in (await phone.get(FORM)).text
        again = await phone.post(FORM, {**found_fields(found.text), "do": "file"})
        assert again.status == 409
        assert "未重复提交" in again.text
    row = await Completion.get(state="pending")
    assert (row.talked, row.all_done, row.attempt) == (True, True, 1)
    assert await Document.filter(completion_id=row.id, state="kept").count() == 2
    assert await Ledger.filter(verb="apply_completion").count() == 1
    await story.stage.settle()
    assert len(await story.cards("王芳", "申请完结")) == 1

    async with browser.opened(story.stage, "王芳") as desk:
        page = await desk.get(FORM)
        assert "共核查取水口48个" in page.text
        assert "报告检查：2处提示" in page.text
        got = await desk.get(f"/m/2026-0001/documents/{(await Document.filter(name='盖章页.jpg').get()).id}")
        assert (got.body, got.headers["Content-Type"]) == (samples.JPEG, "image/jpeg")
        assert got.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%9B%96")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        # as it is named in rows of old
        await Document.filter(name="盖章页.jpg").update(name="盖章页.hta")
        got = await desk.get(f"/m/2026-0001/documents/{(await Document.get(name='盖章页.hta')).id}")
        assert got.headers["Content-Disposition"].endswith(".hta.jpg")
    await story.say("王芳", "/退回 1 缺落款")
    await story.say("张三", "完结 1 理由：已按意见补充落款")
    async with browser.opened(story.stage, "张三") as phone:
        page = await phone.get(FORM)
        for words in ("退回意见：缺落款", "已为您带入原内容", "共核查取水口48个", ">已按意见补充落款<"):
            assert words in page.text
        page = await phone.post(FORM, {"csrf": page.token, "do": "check"})
        assert "退回意见：缺落款" in page.text
    await story.say("王芳", "/改派 1 河湖管理处 职责调整")
    await story.press("王芳", "请确认", "确认改派")
    async with browser.opened(story.stage, "钱进") as phone:
        page = await phone.get(FORM)
        assert 'value="河湖管理处"' in page.text
        for words in ("退回", "共核查取水口48个", "已按意见补充落款"):
            assert words not in page.text
