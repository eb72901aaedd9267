"""Words thrown together: whatever people type or press, the edge answers and the ledgers hold."""

from __future__ import annotations

import random

from handlers import words
from models.inbound import Inbound
from tests.department import ACK, PROPOSE, World

LOOSE = """/ 、 1 2 #1 2026-0002 拟-4 9 收到 已安排 张三 李安 处理 ， 第3 7天 4月 9月5日 已完成现场核查并形成清单
标题:取水 来源:处室 类别:一般 处室:水资源处 截止:明天 紧急:是 配合:规划处 理由 😀 “ @机器人"""
PIECES = (
    *(said for spellings in words.COMMANDS.values() for said in spellings),
    *LOOSE.split(),
    *(" ", "\n", "\u200b", ACK),
)


async def test_nothing_breaks_the_edge(world: World) -> None:
    for source in ("省政府13710", "省政府13710", "处室", "党组会"):
        await world.matter(PROPOSE.replace("省政府13710", source))
    chance = random.Random(13710)
    before = await Inbound.all().count()
    for count in range(150):
        user = chance.choice([*world.people, "nobody"])
        if count % 5:
            text = "".join(chance.choices(PIECES, k=chance.randint(1, 7)))
            await world.say(user, text, count)
        else:
            key = ":".join([chance.choice(["ack", "approve", "refuse", "pick", "x"]), *chance.choices("1259x", k=3)])
            await world.press(user, key, count, {chance.choice(["person", "matter"]): [chance.choice("18x")]})
    assert await Inbound.all().count() == before + 150
    assert await world.intact()
