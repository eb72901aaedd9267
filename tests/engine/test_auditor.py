"""The auditor: finds what the record lacks, tells the office once, mends what it can; silent when all is well."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.channels import ChannelDown, Unreachable
from bot.engine import auditor
from models import database
from models.delivery import Attempt, Delivery
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person
from models.system import Meta, Outage
from tests.department import PROPOSE
from tests.engine.desk import Desk, at, planned, states


async def looked(desk: Desk, hours: float) -> list[str]:
    """Two looks: what is new, then what was new a look ago; what came of it is sent. Who was told what."""
    desk.forget()
    for _ in range(2):
        await auditor.audit(at(hours))
        await desk.turn(hours)
    own = [each for each in desk.wecom.sent if "【" in each["text"] or each.get("source", "")[-2:] in ("漏发", "未达")]
    return sorted(f"{each['user']} {each.get('title') or each['text']}" for each in own)


async def lived(desk: Desk, *hours: float) -> Matter:
    """A matter that nobody answers, looked at by the auditor from the start."""
    await auditor.audit(at(0))
    matter = await desk.matter()
    for each in hours:
        await desk.turn(each)
    return matter


async def owed(matter: Matter, name: str = "N1") -> Obligation:
    return await Obligation.get(matter_id=matter.id, name=name)


async def test_nothing_is_found_where_all_is_well(desk: Desk) -> None:
    await lived(desk, 19, 27, 30)
    assert await looked(desk, 31) == []
    assert await auditor.whole(at(31)) == []
    assert not await Notice.filter(kind__in=["gap", "unreached"]).exists()
    assert await auditor.last() == at(31).isoformat()


@pytest.mark.requirement("A62")
async def test_the_parent_of_a_family_lacks_nothing(desk: Desk) -> None:
    """Of units that lead together each has a matter of its own; nobody is told of the one above, also not later."""
    await auditor.audit(at(0))
    await desk.matter(PROPOSE.replace("处室:水资源处", "处室:水资源处、规划处"))
    assert await looked(desk, 1) == []
    assert await auditor.whole(at(1)) == []
    assert await Notice.filter(kind="initiate").count() == 2


async def test_an_urge_that_vanished_is_told_once(desk: Desk) -> None:
    """A later urge went out, so it is not sent again; the office hears of it, and `/未达` shows it."""
    matter = await lived(desk, 19, 27, 30)
    await gone(matter, "urge", 1)
    assert await looked(desk, 31) == ["ban 应发未发：1天第1次催办", "wang 应发未发：1天第1次催办"]
    assert await looked(desk, 31.1) == []
    assert "2026-0001 1天第1次催办应发未发（3月3日 12:00）。" in (await desk.world.say("ban", "/未达", 31.2)).text
    await desk.turn(33)
    assert ("N1", "urge", 1) not in await planned()
    assert ("N1", "urge", 3) in await planned()


async def gone(matter: Matter, kind: str, seq: int) -> None:
    """As if cursor and outbox had been committed apart."""
    row = await Notice.get(matter_id=matter.id, kind=kind, seq=seq)
    deliveries = await Delivery.filter(notice_id=row.id)
    await Attempt.filter(delivery_id__in=[each.id for each in deliveries]).delete()
    await Delivery.filter(notice_id=row.id).delete()
    await row.delete()


async def test_the_last_urge_that_vanished_is_caught_up_with(desk: Desk) -> None:
    matter = await lived(desk, 19, 27, 30)
    await gone(matter, "urge", 2)
    told = await looked(desk, 31)
    assert told[:1] == ["ban 应发未发：1天第2次催办"]
    assert await planned() == [("N1", "remind", 0), ("N1", "urge", 1), ("N1", "urge", 2)]
    row = await Notice.get(kind="urge", seq=2)
    assert (row.at, row.facts) == (at(31), {"caught_up": True})
    assert {each["user"] for each in desk.wecom.sent if "催办" in each["source"]} == {"a", "b", "chu"}
    assert "已补排" in (await desk.world.say("ban", "/未达", 31.2)).text
    assert await auditor.whole(at(31)) == []


async def test_a_supervise_notice_that_vanished_is_left_to_people(desk: Desk) -> None:
    """It was counted when the cursor passed it: planned again, it would count twice."""
    matter = await lived(desk, 19, 27, 71.5, 72)
    await gone(matter, "supervise", 0)
    assert await looked(desk, 73) == ["ban 应发未发：1天督办", "wang 应发未发：1天督办"]
    assert await states("supervise") == []
    assert (await Matter.get(id=matter.id)).supervised == 1


async def test_many_of_one_duty_are_one_card(desk: Desk) -> None:
    matter = await lived(desk, 19, 27, 30, 33, 36)
    for seq in (1, 2, 4):
        await gone(matter, "urge", seq)
    assert await looked(desk, 36.5) == [f"{each} 应发未发：1天第4次催办等3项" for each in ("ban", "wang")]
    assert [each[2] for each in await planned() if each[1] == "urge"] == [3, 4]


async def test_a_lost_cursor_is_set_again(desk: Desk) -> None:
    matter = await lived(desk, 19, 27)
    await Obligation.filter(matter_id=matter.id, name="N1").update(next_notice_at=None)
    told = await looked(desk, 28)
    assert told == ["ban 1天后续通知未排期", "wang 1天后续通知未排期"]
    assert (await owed(matter)).next_notice_at == at(30)
    assert await looked(desk, 29) == []
    await desk.turn(30)
    assert ("N1", "urge", 2) in await planned()


async def test_what_was_set_aside_is_told(desk: Desk) -> None:
    matter = await lived(desk, 19)
    await Obligation.filter(matter_id=matter.id, name="N1").update(next_notice_at=None, fault="ValueError: x")
    assert await looked(desk, 20) == ["ban 1天计划出错，已停发通知", "wang 1天计划出错，已停发通知"]
    assert (await owed(matter)).next_notice_at is None
    assert await looked(desk, 21) == []


async def test_nobody_could_be_reached(desk: Desk) -> None:
    """Every lane of everybody in the unit failed: the office, its director and the leader are told by card and SMS."""
    matter = await lived(desk, 19, 27)
    unit = [(await Person.get(wecom_id=each)) for each in ("a", "b", "chu")]
    for each in unit:
        await Person.filter(id=each.id).update(wecom_id=None, phone="")
    await desk.turn(72)
    desk.forget()
    await auditor.audit(at(72.1))
    assert await auditor.audit(at(72.1)) > 0
    await desk.turn(72.1)
    told = [each for each in desk.wecom.sent if "无人收到" in each.get("title", "")]
    assert sorted(each["user"] for each in told) == ["ban", "fen", "wang"]
    assert {each["title"] for each in told} == {"督办无人收到，请另行通知"}
    assert all(each.name in told[0]["text"] for each in unit)
    assert len(desk.sms.raw) == 3
    notice = await Notice.get(kind="unreached")
    assert (notice.matter_id, notice.facts["missed"]) == (matter.id, "supervise")
    assert not [each for each in await looked(desk, 72.2) if "无人收到" in each]


async def test_one_of_the_unit_was_reached(desk: Desk) -> None:
    await lived(desk, 19)
    await Person.filter(wecom_id__in=["b", "chu"]).update(wecom_id=None, phone="")
    await desk.turn(72)
    told = await looked(desk, 72.1)
    assert not await Notice.filter(kind="unreached").exists()
    assert len(told) == 4  # two people, each told to office and director, once a day
    assert all("【通知未达】" in each for each in told)
    assert await looked(desk, 72.2) == []


async def test_an_initiation_without_anybody(desk: Desk) -> None:
    """The unit has no people any more: its notice goes to the office, and to nobody of the unit."""
    await auditor.audit(at(0))
    matter = await desk.world.matter()
    await Person.filter(wecom_id__in=["chu", "a", "b"]).update(active=False)
    await desk.turn(0)
    assert await looked(desk, 0.1) == [f"{each} 交办无人收到，请另行通知" for each in ("ban", "fen", "wang")]
    assert (await Notice.get(kind="unreached")).facts["names"] == []
    assert matter.id


async def test_a_card_that_still_waits_is_no_alarm(desk: Desk) -> None:
    """The SMS failed, the card goes on trying: it may yet come."""
    await lived(desk, 19)
    desk.wecom.always, desk.sms.always = ChannelDown("gone"), Unreachable("no such number")
    await desk.turn(72)
    assert await looked(desk, 72.1) == []
    assert not await Notice.filter(kind="unreached").exists()


async def test_an_outage_is_told(desk: Desk) -> None:
    await lived(desk, 19)
    assert await looked(desk, 20) == []
    await Outage.create(began_at=at(20), ended_at=at(26))
    told = await looked(desk, 26)
    assert [each.partition(" ")[0] for each in told] == ["ban", "wang"]
    assert "系统在3月3日 05:00至3月3日 11:00没有运行" in told[0]
    assert await looked(desk, 26.1) == []


async def test_planning_stands_still(desk: Desk) -> None:
    """Due for half an hour, at two looks: told once a day. One look says nothing: time may have jumped."""
    await lived(desk, 19)
    await auditor.audit(at(27.4))
    await auditor.audit(at(27.6))
    desk.forget()
    await desk.send(27.6)
    assert [each["text"] for each in desk.wecom.sent if "通知停滞" in each.get("text", "")] != []
    assert "3月3日 12:00起到期的通知没有排出" in desk.wecom.sent[0]["text"]
    desk.forget()
    await auditor.audit(at(27.7))
    await desk.send(27.7)
    assert desk.wecom.raw == []


async def test_sending_stands_still(desk: Desk) -> None:
    await lived(desk, 19)
    await desk.plan(27)
    await auditor.audit(at(27.4))
    assert await auditor.audit(at(27.6)) == 1
    assert "发出" in (await Meta.get(key__startswith="word:waiting")).value


async def test_a_look_costs_the_same_whatever_the_book(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch by stretch, round and round; a finding waits for its turn."""
    monkeypatch.setattr(auditor, "STRETCH", 3)
    matter = await lived(desk, 19, 27)
    for _ in range(3):
        await desk.world.matter(PROPOSE, 27.1)
    await desk.turn(27.2)
    last = await Obligation.all().order_by("-id").first()
    assert last
    await Obligation.filter(id=last.id).update(next_notice_at=None)
    told, places = 0, []
    for _ in range(30):
        told += await auditor.audit(at(28))
        places.append(json.loads((await Meta.get(key="audit")).value)["obligation"])
    assert told == 1
    assert places[0] == 3 or places[0] == 0
    assert set(places) == set(range(0, last.id, 3))
    state = json.loads((await Meta.get(key="audit")).value)
    assert state["notice"] == (await Notice.all().order_by("-id").first()).id  # type: ignore[union-attr]
    assert matter.id


