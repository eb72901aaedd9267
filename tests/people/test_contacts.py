"""The address book closes, opens and renames accounts; a closed one receives nothing and does nothing (A37, A64)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from handlers import reception
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person, Seat
from models.ruling import Ruling
from tests import department
from tests.department import ACK, PROPOSE
from tests.office.days import Days
from tests.people.test_reseat import letter, told


async def change(days: Days, hours: float, user: str = "A", *, by: str = "sys", **raw: Any) -> None:
    """A callback of the address book; nobody gets an answer to it."""
    days.now = hours
    said = {"Event": "change_contact", "UserID": user, **raw}
    assert await reception.receive(days.world.message(by, "contact", hours, raw=said)) == reception.Reply()
    await days.turn(hours)


async def letters(days: Days, user: str) -> list[str]:
    """What messages in words said to a person in their second lines, sorted."""
    said = [each["text"] for each in days.wecom.sent if each["user"] == user and "title" not in each]
    return sorted(each.splitlines()[1] for each in said)


@pytest.mark.requirement("A64", "A37")
async def test_an_account_is_closed_and_b_has_as_place(days: Days) -> None:
    await days.matter()
    await days.until(19.5)  # the reminder went to A
    await days.plan(27)  # the first urge is planned
    days.forget()
    await change(days, 27, ChangeType="delete_user")
    assert await told(days, "urge") == ["b", "chu"]
    assert not await Delivery.filter(person__wecom_id="a", kind="urge", state="accepted").exists()
    text = await letter(days, "b")
    assert "水资源处A岗李安的账号停用，暂由您接收通知并办理。" in text
    assert "【移交清单】未办4项" in text
    office = await letter(days, "ban")
    assert "李安的企业微信账号已停用或删除" in office
    assert "所任岗位：水资源处A岗。" in office
    assert "A岗暂由孙贝接收通知" in office
    assert "不在督办系统的人员名单中" in await days.said("a", ACK)
    assert "A岗：李安（账号停用）" in await days.said("ban", "/人员 水资源处")
    await change(days, 28, ChangeType="update_user", Status="1")
    assert "恢复履行水资源处A岗职责（孙贝代行结束）" in await letter(days, "a")
    assert "账号已恢复" in await letter(days, "ban")
    assert "1天节点已反馈" in await days.said("a", ACK)
    assert await days.world.intact()


@pytest.mark.requirement("A64")
async def test_b_who_has_as_place_is_gone_too(days: Days) -> None:
    """The head has it, with the list of what is open, until one of them is back."""
    await days.matter()
    await days.until(19.5)
    await change(days, 20, ChangeType="delete_user")
    days.forget()
    await change(days, 21, "B", ChangeType="delete_user")
    assert await letters(days, "chu") == ["水资源处B岗孙贝的账号停用，暂由您接收通知并办理。"]
    assert "【移交清单】未办4项" in await letter(days, "chu")
    assert "A岗暂由陈处长接收通知" in await letter(days, "ban")
    days.forget()
    await change(days, 22, "B", ChangeType="update_user", Status="1")
    assert await letters(days, "chu") == ["您代孙贝的水资源处B岗职责已结束，代班期间的卡片失效。"]
    assert await letters(days, "b") == ["您恢复履行水资源处B岗职责（陈处长代行结束）。"]
    days.forget()
    await change(days, 23, ChangeType="update_user", Status="1")
    assert await letters(days, "b") == ["您代李安的水资源处A岗职责已结束，代班期间的卡片失效。"]
    await change(days, 24, "B", ChangeType="delete_user")
    assert await letters(days, "chu") == []


@pytest.mark.requirement("A64")
async def test_a_handler_stays_it_while_his_account_is_closed(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 2)
    await change(days, 3, "zhang", ChangeType="update_user", Status="2")
    assert (await Matter.get()).handler_id == days.world.people["zhang"]
    await days.until(67.5)
    assert await told(days, "remind") == ["a"]
    await change(days, 68, "zhang", ChangeType="update_user", Status="1")
    await days.until(76)
    assert await told(days, "urge") == ["a", "b", "chu", "zhang"]


@pytest.mark.requirement("A64")
async def test_a_stand_ins_account_is_closed(days: Days) -> None:
    """A has his post back, and B nothing to do with it."""
    await days.matter()
    for who in ("李安 规划员 3月2日至9日", "李安 规划员 3月20日至22日", "孙贝 张三 3月2日至9日"):
        await days.said("ban", f"/代班 {who}", 1)
    days.forget()
    await change(days, 2, "gui", ChangeType="update_user", Status="5")
    assert await told(days, "word") == ["a", "a", "b", "ban", "gui", "wang", "zhang"]
    line = await Ledger.filter(verb="take_over").order_by("-id").first()
    assert line
    a, gui = days.world.people["a"], days.world.people["gui"]
    assert json.loads(line.body)["facts"]["moves"] == [
        {"person": gui, "role": "operator_a", "what": "suspended", "other": a},
        {"person": a, "role": "operator_a", "what": "back", "other": gui},
    ]
    assert (await letter(days, "a")).splitlines()[1:3] == [
        "您恢复履行水资源处A岗职责（规划员代行结束）。",
        "【移交清单】未办4项：",
    ]
    await days.until(19.5)
    assert await told(days, "remind") == ["a"]
    await change(days, 20, "gui", ChangeType="update_user", Status="1")
    rests = "水资源处A岗由规划员代班，至3月9日 周一 24:00，期间通知和办理都转给他，您手中的卡片暂不能用。"
    assert rests in await letter(days, "a")
    assert await letters(days, "gui") == [
        "您代李安履行水资源处A岗职责，至3月9日 周一 24:00。",
        "您恢复履行规划处A岗职责。",
    ]
    assert any("【移交清单】未办4项" in each["text"] for each in days.wecom.sent if each["user"] == "gui")
    assert await letters(days, "b") == []


@pytest.mark.requirement("A64")
async def test_who_stands_in_for_two_gives_back_both_posts(days: Days) -> None:
    for who in ("李安", "孙贝"):
        await days.said("ban", f"/代班 {who} 规划员 3月2日至9日", 1)
    days.forget()
    await change(days, 2, "gui", ChangeType="update_user", Status="5")
    assert await letters(days, "a") == ["您恢复履行水资源处A岗职责（规划员代行结束）。"]
    assert await letters(days, "b") == ["您恢复履行水资源处B岗职责（规划员代行结束）。"]


@pytest.mark.requirement("A64", "A37")
async def test_a_stand_in_whose_principal_is_gone_too(days: Days) -> None:
    await days.said("ban", "/代班 李安 规划员 3月2日至9日", 1)
    for user in ("a", "gui"):
        await change(days, 2, user, ChangeType="delete_user")
    off = [each["text"] for each in days.wecom.sent if each["user"] == "ban"]
    assert off[-2].startswith("李安的企业微信账号已停用或删除，通知不再发给本人，本人也不能办理。\n请核实；")
    assert "A岗暂由孙贝接收通知" in off[-1]
    assert "水资源处A岗规划员的账号停用，暂由您接收通知并办理。" in await letter(days, "b")


@pytest.mark.requirement("A64")
async def test_every_post_goes_and_comes_back(days: Days) -> None:
    wang = days.world.people["wang"]
    await Seat.create(person_id=wang, role="admin")
    for unit, role in (("水资源处", "handler"), ("规划处", "head")):
        await Seat.create(person_id=wang, unit_id=days.world.units[unit], role=role)
    await change(days, 1, "wang", ChangeType="delete_user")
    await change(days, 2, "wang", ChangeType="delete_user")  # is nothing new
    assert (await letter(days, "ban")).splitlines()[:2] == [
        "王主任的企业微信账号已停用或删除，通知不再发给本人，本人也不能办理。",
        "所任岗位：办公室主任、水资源处承办人、规划处负责人。",
    ]
    assert await told(days, "word") == ["ban"]
    await change(days, 3, "wang", ChangeType="update_user", Status="1")
    await change(days, 4, "wang", ChangeType="update_user", Status="1")
    assert await told(days, "word") == ["ban", "ban", "wang", "wang", "wang"]
    assert await letters(days, "wang") == [
        "您恢复履行办公室主任职责。",
        "您恢复履行规划处负责人职责。",
        "所任岗位：办公室主任、水资源处承办人、规划处负责人。",
    ]


@pytest.mark.requirement("A64")
async def test_whatever_number_a_person_has(days: Days) -> None:
    await Person.create(id=999_999_999, name="钱久", wecom_id="qian")
    await Seat.create(person_id=999_999_999, unit_id=days.world.units["水资源处"], role="handler")
    await change(days, 1, "qian", ChangeType="delete_user")
    assert not (await Person.get(wecom_id="qian")).active
    await change(days, 2, "qian", ChangeType="update_user", Status="1")
    assert (await Person.get(wecom_id="qian")).active
    bundles = await Delivery.filter(person__wecom_id="ban", kind="word").order_by("id").values_list("bundle", flat=True)
    assert bundles == ["word:off:999999999:69a4ef20", "word:on:999999999:69a4fd30"]


NOTHING: list[dict[str, Any]] = [
    {"ChangeType": "create_user", "user": "new"},
    {"ChangeType": "delete_user", "user": "nobody"},
    {"ChangeType": "delete_user", "by": "zhang"},  # not the platform's own
    {"ChangeType": "update_user", "Status": "4"},
    {"ChangeType": "update_user", "Mobile": "13700000000", "Name": "别名"},
    {"ChangeType": "update_user", "NewUserID": "B"},  # somebody else's
    {"ChangeType": {"a": "b"}, "Status": ["1"], "NewUserID": "x" * 200},
    {"ChangeType": "delete_party", "user": ""},
]


@pytest.mark.requirement("A64")
async def test_what_says_nothing_of_an_account(days: Days) -> None:
    await days.matter()
    before = await Person.all().order_by("id").values()
    for row in NOTHING:
        await change(days, 1, **row)
    assert await Person.all().order_by("id").values() == before
    assert await told(days, "word") == []


async def test_an_account_gets_another_id(days: Days) -> None:
    await days.matter()
    await change(days, 1, ChangeType="update_user", NewUserID="A2")
    assert (await Person.get(name="李安")).wecom_id == "a2"
    assert "1天节点已反馈" in await days.said("a2", ACK)


async def test_who_left_the_roster_stays_out(days: Days) -> None:
    await Person.filter(wecom_id="gui").update(active=False)
    own = await Seat.get(person__wecom_id="gui")
    await Seat.filter(id=own.id).update(until="2026-03-02")
    a = await Seat.get(person__wecom_id="a")
    await Seat.create(person_id=own.person_id, unit_id=a.unit_id, role=a.role, since="2026-03-01", stands_in_for=a)
    await change(days, 24, "gui", ChangeType="update_user", Status="1")
    assert not (await Person.get(wecom_id="gui")).active
    await change(days, 8, "gui", ChangeType="update_user", Status="1")  # the last day of his own post
    assert (await Person.get(wecom_id="gui")).active


@pytest.mark.requirement("R10", "A46")
async def test_the_word_of_a_post_that_nobody_holds_is_awaited(days: Days) -> None:
    await department.seat("jun", "分管二", "规划处", "leader_in_charge", days.world)
    await days.said("ban", PROPOSE.replace("省政府13710", "处室") + "、规划处")
    await days.said("wang", "/批准 1")
    await change(days, 1, "jun", ChangeType="delete_user")
    assert "拟-1 还须分管厅领导（暂无人在岗）批准" in await days.said("fen", "/批准 1")
    assert "分管已同意，待分管厅领导（暂无人在岗）批准" in (await days.cards("ban"))[-1]
    await change(days, 2, "jun", ChangeType="update_user", Status="1")
    assert "立项为 2026-0001" in await days.said("jun", "/批准 1")
    await days.matter()
    await change(days, 3, "jun", ChangeType="delete_user")
    for text in ("/撤销 1 任务取消", "/并案 1-2 入 2 内容重复"):
        assert await days.said("wang", text) == "须经分管厅领导批准，但目前无人在此岗位，未办理。请先请管理员补全名单。"
    await change(days, 4, "jun", ChangeType="update_user", Status="1")
    await days.sure("wang", "/撤销 1 任务取消")
    await change(days, 5, "jun", ChangeType="delete_user")
    first, second = await Ruling.filter(verdict="").order_by("id")
    await days.world.press("fen", f"agree:{first.id}", 5)
    assert "请等待分管厅领导（暂无人在岗）同意" in await days.said("wang", "/撤销 1 任务取消")
    await change(days, 6, "jun", ChangeType="update_user", Status="1")
    await days.world.press("jun", f"agree:{second.id}", 6)
    assert (await Matter.get(id=1)).state == "withdrawn"
