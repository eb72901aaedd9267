"""The office as lead unit: same clock and points, its leader in charge decides; nobody reviews what he filed (A66)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions import asks, posts
from models.matter import Matter
from models.people import Person
from models.score import ScoreEvent
from tests import department
from tests.department import PROPOSE
from tests.engine.desk import at
from tests.life import hands
from tests.office.days import Days
from tests.people.test_reseat import told

OWN = PROPOSE.replace("处室:水资源处", "处室:办公室")
DONE = "进展 1 3天 已完成现场核查，形成问题清单"


@pytest.fixture
async def office(days: Days) -> Days:
    """王主任 heads 办公室, 办公员 is its A, 副厅 its leader in charge."""
    rows = (("wang", "王主任", "head"), ("ban", "办公员", "operator_a"), ("fu", "副厅", "leader_in_charge"))
    for user, name, role in rows:
        await department.seat(user, name, "办公室", role, days.world)
    return days


@pytest.mark.requirement("A66")
async def test_its_leader_reviews_returns_and_grades(office: Days) -> None:
    await office.matter(OWN)
    assert "，报分管厅领导。" in await office.said("ban", DONE, 2)
    assert await office.told("feedback") == ["fu"]
    for user in ("ban", "wang"):
        assert "由分管厅领导审核" in await office.said(user, "/退回 1 3天 太简单")
    assert "由分管厅领导审核" in await office.said("wang", "/评价 1 优秀")
    assert "不能使用" in await office.said("a", "/退回 1 3天 太简单")
    assert "由分管厅领导审核" in await office.said("fen", "/退回 1 3天 太简单")  # another unit's leader
    assert "已退回" in await office.said("fu", "/退回 1 3天 太简单", 3)
    assert await office.score() == -1
    assert {each.unit_id for each in await ScoreEvent.all()} == {office.world.units["办公室"]}
    await office.said("ban", DONE, 4)
    assert "本次不计分" in await office.said("fu", "/退回 1 3天 不计分 口径有变", 5)
    assert await office.score() == -1
    await office.said("ban", DONE, 6)
    assert "评价为良好" in await office.said("fu", "/评价 1 3天 良好")
    assert await office.world.intact()


@pytest.mark.requirement("A63", "A66")
async def test_without_a_number_only_what_is_ones_own_to_decide_on_is_meant(office: Days) -> None:
    """The office's own matter is its leader's, the other one the office's; whose neither is learns no title."""
    await office.matter(OWN)
    await office.matter(PROPOSE)
    await office.said("ban", DONE, 2)
    await office.said("a", DONE.replace("1", "2", 1), 2)
    assert "没有等待" in await office.said("fen", "/退回 太简单")
    assert "2026-0002 的3天" in await office.said("wang", "/评价 良好")
    assert "2026-0001 的3天" in await office.said("fu", "/评价 良好")


@pytest.mark.requirement("A66")
async def test_its_completion_is_accepted_by_its_leader(office: Days) -> None:
    """Its handler files, its A hears by card who reviews it."""
    await department.seat("gan", "小干", "办公室", "handler", office.world)
    await office.matter(OWN)
    await office.world.hand_in("gan", 2)
    assert "报分管厅领导审核" in await office.sure("gan", hands.DONE, 2)
    assert await told(office, "completion") == ["fu"]
    assert any("小干已申请完结，报分管厅领导审核" in each for each in await office.cards("ban"))
    assert "由分管厅领导审核" in await office.said("wang", "/同意办结 1")
    assert "已同意" in await office.said("fu", "/同意办结 1 优秀")
    assert (await Matter.get()).state == "closed"


@pytest.mark.requirement("A66")
async def test_nobody_reviews_what_he_filed(office: Days) -> None:
    """A leader in charge who is of the unit himself, and filed for it."""
    await department.seat("fu", "副厅", "办公室", "operator_b", office.world)
    await office.matter(OWN)
    assert "，报主要领导。" in await office.said("fu", DONE, 2)
    assert await office.told("feedback") == ["ting"]
    assert "由您本人报送，不能自行审核，未办理。请由主要领导办理" in await office.said("fu", "/退回 1 3天 太简单")
    assert "本次不计分" in await office.said("ting", "/退回 1 3天 不计分 口径有变")
    await office.world.hand_in("fu", 3)
    card = (await office.world.say("fu", hands.DONE, 3)).card
    assert card
    await office.world.press("fu", card.actions[0].key, 3)
    await office.turn(3)
    assert await told(office, "completion") == ["ting"]
    assert "已退回" in await office.said("ting", "/退回 1 附件不全", 3)


