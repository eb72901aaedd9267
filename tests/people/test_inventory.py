"""移交清单: what a newcomer is told is open, and whom he follows (A64)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions import takeover
from models.obligation import Obligation
from models.people import Seat
from tests import department
from tests.department import ACK, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days
from tests.people.test_reseat import letter

SECOND = PROPOSE.replace("取水", "用水")


def open_(text: str) -> list[str]:
    """The lines of what is open, without their numbers."""
    return [each.split("．")[1] for each in text.splitlines() if "．" in each]


@pytest.mark.requirement("A64")
async def test_the_earliest_first_and_of_this_unit_alone(days: Days) -> None:
    await days.matter()
    second = await days.matter(SECOND, 1)
    await days.matter(PROPOSE.replace("水资源处", "规划处"), 2)
    await days.said("gui", ACK.replace("张三", "规划员"), 3)  # his own unit's, which he handles himself
    later = await days.world.owed(second, "NM")
    await Obligation.filter(id=later.id).update(opens_at=at(5))  # has not begun
    await days.sure("ban", "/换岗 水资源处 A:规划员", 4)
    assert [each.split("：")[0] for each in open_(await letter(days, "gui"))] == [
        "2026-0001 关于开展取水许可核… 1天",
        "2026-0002 关于开展用水许可核… 1天",
        "2026-0001 关于开展取水许可核… 3天",
        "2026-0002 关于开展用水许可核… 3天",
        "2026-0001 关于开展取水许可核… 7天",
        "2026-0002 关于开展用水许可核… 7天",
        "2026-0001 关于开展取水许可核… 1个月",
    ]


@pytest.mark.requirement("A64")
async def test_who_gains_nothing_is_handed_nothing(days: Days) -> None:
    await days.matter()
    await days.sure("ban", "/换岗 水资源处 A:陈处长", 1)
    await days.said("chu", ACK.replace("张三", "陈处长"), 2)
    await days.sure("ban", "/换岗 水资源处 A:规划员", 3)
    text = await letter(days, "chu")  # though he is its head, and handles it
    assert "您不再担任水资源处A岗，由规划员接任" in text
    assert "移交清单" not in text


@pytest.mark.requirement("A64")
async def test_a_handler_is_handed_what_he_handles(days: Days) -> None:
    await days.matter()
    unit_id, today = days.world.units["水资源处"], date(2026, 3, 2)
    a = Seat.filter(person_id=days.world.people["a"])
    await a.update(until=date(2026, 3, 1), begun=True)
    await Seat.create(person_id=days.world.people["a"], unit_id=unit_id, role="handler", since=today)
    await takeover.advance(at(1))
    await days.turn(1)
    text = await letter(days, "a")
    assert "您不再担任水资源处A岗" in text
    assert open_(text) == []


@pytest.mark.requirement("A64", "A19")
async def test_the_urges_of_a_returned_answer_are_over(days: Days) -> None:
    await days.matter()
    await days.until(31)
    await days.said("a", ACK, 31.5)
    await days.said("ban", "/退回 1 1天 未明确责任人", 32)
    await days.sure("ban", "/换岗 水资源处 A:规划员", 33)
    found = {each.split("：")[0].split()[-1]: each for each in open_(await letter(days, "gui"))}
    assert found["1天"].endswith("3月4日 17:00截止，剩余23小时")


@pytest.mark.requirement("A64")
async def test_whoever_stands_in_does_so_for_one(days: Days) -> None:
    await department.seat("ke", "科员", None, "office", days.world)
    for who in ("办公员 张三", "科员 孙贝"):
        await days.said("wang", f"/代班 {who} 3月3日", 1)
    await days.until(15.1)
    assert "您代办公员履行厅办公室职责，至3月3日 周二 24:00。" in await letter(days, "zhang")
    assert "您代科员履行厅办公室职责，至3月3日 周二 24:00。" in await letter(days, "b")
    assert "厅办公室由张三代班" in await letter(days, "ban")
