"""Several notices to one person in one minute are one message (A67); the platform's limits are kept here."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels import ChannelDown
from models.delivery import Delivery
from models.notice import Notice
from models.recipient import Quota
from models.score import ScoreEvent
from tests.engine.desk import Desk, at, states


@pytest.mark.requirement("A67")
async def test_two_urges_of_one_minute_are_one_card(desk: Desk) -> None:
    await desk.urged(2)
    await desk.turn(27)
    assert desk.wecom.users == ["a", "b", "chu"]
    assert all("2件" in each["title"] and len(each["facts"]) == 2 for each in desk.wecom.sent)
    assert await states("urge") == ["accepted"] * 6
    assert await ScoreEvent.filter(rule="urge_episode").count() == 2


@pytest.mark.requirement("A67")
async def test_a_minute_begins_with_the_first_notice(desk: Desk) -> None:
    await desk.world.matter()
    for seconds in (50, 109, 110):  # over a full minute of the clock, and one second too late
        await desk.world.matter(at=seconds / 3600)
    await desk.turn(0.1)
    await desk.turn(19.1)
    desk.forget()
    await desk.turn(27 + 120 / 3600)
    mine = [each for each in desk.wecom.sent if each["user"] == "b"]
    assert [len(each["facts"]) for each in mine if "件" in each["title"]] == [2, 2]
    assert await ScoreEvent.filter(rule="urge_episode").count() == 4


@pytest.mark.requirement("A67", "A37")
async def test_who_does_not_file_is_told_to_see_to_it(desk: Desk) -> None:
    await desk.urged(7)
    await desk.turn(72)
    texts = {each["user"]: each["text"] for each in desk.wecom.sent if "7件" in each["title"]}
    assert {*texts} == {"a", "b", "ban", "chu", "fen"}
    assert all("另有 1 件，请发送“事项”查看" in texts[user] for user in ("ban", "fen"))
    assert all("请督促有关处室尽快反馈" in texts[user] for user in ("ban", "fen"))
    assert "请逐件回复" in texts["a"]
    assert "发送“待办”查看" in texts["a"]


@pytest.mark.requirement("A67")
async def test_the_gravest_stands_first(desk: Desk) -> None:
    await desk.world.matter()
    await desk.world.matter(at=45)
    await desk.turn(45)
    for hours in (69, 71.9):
        await desk.turn(hours)
    desk.forget()
    await desk.turn(72)  # supervise of the first, the first urge of the second
    mine = [each for each in desk.wecom.sent if each["user"] == "a"]
    assert [[fact[0] for fact in each["facts"]] for each in mine] == [["督办", "催办"]]
    assert "2026-0001" in mine[0]["facts"][0][1]


async def test_more_than_six_are_counted(desk: Desk) -> None:
    await desk.urged(7)
    await desk.turn(27)
    mine = [each for each in desk.wecom.sent if each["user"] == "a"]
    assert len(mine) == 1
    assert "7件" in mine[0]["title"]
    assert len(mine[0]["facts"]) == 6
    assert "另有 1 件" in mine[0]["text"]
    assert await states("urge") == ["accepted"] * 21


@pytest.mark.requirement("A67")
async def test_short_messages_are_bundled_too(desk: Desk) -> None:
    await desk.urged(2)
    await desk.turn(72)
    mine = [each for each in desk.sms.sent if each["user"] == desk.sms.sent[0]["user"]]
    assert len(mine) == 1
    assert "2" in mine[0]["text"]
    assert len(desk.sms.raw) == 3
    assert await states("supervise", "sms") == ["accepted"] * 6


async def test_a_retry_keeps_the_bundle(desk: Desk) -> None:
    await desk.urged(2)
    desk.wecom.always = ChannelDown("gone", ambiguous=True)
    await desk.turn(27)
    first = sorted(desk.wecom.raw)
    desk.wecom.always = None
    desk.wall.on(seconds=5)
    await desk.send(27)
    assert sorted(desk.wecom.raw[3:]) == first
    assert await states("urge") == ["accepted"] * 6


async def test_a_bundle_nobody_saw_is_written_anew_without_what_was_answered(desk: Desk) -> None:
    await desk.urged(2)
    desk.wecom.always = ChannelDown("gone")
    await desk.turn(27)
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 27.01)
    desk.wecom.always = None
    desk.forget()
    desk.wall.on(seconds=10)
    await desk.send(27.02)
    urges = [each for each in desk.wecom.sent if each["user"] in ("a", "b", "chu")]
    assert sorted(each["user"] for each in urges) == ["a", "b", "chu"]
    assert all("2件" not in each["title"] and "2026-0001" not in str(each) for each in urges)
    assert await states("urge") == ["accepted"] * 3 + ["cancelled"] * 3


async def test_a_bundle_somebody_may_have_seen_stays_as_it_is(desk: Desk) -> None:
    await desk.urged(2)
    desk.wecom.always = ChannelDown("gone", ambiguous=True)
    await desk.turn(27)
    first = sorted(desk.wecom.raw)
    await desk.world.say("a", "进展 1 已召开专题会议研究部署任务", 27.01)
    desk.wecom.always = None
    desk.forget()
    desk.wall.on(seconds=10)
    await desk.send(27.02)
    assert [each for each in sorted(desk.wecom.raw) if each in first] == first
    assert await states("urge") == ["accepted"] * 3 + ["cancelled"] * 3


async def test_a_member_gets_no_more_than_the_platform_lets_through(desk: Desk) -> None:
    matter = await desk.matter()
    owed = await desk.world.owed(matter, "N1")
    for number in range(20):
        instant = at(20) + timedelta(minutes=number)
        notice = await Notice.create(
            matter_id=matter.id, obligation_id=owed.id, kind="remind", seq=number + 1, at=instant, created_at=instant
        )
        shared = {"notice_id": notice.id, "lane": "chat", "kind": "remind", "due_at": instant, "created_at": instant}
        await Delivery.create(person_id=desk.world.people["b"], **shared)
    while await desk.send(27):
        pass
    burst = len(desk.wecom.raw)
    assert burst == 15
    held = await Delivery.filter(kind="remind", state="pending")
    assert {each.due_at for each in held} == {at(27) + timedelta(seconds=4)}
    assert {each.first_attempt_at for each in held} == {None}
    desk.wall.on(hours=3)  # waiting by ourselves is no reason for an SMS
    await desk.send(27 + 4.1 / 3600)
    assert len(desk.wecom.raw) == burst + 1  # what was held is of one minute now: one card
    assert await states("remind") == ["accepted"] * 20
    assert not desk.sms.raw


async def test_the_day_of_the_app_has_an_end(desk: Desk) -> None:
    await desk.urged()
    cap = 200 * 9
    await Quota.filter(channel="wecom").delete()
    await Quota.create(channel="wecom", window="2026-03-03", used=cap - 1)
    await desk.turn(27)  # 03-03 12:00
    assert len(desk.wecom.raw) == 1
    assert await states("urge") == ["accepted", "pending", "pending"]
    await desk.send(39.1)  # the next day
    assert desk.wecom.users == ["a", "b", "chu"]
    assert (await Quota.get(window="2026-03-03")).used == cap
