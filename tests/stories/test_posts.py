"""A department where the office's director is the leader in charge as well (A65)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.demo import stage
from models.matter import Approval, Matter
from tests.stories.theatre import PROPOSE, Story, T


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    """郑强 holds both posts that R10 asks."""
    rows = stage.ROSTER.read_text(encoding="utf-8").replace(
        "吴敏,,厅领导,,13800000002,wumin", "郑强,,厅领导,,13800000003,zhengqiang"
    )
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
