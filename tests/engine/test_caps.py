"""Short messages by the day: a cap a person, one for all; the office hears before, and what is over shows."""

from __future__ import annotations

from dataclasses import replace

from bot.channels import ChannelDown, Unreachable
from bot.engine.caps import Caps
from models import unreached
from models.delivery import Delivery
from models.recipient import Quota
from tests.department import T
from tests.engine.desk import Desk


class Capped(Desk):
    """The desk with caps that are reached."""

    caps = Caps()

    @property
    def lanes(self):
        return replace(super().lanes, caps=self.caps)


def capped(desk: Desk, per_person: int, per_day: int) -> Capped:
    made = Capped(desk.world, desk.wecom, desk.sms, desk.wall)
    made.caps = Caps(per_person, per_day)
    return made


def phones(desk: Desk) -> list[str]:
    return sorted(each["user"] for each in desk.sms.sent)


async def told(desk: Desk) -> list[str]:
    return [each["text"] for each in desk.wecom.sent if "短信用量" in each.get("text", "")]


async def test_a_persons_cap(desk: Desk) -> None:
    """Every urge falls back to SMS; the officers' third of the day does not leave, and says why."""
    desk = capped(desk, 2, 100)
    await desk.urged()  # the initiation went to head and A by SMS, the day before
    await Quota.all().delete()
    desk.wecom.always = Unreachable("81013")
    for hours in (27, 30, 33):
        await desk.turn(hours)
    a, b, head = [await desk.phone(user) for user in ("a", "b", "chu")]
    assert phones(desk) == sorted([a, a, b, b, head, head])
    over = await Delivery.filter(lane="sms", state="failed")
    assert {each.error for each in over} == {"over sms.per_person_day = 2"}
    assert [each.why for each in await unreached.lost(T) if each.kind == "urge"] == ["over sms.per_person_day = 2"] * 3
    desk.wecom.always = None
    await desk.turn(33)
    # once a person and day, to the office and its director
    assert len(await told(desk)) == 3 * 2
    # the next day begins anew
    desk.forget()
    desk.wecom.always = Unreachable("81013")
    await desk.turn(42)
    assert len(phones(desk)) == 3


async def test_the_cap_of_all(desk: Desk) -> None:
    desk = capped(desk, 100, 5)
    await desk.urged()
    await Quota.all().delete()
    desk.wecom.always = Unreachable("81013")
    await desk.turn(27)
    assert await Delivery.filter(kind="word").count() == 0
    await desk.turn(30)
    assert len(phones(desk)) == 5
    assert {each.error for each in await Delivery.filter(lane="sms", state="failed")} == {"over sms.per_day = 5"}
    desk.wecom.always = None
    await desk.turn(30)
    assert sorted(each[:14] for each in await told(desk)) == ["【短信用量提醒】今日全部短信"] * 2


async def test_a_second_try_is_not_counted_again(desk: Desk) -> None:
    desk = capped(desk, 100, 100)
    await desk.urged()
    await Quota.all().delete()
    desk.wecom.always = Unreachable("81013")
    desk.sms.always = ChannelDown("gone")
    for _ in range(4):
        await desk.send(27)
        desk.wall.on(seconds=300)
    assert (await Quota.get(channel="sms", window="2026-03-03")).used == 3
    assert min(await Delivery.filter(kind="urge", lane="sms").values_list("attempt", flat=True)) > 1
