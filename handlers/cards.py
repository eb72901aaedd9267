"""Buttons of cards. A button names a thing, never a right: who presses is judged by his seats (A63, data.md)."""

from __future__ import annotations

from dataclasses import replace

from bot import errors, render
from bot import router as routing
from bot.actions import approval, feedback
from bot.actions import facts as shared
from bot.router import Reply, Router
from handlers import officer, stage, unknown
from handlers.turn import Turn
from models import roster
from models.inbound import Inbound
from models.matter import Approval, Matter
from models.obligation import Obligation
from models.people import Person

router = Router()
LEAST = 600  # seconds for which the words count as said when they were sent, as for a late callback (data.md)


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
    if owed.ended or owed.episode != episode or owed.cycle != found.cycle:
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
    """What is now; nothing is changed."""
    text = render.refusal("stale_card")
    if not owed.ended:
        return Reply(text)
    return Reply(text, replace=render.card("initiate", **await stage.facts(found, owed, turn), done="settled"))


@router.press("approve")
async def approve(turn: Turn) -> Reply:
    """同意: approve:<approval>."""
    asked = await _approval(turn)
    await approval.approve(asked.matter_id, turn.by, turn.at, pressed=True)
    return await _decided(asked, "approved", turn)


@router.press("refuse")
async def refuse(turn: Turn) -> Reply:
    """不同意: refuse:<approval>; a reason can be told by /驳回 only."""
    asked = await _approval(turn)
    await approval.refuse(asked.matter_id, turn.by, turn.at, pressed=True)
    return await _decided(asked, "refused", turn)


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
        "now": turn.at,
    }
    return Reply(replace=render.card("approval", **shown, done=done))


@router.press("pick")
async def pick(turn: Turn) -> Reply:
    """确定 under 哪件事项: pick:<inbound>; the words that were kept are served as if they had named the matter."""
    stored = await Inbound.get_or_none(id=ids(turn, 1)[0], person_id=turn.by.id)
    matter = await Matter.get_or_none(id=selected(turn, "matter") or 0)
    # words are served once: a second press on the same card finds them picked
    if stored is None or not await Inbound.filter(id=stored.id, kind="text").update(kind="picked"):
        raise errors.Refused("stale_card")
    if matter is None:
        raise errors.Refused("nothing_picked")
    recent = (turn.at - stored.answered_at).total_seconds() <= LEAST
    said = replace(turn.message, kind="text", text=stored.text, at=stored.answered_at if recent else turn.at)
    again = replace(turn, message=said, picked=matter.id)
    served = routing.match((officer.router, unknown.router), said, turn.by.roles)
    assert served
    options = [(matter.id, matter.code, matter.title, matter.sensitive)]
    reply = await served[0].handler(again)
    card = render.card("choose", token=stored.id, options=options, words=stored.text, now=turn.at, done="picked")
    return replace(reply, replace=card)
