"""A proposal that waits is reminded of (A65); before days off the last approver says when it is dispatched (A58)."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest

from models import schedule
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.obligation import Obligation
from models.people import Seat
from models.prompt import Prompt
from tests.department import PROPOSE, T
from tests.engine.desk import at
from tests.office.days import Days

UNIT = PROPOSE.replace("省政府13710", "处室")
FRIDAY = 4 * 24.0  # T is Monday 09:00
EVE = FRIDAY + 7  # 16:00
MONDAY = 7 * 24 - 0.5  # 08:30
LATER = {"dispatch": ["1"]}


async def number(role: str = "office_director") -> int:
    """Of the latest proposal's approval by this post."""
    row = await Approval.filter(role=role).order_by("-id").first()
    assert row
    return row.id


async def cards(days: Days, user: str = "wang") -> list[str]:
    """Titles of the approval cards that a person got."""
    return [each["title"] for each in days.wecom.sent if each["user"] == user and each["source"].endswith("待批")]


@pytest.mark.requirement("A65")
async def test_a_proposal_is_reminded_of_after_four_working_hours(days: Days) -> None:
    await days.said("ban", UNIT, 72.5)
    assert await schedule.first_due_at() == at(78.5)  # 09:30 to 12:00, 14:00 to 15:30
    await days.until(78.6)
    assert await cards(days) == ["请批示：办公员提请立项", "待批提醒：办公员提请立项"]
    assert await cards(days, "fen") == ["请批示：办公员提请立项", "待批提醒：办公员提请立项"]
    assert "3月5日 09:30提请，尚待您批示" in (await days.cards("wang"))[-1]
    await days.said("fen", "同意", 79)
    assert await Prompt.filter(next_at__isnull=False).count() == 1
    assert [(user, card.done) for user, _, card in days.wecom.replaced] == [("fen", "已同意")] * 2
    # once more as the week ends, to him whose word is missing
    await days.until(EVE + 0.1)
    assert (len(await cards(days)), len(await cards(days, "fen"))) == (3, 2)
    days.wecom.replaced.clear()
    reminder = await number()
    done = await days.world.press("wang", f"approve:{reminder}:2", EVE + 0.2)
    await days.turn(EVE + 0.2)
    assert done.replace.done == "已同意"
    assert [(user, card.done) for user, _, card in days.wecom.replaced] == [("wang", "已同意")] * 2
    assert (await Matter.get()).state == "running"
    assert await Prompt.filter(next_at__isnull=False).count() == 0
    assert await Prompt.all().order_by("id").values_list("verdict", flat=True) == ["approved", "approved"]


async def test_nobody_is_reminded_of_what_is_decided_or_at_night(days: Days) -> None:
    await days.said("ban", UNIT)
    await days.said("fen", "/驳回 1 另案办理", 1)
    assert not await Prompt.filter(next_at__isnull=False).exists()
    await days.said("ban", PROPOSE, 2)
    await days.turn(12.5)  # our engine stood still: 21:30
    assert len(await cards(days)) == 2
    assert await schedule.first_due_at() == at(23.5)
    await days.until(23.6)
    assert (await cards(days))[-1] == "待批提醒：办公员提请立项"


async def test_who_holds_both_posts_is_reminded_once_and_who_holds_it_now(days: Days) -> None:
    wang = days.world.people["wang"]
    await Seat.filter(person_id=days.world.people["fen"]).delete()
    mine = await Seat.create(person_id=wang, unit_id=days.world.units["水资源处"], role="leader_in_charge")
    await days.said("ban", UNIT)
    await days.until(6.1)
    assert len(await cards(days)) == 2
    await Seat.filter(id=mine.id).update(person_id=days.world.people["ting"])
    await days.until(EVE + 0.1)
    assert (len(await cards(days)), await cards(days, "ting")) == (3, ["待批提醒：办公员提请立项"])


