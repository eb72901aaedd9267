"""Buttons of cards. A button names a thing, never a right: who presses is judged by his seats (A63, data.md)."""

from __future__ import annotations

from dataclasses import replace

from bot import errors, render
from bot.actions import approval, dispatch, feedback, rights
from bot.actions import facts as shared
from bot.channels import Card
from bot.router import Reply, Router
from handlers import stage
from handlers.turn import Turn
from models import roster
from models.matter import Approval, Matter
from models.obligation import Obligation
from models.people import Person
from models.prompt import Prompt

router = Router()
LATER = 1
"""As numbered in the pull-down of an approval's card; the first is at once."""


def ids(turn: Turn, count: int) -> list[int]:
    """The numbers in the button's key; Refused stale_card when it is none of ours."""
    parts = turn.message.button.key.split(":")[1:] if turn.message.button else []
    if len(parts) < count or not all(part.isdecimal() and len(part) < 10 for part in parts[:count]):
        raise errors.Refused("stale_card")
    return [int(part) for part in parts[:count]]


def selected(turn: Turn, question: str) -> int | None:
    """The option chosen in a pull-down."""
    chosen = turn.message.button.selected.get(question, ()) if turn.message.button else ()
    return int(chosen[0]) if chosen and chosen[0].isdecimal() and len(chosen[0]) < 10 else None


@router.press("ack")
async def acknowledge(turn: Turn) -> Reply:
    """收到并安排 with a person chosen: ack:<obligation>:<episode>:<delivery>."""
    obligation_id, episode, delivery_id = ids(turn, 3)
    owed = await Obligation.get_or_none(id=obligation_id)
    if owed is None:
        raise errors.Refused("stale_card")
    found = await Matter.get(id=owed.matter_id)
    if owed.ended or owed.episode != episode or owed.cycle != found.cycle or not rights.is_running(found):
        return await _stale(found, owed, turn)
    person_id = selected(turn, "person")
    person = await Person.get_or_none(id=person_id) if person_id else None
    if person is None:
        raise errors.Refused("name_missing", example=f"{found.code} {stage.SENTENCE}")
    text = stage.SENTENCE.replace(stage.SOMEBODY, person.name)
    try:
        await feedback.acknowledge(found.id, [person.id], turn.by, turn.at, text, pressed=delivery_id)
    except errors.Refused as refusal:
        if refusal.code != "stale_card":
            raise
        return await _stale(await Matter.get(id=found.id), await Obligation.get(id=owed.id), turn)
    shown = {**await stage.facts(await Matter.get(id=found.id), owed, turn), "done": "acknowledged"}
    return Reply(replace=render.card("initiate", **shown))


async def _stale(found: Matter, owed: Obligation, turn: Turn) -> Reply:
    """What is now, to who may see it; nothing is changed."""
    text = render.refusal("stale_card")
    if not owed.ended or not rights.leads(found, turn.by):
        return Reply(text)
    return Reply(text, replace=render.card("initiate", **await stage.facts(found, owed, turn), done="settled"))


@router.press("approve")
async def approve(turn: Turn) -> Reply:
    """同意: approve:<approval>:<nth reminder>; the pull-down says whether to dispatch after the days off (A58)."""
    asked = await _approval(turn)
    later = selected(turn, "dispatch") == LATER
    done = await approval.approve(asked.matter_id, turn.by, turn.at, later=later, pressed=_nth(turn))
    turned = await _decided(asked, "approved", turn)
    return replace(turned, card=await held(done, turn)) if done.held else turned


@router.press("refuse")
async def refuse(turn: Turn) -> Reply:
    """不同意: refuse:<approval>:<nth reminder>; a reason can be told by /驳回 only."""
    asked = await _approval(turn)
    await approval.refuse(asked.matter_id, turn.by, turn.at, "", pressed=_nth(turn))
    return await _decided(asked, "refused", turn)


def _nth(turn: Turn) -> int:
    """The reminder that was pressed, 0 for the first card."""
    parts = turn.message.button.key.split(":")[2:] if turn.message.button else []
    return int(parts[0]) if parts and parts[0].isdecimal() and len(parts[0]) < 10 else 0


async def held(done: approval.Decided, turn: Turn) -> Card:
    """The card of an initiation that was put off: when it comes, and the button for at once."""
    assert done.held
    shown = {**await shared.of(done.matter), "prompt": done.held.id, "later_at": done.later_at}
    return render.card("dispatch", **shown, now=turn.at)


@router.press("dispatch")
async def dispatch_now(turn: Turn) -> Reply:
    """立即下发 after all: dispatch:<prompt>."""
    row = await Prompt.get_or_none(id=ids(turn, 1)[0], kind=dispatch.KIND)
    if row is None:
        raise errors.Refused("stale_card")
    shown = {**await dispatch.at_once(row.id, turn.by, turn.at), "waiting": [], "later_at": None, "now": turn.at}
    card = render.card("dispatch", **{**shown, "prompt": row.id, "later_at": turn.at}, done="dispatched")
    return Reply(render.reply("approved", **shown), replace=card)


async def _approval(turn: Turn) -> Approval:
    found = await Approval.get_or_none(id=ids(turn, 1)[0])
    if found is None:
        raise errors.Refused("stale_card")
    return found


async def _decided(asked: Approval, done: str, turn: Turn) -> Reply:
    """The presser's card in its answered form."""
    found = await Matter.get(id=asked.matter_id)
    shown = {
        **await shared.of(found),
        "approval": asked.id,
        "proposer": (await roster.names([found.proposer_id]))[found.proposer_id],
        "due_on": found.due_on,
        "document_no": found.document_no,
        "instruction": "",
        "later_at": None,
        "now": turn.at,
    }
    return Reply(replace=render.card("approval", **shown, done=done))


@router.press("solved")
async def solved(turn: Turn) -> Reply:
    """已解决 on the seven-day card of a general matter: how to apply for completion (A56)."""
    return Reply(render.reply("solved", **await _open(turn)))


@router.press("unsolved")
async def unsolved(turn: Turn) -> Reply:
    """未解决: the reason, the next steps and the day are asked for (A56)."""
    return Reply(render.reply("unsolved", **await _open(turn)))


async def _open(turn: Turn) -> dict[str, object]:
    """<obligation>:<episode>: of the seven-day node that the card is about, while it is open in the same episode."""
    obligation_id, episode = ids(turn, 2)
    owed = await Obligation.get_or_none(id=obligation_id, name="N7")
    if owed is None:
        raise errors.Refused("stale_card")
    found = await Matter.get(id=owed.matter_id)
    await rights.expect_filing(found, turn.by)
    if owed.ended or owed.paused_by or owed.episode != episode or owed.cycle != found.cycle:
        raise errors.Refused("stale_card")
    return {**await shared.of(found), "due_at": owed.due_at, "now": turn.at}
