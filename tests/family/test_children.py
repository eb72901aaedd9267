"""Units that lead together: child matters -1, -2 with their own clocks, closed together (A62)."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.actions import setting
from bot.rules.ruleset import Ruleset
from models.delivery import Delivery
from models.feedback import Feedback
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person, Seat
from models.ruling import Ruling
from models.score import ScoreEvent
from tests import department
from tests.department import ACK, PROPOSE
from tests.office.days import Days

TOGETHER = PROPOSE.replace("处室:水资源处", "处室:水资源处、规划处")
TEXT = "已完成现场核查，形成问题清单"


async def family(days: Days, text: str = TOGETHER) -> tuple[Matter, Matter, Matter]:
    """Parent and both children, everybody told."""
    await days.matter(text)
    parent, first, second = await Matter.all().order_by("id")
    return parent, first, second


async def states() -> list[str]:
    return await Matter.all().order_by("id").values_list("state", flat=True)


async def complete(days: Days, user: str, nth: int, hours: float) -> str:
    """The unit's completion of its own matter is filed and accepted."""
    await days.world.hand_in(user, hours, child=nth)
    answer = await days.world.say(user, f"完结 1-{nth} 理由：已全部整改到位", hours)
    await days.world.press(user, answer.card.actions[0].key, hours)
    return await days.said("ban", f"/同意办结 1-{nth}", hours)


@pytest.mark.requirement("A62", "R31")
async def test_a_child_for_each_unit(days: Days) -> None:
    text = await days.said("ban", f"{TOGETHER} 配合:规划处")
    assert "水资源处、规划处（共同牵头，批准后各自编号、计时）" in text
    assert "配合" not in text  # who leads does not cooperate
    text = await days.said("wang", "同意")
    assert "立项为 2026-0001，已通知水资源处、规划处负责人和操作员，1天节点截止：3月3日 09:00" in text
    assert "2026-0001-1 水资源处；2026-0001-2 规划处" in text
    parent, first, second = await Matter.all().order_by("id")
    assert [each.code for each in (parent, first, second)] == ["2026-0001", "2026-0001-1", "2026-0001-2"]
    assert [each.state for each in (parent, first, second)] == ["split", "running", "running"]
    assert (first.parent_id, second.parent_id, second.unit_id) == (parent.id, parent.id, days.world.units["规划处"])
    assert second.ruleset == first.ruleset == parent.ruleset != {}
    assert sorted(await Obligation.filter(matter_id=parent.id).values_list("name", flat=True)) == ["MATTER"]
    assert sorted(await Obligation.filter(matter_id=second.id).values_list("name", flat=True)) == [
        *("MATTER", "N1", "N3", "N7", "NM")
    ]
    assert await days.told("initiate") == ["a", "b", "chu", "gc", "gui"]
    assert any("2026-0001-2" in card for card in await days.cards("gui"))
    assert not any("2026-0001-2" in card for card in await days.cards("a"))
    assert len([each for each in days.sms.sent if "2026-1-2" in each["text"]]) == 2
    assert (await days.world.matter(at=1)).code == "2026-0002"
    assert await days.world.intact()


@pytest.mark.requirement("A62")
async def test_each_unit_has_its_own_clock_and_points(days: Days) -> None:
    _, first, _ = await family(days)
    # one's own is meant without a number, by the family's number and by its own
    assert "已收到 2026-0001-1" in await days.said("a", ACK, 1)
    assert "已登记 2026-0001-2 的1天" in await days.said("gui", f"进展 1 1天 {TEXT}")
    assert "已登记 2026-0001-2 的3天" in await days.said("gui", f"进展 2026-1-2 3天 {TEXT}")
    assert "已登记 2026-0001-2 的7天" in await days.said("gui", f"进展 1-2 7天 {TEXT}")
    assert "承办处室是水资源处" in await days.said("gui", f"进展 2026-0001-1 {TEXT}")
    assert "承办处室是规划处" in await days.said("a", f"进展 #1-2 {TEXT}")
    await days.until(100)
    charged = {each.unit_id for each in await ScoreEvent.all()}
    assert charged == {first.unit_id}
    assert "2026-0001-1" in await days.said("a", "待办")
    assert "2026-0001-2" not in await days.said("a", "扣分")
    assert {each.matter_id for each in await Notice.filter(kind="urge")} == {first.id}
    assert await days.world.intact()


