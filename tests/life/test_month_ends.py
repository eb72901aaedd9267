"""A matter of the last day of January, over HTTP: what a month is, and the first monthly report (A4, A27)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from models.obligation import Obligation
from tests.stories.theatre import ACK, PROPOSE, Story


@pytest.fixture
def start() -> datetime:
    return datetime.fromisoformat("2026-01-31T08:30:00+08:00")


@pytest.mark.requirement("R4", "R19", "R25", "A4", "A24", "A27")
async def test_the_month_of_a_31st_ends_with_february(story: Story, start: datetime) -> None:
    await story.until(start + timedelta(minutes=30))
    major = await story.matter(PROPOSE.replace("一般", "重大"))
    monthly = await story.matter(PROPOSE.replace("一般", "月报"))
    rows = await Obligation.filter(matter_id=monthly.id, due_at__isnull=False).order_by("due_at")
    assert [each.name for each in rows] == ["N1", "M2026-02"]  # no 15 days of January remain
    month = await story.owed(major, "NM")
    assert month.due_at == datetime.fromisoformat("2026-02-28T09:00:00+08:00")
    for number in (1, 2):
        await story.say("张三", f"{number} {ACK}")
    await story.say("陈晨", "进展 1 7天 已完成现场核查，形成问题清单。")
    await story.until(datetime.fromisoformat("2026-02-27T12:00:00+08:00"))
    assert await story.notices("remind", "NM") == ["02-26 09:00"]
    assert await story.notices("remind", "M2026-02") == ["02-26 08:00"]
