"""/考核: the units' points of a period, and freezing it (A36, A59)."""

from __future__ import annotations

import re
from dataclasses import replace

from bot import errors, render
from bot.actions import assessment
from bot.router import Reply, Router
from handlers import periods, words
from handlers.turn import Turn

router = Router()
READERS = ("office", "office_director", "main_leader")
FREEZERS = frozenset({"office", "office_director"})
_FREEZE = re.compile(r"冻结|确认")


@router.text(words.pattern("scores"), *READERS)
async def scores(turn: Turn) -> Reply:
    """/考核 [2026] [第3季度]: every unit's points; /考核 冻结 2026 closes the period, once it is confirmed."""
    said = words.command(turn.text)
    assert said
    wanted = set(_FREEZE.findall(said.rest))
    period = periods.of(replace(said, rest=_FREEZE.sub(" ", said.rest)), turn.today)
    if not wanted:
        return Reply(render.reply("scores", table=await assessment.table(period, turn.at), now=turn.at))
    if not turn.by.roles & FREEZERS:
        raise errors.Refused("not_allowed", word=said.said)
    if "确认" in wanted:
        done = await assessment.freeze(period, turn.by, turn.at)
        return Reply(render.reply("frozen", table=done, now=turn.at))
    await assessment.expect(period, turn.at)
    shown = {"table": await assessment.table(period, turn.at), "waiting": await assessment.objections(period)}
    return Reply(
        render.reply("freeze", **shown, ends_at=period.ends_at(), over=turn.at >= period.ends_at(), now=turn.at)
    )
