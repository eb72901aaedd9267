"""/并案 1 入 2: a matter ends as part of another one, by who approved its initiation (A46)."""

from __future__ import annotations

import asyncio
import json

import pytest

from models.completion import Completion
from models.delivery import Delivery
from models.extension import Extension
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation
from models.people import Seat
from models.ruling import Ruling
from tests import department
from tests.department import ACK, PROPOSE, T
from tests.office.days import Days

OTHER = PROPOSE.replace("处室:水资源处", "处室:规划处").replace("取水许可核查", "用水总量复核")
UNIT = PROPOSE.replace("省政府13710", "处室")
WHY = "内容重复"


async def two(days: Days, first: str = PROPOSE) -> None:
    """2026-0001 of the one unit and 2026-0002 of the other, everybody told."""
    await days.matter(first)
    await days.matter(OTHER)


async def states() -> list[str]:
    return await Matter.all().order_by("id").values_list("state", flat=True)


@pytest.mark.requirement("A46")
async def test_merged(days: Days) -> None:
    await two(days, f"{PROPOSE} 配合:规划处")
    await days.until(30)
    await days.plan(33)  # an urge is planned and not sent
    days.forget()
    score = await days.score()
    card = (await days.world.say("wang", f"/并案 1 入 2 {WHY}", 33)).card
    assert card.title == "请确认：并案 2026-0001"
    assert ("并入", "2026-0002 关于开展用水总量复核的事项") in card.facts
    assert await states() == ["running", "running"]
    text = (await days.world.press("wang", card.actions[0].key, 33)).text
    assert "2026-0001 已并入 2026-0002（规划处）" in text
    await days.turn(33)
    assert await states() == ["merged", "running"]
    assert not await Obligation.filter(matter_id=1, ended="").exists()
    assert not [card for card in await days.cards("a") if "催办" in card and "2026-0001" in card]
    # who had been told of the first, with the unit, its leader and the office, and once; then the unit of the other
    assert await days.told("merged") == ["a", "b", "ban", "chu", "fen", "gc", "gui"]
    assert await days.told("taken_in") == []
    assert await days.score() == score
    text = await days.said("ban", "/事项 事项")
    assert "2026-0001 关于开展取水许可核查的… 水资源处 已并入2026-0002" in text
    assert "（含2026-0001）" in text
    line = await Ledger.get(matter_id=2, verb="take_in")
    assert json.loads(line.body)["facts"] == {"reason": WHY, "taken": "2026-0001"}
    assert "已于" in await days.said("a", f"1 {ACK}")
    assert "已于" in await days.said("wang", f"/并案 1 入 2 {WHY}")
    await days.until(400)
    assert not await Delivery.filter(notice__matter_id=1, notice__kind="supervise").exists()
    assert await days.world.intact()


async def test_the_unit_that_takes_it_hears_of_it(days: Days) -> None:
    await department.seat("jun", "分管二", "规划处", "leader_in_charge", days.world)
    await two(days)
    await days.matter(f"{PROPOSE} 敏感:是")
    await days.said("a", "进展 1 7天 已完成现场核查，形成问题清单", 1)
    await days.sure("wang", f"/并案 1 入 2 {WHY}", 1)
    assert "没有可评价" in await days.said("ban", "/评价 1 7天 优秀")
    assert await days.told("taken_in") == ["gc", "gui", "jun"]
    cards = [card for card in await days.cards("gui") if card.startswith("2026-0001 已并入本事项")]
    assert [f"理由：{WHY}" in card for card in cards] == [True]
    # what is sensitive says no reason where it goes either
    await days.sure("wang", f"/并案 3 入 2 {WHY}", 2)
    cards = [card for card in await days.cards("gui") if card.startswith("2026-0003 已并入本事项")]
    assert ["理由" in card for card in cards] == [False]


@pytest.mark.requirement("A46")
async def test_a_units_own_matter_needs_both_posts(days: Days) -> None:
    await days.world.say("ban", UNIT)
    await days.world.say("fen", "同意")
    await days.world.say("wang", "同意")
    await days.matter(OTHER)
    await days.matter(OTHER)
    assert "还须分管厅领导分管同意" in await days.sure("wang", f"/并案 1 入 2 {WHY}", 1)
    assert await days.told("merge") == ["fen"]
    assert "并案您已同意" in await days.said("wang", f"/并案 1 入 2 {WHY}")
    assert "2026-0001 已提请并入 2026-0002，尚待同意" in await days.said("fen", f"/并案 1 入 3 {WHY}")
    row = await Ruling.get(role="leader_in_charge")
    assert "您的岗位不能并案" in (await days.world.press("ban", f"agree:{row.id}", 2)).text
    said = await asyncio.gather(
        *(days.world.press("fen", f"{key}:{row.id}", 2) for key in ("disagree", "agree", "agree"))
    )
    assert [each.replace.done if each.replace else each.text[:7] for each in said] == [
        "已驳回",
        "这张卡片已过期",
        "这张卡片已过期",
    ]
    assert await states() == ["running"] * 3
    assert "（含" not in (await days.said("ban", "/事项 2026-2"))
    await days.turn(2)
    assert await days.told("merged") == ["wang"]
    assert "还须分管厅领导" in await days.sure("wang", f"/并案 1 入 3 {WHY}", 3)
    row = await Ruling.get(role="leader_in_charge", verdict="")
    assert (await days.world.press("fen", f"agree:{row.id}", 4)).replace.done == "已同意"
    assert await states() == ["merged", "running", "running"]
    # the request into 2 came to nothing and leaves no trace there
    assert "（含" not in (await days.said("ban", "/事项 2026-2"))
    assert "（含2026-0001）" in (await days.said("ban", "/事项 2026-3"))
    assert await days.world.intact()


