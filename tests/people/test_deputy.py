"""A can't be reached: B hears of it at once, then the head; the office sees why (A64)."""

from __future__ import annotations

import pytest

from bot.channels import Unreachable
from models.delivery import Delivery
from models.people import Person
from tests.department import ACK
from tests.office.days import Days
from tests.people.test_reseat import told


class Deaf:
    """A channel on which these accounts can't be reached."""

    def __init__(self, days: Days, *users: str) -> None:
        self.days, self.users, self.send = days, users, days.wecom.send
        days.wecom.send = self  # type: ignore[method-assign, assignment]

    async def __call__(self, payload: str) -> object:
        if any(f'"user": "{user}"' in payload for user in self.users):
            raise Unreachable("81013 user is not visible to the app")
        return await self.send(payload)


@pytest.mark.requirement("A64", "A44")
async def test_b_is_told_in_as_stead(days: Days) -> None:
    await days.matter()
    Deaf(days, "a")
    await days.until(19.5)  # the reminder goes to A alone
    assert await told(days, "remind") == ["b"]
    (card,) = await days.cards("b")
    assert "提醒" in card
    assert (await Delivery.get(kind="remind", lane="sms")).state == "accepted"  # and A by SMS
    text = await days.said("ban", "/未达")
    assert "企业微信送不到、已发短信的1人：\n李安 1条（81013 user is not visib…），已转孙贝" in text
    await days.until(28)
    assert await told(days, "urge") == ["b", "chu"]  # B had it anyhow, nobody twice
    assert "李安 2条" in await days.said("ban", "/未达")


@pytest.mark.requirement("A64")
async def test_then_the_head(days: Days) -> None:
    await days.matter()
    days.mode = "off"
    Deaf(days, "a", "b")
    await days.until(19.5)
    assert await told(days, "remind") == ["chu"]
    text = await days.said("ban", "/未达")
    assert "提醒 1天 3月3日 04:00 李安：企业微信、短信均未达（81013 user is not visib…），已转孙贝" in text
    assert "孙贝：企业微信、短信均未达（81013 user is not visib…），已转陈处长" in text


@pytest.mark.requirement("A64")
async def test_the_card_says_in_whose_stead(days: Days) -> None:
    await days.matter()
    Deaf(days, "a")
    await days.until(19.5)
    sent = [each for each in days.wecom.sent if each["user"] == "b"]
    assert [each["quote"] for each in sent] == ["李安未能收到本通知，请您先行处理。"]
    await days.until(28)
    assert [each["quote"] for each in days.wecom.sent if each["user"] == "chu"][-1:] == [""]


@pytest.mark.requirement("A64", "A37")
@pytest.mark.parametrize("how", ["no account", "suspended"])
async def test_who_has_no_account_or_left(days: Days, how: str) -> None:
    await days.matter()
    await days.said("a", ACK, 2)
    await days.plan(67)  # the reminder of N3, to 张三 and A
    changed = {"wecom_id": None} if how == "no account" else {"active": False}
    await Person.filter(wecom_id="a").update(**changed)
    await days.turn(67)
    assert await told(days, "remind") == ["b", "zhang"]
    assert not await Delivery.filter(kind="remind", lane="sms", state="accepted").exists() or how == "no account"
    await days.until(76)
    assert await told(days, "urge") == ["b", "chu", "zhang"]


@pytest.mark.requirement("A64")
async def test_a_handler_is_nobodys_deputy(days: Days) -> None:
    """A gets every card of the handler's himself."""
    await days.matter()
    await days.said("a", ACK, 2)
    Deaf(days, "zhang")
    await days.until(68)
    assert await told(days, "remind") == ["a"]
