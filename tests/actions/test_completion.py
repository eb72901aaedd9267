"""The draft of a completion: what it takes over from the one before, when it is refused (R41, A74)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import errors
from bot.actions import completion
from models import roster
from models.completion import Completion
from tests.department import PROPOSE, T, World

FORM = {"measures": "已整改"}


async def drafts() -> list[tuple[object, ...]]:
    rows = await Completion.all().order_by("id")
    return [(row.matter_id, row.state, row.reason, row.form, row.report) for row in rows]


@pytest.mark.requirement("R41")
async def test_a_draft_keeps_what_is_not_said_anew(world: World) -> None:
    first, other = [await world.matter(PROPOSE) for _ in range(2)]
    by = await roster.person(world.people["a"], T.date())
    assert by
    await completion.draft(other.id, "另一事项已办结", by, T)
    await completion.draft(first.id, "已全部整改到位", by, T)
    await completion.draft(first.id, "", by, T, form=FORM, report="正文")
    await completion.draft(first.id, "已全部整改完毕", by, T)
    assert await drafts() == [
        (other.id, "draft", "另一事项已办结", None, ""),
        (first.id, "dropped", "已全部整改到位", None, ""),
        (first.id, "dropped", "已全部整改到位", FORM, "正文"),
        (first.id, "draft", "已全部整改完毕", FORM, "正文"),
    ]
    await completion.draft(first.id, "", by, T, form={"measures": "已验收"})
    assert (await drafts())[-1] == (first.id, "draft", "已全部整改完毕", {"measures": "已验收"}, "")


@pytest.mark.requirement("R41")
async def test_a_reason_has_four_characters(world: World) -> None:
    matter = await world.matter()
    by = await roster.person(world.people["a"], T.date())
    assert by
    for reason in ("", "已 整 改"):
        with pytest.raises(errors.Refused) as caught:
            await completion.draft(matter.id, reason, by, T)
        assert (caught.value.code, caught.value.facts) == ("completion_reason", {"code": "2026-0001"})
    await completion.draft(matter.id, "已 整改完", by, T)
    await world.hand_in("a", 1)
    await completion.submit((await Completion.get()).id, by, T + timedelta(hours=1))
    with pytest.raises(errors.Refused) as caught:
        await completion.draft(matter.id, "已全部整改到位", by, T + timedelta(hours=2))
    assert caught.value.code == "already_in_review"
    assert caught.value.facts == {"code": "2026-0001", "since": T + timedelta(hours=1)}