async def test_two_requests_about_one_matter_are_answered_each_for_itself(days: Days) -> None:
    await days.world.say("ban", UNIT)
    await days.world.say("fen", "同意")
    await days.world.say("wang", "同意")
    await days.matter(OTHER)
    await days.sure("wang", f"/并案 1 入 2 {WHY}", 1)
    await days.sure("wang", "/撤销 1 任务取消", 2)
    merge, withdrawal = await Ruling.filter(role="leader_in_charge").order_by("id")
    assert (await days.world.press("fen", f"disagree:{merge.id}", 3)).replace.done == "已驳回"
    assert await Ruling.all().order_by("id").values_list("kind", "role", "verdict") == [
        ("merge", "leader_in_charge", "dismissed"),
        ("merge", "office_director", "agreed"),
        ("withdrawal", "leader_in_charge", ""),
        ("withdrawal", "office_director", "agreed"),
    ]
    assert (await days.world.press("fen", f"agree:{withdrawal.id}", 4)).replace.done == "已同意"
    assert await states() == ["withdrawn", "running"]


@pytest.mark.requirement("A46")
async def test_only_what_waits_of_the_matter_that_ends_falls_away(days: Days) -> None:
    """Of two matters both are asked to merge, an extension and a completion's draft wait; one is withdrawn."""
    for number in (1, 2):
        await days.world.say("ban", UNIT)
        for user in ("fen", "wang"):
            await days.world.say(user, f"/批准 {number}")
        late = f"延期 {number} 理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30"
        await days.world.say("a", late)
        await days.said("ban", f"/不同意延期 {number} 方案不实")
        await days.world.say("a", late, 1)
        await days.world.hand_in(number=number)
        await days.world.say("a", f"完结 {number} 理由：已全部整改到位", 1)
    await days.matter(OTHER)
    for number in (1, 2):
        await days.sure("wang", f"/并案 {number} 入 3 {WHY}", 2)
    await days.sure("wang", "/撤销 1 任务取消", 2)
    days.forget()
    asked = await Ruling.get(kind="withdrawal", role="leader_in_charge")
    await days.world.press("fen", f"agree:{asked.id}", 3)
    await days.turn(3)
    assert await states() == ["withdrawn", "running", "running"]
    assert await Extension.all().order_by("matter_id", "id").values_list("state", flat=True) == [
        *("refused", "withdrawn"),
        *("refused", "pending"),
    ]
    assert await Completion.all().order_by("matter_id").values_list("state", flat=True) == ["dropped", "draft"]
    merges = Ruling.filter(kind="merge").order_by("matter_id", "id")
    assert await merges.values_list("verdict", flat=True) == ["void", "agreed", "", "agreed"]
    over = {(user, card.source[-2:]) for user, _, card in days.wecom.replaced if card.done == "事项已结束"}
    assert over >= {("fen", "并案"), ("ban", "延期")}
    assert {card.done for _, _, card in days.wecom.replaced} == {"事项已结束"}


@pytest.mark.requirement("A46")
async def test_what_waits_falls_with_the_acceptance_too(days: Days) -> None:
    """What was asked about the matter that is done, and what was to go into it; other requests stay."""
    for number in (1, 2):
        await days.said("ban", UNIT)
        for user in ("fen", "wang"):
            await days.said(user, f"/批准 {number}")
    for text in ("/撤销 1 任务取消", f"/并案 2 入 1 {WHY}", "/撤销 2 任务取消"):
        await days.sure("wang", text)
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位")).card
    await days.world.press("a", card.actions[0].key)
    days.forget()
    await days.said("ban", "/同意办结 1", 1)
    asked = await Ruling.filter(role="leader_in_charge").order_by("id")
    assert [each.verdict for each in asked] == ["void", "void", ""]
    done = [(card.source[-2:], card.done) for user, _, card in days.wecom.replaced if user == "fen"]
    assert sorted(done) == [("并案", "无需再决定"), ("撤销", "事项已结束")]
    await days.sure("ban", "/重开 1 问题反弹", 2)
    assert "已过期" in (await days.world.press("fen", f"agree:{asked[0].id}", 3)).text
    assert await states() == ["running"] * 2


