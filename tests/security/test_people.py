"""Who holds a card, a link or a confirmation holds no right: he is judged when he presses, by what he is then."""

from __future__ import annotations

from datetime import timedelta

from bot.engine import outbox
from models.delivery import Delivery
from models.feedback import Feedback
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person, Seat
from tests.department import ACK, PROPOSE, T, World
from tests.engine.desk import Desk

GONE = "不在督办系统的人员名单中"


async def suspended(world: World, user: str, active: bool = False) -> None:
    await Person.filter(id=world.people[user]).update(active=active)


async def test_a_suspended_person_in_the_middle_of_it(world: World) -> None:
    """Between the card and its press, between the question and its answer, between the words and their reply."""
    first, second = await world.matter(), await world.matter(PROPOSE.replace("取水", "用水"))
    owed = await Obligation.get(matter_id=first.id, name="N1")
    asked = await world.say("a", "进展 已完成现场核查，形成问题清单", 1)
    assert asked.card
    desk = Desk(world)
    await desk.plan(0)
    lines = await Ledger.all().count()
    await suspended(world, "a")
    pressed = await world.press("a", f"ack:{owed.id}:1:1", 2, {"person": [str(world.people["zhang"])]})
    picked = await world.press("a", asked.card.actions[0].key, 2, {"matter": [str(second.id)]})
    for told in (pressed, picked, await world.say("a", ACK, 2), await world.say("a", "登录", 2)):
        assert GONE in told.text
    assert await Ledger.all().count() == lines
    assert not await Feedback.exists()
    # nothing that was on its way reaches him either
    await desk.turn(2)
    assert "a" not in desk.wecom.users
    assert {each.error for each in await Delivery.filter(person_id=world.people["a"])} == {"no longer in the roster"}
    assert await outbox.send(T + timedelta(hours=2), desk.lanes, limit=9, workers=1) == 0
    # back again he is who he was
    await suspended(world, "a", active=True)
    assert "2026-0001" in (await world.say("a", f"1 {ACK}", 3)).text


async def test_a_seat_that_ended_takes_its_buttons_along(world: World) -> None:
    """A confirmation that was asked for while he sat there is worth nothing once he does not."""
    matter = await world.matter()
    asked = await world.say("ban", "/改派 1 规划处 职责调整", 1)
    assert asked.card
    confirm = asked.card.actions[0].key
    assert "已过期" in (await world.press("wang", confirm, 2)).text  # another's, though he could do it himself
    await Seat.filter(person_id=world.people["ban"]).update(until=(T - timedelta(days=1)).date())
    told = await world.press("ban", confirm, 2)
    assert told.replace is None
    assert (await Matter.get(id=matter.id)).unit_id == world.units["水资源处"]
    for words in ("/改派 1 规划处 职责调整", "/催办 1", "/同意办结 1", "/未达"):
        await world.say("ban", words, 2)
    assert await Ledger.filter(actor_id=world.people["ban"]).values_list("verb", flat=True) == ["propose"]


async def test_a_card_that_wandered_to_another_unit(world: World) -> None:
    """Forwarded, photographed, typed off: the number on it opens nothing to who has no part in the matter."""
    matter = await world.matter(PROPOSE + " 敏感:是")
    owed = await Obligation.get(matter_id=matter.id, name="N1")
    before = await Ledger.all().count()
    chosen = {"person": [str(world.people["gui"])]}
    said = [await world.press("gui", f"{key}:{owed.id}:1:1", 1, chosen) for key in ("ack", "solved", "unsolved")]
    for words in ("进展 2026-0001 已完成现场核查，形成清单", "分办 2026-0001 规划员", "扣分 2026-0001"):
        said.append(await world.say("gui", words, 1))
    for told in said:
        assert "取水许可" not in told.text
        assert told.replace is None or "取水许可" not in told.replace.title
    assert await Ledger.all().count() == before
    assert (await Matter.get(id=matter.id)).handler_id is None
