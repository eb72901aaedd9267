"""The platform refuses: for a while, until somebody mends the configuration, or one person for good."""

from __future__ import annotations

import pytest

from models.delivery import Delivery
from tests.faults.storm import HOUR, MINUTE, NOON, UNIT, Storm, cards, each_at, states, texts
from tests.stories import theatre


async def test_a_token_revoked_once(storm: Storm) -> None:
    await storm.begin()
    await storm.fault("token_expired", count=1)
    tokens = len(storm.requests("/cgi-bin/gettoken"))
    await storm.past(NOON)
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    assert len(storm.requests("/cgi-bin/gettoken")) == tokens + 1
    assert await states("urge") == [("accepted", 1)] * 3
    assert 4 <= sum((await storm.wired("urge")).values()) <= 6  # who held the old token asks once more


async def test_tokens_refused_for_ever(storm: Storm, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice by try and no more, the try after it later and later; a person is told what to mend."""
    await storm.begin()
    await storm.fault("token_expired")
    tokens = len(storm.requests("/cgi-bin/gettoken"))
    await storm.past(NOON + HOUR)
    tries = [attempts for _, attempts in await states("urge")]
    assert max(tries) <= 20
    assert sum((await storm.wired("urge")).values()) == 2 * sum(tries)
    assert len(storm.requests("/cgi-bin/gettoken")) - tokens <= 2 * sum(tries)
    assert await texts(storm) == each_at("03-03 12:10")
    one = await Delivery.filter(kind="urge", lane="chat").first()
    assert one
    assert "check wecom.secret" in one.error
    assert "channel_needs_mending" in capsys.readouterr().out
    await storm.fault("token_expired", on=False)
    await storm.past(NOON + HOUR + 6 * MINUTE)
    assert sorted(each.split()[-1] for each in await cards(storm, "urge")) == sorted(UNIT)
    assert len(await texts(storm)) == 3


async def test_this_servers_address_is_not_trusted(storm: Storm, capsys: pytest.CaptureFixture[str]) -> None:
    await storm.begin()
    await storm.fault("ip")
    await storm.past(NOON + 11 * MINUTE)
    one = await Delivery.filter(kind="urge", lane="chat").first()
    assert one
    assert (one.state, "trusted IP list" in one.error, "60020" in one.error) == ("pending", True, True)
    said = capsys.readouterr().out
    assert "channel_needs_mending" in said
    assert "trusted_ip" in said
    assert await texts(storm) == each_at("03-03 12:10")
    await storm.fault("ip", on=False)
    await storm.past(NOON + 20 * MINUTE)
    assert len(await cards(storm, "urge")) == 3
    assert set((await storm.wired("urge")).values()) == {one.attempt + 1}


@pytest.mark.parametrize(("name", "most"), [("busy", 20), ("rate_limit", 16), ("concurrency", 20)])
async def test_too_much_for_the_platform(storm: Storm, name: str, most: int) -> None:
    """Asked more and more rarely for an hour; the SMS tells after ten minutes, the card comes once it is over."""
    await storm.begin()
    await storm.fault(name)
    await storm.past(NOON + HOUR)
    assert max(attempts for _, attempts in await states("urge")) <= most
    assert {state for state, _ in await states("urge")} == {"pending"}
    assert await texts(storm) == each_at("03-03 12:10")
    await storm.fault(name, on=False)
    await storm.past(NOON + HOUR + 6 * MINUTE)
    assert sorted(each.split()[-1] for each in await cards(storm, "urge")) == sorted(UNIT)
    assert len(await texts(storm)) == 3


@pytest.mark.parametrize("name", ["busy", "rate_limit", "concurrency"])
async def test_a_short_burst_needs_no_sms(storm: Storm, name: str) -> None:
    await storm.begin()
    await storm.fault(name, count=6)
    await storm.past(NOON + 5 * MINUTE)
    assert await states("urge") == [("accepted", 3)] * 3
    await storm.past(NOON + HOUR)
    assert (len(await cards(storm, "urge")), await texts(storm)) == (3, [])


@pytest.mark.parametrize("name", ["unknown_user", "invalid_user", "unlicensed"])
async def test_one_who_has_no_account(storm: Storm, name: str) -> None:
    """He alone gets an SMS, at once and once for each notice; where there is an SMS anyway, no second one."""
    storm.unsent = {"failed"}
    await storm.until(theatre.T)
    await storm.fault(name, person=storm.stage.ids["李四"])
    await storm.matter()
    assert sorted(await texts(storm, "交办：")) == each_at("03-02 09:00")  # 张三 and 赵刚 by rule
    await storm.past(NOON)
    assert await cards(storm, "urge") == each_at("03-03 12:00", ["张三", "赵刚"])
    assert await texts(storm) == each_at("03-03 12:00", ["李四"])
    assert await states("urge") == [("accepted", 1), ("accepted", 1), ("failed", 1)]
    await storm.past(theatre.T + 72 * HOUR)
    assert sorted(await texts(storm, "督办：")) == each_at("03-05 09:00")
    assert "李四" not in str(await storm.sent("wecom"))
    await storm.fault(name, person=storm.stage.ids["李四"], on=False)
    await storm.past(theatre.T + 75 * HOUR)  # the first urge of N3
    assert [each for each in await storm.sent("urge") if "李四" in each and "N3 1" in each]