@pytest.mark.requirement("A66")
async def test_its_silence_is_the_leaders_to_decide(office: Days) -> None:
    await office.matter(OWN)
    await office.until(25)
    leader = "只能由分管厅领导决定，未办理。请报分管厅领导办理"
    assert leader in await office.said("wang", "/督办 1 进度太慢")
    assert "已督办 2026-0001" in await office.said("fu", "/督办 1 进度太慢")
    await office.until(121)
    assert (await Matter.get()).proposal_open
    assert await office.told("accountability_proposal") == ["ban", "fu"]
    assert any("请分管厅领导决定，回复“/问效" in each for each in await office.cards("fu"))
    [waiting] = [each for each in await asks.waiting(at(121)) if each.kind == "accountability_proposal"]
    assert waiting.people == {office.world.people["ban"], office.world.people["fu"]}
    assert leader in await office.said("wang", "/问效 1 上报")
    assert "报厅长决定" in await office.sure("fu", "/问效 1 上报")


@pytest.mark.requirement("A66")
async def test_who_decides_about_a_unit_in_place_of_the_office(office: Days) -> None:
    """The director, about the office itself its leader in charge; the main leader where nobody sits there."""
    people, units, on = office.world.people, office.world.units, date(2026, 3, 2)
    assert await posts.over(units["水资源处"], on) == ("office_director", [people["wang"]])
    assert await posts.over(units["办公室"], on) == ("leader_in_charge", [people["fu"]])
    await office.said(
        "wang", "/代班 王主任 陈处长 3月2日至6日", 1
    )  # a head who stands in there makes his unit no office
    assert await posts.over(units["水资源处"], on) == ("office_director", [people["chu"]])
    assert await posts.over(units["办公室"], on) == ("leader_in_charge", [people["fu"]])
    await office.said("chu", "/代班 王主任 取消", 1)
    assert await posts.proposed(units["水资源处"], on) == [people["ban"]]
    await Person.filter(wecom_id__in=["wang", "fu"]).update(active=False)
    for unit in ("水资源处", "办公室"):
        assert await posts.over(units[unit], on) == ("main_leader", [people["ting"]])
        assert await posts.proposed(units[unit], on) == [people["ban"], people["ting"]]
    await Person.filter(wecom_id="ting").update(active=False)
    assert await posts.over(units["水资源处"], on) == ("office_director", [])


@pytest.mark.requirement("A66", "A64")
async def test_what_the_only_clerk_filed_is_the_directors(days: Days) -> None:
    await days.sure("wang", "/换岗 水资源处 A:办公员", 0)
    await days.matter()
    await days.world.hand_in("ban", 2)
    card = (await days.world.say("ban", hands.DONE, 2)).card
    assert card
    await days.world.press("ban", card.actions[0].key, 2)
    await days.turn(2)
    assert await told(days, "completion") == ["wang"]
    assert "请由厅办公室其他人员或主任办理" in await days.said("ban", "/同意办结 1", 3)


@pytest.mark.requirement("A37", "A66")
async def test_without_a_clerk_the_director_is_told(days: Days) -> None:
    await days.matter()
    await Person.filter(wecom_id="ban").update(active=False)
    await days.until(121)
    assert await days.told("accountability_proposal") == ["wang"]
    assert (await days.told("supervise")).count("wang") == 2
    assert any("请办公室主任决定" in each for each in await days.cards("wang"))


@pytest.mark.requirement("A66")
async def test_where_nobody_is_left_it_is_the_main_leaders(days: Days) -> None:
    await days.matter()
    await days.said("a", DONE, 2)
    await Person.filter(wecom_id__in=["ban", "wang", "ting"]).update(active=False)
    assert "由主要领导审核" in await days.said("fen", "/退回 1 3天 太简单", 3)


@pytest.mark.requirement("A66", "A64")
async def test_a_clerk_who_helps_out_makes_no_office_of_a_unit(days: Days) -> None:
    await days.matter()
    await days.sure("ban", "/换岗 水资源处 A:办公员", 1)
    await days.said("wang", "/代班 陈处长 办公员 今天", 1)
    await days.said("ban", DONE, 2)
    assert "本人" in await days.said("ban", "/退回 1 3天 太简单")  # he is the office, and filed it
    assert "已退回" in await days.said("wang", "/退回 1 3天 太简单")


@pytest.mark.requirement("A66", "A64", "A65")
async def test_a_head_who_stands_in_for_the_director_makes_no_office_of_his_unit(days: Days) -> None:
    await days.matter()
    await days.said("wang", "/代班 王主任 陈处长 3月2日至6日", 1)
    await days.said("a", DONE, 2)
    assert await days.told("feedback") == ["ban"]
    assert "已退回" in await days.said("ban", "/退回 1 3天 太简单")
