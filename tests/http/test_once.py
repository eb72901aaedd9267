"""Once by key, in order by person, never waiting for a channel."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot import app, clock
from models.feedback import Feedback
from models.inbound import Inbound
from models.matter import Matter
from models.obligation import Obligation
from tests.http.wire import Line, counts
from tests.stories.theatre import ACK, PROPOSE

LONGEST = 4.0
"""Seconds a callback may take while other tests use every core; one that waited for the channel would take ten."""
WAIT = 5.0
"""Seconds until something that must happen counts as missing."""


async def matter(line: Line) -> None:
    """One initiated matter of 水资源处."""
    assert "拟-1" in (await line.send(line.text("王芳", PROPOSE)))[1]
    assert "2026-0001" in (await line.send(line.text("郑强", "同意")))[1]


async def test_the_same_message_three_times(line: Line) -> None:
    await matter(line)
    plain = line.text("张三", ACK)
    answers = [await line.send(plain) for _ in range(3)]
    assert len({*answers}) == 1
    assert "1天节点已反馈" in answers[0][1]
    assert await Inbound.filter(text=ACK).count() == 1
    assert await Feedback.all().count() == 1


async def test_the_same_message_three_times_at_once(line: Line) -> None:
    await matter(line)
    before = await counts()
    plain = line.text("张三", ACK)
    answers = await asyncio.gather(*(line.send(plain) for _ in range(3)))
    assert {status for status, _ in answers} == {200}
    assert {words for _, words in answers} == {answers[0][1]}
    assert "1天节点已反馈" in answers[0][1]
    after = await counts()
    assert after["inbound"] == before["inbound"] + 1
    assert after["feedback"] == 1
    assert await Obligation.filter(name="N1", ended="met").count() == 1
    proposal = line.text("王芳", PROPOSE)
    answers = await asyncio.gather(*(line.send(proposal) for _ in range(3)))
    assert {words for _, words in answers} == {answers[0][1]}
    assert await Matter.all().count() == 2


async def test_ten_messages_of_one_officer_apply_in_order(line: Line) -> None:
    """Each is on the wire before the next is written, none waits for an answer; the rows keep that order."""
    await matter(line)
    names = ["陈晨", "李四"] * 5
    trace = aiohttp.TraceConfig()

    async def written(_: Any, context: Any, __: Any) -> None:
        context.trace_request_ctx.set()

    trace.on_request_chunk_sent.append(written)
    async with aiohttp.ClientSession(trace_configs=[trace]) as session:

        async def send(name: str, sent: asyncio.Event) -> str:
            query, body = line.seal(line.text("张三", f"分办 1 {name}"))
            async with session.post(line.url, params=query, data=body.encode(), trace_request_ctx=sent) as response:
                return line.opened(await response.text())

        tasks = []
        for name in names:
            sent = asyncio.Event()
            tasks.append(asyncio.create_task(send(name, sent)))
            await sent.wait()
        answers = await asyncio.gather(*tasks)
    assert [name in words for name, words in zip(names, answers, strict=True)] == [True] * 10
    stored = await Inbound.filter(text__startswith="分办").order_by("id").values_list("text", flat=True)
    assert stored == [f"分办 1 {name}" for name in names]
    found = await Matter.get().prefetch_related("handler")
    assert found.handler
    assert found.handler.name == names[-1]


async def test_a_channel_that_hangs_holds_no_callback(live: Line) -> None:
    """Every call of the platform's API takes half a minute; callbacks are answered as ever."""
    await live.stage.post("fault", name="slow", seconds=30)
    took = []
    said = [("王芳", PROPOSE.replace("取水", f"第{number}取水")) for number in range(6)]
    said += [("郑强", f"/批准 {number}") for number in range(1, 7)]
    for name, words in said:
        started = clock.monotonic()
        status, answer = await live.send(live.text(name, words))
        took.append(clock.monotonic() - started)
        assert (status, "拟-" in answer) == (200, True)
    assert max(took) < LONGEST
    assert await Matter.filter(state="running").count() == 6

    def held() -> bool:
        return any(each["became"] is None for each in live.platform.wire.after(0, "/cgi-bin/"))

    await live.platform.events.until(held, WAIT)
    assert held()
    await live.stage.post("fault", name="slow", on=False)


async def test_a_reply_after_the_patience_is_pushed(line: Line) -> None:
    endpoint = line.stage.app[app.ENDPOINT]
    endpoint.patience = 0.0
    assert await line.send(line.text("张三", "待办")) == (200, "")
    await line.stage.settle()
    entries = await line.stage.inbox("zhangsan")
    assert [(each["via"], "没有待办事项" in each["shown"]) for each in entries] == [("push", True)]
    # the platform's second call of the same message brings it no second time
    assert (await Inbound.get()).reply_via == "push"


async def test_replies_nobody_took_are_pushed_once(line: Line) -> None:
    plain = line.text("张三", "帮助")
    assert "【承办】" in (await line.send(plain))[1]
    await line.stage.settle()
    assert await line.stage.inbox("zhangsan") == []
    assert (await Inbound.get()).reply_via == "passive"


@pytest.mark.parametrize("text", ["分办 1 陈晨", ACK])
async def test_two_people_at_once(line: Line, text: str) -> None:
    await matter(line)
    answers = await asyncio.gather(*(line.send(line.text(name, text)) for name in ("张三", "李四", "赵刚")))
    assert {status for status, _ in answers} == {200}
    assert all("陈晨" in words or "补充" in words for _, words in answers)
    assert await Obligation.filter(name="N1", ended="met").count() == (text == ACK)