async def test_a_look_that_another_replica_made_meanwhile(desk: Desk) -> None:
    """Told twice, kept once: the key of a finding is its own."""
    matter = await lived(desk, 19, 27, 30)
    await gone(matter, "urge", 1)
    row = await Meta.get(key="audit")
    assert await auditor.audit(at(31)) == 1
    await Meta.filter(key="audit").update(value=row.value)
    assert await auditor.audit(at(31)) == 0
    assert await Notice.filter(kind="gap").count() == 1


async def test_who_answers_in_the_middle_of_a_look(desk: Desk) -> None:
    """The row moved on after it was read: nothing is mended, nothing is told; the next look sees it as it is."""
    matter = await lived(desk, 19, 27, 30)
    await gone(matter, "urge", 2)
    (found,) = await auditor.whole(at(31))
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 31)
    assert await auditor.findings.gap(found, at(31)) == 0
    assert (await owed(matter)).ended == "met"
    assert await auditor.whole(at(31)) == []
    assert timedelta(0) < at(31) - found.at  # type: ignore[operator]


async def test_the_whole_book_reads_in_two_statements_a_stretch(desk: Desk) -> None:
    """No statement a matter: what a look costs does not grow with what it reads."""
    await lived(desk, 19)
    before = await counted(desk)
    for _ in range(4):
        await desk.world.matter(PROPOSE, 19.1)
    await desk.turn(19.2)
    assert await counted(desk) == before


async def counted(desk: Desk) -> int:
    """Statements of one stretch."""
    client, made = database.connection(), [0]
    del desk
    original = client.execute_query

    async def counting(*args: object) -> object:
        made[0] += 1
        return await original(*args)

    client.execute_query = counting  # type: ignore[method-assign]
    try:
        assert await auditor.whole(at(20)) == []
    finally:
        client.execute_query = original  # type: ignore[method-assign]
    return made[0]
