"""Buttons of what the system asks the office (A50, A56, A61), and /约谈. No tap does at once what is hard to undo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import errors, render, wording
from bot.actions import decision, office, posts, question, setting
from bot.actions import facts as shared
from bot.router import Reply, Router
from handlers import cards, confirm, doubt, lookup, words
from handlers.turn import Turn
from models.matter import Matter
from models.prompt import Prompt

router = Router()
ACT = words.COMMANDS["follow_up"][0]


@router.press("follow")
async def follow(turn: Turn) -> Reply:
    """转持续跟进: follow:<prompt>:<nth>; asks back first."""
    prompt_id, nth = cards.ids(turn, 2)
    row, matter = await decision.opened(prompt_id, nth, turn.by, turn.at)
    token = f"{row.id}:{nth}:{matter.ledger_n}"
    shown = {**await shared.of(matter), "token": token, "effects": ["followed_up"], "act": ACT}
    return Reply(card=render.card("confirm", **shown, press="follow_sure", now=turn.at))


@router.press("follow_sure")
async def follow_sure(turn: Turn) -> Reply:
    """确认: follow_sure:<prompt>:<nth>:<ledger line>; nothing is done once anything happened to the matter since."""
    prompt_id, nth, line = cards.ids(turn, 3)
    if own := await Prompt.get_or_none(id=prompt_id, note="followed_up", decided_by_id=turn.by.id):
        matter = await Matter.get(id=own.matter_id)
        return replace(confirm.again(f"{ACT} {matter.code}"), replace=await confirm.done(turn, matter, ACT))
    _, matter = await decision.opened(prompt_id, nth, turn.by, turn.at)
    if matter.ledger_n != line:
        raise errors.Refused("changed_since", code=matter.code)
    done = await decision.follow_up(prompt_id, nth, turn.by, turn.at, wording.word("reason", "stalled"))
    card = await confirm.done(turn, matter, ACT)
    return Reply(render.reply("steered", **done, now=turn.at), replace=card)


@router.press("hand")
async def hand(turn: Turn) -> Reply:
    """改派: the words to write."""
    return await _how("hand", turn)


@router.press("talk")
async def how_to_talk(turn: Turn) -> Reply:
    """约谈/问效: the words to write."""
    return await _how("talk", turn)


@router.press("drop")
async def drop(turn: Turn) -> Reply:
    """撤销: the words to write, and who may."""
    return await _how("drop", turn)


@router.press("again")
async def again(turn: Turn) -> Reply:
    """需要重开: the words to write."""
    return await _how("again", turn)


async def _how(what: str, turn: Turn) -> Reply:
    prompt_id, nth = cards.ids(turn, 2)
    _, matter = await decision.opened(prompt_id, nth, turn.by, turn.at)
    held = await posts.holders(matter, posts.roles(matter.source, len(matter.leads or [0])), turn.today)
    approvers = [post + name for post, name in await posts.named(held)]
    keeps = setting.book(matter).rules.reassign_clock == "keep"
    said = {"what": what, "approvers": approvers, "reported": matter.proposal_open, "keeps": keeps}
    return Reply(render.reply("decide_how", **await shared.of(matter), **said, now=turn.at))


@router.press("major")
async def major(turn: Turn) -> Reply:
    """转重大: major:<prompt>:<nth>."""
    prompt_id, nth = cards.ids(turn, 2)
    done = await decision.convert(prompt_id, nth, turn.by, turn.at)
    return Reply(render.reply("steered", **done, now=turn.at), replace=await _turned(prompt_id, nth, turn))


@router.press("general")
async def general(turn: Turn) -> Reply:
    """维持一般: general:<prompt>:<nth>."""
    return await _settled("keep_general", turn)


@router.press("stable")
async def stable(turn: Turn) -> Reply:
    """情况稳定: stable:<prompt>:<nth>."""
    return await _settled("confirm_stable", turn)


async def _settled(verb: str, turn: Turn) -> Reply:
    prompt_id, nth = cards.ids(turn, 2)
    done = await decision.settle(prompt_id, nth, verb, turn.by, turn.at)
    said = render.reply("decided", **done, verb=verb, now=turn.at)
    return Reply(said, replace=await _turned(prompt_id, nth, turn))


async def _turned(prompt_id: int, nth: int, turn: Turn) -> Any:
    """The pressed card in its answered form."""
    row = await Prompt.get(id=prompt_id)
    said = {**await shared.of(await Matter.get(id=row.matter_id)), **await question.shown(row, nth)}
    return render.card(row.kind, **{**said, "now": turn.at}, done=row.verdict)


@router.text(words.pattern("talk"), *office.DECIDERS)
async def talk(turn: Turn) -> Reply:
    """/约谈 1 时间、地点、要求"""
    meant = await lookup.command(turn)
    text = lookup.sentence(meant, "明天15:00到厅办公室说明情况")
    doubt.expect(meant.said, turn.text, meant.matter.code)
    done = await decision.talk(meant.matter.id, turn.by, turn.at, text)
    return Reply(render.reply("talked", **done, now=turn.at))
