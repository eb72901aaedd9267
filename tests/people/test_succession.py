"""What waits, and what was sent, as a post changes hands: each notice goes to whom it concerns then (A64, A37)."""

from __future__ import annotations

from datetime import date

import pytest

from bot.actions import setting, takeover
from bot.engine import notify
from bot.engine.notify import Planned
from bot.rules.ruleset import Ruleset
from models.delivery import Delivery
from models.matter import Matter
from models.obligation import Obligation
from models.people import Seat
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days

SWAP = "/换岗 水资源处 A:孙贝 B:李安"
DONE = "完结 1 理由：已全部整改到位"


async def sure(days: Days, user: str, text: str, hours: float) -> None:
    """A command that asks back, confirmed; nothing is sent."""
    card = (await days.world.say(user, text, hours)).card
    assert card
    await days.world.press(user, card.actions[0].key, hours)


async def leaves(days: Days, user: str, hours: float) -> None:
    """The person's seats end with yesterday, and nobody follows."""
    await Seat.filter(person_id=days.world.people[user]).update(until=date(2026, 3, 1), begun=True)
    await takeover.advance(at(hours))


async def where(days: Days, kind: str, lane: str = "chat") -> dict[str, str]:
    """Login → state of the deliveries of a kind."""
    names = {number: login for login, number in days.world.people.items()}
    found = await Delivery.filter(kind=kind, lane=lane).order_by("id").values_list("person_id", "state")
    return {names[person]: state for person, state in found}


@pytest.mark.requirement("A64", "A37")
async def test_a_reminder_is_the_new_as_though_the_old_one_stays_in_the_unit(days: Days) -> None:
    await days.matter()
    await days.until(18.9)
    await days.plan(19)
    await sure(days, "ban", SWAP, 19)
    assert await where(days, "remind") == {"a": "cancelled", "b": "pending"}


@pytest.mark.requirement("A64")
async def test_news_stays_with_who_is_still_of_the_unit_and_else_goes_to_the_successor(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.world.hand_in("a", 2)
    await days.sure("a", DONE, 2)
    await days.world.say("ban", "/同意办结 1", 3)
    everybody = {"zhang": "pending", "a": "pending", "b": "pending", "chu": "pending"}
    assert await where(days, "decision") == everybody
    await sure(days, "ban", SWAP, 3)
    assert await where(days, "decision") == everybody
    assert "take_over" not in await days.verbs()
    await sure(days, "ban", "/换岗 水资源处 负责人:王主任", 3)
    assert await where(days, "decision") == {**everybody, "chu": "cancelled", "wang": "pending"}
    assert (await days.verbs())[-1] == "take_over"
    await Delivery.filter(person_id=days.world.people["a"], kind="decision").update(state="sending")
    await sure(days, "ban", "/换岗 水资源处 B:规划员", 3)
    gone = {"chu": "cancelled", "wang": "pending", "a": "sending", "gui": "pending"}  # on its way: not called back
    assert await where(days, "decision") == {**everybody, **gone}
    assert (await days.verbs()).count("take_over") == 2


@pytest.mark.requirement("A64")
async def test_news_of_a_leader_without_a_successor_is_nobodys(days: Days) -> None:
    await days.world.say("ban", PROPOSE.replace("省政府13710", "办公会"))
    await days.world.say("fen", "/批准 1")
    await days.world.hand_in("a", 1)
    await days.sure("a", DONE, 1)
    await days.world.say("ban", "/同意办结 1", 2)
    assert await where(days, "reported_up") == {"fen": "pending"}
    await leaves(days, "fen", 2)
    assert await where(days, "reported_up") == {"fen": "cancelled"}


@pytest.mark.requirement("A64", "A44")
async def test_the_sms_of_the_first_urge_is_the_successors_too(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(first_urge_sms=True)))
    await days.matter()
    await days.until(26.9)
    await days.plan(27)
    assert await where(days, "urge", "sms") == {"a": "pending"}
    await sure(days, "ban", SWAP, 27)
    assert await where(days, "urge", "sms") == {"a": "cancelled", "b": "pending"}


@pytest.mark.requirement("A64", "A37")
@pytest.mark.parametrize(
    ("hours", "number", "told"),
    [(30, 2, ["a", "zhang"]), (50, 9, ["a", "gui", "zhang"]), (52, 10, ["a", "zhang"])],
    ids=["second", "first of the second day", "after it"],
)
async def test_a_later_urge_goes_to_the_new_b_and_to_the_new_head_once_a_day(
    days: Days, hours: int, number: int, told: list[str]
) -> None:
    """The head is told of the first one, and of the first that comes every two hours; he was B, too."""
    setting.use(setting.Setting(KEY, Ruleset(head_notices="sparse")))
    await Seat.filter(role="operator_b").update(person_id=days.world.people["chu"])
    await days.matter()
    await days.until(hours - 0.1)
    await days.plan(hours)
    await sure(days, "ban", "/换岗 水资源处 负责人:规划员 B:张三", hours)
    unsent = Delivery.filter(notice__kind="urge", notice__seq=number, lane="chat", state="pending")
    assert {*await unsent.values_list("person_id", flat=True)} == {days.world.people[user] for user in told}


@pytest.mark.requirement("A64")
async def test_each_is_asked_for_his_own_word_alone(days: Days) -> None:
    """A new director; the leader in charge has a card of his own."""
    await days.world.say("ban", PROPOSE.replace("省政府13710", "处室"))
    await Seat.create(person_id=days.world.people["gui"], role="office_director", since=date(2026, 3, 2))
    await leaves(days, "wang", 1)
    asked = await Delivery.filter(kind="approval").order_by("id").values_list("person_id", "state")
    people = days.world.people
    assert [tuple(each) for each in asked] == [
        (people["fen"], "pending"),
        (people["wang"], "cancelled"),
        (people["gui"], "pending"),
    ]


