"""A department where the office's director is the leader in charge as well (A65), and the office has matters (A66)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo import stage
from models.matter import Approval, Matter
from tests.stories.theatre import PROPOSE, Story, T


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    """郑强 holds both posts that R10 asks; the office leads matters too."""
    rows = stage.ROSTER.read_text(encoding="utf-8").replace(
        "吴敏,,厅领导,,13800000002,wumin", "郑强,,厅领导,,13800000003,zhengqiang"
    )
    rows += "王芳,办公室,操作员,A,13800000004,wangfang,,\n"
    path = tmp_path / "people.csv"
    path.write_text(rows, encoding="utf-8")
    return path


@pytest.mark.requirement("A65")
async def test_one_person_in_both_posts_approves_once(story: Story) -> None:
    await story.until(T)
    await story.say("王芳", PROPOSE.replace("省政府13710", "处室"))
    assert len(await story.cards("郑强", "提请立项")) == 1
    assert "[已同意]" in await story.press("郑强", "提请立项", "同意")
    assert (await Matter.get()).code == "2026-0001"
    assert await Approval.filter(verdict="approved").count() == 2
    assert "不能重复批示" in await story.say("郑强", "/批准 1")


async def test_the_directors_own_proposal_needs_no_second_word(story: Story) -> None:
    await story.until(T)
    assert "立项为 2026-0001" in await story.say("郑强", PROPOSE)
    assert not await story.cards("郑强", "提请立项")
    told = await story.say("郑强", PROPOSE.replace("省政府13710", "处室").replace("取水许可", "水源地"))
    assert "2026-0002" in told or "拟-2" in told


@pytest.mark.requirement("A66")
async def test_the_offices_own_matter_is_its_leaders_to_judge(story: Story) -> None:
    await story.until(T)
    await story.matter(PROPOSE.replace("处室:水资源处", "处室:办公室"))
    await story.say("王芳", "进展 1 3天 已完成现场核查，形成问题清单。")
    for name in ("王芳", "郑强"):
        assert "由主要领导审核" in await story.say(name, "/评价 1 良好")
    assert "评价为良好" in await story.say("周正", "/评价 1 良好")
    assert "承办处室是办公室" in await story.say("张三", "进展 1 已完成现场核查，形成问题清单。")
