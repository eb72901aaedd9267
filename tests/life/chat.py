"""One matter lived in chat: the events of a scenario as people would write them, on the running bot."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import setting
from bot.engine import due
from bot.rules import life as rules
from bot.rules.life import Book, Life
from models import database
from models import life as lives_
from models.matter import Matter
from models.obligation import Obligation
from models.prompt import Prompt
from tests.department import KEY, T, World
from tests.life import conductor

SKIPPED = ("scheduler_down", "scheduler_up")


class Chat:
    """One matter lived by the department; `world` and database are shared with the lives before."""

    def __init__(self, world: World, book: Book) -> None:
        self.world, self.book = world, book
        self.id = 0
        self.code = ""

    async def until(self, at: datetime, *, including: bool) -> None:
        """The engine plans what is due before `at`, or at it; nothing is sent here."""
        while (first := await Obligation.first_due_at()) and (first < at or (including and first == at)):
            await due.advance(first, 500)

    async def life(self) -> Life:
        async with database.transaction():
            return await lives_.load(await database.lock_matter(self.id))

    async def say(self, user: str, text: str, at: datetime) -> str:
        assert user in self.world.people, f"nobody is {user}: it would be refused, and nothing would be noticed"
        reply = await self.world.say(user, text, at - T)
        if reply.card and reply.card.actions[0].key.startswith("complete:"):
            done = await self.world.press(user, reply.card.actions[0].key, (at - T).total_seconds() / 3600)
            return done.text
        return reply.text

    async def act(self, at: datetime, event: Mapping[str, Any]) -> None:
        """The event as people would write it."""
        kind, code = event["event"], self.code
        if kind == "initiate":
            await self.initiate(at, event)
        elif kind == "feedback":
            await self.say("a", f"进展 {code} {conductor.node(event['node'])} 已完成现场核查，形成问题清单", at)
        elif kind == "apply_completion":
            with contextlib.suppress(errors.Refused):  # what may not be handed in may not be filed either
                await self.world.hand_in("a", at - T, int(code.partition("-")[2]))
            await self.say("a", f"完结 {code} 理由：已全部整改到位", at)
        elif kind == "apply_extension":
            text = f"延期 {code} 理由：汛期 方案：分段推进 责任人：张三 时限：{event['plan_until']}"
            await self.say("a", text, at)
        elif kind == "approve_extension":
            await self.say("ban", f"/同意延期 {code}", at)
        elif kind == "reject_extension":
            await self.say("ban", f"/不同意延期 {code} 时间过长", at)
        elif kind == "limit":
            await self.say("fen", f"限期 {code} {event['deadline']} 请报方案", at)
        elif kind == "return":
            flag = "未落实 " if event.get("kind") == "not_done" else ""
            await self.say("ban", f"/退回 {code} {flag}附件不全", at)
        else:
            said = await self.say("ban", f"/同意办结 {code} {conductor.GRADES[event['grade']]}", at)
            if "不作评价" in said or "每季度只评一次" in said:  # accepted all the same, without a grade
                await self.say("ban", f"/同意办结 {code}", at)

    async def initiate(self, at: datetime, event: Mapping[str, Any]) -> None:
        setting.use(setting.Setting(KEY, self.book.rules, self.book.days))
        await Obligation.all().update(next_notice_at=None)  # the lives before are over
        await Prompt.all().update(next_at=None)
        due_on = f" 截止:{event['deadline']}" if "deadline" in event else ""
        category = conductor.CATEGORIES[event["category"]]
        await self.say("ban", f"/立项 取水许可核查 来源:省政府13710 类别:{category} 处室:水资源处{due_on}", at)
        proposed = await Matter.all().order_by("-id").first()
        assert proposed
        await self.say("wang", f"/批准 {proposed.proposal_no}", at)
        found = await Matter.get(id=proposed.id)
        self.id, self.code = found.id, found.code


def fits(event: Mapping[str, Any], at: datetime, current: Life | None, book: Book) -> bool:
    """Whether chat can say it: it names only what there is, and what meets nothing by itself is a supplement there."""
    if event["event"] in SKIPPED:
        return False
    if event["event"] != "feedback" or current is None:
        return True
    now = rules.unfold(current, at, book)
    limit = now.limit() if event["node"] == "CUSTOM" else None
    if limit and limit.is_open(at):
        return True
    there = {owed.name for owed in now.obligations}
    return event["node"] in there and event["node"] not in ("NM", "CUSTOM", "REWORK")