@pytest.mark.requirement("A58")
async def test_the_last_approver_chooses_the_next_working_morning(days: Days) -> None:
    await days.said("ban", UNIT, EVE)
    card = days.wecom.sent[-1]
    assert card["user"] in ("fen", "wang")
    assert (await days.world.press("fen", f"approve:{await number('leader_in_charge')}", EVE)).replace.done == "已同意"
    done = await days.world.press("wang", f"approve:{await number()}", EVE + 1, LATER)
    await days.turn(EVE + 1)
    assert (done.replace.done, done.card.title) == ("已同意", "3月9日 08:30下发")
    matter = await Matter.get()
    assert (matter.state, matter.number, matter.initiated_at) == ("proposed", None, None)
    assert await days.told("initiate") == []
    assert any("王主任已同意，3月9日 08:30下发" in card for card in await days.cards("ban"))
    assert "已批准，定于3月9日 08:30下发" in await days.said("wang", "/批准 1", EVE + 2)
    assert "已批准，定于3月9日 08:30下发" in await days.said("fen", "/驳回 1 另案办理")
    assert "没有待您批示" in await days.said("wang", "同意")
    await days.until(MONDAY + 0.1)
    matter = await Matter.get()
    assert (matter.code, matter.state, matter.initiated_at) == ("2026-0001", "running", at(MONDAY))
    assert (await Obligation.get(name="N1")).due_at == at(MONDAY + 24)
    assert await days.told("initiate") == ["a", "b", "chu"]
    assert await days.told("dispatched") == ["ban", "wang"]
    assert await days.verbs() == ["propose", "approve", "approve", "initiate"]
    line = await Ledger.filter(verb="approve").order_by("-n").first()
    assert line
    assert json.loads(line.body)["facts"]["later_at"] == "2026-03-09T00:30:00+00:00"
    old = await days.world.press("wang", done.card.actions[0].key, MONDAY + 1)
    assert "拟-1 已下发，编号 2026-0001" in old.text
    assert await days.world.intact()


@pytest.mark.requirement("A58", "A1")
@pytest.mark.parametrize("hours", [EVE, FRIDAY + 14, 5 * 24, 6 * 24 + 14.9])
async def test_without_a_choice_it_is_dispatched_at_once(days: Days, hours: float) -> None:
    await days.said("ban", PROPOSE, hours)
    assert "立项为 2026-0001" in await days.said("wang", "同意")
    assert (await Matter.get()).initiated_at == at(hours)
    assert not await Prompt.filter(kind="dispatch").exists()


@pytest.mark.parametrize(
    "text", ["同意 节后下发", "/批准 1 节后首个工作日08:30下发，请抓紧", "同意，节后", "同意 节后再发"]
)
async def test_in_words(days: Days, text: str) -> None:
    await days.said("ban", PROPOSE, EVE + 0.5)
    assert "定于3月9日 08:30下发" in await days.said("wang", text)
    assert (await Approval.get()).note == ("请抓紧" if "抓紧" in text else "")
    assert await schedule.first_due_at() == at(MONDAY)


async def test_a_choice_that_is_no_longer_open_approves_nothing(days: Days) -> None:
    await days.said("ban", PROPOSE, EVE)
    for user, text, hours in (("wang", "同意 节后下发", FRIDAY + 6.9), ("wang", "/批准 1 节后下发", MONDAY + 1)):
        assert "不能选节后下发，未批示" in await days.said(user, text, hours)
    pressed = await days.world.press("wang", f"approve:{await number()}", MONDAY + 1, LATER)
    assert "不能选节后下发" in pressed.text
    assert (await Approval.get()).verdict == ""
    # a note that only begins alike is a note
    assert "立项为" in await days.said("wang", "同意 节后请水资源处抓紧办理", MONDAY + 1)
    assert (await Approval.get()).note == "节后请水资源处抓紧办理"