@pytest.mark.requirement("A62", "A51")
async def test_the_parent_closes_with_the_last_child(days: Days) -> None:
    await family(days)
    assert "已同意 2026-0001-1" in await complete(days, "a", 1, 5)
    assert await states() == ["split", "closed", "running"]
    assert "已同意 2026-0001-2" in await complete(days, "gui", 2, 6)
    assert await states() == ["closed"] * 3
    parent = await Matter.get(child=0)
    assert (parent.closed_at is not None, parent.written_off_at) == (True, None)
    line = await Ledger.get(matter_id=parent.id, verb="follow_children")
    assert json.loads(line.body)["facts"]["children"] == {"2026-0001-1": "closed", "2026-0001-2": "closed"}
    await days.said("ban", "/销号 1-1", 7)
    assert (await Matter.get(child=0)).written_off_at is None
    await days.said("ban", "/销号 1-2", 8)
    parent = await Matter.get(child=0)
    assert parent.written_off_at == (await Matter.get(child=2)).written_off_at
    # one comes back from above, then another begins anew: the parent is open as long as one of them is
    assert "退回重报" in await days.said("ban", "/退回 1-2 上级 数据有误，请核实", 9)
    assert await states() == ["split", "closed", "rework"]
    assert "已同意" in await complete(days, "gui", 2, 10)
    assert await states() == ["closed"] * 3
    assert "2026-0001-1 已重开" in await days.sure("ban", "/重开 1-1 整改成效反弹", 11)
    assert await states() == ["split", "running", "closed"]
    assert (await Matter.get(child=0)).closed_at is None
    assert await days.world.intact()


@pytest.mark.requirement("A62")
async def test_nothing_is_done_to_the_parent_itself(days: Days) -> None:
    await family(days, f"{TOGETHER} 紧急:是")
    await department.seat("jian", "建管员", "建设处", "operator_a", days.world)
    lines = await Ledger.all().count()
    says = "2026-0001 由多个处室共同牵头，已分为2026-0001-1、2026-0001-2分别办理，本条未办理"
    for user, text in (
        ("jian", f"进展 2026-0001 {TEXT}"),
        ("jian", "延期 1 理由：汛期 方案：分段 责任人：张三 时限：2026-05-30"),
        ("ban", "/退回 1 内容不完整"),
        ("ban", "/同意办结 1"),
        ("ban", "/评价 1 优秀"),
        ("ban", "/销号 1"),
        ("ban", "/催办 1"),
        ("wang", "/督办 1 久拖不决"),
        ("ban", "/转重大 1"),
        ("ban", "/转月报 1 周期4个月"),
        ("ban", "/转跟进 1 涉及跨省协调"),
        ("ban", "/改派 1 建设处 职责不符"),
        ("ban", f"/代报 1 时间:3月2日 10:00 {TEXT}"),
        ("ban", "/推演 1"),
        ("ban", "/问效 1"),
        ("ban", "/重开 1 成效反弹"),
        ("wang", "/并案 1 入 1-1 内容重复"),
        ("wang", "/并案 1-1 入 1 内容重复"),
        ("ting", "/批示 1 请抓紧落实"),
        ("ban", "扣分 1"),
        ("a", "申诉 1 系统故障"),
    ):
        assert says in await days.said(user, text, 1), text
    assert await Ledger.all().count() == lines
    text = await days.said("ban", "/事项 1")
    assert "含“1”的事项3件" in text
    assert "2026-0001 关于开展取水许可核查的… 水资源处 分处室办理" in text
    assert "在办事项2件" in await days.said("ban", "/事项")
    assert "2026-0001-2" in await days.said("ban", "/事项 2026-1-2")


