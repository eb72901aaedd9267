"""What a unit's people write: 收到…已安排…, 进展, 补充, 分办, 待办, 帮助."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable

from bot import errors, render
from bot.actions import feedback, rights
from bot.actions import matter as matters
from bot.router import Reply, Router
from handlers import acknowledgement, doubt, intent, numbers, stage, taking, todo, which, words
from handlers.turn import Turn
from models.matter import Matter

router = Router()
Serve = Callable[[Turn], Awaitable[Reply]]
SHORT = 20
RECEIVED = "收到"


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
    return Reply(render.reply(done.kept or code, **done.facts, now=turn.at))


@router.text(words.pattern("progress"))
@asking
async def progress(turn: Turn) -> Reply:
    """进展 1 本周完成…… (反馈, 情况反馈, 周报, 月报): what was done so far, in a follow-up this week (R2, R38)."""
    meant = await which.command(turn)
    said = meant.said
    await intent.expect_report(said, meant.matter, turn)
    named = acknowledgement.acknowledgement(said.rest)
    owing = await which.owing(turn, "N1", [meant.matter])
    # 反馈 收到…已安排张三处理解决。 is the stage-1 answer, whatever stands before it
    if named and (named.bare or owing):
        return await _acknowledged(meant.matter, named, turn)
    # 反馈 1 未收到任务，不知道是否已安排张三
    if owing and stage.is_incomplete(said.rest) and len(said.rest) <= doubt.SHORT:
        raise errors.Refused("name_missing", example=stage.SENTENCE)
    done = await feedback.submit(meant.matter.id, said.node, turn.by, turn.at, said.rest)
    return filed(done, turn, "feedback")


@router.text(words.pattern("supplement"))
@asking
async def supplement(turn: Turn) -> Reply:
    """补充 1 ……"""
    meant = await which.command(turn)
    await intent.expect_report(meant.said, meant.matter, turn)
    done = await feedback.supplement(meant.matter.id, meant.said.node, turn.by, turn.at, meant.said.rest)
    return filed(done, turn, "supplement")


@router.text(words.pattern("assign"))
@asking
async def assign(turn: Turn) -> Reply:
    """分办 1 张三"""
    meant = await which.command(turn)
    await rights.expect_filing(meant.matter, turn.by)
    await intent.expect_one(meant.said.said, meant.said.rest, meant.matter, turn)
    doubt.expect(meant.said, turn.text, f"{meant.matter.code} {stage.SOMEBODY}")
    said = acknowledgement.acknowledgement(f"收到，已安排{meant.said.rest}处理。")
    if said is None:
        raise errors.Refused("name_missing", example=f"{meant.said.said} {meant.matter.code} 张三")
    handler = await stage.people(meant.matter, said, turn)
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
    # 关于2026-0002，收到…: which of all, when it speaks of one that owes nothing of the kind
    likely = mine if await which.speaks_of_another(turn, owing) else owing
    found = await which.matter(turn, likely or mine, said.ref, None if said.ref else plainly.ref)
    return await _acknowledged(found, said, turn)


async def _acknowledged(matter: Matter, said: acknowledgement.Ack, turn: Turn) -> Reply:
    await intent.expect_one(RECEIVED, said.text, matter, turn)
    handlers = await stage.people(matter, said, turn)
    done = await feedback.acknowledge(matter.id, handlers, turn.by, turn.at, said.text)
    return filed(done, turn, "acknowledged")


def named(turn: Turn) -> acknowledgement.Ack | None:
    """The acknowledgement in the turn's text, whatever its number."""
    return acknowledgement.acknowledgement(turn.text)


async def names_somebody(turn: Turn) -> bool:
    """Whether it is short, names one of the unit's people, and N1 is open: 张三负责, 让张三办."""
    owing = await which.owing(turn, "N1", await which.his(turn)) if len(turn.text) <= SHORT else []
    return bool(owing) and any(name in turn.text for name in (await matters.people_of(owing[0][0], turn.at)).values())


async def acquiesce(turn: Turn) -> Reply:
    """收到, 好的, 已阅 accept what waits for that (A1) and meet nothing; while N1 is open the handler card comes back,
    of the matter named if one was."""
    mine = await which.his(turn)
    ref, _ = numbers.number(turn.text, which.known(mine))
    mine = [each for each in mine if ref is None or which.known([each])(ref)]
    if taken := await taking.accepted(turn, mine):
        return taken
    owing = await which.owing(turn, "N1", mine)
    if owing:
        shown = await stage.facts(*owing[0], turn)
        return Reply(render.refusal("meets_nothing", said=turn.text, **shown), card=render.card("acknowledge", **shown))
    if waiting := await todo.proposals(turn):
        raise errors.Refused("approval_wanted", said=turn.text, proposal_no=waiting[0].matter.proposal_no)
    items = await todo.items(turn, mine)
    if not items:
        raise errors.Refused("nothing_open", files=bool(turn.by.units()))
    raise errors.Refused("meets_nothing", said=turn.text, **items[0])