@pytest.mark.requirement("A58")
async def test_at_once_after_all_and_pressed_by_two_at_once(days: Days) -> None:
    await days.said("ban", PROPOSE, EVE)
    await days.said("wang", "同意 节后下发")
    row = await Prompt.get(kind="dispatch")
    await days.said("ban", UNIT)
    await days.said("fen", "同意")  # who approved another proposal has no word here
    assert "不担任" in (await days.world.press("fen", f"dispatch:{row.id}", EVE + 1)).text
    said = await asyncio.gather(*(days.world.press("wang", f"dispatch:{row.id}", EVE + 1) for _ in range(3)))
    assert sum("立项为 2026-0001" in each.text for each in said) == 1
    assert sum("已下发，编号 2026-0001" in each.text for each in said) == 2
    assert [each.replace.done for each in said if each.replace] == ["已下发"]
    await days.turn(EVE + 1)
    assert await days.told("dispatched") == ["ban"]
    await days.until(MONDAY + 1)
    assert await Ledger.filter(verb="initiate").count() == 1
    assert "已过期" in (await days.world.press("wang", "dispatch:999", EVE + 1)).text
    assert await days.world.intact()


async def test_the_one_who_spoke_last_put_it_off_and_hears_of_it(days: Days) -> None:
    for text in (UNIT, PROPOSE):
        await days.said("ban", text, EVE)
    await days.said("wang", "/批准 1")
    assert "定于3月9日 08:30下发" in await days.said("fen", "同意 节后下发", EVE + 0.1)
    await days.said("wang", "/批准 2 节后下发", EVE + 0.2)
    assert "拟-1 已批准，定于3月9日 08:30下发" in await days.said("wang", "/批准 1", EVE + 0.3)
    await days.until(MONDAY + 0.1)
    assert await days.told("dispatched") == ["ban", "ban", "fen", "wang"]
    assert "拟-1 已由王主任批准" in await days.said("wang", "/批准 1", MONDAY + 1)


async def test_while_we_are_down_it_waits_and_t_is_the_dispatch(days: Days) -> None:
    await days.said("ban", PROPOSE.replace("处室:水资源处", "处室:水资源处、规划处"), EVE)
    await days.said("wang", "同意 节后下发")
    await days.turn(MONDAY + 5)
    assert [each.initiated_at for each in await Matter.all()] == [at(MONDAY + 5)] * 3


async def test_over_the_turn_of_the_year(days: Days) -> None:
    """Approved in the old year, numbered in that of its dispatch; neither series has a gap."""
    eve = (datetime(2026, 12, 31, 9, 30, tzinfo=UTC) - T).total_seconds() / 3600  # Thursday 17:30, no holiday is known
    await days.said("ban", PROPOSE, eve + 24)  # Friday 1 January
    await days.said("wang", "同意 节后下发")
    await days.said("ban", PROPOSE)
    assert "立项为 2027-0001" in await days.said("wang", "同意")
    await days.until(eve + 24 * 4)
    assert await Matter.all().order_by("id").values_list("number", flat=True) == [2, 1]


async def test_the_directors_own_proposal(days: Days) -> None:
    assert "定于3月9日 08:30下发" in await days.said("wang", f"{PROPOSE} 下发:节后", EVE)
    assert "不能选节后下发" in await days.said("wang", f"{PROPOSE} 下发:节后首个工作日", MONDAY + 2)
    assert "立项为" in await days.said("wang", f"{PROPOSE} 下发:立即")
    assert "看不出" in await days.said("wang", f"{PROPOSE} 下发:改天")


@pytest.mark.requirement("A65")
async def test_a_stand_ins_word_is_told_as_such(days: Days) -> None:
    seat = await Seat.get(role="office_director")
    await Seat.filter(id=seat.id).delete()
    own = await Seat.create(person_id=days.world.people["wang"], role="office_director", until=T.date())
    await Seat.create(
        person_id=days.world.people["ting"], role="office_director", since=T.date(), stands_in_for_id=own.id
    )
    await days.said("ban", PROPOSE)
    await days.said("ting", "同意")
    assert any("厅长（代）" in card for card in await days.cards("ban"))
