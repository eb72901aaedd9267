"""The disk of files is full: it is said in words, nothing of the file is left, and it shows until there is room."""

from __future__ import annotations

from bot import health
from models.document import Document
from tests.documents import samples
from tests.faults.disks import full
from tests.stories import browser
from tests.stories.theatre import Story

FORM = "/m/2026-0001/completion"
GOOD = {"reason": "取水口全部核查完毕，问题整改到位", "talked": "1", "all_done": "1", "do": "check"}


async def test_a_file_that_does_not_fit(story: Story) -> None:
    await story.matter()
    folder = story.stage.settings.storage_path
    async with browser.opened(story.stage, "张三") as phone:
        token = {"csrf": (await phone.get(FORM)).token}
        with full():
            seen = await phone.post(FORM, {**token, **GOOD}, [("盖章页.jpg", samples.LARGE)])
        assert (seen.status, "系统暂时不能保存" in seen.text) == (503, True), seen.text
        assert not [each for each in folder.rglob("*") if each.is_file()]
        assert not await Document.exists()
        report = await health.report()
        assert (report["ready"], "files" in dict(report["trouble"])) == (False, True)  # type: ignore[call-overload]
        assert (await phone.post(FORM, {**token, **GOOD}, [("盖章页.jpg", samples.LARGE)])).status == 200
        assert (await health.report())["trouble"] == {}
        assert await Document.filter(state="kept").count() == 1
