"""/批示: a leader's words reach the unit, the office and the ledger."""

from __future__ import annotations

import json

from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from tests.office.days import Days


async def test_words_of_a_leader(days: Days) -> None:
    await days.matter()
    assert "没有看到批示的内容" in await days.said("fen", "/批示 1")
    assert "转水资源处和厅办公室办理" in await days.said("fen", "/批示 1 请于本周内拿出方案")
    assert await days.told("instruction") == ["a", "b", "ban", "chu"]
    assert "请于本周内拿出方案" in (await days.cards("a"))[0]
    line = await Ledger.get(verb="instruct")
    assert json.loads(line.body)["facts"]["words"] == "请于本周内拿出方案"
    assert "已记录" in await days.said("ting", "批示 1 同意，抓紧办理")
    assert await Notice.filter(kind="instruction").count() == 2
    assert "不能使用" in await days.said("a", "/批示 1 请抓紧")
    await Matter.all().update(unit_id=days.world.units["规划处"])
    assert "承办处室是规划处" in await days.said("fen", "/批示 1 请抓紧")
    assert await days.world.intact()
