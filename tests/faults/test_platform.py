"""The platform is away, slow or silent: everybody is told once, by SMS when and only when it should be."""

from __future__ import annotations

import pytest

from bot.engine import lanes
from models.delivery import Delivery
from models.recipient import Quota
from tests.faults.storm import HOUR, MINUTE, NOON, UNIT, Storm, cards, each_at, states, texts
from tests.stories import theatre


@pytest.mark.parametrize("answer", ["closed", "html"])
async def test_down_for_hours(storm: Storm, answer: str) -> None:
    """Every rung is told by SMS ten minutes after its first try, and by card once the platform is back."""
    await storm.begin()
    await storm.fault("down", answer=answer)
    await storm.past(NOON + 200 * MINUTE)
    assert await cards(storm, "urge") == []
    assert await texts(storm) == each_at("03-03 12:10") + each_at("03-03 15:10")
    assert {state for state, _ in await states("urge")} == {"pending"}
    await storm.fault("down", on=False)
    await storm.past(NOON + 206 * MINUTE)  # five minutes between two tries at the most
    for seq in (1, 2):
        assert sorted(each.split()[-1] for each in await cards(storm, "urge", seq)) == sorted(UNIT)
        assert {state for state, _ in await states("urge", seq=seq)} == {"accepted"}
    wired = await storm.wired("urge")
    assert len(wired) == 6
    assert min(wired.values()) > 2
    assert await storm.score() == -2
    await storm.past(NOON + 7 * HOUR)
    assert await cards(storm, "urge", 3) == each_at("03-03 18:00")
    assert len(await texts(storm)) == 6


async def test_back_while_the_platform_still_remembers(storm: Storm) -> None:
    """It took the cards, broke down and came back almost four hours later: nobody sees a second one."""
    await storm.begin()
    await storm.fault("timeout_after_accept", path="/cgi-bin/message/send", count=3)
    await storm.past(NOON)
    await storm.fault("down")
    await storm.past(NOON + 4 * HOUR - 10 * MINUTE)
    assert {state for state, _ in await states("urge")} == {"pending"}
    await storm.fault("down", on=False)
    await storm.past(NOON + 4 * HOUR)
    assert {state for state, _ in await states("urge")} == {"accepted"}
    assert await cards(storm, "urge") == each_at("03-03 12:00")


async def test_down_longer_than_the_platform_remembers(storm: Storm) -> None:
    """What may have arrived is not sent after four hours: the SMS has told. What is younger still comes."""
    storm.unsent = {"unknown"}
    await storm.begin()
    await storm.fault("down")
    await storm.past(NOON + 5 * HOUR)
    assert {state for state, _ in await states("urge")} == {"unknown"}
    await storm.fault("down", on=False)
    await storm.past(NOON + 5 * HOUR + 6 * MINUTE)
    assert await cards(storm, "urge", 1) == []
    assert sorted(each.split()[-1] for each in await cards(storm, "urge", 2)) == sorted(UNIT)
    assert await texts(storm) == each_at("03-03 12:10") + each_at("03-03 15:10")


async def test_the_last_try_lies_within_the_platforms_memory(storm: Storm) -> None:
    """The window is the platform's and begins when it took the message: the very end of ours is left unused."""
    storm.unsent = {"unknown"}
    await storm.begin()
    await storm.fault("timeout_after_accept", count=3)
    await storm.past(NOON)
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    storm.stage.platform.platform.clock.change(to=NOON + 4 * HOUR)  # this process hung, and the platform forgot
    await storm.stage.engine.send(NOON + 4 * HOUR)
    assert await states("urge") == [("unknown", 2)] * 3
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    assert set((await storm.wired("urge")).values()) == {1}
    await storm.stage.settle()
    assert await texts(storm) == each_at("03-03 16:00")


async def test_a_long_outage_does_not_use_up_the_day(storm: Storm) -> None:
    """The quota counts messages, not tries: what is tried for hours counts once."""
    await storm.begin()
    before = (await Quota.get(channel="wecom", window="2026-03-03")).used
    await storm.fault("down")
    await storm.past(NOON + 2 * HOUR)
    assert sum((await storm.wired("urge")).values()) > 60
    assert (await Quota.get(channel="wecom", window="2026-03-03")).used == before + 3
    await storm.fault("down", on=False)
    await storm.past(NOON + 2 * HOUR + 6 * MINUTE)
    assert len(await cards(storm, "urge")) == 3


async def test_planning_stood_still_too(storm: Storm) -> None:
    """From 12:30 to 22:30 nothing was planned (A43): one catch-up, also when the platform is away as it comes."""
    await storm.begin()
    await storm.past(NOON + 30 * MINUTE)
    await storm.fault("down")
    storm.stage.platform.platform.clock.change(to=theatre.at("03-03 22:30"))
    await storm.past(theatre.at("03-03 22:45"))
    assert await cards(storm, "urge", 4) == []
    assert await texts(storm) == each_at("03-03 22:40")
    await storm.fault("down", on=False)
    await storm.past(theatre.at("03-04 03:10"))
    assert await cards(storm, "urge", 1) == each_at("03-03 12:00")
    assert {each[:8] for each in await cards(storm, "urge", 4)} == {"03-03 22"}
    assert [len(await cards(storm, "urge", seq)) for seq in range(2, 8)] == [0, 0, 3, 3, 3, 0]
    assert len(await texts(storm)) == 3
    assert await Delivery.filter(kind="urge", lane="chat").count() == 4 * 3