async def test_who_sits_in_both_units_is_asked_which(days: Days) -> None:
    await department.seat("a", "李安", "规划处", "operator_b", days.world)
    _, _, second = await family(days)
    asked = await days.world.say("a", f"进展 1 {TEXT}", 1)
    assert [text for _, text in asked.card.choice.options] == ["2026-0001-1 关于开…", "2026-0001-2 关于开…"]
    assert not await Obligation.exclude(ended="").exists()
    done = await days.world.press("a", asked.card.actions[0].key, 1, {"matter": [str(second.id)]})
    assert "2026-0001-2" in done.text
    assert "2026-0001-1" in await days.said("a", f"进展 1-1 {TEXT}", 1)
    # 1-3 and a date are no child of anybody: words of the text
    for text in (f"1-3 标段{TEXT}", f"2026-3-2 {TEXT}"):
        assert "已存为 2026-0001-2" in await days.said("gc", f"补充 {text}", 2)
        assert (await Feedback.all().order_by("-id").first()).text == text


@pytest.mark.requirement("R10", "A62", "A65")
async def test_each_units_leader_in_charge_approves(days: Days) -> None:
    await department.seat("jun", "分管二", "规划处", "leader_in_charge", days.world)
    text = await days.said("ban", TOGETHER.replace("省政府13710", "处室"))
    assert "分管厅领导分管、分管厅领导分管二、办公室主任王主任批准" in text
    roles = ["leader_in_charge", "leader_in_charge:2", "office_director"]
    assert await Approval.all().order_by("id").values_list("role", flat=True) == roles
    assert await days.told("approval") == ["fen", "jun", "wang"]
    await days.said("fen", "同意")
    assert "待您批示的立项1件" in await days.said("jun", "待办")
    await days.said("wang", "同意")
    assert "2026-0001-2 规划处" in await days.said("jun", "同意")
    # each child ends by its own leader and the director
    assert "分管厅领导分管二" in await days.sure("wang", "/撤销 1-2 任务取消", 1)
    row = await Ruling.get(verdict="")
    assert (await days.world.press("jun", f"agree:{row.id}", 2)).replace.done == "已同意"
    assert await states() == ["split", "running", "withdrawn"]
    assert await days.world.intact()


async def test_one_leader_of_both_units_approves_once(days: Days) -> None:
    await Seat.create(person_id=days.world.people["fen"], unit_id=days.world.units["规划处"], role="leader_in_charge")
    text = await days.said("ban", TOGETHER.replace("省政府13710", "处室"))
    assert "须经分管厅领导分管、办公室主任王主任批准" in text
    await days.said("wang", "同意")
    assert "2026-0001-2 规划处" in await days.said("fen", "同意")
    assert await days.told("approval") == ["fen", "wang"]


async def test_who_holds_the_first_and_the_last_post_is_named_once(days: Days) -> None:
    await Seat.filter(role="leader_in_charge").update(person_id=days.world.people["wang"])
    await department.seat("jun", "分管二", "规划处", "leader_in_charge", days.world)
    text = await days.said("ban", TOGETHER.replace("省政府13710", "处室"))
    assert "须经分管厅领导王主任、分管厅领导分管二批准" in text


@pytest.mark.requirement("A46", "A62")
async def test_the_whole_family_is_withdrawn(days: Days) -> None:
    _, first, _ = await family(days)
    await days.until(28)
    assert await days.score() == -4
    await complete(days, "gui", 2, 29)
    text = await days.sure("wang", "/撤销 1 错立 与5号事项重复", 30)
    assert "2026-0001 已撤销" in text
    assert "冲回+0.4分" in text
    assert await states() == ["withdrawn", "withdrawn", "closed"]
    assert await days.score() == 0
    assert await days.told("withdrawn") == ["a", "b", "ban", "chu", "fen", "gc", "gui"]
    assert await Delivery.filter(state="pending", notice__matter_id=first.id).exclude(lane="update").count() == 0
    assert "已于" in await days.said("wang", "/撤销 1 再撤一次")
    assert await days.world.intact()


