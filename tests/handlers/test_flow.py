"""A matter from its proposal to its first answers, through the edge."""

from __future__ import annotations

from datetime import timedelta

from models.delivery import Delivery
from models.feedback import Feedback
from models.matter import Matter
from models.notice import Notice
from tests.department import ACK, PROPOSE, T, World


async def test_a_proposal_is_approved_and_initiated(world: World) -> None:
    told = await world.say("ban", PROPOSE)
    assert "拟-1" in told.text
    assert "办公室主任王主任" in told.text
    told = await world.say("wang", "/批准 1 抓紧办", 1)
    assert "2026-0001" in told.text
    matter = await Matter.get()
    assert (matter.state, matter.code, matter.initiated_at) == ("running", "2026-0001", T + timedelta(hours=1))
    assert matter.ruleset["one"] == "24h"
    root = await world.owed(matter, "MATTER")
    assert root.next_notice_at == T + timedelta(hours=1)
    assert (await world.owed(matter, "N1")).due_at == T + timedelta(hours=25)
    assert await Notice.filter(kind="initiate").count() == 0
    approved = await Notice.get(kind="approved")
    assert await Delivery.filter(notice_id=approved.id).values_list("person_id", flat=True) == [world.people["ban"]]
    assert await world.intact()


async def test_the_stage_one_sentence_meets_n1_and_names_the_handler(world: World) -> None:
    matter = await world.matter()
    told = await world.say("a", ACK, 2)
    assert "张三" in told.text
    matter = await Matter.get(id=matter.id)
    assert matter.handler_id == world.people["zhang"]
    assert (await world.owed(matter, "N1")).ended == "met"
    assert (await Feedback.get()).kind == "acknowledge"
    notice = await Notice.get(kind="feedback")
    assert await Delivery.filter(notice_id=notice.id).values_list("person_id", flat=True) == [world.people["ban"]]
    assert await world.intact()


async def test_feedback_after_the_first_node(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 2)
    told = await world.say("zhang", "进展 已完成现场核查，形成问题清单", 30)
    assert "3天" in told.text
    assert (await world.owed(matter, "N3")).ended == "met"
    assert await world.intact()