@pytest.mark.requirement("A64", "A44")
async def test_an_sms_that_waits_is_the_successors(days: Days) -> None:
    await days.world.matter()
    await days.plan(0)
    await sure(days, "ban", "/换岗 水资源处 A:规划员", 0)
    assert await where(days, "initiate", "sms") == {"chu": "pending", "a": "cancelled", "gui": "pending"}
    assert await where(days, "initiate") == {"chu": "pending", "a": "cancelled", "b": "pending", "gui": "pending"}


@pytest.mark.requirement("A64", "A37")
async def test_the_handlers_reminder_is_his_stand_ins(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.until(66.9)
    await days.plan(67)
    await days.world.say("ban", "/代班 张三 规划员 今天", 67)
    assert await where(days, "remind") == {"a": "pending", "zhang": "cancelled", "gui": "pending"}


@pytest.mark.requirement("A64", "A66")
async def test_what_the_last_clerk_was_to_decide_is_the_directors(days: Days) -> None:
    await days.matter()
    await days.said("a", ACK, 1)
    await days.said("a", "进展 1 已完成现场核查，形成问题清单", 2)
    await days.world.say("a", "进展 1 7天 已完成现场核查，形成问题清单", 3)
    await days.world.hand_in("zhang", 4)
    await sure(days, "zhang", DONE, 4)
    assert await where(days, "applied") == {"a": "pending"}
    await leaves(days, "ban", 5)
    assert await where(days, "completion") == {"ban": "cancelled", "wang": "pending"}
    assert await where(days, "feedback") == {"ban": "cancelled"}  # to be read by the office, and no unit's affair
    await sure(days, "wang", "/换岗 水资源处 A:规划员 负责人:王主任", 5)
    assert await where(days, "applied") == {"a": "cancelled", "gui": "pending"}
    await leaves(days, "gui", 5)
    assert await where(days, "applied") == {"a": "cancelled", "gui": "cancelled", "b": "pending"}


@pytest.mark.requirement("A64", "A84")
async def test_a_new_clerk_gets_the_cards_that_wait(days: Days) -> None:
    """Two proposals of accountability and an extension: to each its own, whatever number other notices have."""
    await days.world.matter(PROPOSE.replace("一般", "重大"))
    await days.world.say("a", "延期 1 理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30", 1)
    await days.world.matter(PROPOSE.replace("取水", "用水"), 1)
    await days.plan(27)  # the first urge has the extension's number
    for root in await Obligation.filter(name="MATTER").order_by("id"):
        await Matter.filter(id=root.matter_id).update(proposal_open=True)
        asks = Planned(root.matter_id, root.id, 1, "accountability_proposal", 0, at(27), [days.world.people["ban"]])
        await notify.plan([asks], at(27))
    await Seat.create(person_id=days.world.people["gui"], role="office", since=date(2026, 3, 3))
    await takeover.advance(at(28))
    mine = Delivery.filter(person_id=days.world.people["gui"], notice_id__isnull=False).order_by("id")
    got = await mine.values_list("kind", "notice__matter__number")
    assert [tuple(each) for each in got] == [
        ("extension", 1),
        ("accountability_proposal", 1),
        ("accountability_proposal", 2),
    ]


@pytest.mark.requirement("A64")
async def test_whose_card_turned_gets_a_new_one_and_another_card_is_none(days: Days) -> None:
    await days.matter(f"{PROPOSE} 配合:规划处")
    await days.sure("ban", "/换岗 水资源处 A:规划员", 1)
    assert await where(days, "taken_over") == {"gui": "accepted"}  # that he was to cooperate is another matter
    await days.sure("ban", "/换岗 水资源处 A:李安", 2)
    await days.sure("ban", "/换岗 水资源处 B:张三", 2)
    assert await where(days, "taken_over") == {"gui": "accepted", "a": "accepted", "zhang": "accepted"}


@pytest.mark.requirement("A64")
async def test_who_stays_in_the_unit_keeps_his_cards_while_something_waits(days: Days) -> None:
    await days.matter(PROPOSE.replace("一般", "重大"))
    await days.said("a", "延期 1 理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30", 1)
    await days.until(27.5)  # the first urge has the extension's number
    assert "a" in await days.told("urge")
    await days.sure("ban", SWAP, 28)
    assert not days.wecom.replaced


@pytest.mark.requirement("A64")
async def test_a_word_that_waits_for_the_director_is_no_matters(days: Days) -> None:
    await days.matter()
    for _ in range(2):
        await days.world.say("wang", "/代班 王主任 规划员 今天", 1)
        await days.world.say("gui", "/代班 王主任 取消", 2)
    assert set(await where(days, "word")) == {"wang", "gui"}


@pytest.mark.requirement("A64", "A44")
async def test_whom_the_card_never_reached_gets_one(days: Days) -> None:
    await days.matter()
    chu = Delivery.filter(person_id=days.world.people["chu"], kind="initiate")
    await chu.filter(lane="chat").update(state="failed")
    assert await chu.filter(lane="sms").values_list("state", flat=True) == ["accepted"]
    await days.sure("ban", "/换岗 水资源处 A:陈处长", 1)
    assert await where(days, "taken_over") == {"chu": "accepted"}


@pytest.mark.requirement("A64")
async def test_another_leader_in_charge_takes_no_matter_over(days: Days) -> None:
    await days.matter()
    await days.said("wang", "/代班 分管 规划员 今天", 1)
    assert "take_over" not in await days.verbs()