@pytest.mark.parametrize(("state", "texts"), [
    ("withdrawn", ["/撤销 1-1 任务取消", "/撤销 1-2 任务取消"]),
    ("merged", ["/撤销 1-1 任务取消", "/并案 1-2 入 2 内容重复"]),
])  # fmt: skip
async def test_the_parent_ends_as_its_children_ended(days: Days, state: str, texts: list[str]) -> None:
    await family(days)
    await days.matter()
    for text in texts:
        await days.sure("wang", text, 1)
    assert (await Matter.get(number=1, child=0)).state == state
    assert await days.world.intact()


async def test_what_was_asked_about_the_parent_falls_with_it(days: Days) -> None:
    await department.seat("jun", "分管二", "规划处", "leader_in_charge", days.world)
    await days.said("ban", TOGETHER.replace("省政府13710", "处室"))
    for user in ("wang", "fen", "jun"):
        await days.said(user, "/批准 1")
    await days.sure("wang", "/撤销 1 任务取消")
    for user, nth in (("a", 1), ("gui", 2)):
        assert await Ruling.filter(verdict="").count() == 2
        await complete(days, user, nth, nth)
    assert not await Ruling.filter(verdict="").exists()


async def test_two_children_end_at_once(days: Days) -> None:
    await family(days)
    cards = [(await days.world.say("wang", f"/撤销 1-{nth} 任务取消", 1)).card for nth in (1, 2)]
    await asyncio.gather(*(days.world.press("wang", card.actions[0].key, 2) for card in cards))
    assert await states() == ["withdrawn"] * 3
    assert await Ledger.filter(verb="follow_children").count() == 1
    assert await days.world.intact()


async def test_a_child_goes_to_another_unit(days: Days) -> None:
    await department.seat("jian", "建管员", "建设处", "operator_a", days.world)
    await family(days)
    assert "改派建设处" in await days.sure("ban", "/改派 1-2 建设处 职责不符", 1)
    assert "已登记 2026-0001-2" in await days.said("jian", f"进展 1天 {TEXT}", 2)
    await days.sure("wang", "/撤销 1 任务取消", 3)
    assert any("建设处" in card and "2026-0001" in card for card in await days.cards("ban"))


@pytest.mark.parametrize(
    "unit", ["水资源处，规划处", "水资源处 规划处", "水资源处/规划处", "水资源处、规划处、水资源处"]
)
async def test_as_people_write_it(days: Days, unit: str) -> None:
    await days.said("ban", PROPOSE.replace("处室:水资源处", f"承办处室：{unit}"))
    assert (await Matter.get()).leads == [days.world.units[each] for each in ("水资源处", "规划处")]


async def test_a_gap_in_the_roster_is_named(days: Days) -> None:
    for unit, says in (("财务处", "没有名为“财务处”"), ("规划处", "没有负责人和操作员")):
        await Seat.filter(unit_id=days.world.units["规划处"]).delete()
        assert says in await days.said("ban", PROPOSE.replace("处室:水资源处", f"处室:水资源处、{unit}"))
    assert not await Matter.exists()


@pytest.mark.parametrize("clock_start", ["delivery", "acceptance"])
async def test_where_t_waits_each_child_waits_for_its_own(days: Days, clock_start: str) -> None:
    setting.use(setting.Setting(department.KEY, Ruleset(clock_start=clock_start)))
    await Person.filter(wecom_id__in=["gui", "gc"]).update(phone="", wecom_id=None)
    await days.said("ban", TOGETHER)
    assert "立项为 2026-0001" in await days.said("wang", "同意")
    await days.said("a", "收到", 1)
    begun = await Obligation.filter(name="N1").prefetch_related("matter")
    assert [each.matter.child for each in begun] == [1]
