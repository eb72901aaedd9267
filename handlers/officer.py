"""What a unit's people write: 收到…已安排…, 进展, 补充, 分办, 待办, 帮助."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from bot import errors, render
from bot.actions import feedback
from bot.actions import matter as matters
from bot.router import Reply, Router
from handlers import acknowledgement, stage, todo, which, words
from handlers.turn import Turn

router = Router()
Serve = Callable[[Turn], Awaitable[Reply]]


def asking(serve: Serve) -> Serve:
    """Answer with the card when it is not clear which matter is meant."""

    @functools.wraps(serve)
    async def served(turn: Turn) -> Reply:
        try:
            return await serve(turn)
        except which.Ask as ask:
            return ask.reply

    return served


def filed(done: feedback.Filed, turn: Turn, code: str) -> Reply:
    """The reply to what was filed: what it met, or as what it is kept."""
    shown: dict[str, Any] = {**done.facts, "late": done.late, "now": turn.at}
    return Reply(render.reply(code if done.met else done.kept, **shown))


@router.text(words.pattern("progress"))
@asking
async def progress(turn: Turn) -> Reply:
    """进展 1 本周完成…… (反馈, 情况反馈, 周报, 月报): what was done so far, in a follow-up this week (R2, R38)."""
    meant = await which.command(turn)
    said = meant.said
    done = await feedback.submit(meant.matter.id, said.node, turn.by, turn.at, said.rest)
    return filed(done, turn, "feedback")


@router.text(words.pattern("supplement"))
@asking
async def supplement(turn: Turn) -> Reply:
    """补充 1 ……"""
    meant = await which.command(turn)
    done = await feedback.supplement(meant.matter.id, meant.said.node, turn.by, turn.at, meant.said.rest)
    return filed(done, turn, "supplement")


@router.text(words.pattern("assign"))
@asking
async def assign(turn: Turn) -> Reply:
    """分办 1 张三"""
    meant = await which.command(turn)
    said = acknowledgement.acknowledgement(f"收到，已安排{meant.said.rest}处理。")
    if said is None:
        raise errors.Refused("name_missing", example=f"{meant.said.said} {meant.matter.code} 张三")
    handler = await stage.people(meant.matter, said.names[:1], turn)
    shown = await matters.assign(meant.matter.id, handler[0], turn.by, turn.at)
    return Reply(render.reply("assigned", **shown, now=turn.at))


@router.text(words.pattern("todo"))
async def list_todo(turn: Turn) -> Reply:
    """待办"""
    return Reply(render.reply("todo", **await todo.facts(turn), now=turn.at))


@router.text(words.pattern("help"))
async def explain(turn: Turn) -> Reply:
    """帮助"""
    return Reply(render.reply("help", roles=sorted(turn.by.roles)))


@asking
async def acknowledge(turn: Turn) -> Reply:
    """收到此项任务，经处室负责人批示，已安排张三处理解决。 (R33); the text is one that `acknowledgement` reads."""
    mine = await which.his(turn)
    said, plainly = acknowledgement.acknowledgement(turn.text, which.known(mine)), named(turn)
    assert said
    assert plainly
    owing = [each for each, _ in await which.owing(turn, "N1", mine)]
    found = await which.matter(turn, owing or mine, said.ref, None if said.ref else plainly.ref)
    handlers = await stage.people(found, said.names, turn)
    done = await feedback.acknowledge(found.id, handlers, turn.by, turn.at, said.text)
    return filed(done, turn, "acknowledged")


def named(turn: Turn) -> acknowledgement.Ack | None:
    """The acknowledgement in the turn's text, whatever its number."""
    return acknowledgement.acknowledgement(turn.text)


async def acquiesce(turn: Turn) -> Reply:
    """收到, 好的, 已阅 meet nothing; while N1 is open the handler card comes back."""
    mine = await which.his(turn)
    owing = await which.owing(turn, "N1", mine)
    if owing:
        shown = await stage.facts(*owing[0], turn)
        return Reply(render.refusal("meets_nothing", said=turn.text, **shown), card=render.card("acknowledge", **shown))
    items = await todo.items(turn, mine)
    if not items:
        raise errors.Refused("nothing_open")
    raise errors.Refused("meets_nothing", said=turn.text, **items[0])
