"""No words make the bot think for long: everything that reads what people wrote is linear in its length, or bounded."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from bot.documents import report as reports
from bot.rules import structure
from bot.rules.structure import Report, Subject
from handlers import (
    acknowledgement,
    instants,
    numbers,
    plain,
    plan,
    proposal,
    reception,
    secrecy,
    stage,
    verdict,
    words,
)
from tests.department import World

TODAY = date(2026, 3, 2)
ABOUT = Subject("取水许可核查", "provincial_13710", "水资源处", TODAY, TODAY)
MOST = 2.0
"""Seconds of processor time: a pattern that walks a text once for each of its letters needs minutes."""
DOCUMENT = 100_000
PIECES = {
    "blank": " ", "line": "\n", "digit": "1", "word": "甲", "mark": "密级 ", "bracket": "【 ", "level": "机 ",
    "item": "一、", "colon": "甲：", "year": "2026年", "number": "2026-", "names": "张三、", "given": "收到，已安排",
    "key": "标题: ", "clock": "时间: ", "slash": "/ ", "good": "好的", "comma": "，", "at": "@a ", "date": "3月5日",
}  # fmt: skip
HEADS = ("", "进展 1 ", "/立项 ", "延期 1 ", "/代报 1 ", "收到，", "完结 1 ")
READERS: dict[str, Callable[[str], object]] = {
    "clean": plain.clean,
    "command": words.command,
    "nothing": words.meets_nothing,
    "acknowledgement": acknowledgement.acknowledgement,
    "incomplete": stage.is_incomplete,
    "proposal": lambda text: proposal.proposal(text, TODAY),
    "plan": lambda text: plan.plan(text, TODAY),
    "reason": plan.reason,
    "number": numbers.number,
    "node": numbers.node,
    "instant": lambda text: instants.past(text, TODAY),
    "return": verdict.returned,
    "grade": verdict.grade,
    "routes": lambda text: [
        route.pattern.fullmatch(text) for router in reception.ROUTERS for route in router.routes if route.pattern
    ],
}


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_message(piece: str) -> None:
    """As long as one may be."""
    for head in HEADS:
        text = (head + piece * reception.LONGEST)[: reception.LONGEST - 1] + "x"
        for name, read in READERS.items():
            assert seconds(lambda read=read, text=text: read(text)) < MOST, (head, name)  # type: ignore[misc]


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_document(piece: str) -> None:
    """As long as a DOCX may be, and as long as a field of the form."""
    text = "x" + piece * (DOCUMENT // len(piece)) + "x"
    assert seconds(lambda: secrecy.is_secret(text)) < MOST
    assert seconds(lambda: reports.read([text[:20_000]] * 5)) < MOST
    assert seconds(lambda: reports.read(text.split(" "))) < MOST
    for name in ("title", "task", "done", "difficulties", "signer"):
        report = Report(**{name: text[:8000]})
        assert seconds(lambda report=report: structure.findings(report, ABOUT, reports.VOCABULARY)) < MOST  # type: ignore[misc]


async def test_more_than_that_is_refused(world: World) -> None:
    await world.matter()
    told = await world.say("a", "进展 1 " + "好" * reception.LONGEST, 1)
    assert "最多4000字，本条没有登记" in told.text
    assert "已登记" in (await world.say("a", "进展 1 " + "好" * 3000, 1)).text