@pytest.mark.requirement("A65")
async def test_a_stand_ins_word_is_recorded_as_one(days: Days) -> None:
    seat = await Seat.get(role="leader_in_charge")
    stand_in = {"person_id": days.world.people["ting"], "since": T.date(), "stands_in_for_id": seat.id}
    await Seat.create(unit_id=seat.unit_id, role=seat.role, **stand_in)
    await days.world.say("ban", UNIT)
    for user in ("ting", "wang"):
        await days.world.say(user, "/批准 1")
    await days.sure("wang", "/撤销 1 任务取消", 1)
    asked = await Ruling.get(kind="withdrawal", role="leader_in_charge")
    await days.world.press("ting", f"agree:{asked.id}", 2)
    lines = await Ledger.filter(verb__in=("ask_withdrawal", "withdraw")).order_by("id").values_list("body", flat=True)
    assert [json.loads(each)["facts"]["stands_in"] for each in lines] == [False, True]


async def test_who_hears_that_a_matter_is_over(days: Days) -> None:
    """All of the office, whoever had been told; nobody whose card never left."""
    await department.seat("yuan", "办公员二", None, "office", days.world)
    await days.world.matter(f"{PROPOSE} 配合:规划处")
    await days.plan(0)
    await Delivery.filter(kind="cooperate", person_id=days.world.people["gc"]).update(state="failed")
    await days.sure("wang", "/撤销 1 任务取消")
    assert await days.told("withdrawn") == ["a", "b", "ban", "chu", "fen", "yuan"]


@pytest.mark.requirement("A46")
async def test_what_cannot_be_merged(days: Days) -> None:
    await two(days)
    await days.matter(OTHER)
    await days.sure("wang", f"/并案 1 入 2 {WHY}", 1)
    for user, text, says in (
        ("wang", f"/并案 2 入 2 {WHY}", "2026-0002 不能并入自身"),
        ("wang", f"/并案 3 入 1 {WHY}", "2026-0001 已并案，不能再并入"),
        ("wang", f"/并案 2 入 3 {WHY}", "2026-0001 已并入 2026-0002"),
        ("wang", f"/并案 2 入 9 {WHY}", "没有编号为 9"),
        ("wang", "/并案 3 入 2", "须说明理由"),
        ("wang", f"/并案 3 2 {WHY}", "没有看懂哪件并入哪件"),
        ("wang", f"/并案 3 入 {WHY}", "没有看懂哪件并入哪件"),
        ("wang", f"/并案 {WHY}", "没有看懂哪件并入哪件"),
        ("ting", f"/并案 3 入 2 {WHY}", "须由原批示人办理"),
        ("ban", f"/并案 3 入 2 {WHY}", "不能使用“并案”"),
        ("a", f"/并案 3 入 2 {WHY}", "不能使用“并案”"),
    ):
        assert says in await days.said(user, text, 2), text
    assert await states() == ["merged", "running", "running"]


@pytest.mark.parametrize(
    "text", ["/并案 1入2 重复", "、并案 2026-1 并入 2026-0002，重复", "并案 #1 → #2 重复", "/并案 １ 归入 事项2 重复"]
)
async def test_as_people_write_it(days: Days, text: str) -> None:
    await two(days)
    assert "已并入 2026-0002" in await days.sure("wang", text, 1)
    assert (await Ruling.get()).reason == "重复"


async def test_the_other_one_ends_before_it_is_confirmed(days: Days) -> None:
    await two(days)
    card = (await days.world.say("wang", f"/并案 1 入 2 {WHY}", 1)).card
    await days.sure("wang", "/撤销 2 任务取消", 1)
    assert "已撤销，不能再并入" in (await days.world.press("wang", card.actions[0].key, 2)).text
    assert await states() == ["running", "withdrawn"]


async def test_both_ways_at_once(days: Days) -> None:
    await two(days)
    cards = [(await days.world.say("wang", f"/并案 {way} {WHY}", 1)).card for way in ("1 入 2", "2 入 1")]
    await asyncio.gather(*(days.world.press("wang", card.actions[0].key, 2) for card in cards))
    assert sorted(await states()) == ["merged", "running"]
    assert await days.world.intact()


async def test_what_was_applied_for_falls_away(days: Days) -> None:
    """The office's card turns; who presses it late changes nothing."""
    await two(days)
    await days.said("a", "延期 1 理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30", 1)
    await days.sure("wang", f"/并案 1 入 2 {WHY}", 2)
    assert [(user, card.done) for user, _, card in days.wecom.replaced if card.source.endswith("延期")] == [
        ("ban", "事项已结束")
    ]
    assert "未" in (await days.world.press("ban", "extend:1", 3)).text
    assert await states() == ["merged", "running"]