async def test_an_answer_during_the_outage(storm: Storm) -> None:
    """He answers the reminder; the urge that could not leave never comes, is not told by SMS and costs nothing."""
    await storm.begin()
    await storm.fault("down")
    await storm.past(NOON + 5 * MINUTE)
    assert "已" in await storm.say("张三", theatre.ACK)
    await storm.past(NOON + 20 * MINUTE)
    await storm.fault("down", on=False)
    await storm.past(NOON + 2 * HOUR)
    assert (await cards(storm, "urge"), await texts(storm)) == ([], [])
    assert {state for state, _ in await states("urge")} == {"cancelled"}
    assert await storm.score() == -1  # overdue alone
    assert not [each for each in await storm.screen("张三") if each["via"] == "push" and each["state"] == "sent"]


async def test_accepted_and_no_word_of_it(storm: Storm) -> None:
    """The same bytes again; the platform recognises them, and everybody sees the card once."""
    await storm.begin()
    await storm.fault("timeout_after_accept", path="/cgi-bin/message/send", count=3)
    await storm.past(NOON)
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    assert await states("urge") == [("pending", 1)] * 3
    await storm.past(NOON + MINUTE)
    assert await cards(storm, "urge") == each_at("03-03 12:00")
    assert await states("urge") == [("accepted", 2)] * 3
    assert set((await storm.wired("urge")).values()) == {2}
    became = [row["became"] for row in storm.requests()[-3:]]
    assert all(each["duplicate_of"] for each in became)
    assert await texts(storm) == []
    assert "[已安排陈晨]" in await storm.press("张三", "第1次催办", "收到并安排", person="陈晨")
    assert await storm.score() == -2


async def test_slow_but_in_time(storm: Storm) -> None:
    await storm.begin()
    await storm.fault("slow", count=3, seconds=0.2)
    await storm.past(NOON)
    assert await states("urge") == [("accepted", 1)] * 3
    assert await cards(storm, "urge") == each_at("03-03 12:00")


async def test_slower_than_anybody_waits(storm: Storm) -> None:
    """The first requests come through while or after the second ones do: each card is shown once all the same."""
    await storm.begin()
    impatient = storm.equip(timeout=0.3)
    await storm.fault("slow", path="/cgi-bin/message/send", count=3, seconds=1.0)
    await storm.past(NOON)
    assert await states("urge") == [("pending", 1)] * 3
    await impatient.close()
    client = storm.equip()
    await storm.past(NOON + MINUTE)
    assert await states("urge") == [("accepted", 2)] * 3
    await storm.all_answered()
    await client.close()
    became = [row["became"] for row in storm.requests()[-6:]]
    assert sum("duplicate_of" in each for each in became) == 3
    assert sorted(each.split()[-1] for each in await cards(storm, "urge")) == sorted(UNIT)


async def test_the_sms_gateway_is_down(storm: Storm) -> None:
    """The card tells; the SMS may have left, so it is not asked for again, and the record says that nobody knows."""
    storm.unsent = {"unknown"}
    await storm.until(theatre.T)
    await storm.fault("sms_down")
    await storm.matter()
    await storm.past(theatre.T + HOUR)
    assert len(storm.requests("/sms/")) == 2
    assert {each.state for each in await Delivery.filter(lane="sms")} == {"unknown"}
    assert len([each for each in await storm.sent("wecom") if "initiate" in each]) == 3
    await storm.fault("sms_down", on=False)
    await storm.past(NOON)
    assert len(storm.requests("/sms/")) == 2
    await storm.past(theatre.T + 72 * HOUR)
    assert sorted(await texts(storm, "督办：")) == each_at("03-05 09:00")


async def test_both_lanes_are_down(storm: Storm) -> None:
    """The card goes on trying and comes; the SMS was tried once."""
    storm.unsent = {"unknown"}
    await storm.begin()
    await storm.fault("down")
    await storm.fault("sms_down")
    await storm.past(NOON + HOUR)
    assert await states("urge", "sms") == [("unknown", 1)] * 3
    assert await storm.score() == -1  # nobody was urged so far
    await storm.fault("down", on=False)
    await storm.fault("sms_down", on=False)
    await storm.past(NOON + HOUR + 6 * MINUTE)
    assert (len(await cards(storm, "urge")), await texts(storm)) == (3, [])
    assert await storm.score() == -2


def test_our_window_ends_before_the_platforms() -> None:
    assert lanes.DEDUPLICATED < 4 * HOUR


async def test_a_card_that_changed_without_a_word(storm: Storm) -> None:
    """Its code works once: the second try is refused, and nobody can say; a change that never came through comes."""
    storm.unsent = {"unknown"}
    await storm.begin()
    await storm.past(NOON)
    await storm.fault("timeout_after_accept", path="/cgi-bin/message/update", count=1)
    await storm.fault("down", path="/cgi-bin/message/update", count=2)
    assert "已" in await storm.say("张三", theatre.ACK)
    turned = await Delivery.filter(lane="update").values_list("state", flat=True)
    assert sorted(str(each) for each in turned).count("pending") == 3
    await storm.past(NOON + 5 * MINUTE)
    turned = await Delivery.filter(lane="update").values_list("state", flat=True)
    assert sorted(str(each) for each in turned) == ["accepted"] * (len(turned) - 1) + ["unknown"]
    for name in UNIT:
        assert not [each for each in await storm.screen(name) if each["via"] == "push" and each["state"] == "sent"]
