"""/换岗: new holders from today; what is open goes with the post in the same transaction (R50, A64)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from models import database, roster
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.people import Person, Seat
from tests.department import ACK, PROPOSE
from tests.office.days import Days

COMMAND = "/换岗 水资源处 A:规划员"


async def told(days: Days, kind: str, state: str = "accepted") -> list[str]:
    names = {number: login for login, number in days.world.people.items()}
    sent = Delivery.filter(kind=kind, lane="chat", state=state)
    return sorted(names[each] for each in await sent.values_list("person_id", flat=True))


async def letter(days: Days, user: str) -> str:
    """The last message in words that a person got."""
    return [each["text"] for each in days.wecom.sent if each["user"] == user and "title" not in each][-1]


@pytest.mark.requirement("R50", "A64")
async def test_the_new_a_takes_over_in_the_middle_of_a_ladder(days: Days) -> None:
    await days.matter()
    await days.until(31)  # two urges
    card = (await days.world.say("ban", COMMAND, 31)).card
    assert card
    assert (card.title, card.facts, card.desc) == ("请确认换岗：水资源处", [("A岗", "李安→规划员")], "在办1件一并移交")
    assert await Seat.filter(role="operator_a", unit_id=days.world.units["水资源处"]).count() == 1  # nothing yet
    days.forget()
    done = await days.world.press("ban", card.actions[0].key, 31)
    assert "A岗：李安→规划员" in done.text
    assert done.replace.done == "已确认"
    await days.turn(31)
    assert await told(days, "taken_over") == ["gui"]
    text = await letter(days, "gui")
    assert "您任水资源处A岗，接李安。" in text
    assert "【移交清单】未办4项" in text
    assert "1．2026-0001 关于开展取水许可核… 1天：3月3日 09:00截止，已逾期7小时，已催办2次" in text
    assert "您不再担任水资源处A岗，由规划员接任" in await letter(days, "a")
    assert [each.done for user, _, each in days.wecom.replaced if user == "a"] == ["已移交"] * 4
    (line,) = await Ledger.filter(verb="take_over")
    assert line.actor_id == days.world.people["ban"]
    assert {each["what"] for each in json.loads(line.body)["facts"]["moves"]} == {"left", "appointed"}
    assert await days.world.intact()


@pytest.mark.requirement("R50", "A64")
async def test_who_holds_a_post_today(days: Days) -> None:
    """Not who held it until yesterday, nor who stands in; a post may be empty, and only what runs goes with it."""
    unit, gui = days.world.units["水资源处"], days.world.people["gui"]
    await days.matter()
    await days.matter(PROPOSE.replace("处室:水资源处", "处室:规划处"))
    await days.matter()
    await days.sure("wang", "/撤销 3 任务取消", 1)
    await Seat.create(person_id=gui, unit_id=unit, role="operator_a", until=date(2026, 3, 1), begun=True)
    await days.said("wang", "/代班 李安 规划员 3月2日至6日", 1)
    card = (await days.world.say("ban", COMMAND, 2)).card
    assert (card.facts, card.desc) == ([("A岗", "李安→规划员")], "在办1件一并移交")
    await Seat.filter(unit_id=unit, role="operator_b").delete()
    await Person.filter(id=days.world.people["b"]).update(wecom_id=None)
    card = (await days.world.say("ban", "/换岗 水资源处\nB:孙贝\n", 2)).card
    assert card.facts == [("B岗", "空缺→孙贝")]
    done = await days.world.press("ban", card.actions[0].key, 2)
    assert "B岗：孙贝\n" in done.text
    assert "注意：孙贝没有企业微信账号，通知只能发短信" in done.text
    assert "A岗：李安→规划员\n" in await days.sure("ban", COMMAND, 2)
    assert await Seat.filter(unit_id=unit, role="operator_a", stands_in_for_id=None, until=None).count() == 1


@pytest.mark.requirement("A64")
async def test_who_is_away_takes_no_post(days: Days) -> None:
    await days.said("wang", "/代班 孙贝 规划员 3月2日至6日", 1)
    away = "孙贝目前由规划员代班至3月6日 周五 24:00，不能任新岗"
    assert away in await days.said("ban", "/换岗 水资源处 负责人:孙贝", 2)


@pytest.mark.requirement("A64")
async def test_who_will_be_away_takes_the_post_and_his_stand_in_with_him(days: Days) -> None:
    """Also where the new post ends the one that the absence was planned for; what is over follows nobody."""
    gui, unit = days.world.people["gui"], days.world.units["水资源处"]
    for span in ("今天", "3月10日至12日", "3月20日"):
        await days.said("wang", f"/代班 孙贝 规划员 {span}", 1)
    planned = "孙贝3月10日 周二至3月12日 周四由规划员代班，新岗一并代行"
    command = "/换岗 水资源处 A:孙贝 B:张三 负责人:孙贝"
    card = (await days.world.say("ban", command, 24)).card
    assert card
    assert planned in card.text
    done = (await days.world.press("ban", card.actions[0].key, 24)).text
    assert done.count(planned) == 1
    assert "孙贝3月20日 周五至3月20日 周五由规划员代班" in done
    new = await Seat.filter(stands_in_for__since=date(2026, 3, 3), person_id=gui, unit_id=unit).order_by("id")
    spans = [(date(2026, 3, 10), date(2026, 3, 12)), (date(2026, 3, 20), date(2026, 3, 20))]
    assert [(each.role, each.since, each.until) for each in new] == [
        (role, *span) for role in ("head", "operator_a") for span in spans
    ]
    await days.until(24 * 8)
    assert "3月10日 周二" not in await days.sure("ban", "/换岗 水资源处 B:李安")
    assert "您代孙贝履行" in await letter(days, "gui")


@pytest.mark.requirement("A64", "A63")
async def test_rights_follow_the_seat_and_never_the_card(days: Days) -> None:
    matter = await days.matter()
    await days.until(28)
    n1 = await days.world.owed(matter, "N1")
    old = await Delivery.filter(person_id=days.world.people["a"], kind="urge").first()
    assert old
    await days.sure("ban", COMMAND, 28)
    picked = {"person": [str(days.world.people["zhang"])]}
    pressed = await days.world.press("a", f"ack:{n1.id}:1:{old.id}", 28, picked)
    assert "承办处室是水资源处" in pressed.text
    assert "没有需要反馈的事项" in await days.said("a", ACK)
    new = await Delivery.filter(person_id=days.world.people["gui"], kind="taken_over").first()
    assert new
    assert (await days.world.press("gui", f"ack:{n1.id}:1:{new.id}", 28, picked)).replace.done == "已安排张三"
    await days.until(31)
    assert await told(days, "urge") == ["a", "b", "chu"]
    assert "已登记 2026-0001 的3天" in await days.said("gui", "进展 1 3天 已完成现场核查，形成问题清单")


@pytest.mark.requirement("A64")
async def test_what_was_not_sent_yet_is_the_new_holders(days: Days) -> None:
    await days.matter()
    await days.until(27)
    await days.plan(27)  # the first urge is planned, nothing of it sent
    days.forget()
    await days.sure("ban", COMMAND, 27)
    assert days.wecom.users == sorted(["gui", "gui", "b", "chu", "a"])  # letter and urge, urge, urge, letter
    assert await told(days, "urge") == ["b", "chu", "gui"]
    assert await told(days, "urge", "cancelled") == ["a"]
    assert await told(days, "taken_over") == []  # the urge itself is the card
    assert await days.score() == -2
    await days.until(31)
    assert await told(days, "urge") == sorted(["b", "chu", "gui"] * 2)


@pytest.mark.requirement("A64")
async def test_the_old_holder_keeps_what_is_his_by_another_seat(days: Days) -> None:
    await days.matter()
    await days.until(28)
    days.forget()
    await days.sure("ban", "/换岗 水资源处 A:孙贝 B:李安", 28)  # they change places
    assert await told(days, "taken_over") == []
    assert not days.wecom.replaced
    assert "您任水资源处B岗" in await letter(days, "a")
    assert "您不再担任水资源处A岗，由孙贝接任" in await letter(days, "a")
    await days.until(31)
    assert await told(days, "urge") == sorted(["a", "b", "chu"] * 2)
    await days.sure("ban", "/换岗 水资源处 负责人:孙贝 A:陈处长", 31)  # a head may be A as well
    seats = Seat.filter(until__isnull=True, unit_id=days.world.units["水资源处"], role__in=("head", "operator_a"))
    assert {await seats.filter(role=role).count() for role in ("head", "operator_a")} == {1}
    await days.sure("ban", "/换岗 水资源处 A:孙贝 B:陈处长", 31)


@pytest.mark.requirement("A64", "A37")
async def test_who_handled_it_and_left_handles_it_no_more(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK.replace("张三", "李安"), 2)
    assert (await Matter.get()).handler_id == days.world.people["a"]
    await days.sure("ban", COMMAND, 3)
    assert (await Matter.get()).handler_id is None
    assert "3天" in await letter(days, "gui")
    assert "没有待办" in await days.said("a", "待办")
    await days.until(67.5)
    assert await told(days, "remind") == ["gui"]  # without a handler A stands for him


@pytest.mark.requirement("A64")
async def test_nothing_open_moves_nothing(days: Days) -> None:
    assert "目前没有在办事项" in await days.sure("ban", COMMAND, 1)
    assert "目前没有移交的未办事项" in await letter(days, "gui")
    assert await told(days, "word") == ["a", "gui"]
    assert (await Seat.get(person_id=days.world.people["a"])).until == date(2026, 3, 1)
    await days.until(48)
    assert await told(days, "word") == ["a", "gui"]  # once


@pytest.mark.requirement("A64")
async def test_the_confirmation_is_bound_to_what_was_seen(days: Days) -> None:
    first = (await days.world.say("ban", COMMAND)).card
    second = (await days.world.say("wang", "/换岗 水资源处 A:张三")).card
    assert first
    assert second
    assert "已过期" in (await days.world.press("wang", first.actions[0].key)).text  # not his words
    assert "已换岗" in (await days.world.press("wang", second.actions[0].key)).text
    assert "在您确认前有变化" in (await days.world.press("ban", first.actions[0].key)).text
    again = await days.world.press("wang", second.actions[0].key)
    assert (again.text.partition("，")[0], again.replace.done) == ("您已确认过“换岗 水资源处”", "已确认")


@pytest.mark.parametrize("text", [COMMAND, "/撤销 1 任务取消"])
async def test_what_changes_before_the_lock_is_had_is_seen(
    days: Days, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    await days.matter()
    lock, lock_matter = roster.lock, database.lock_matter

    async def reseated() -> None:
        await Seat.filter(role="operator_a").update(person_id=days.world.people["zhang"])
        await lock()

    async def written(matter_id: int) -> Matter:
        await Matter.filter(id=matter_id).update(ledger_n=99)
        return await lock_matter(matter_id)

    card = (await days.world.say("wang", text)).card
    monkeypatch.setattr(roster, "lock", reseated)
    monkeypatch.setattr(database, "lock_matter", written)
    assert "在您确认前" in (await days.world.press("wang", card.actions[0].key)).text


REFUSED = [
    ("/换岗 水资源处", "没有看懂换岗内容"),
    ("/换岗 水资源处 A:张三 A:孙贝", "没有看懂换岗内容"),
    ("/换岗 水利处 A:张三", "没有名为“水利处”的处室"),
    ("/换岗 水资源处 A:张珊", "花名册中没有“张珊”，未办理。是否为张三？"),
    ("/换岗 水资源处 A:孙贝", "A岗和B岗不能是同一人（孙贝）"),
    ("/换岗 水资源处 A:张三 B:张三", "A岗和B岗不能是同一人"),
    ("/换岗 水资源处 A:李安", "与水资源处现有安排相同"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
@pytest.mark.requirement("A64")
async def test_what_can_not_be(days: Days, text: str, words: str) -> None:
    assert words in await days.said("ban", text)
    assert await Seat.all().count() == 9


WRITTEN = [
    "换岗　水资源处　Ａ：规划员，Ｂ：张三",
    "／换岗 水资源处 A岗：规划员 B岗：张三",
    "/换岗 水资源处A岗规划员、B岗张三",
    "、换岗 水资源处 b=张三同志 a 规划处规划员",
    "/换岗：水资源处，A为规划员（规划处）；B为张三",
]


@pytest.mark.parametrize("text", WRITTEN)
async def test_as_people_write_it(days: Days, text: str) -> None:
    card = (await days.world.say("ban", text)).card
    assert card, (await days.world.say("ban", text)).text
    assert card.facts == [("A岗", "李安→规划员"), ("B岗", "孙贝→张三")]


@pytest.mark.parametrize("user", ["a", "chu", "fen", "ting"])
async def test_the_office_alone_may(days: Days, user: str) -> None:
    assert "不能使用“换岗”" in await days.said(user, COMMAND)
    assert "不能使用“代班”" in await days.said(user, "/代班 李安 张三 3月5日")


async def test_the_proposer_of_a_matter_is_untouched(days: Days) -> None:
    """News of a person's own, not of his post, stays his."""
    await days.world.say("ban", PROPOSE)
    await days.sure("ban", COMMAND)
    await days.world.say("wang", "同意")
    await days.turn(0)
    assert "ban" in await told(days, "approved")
