"""Everything else, last: the stage-1 sentence in free words, 收到, words of other posts, greetings."""

from __future__ import annotations

from bot import errors, render
from bot.router import Reply, Router
from handlers import doubt, leader, officer, stage, todo, which, words
from handlers.turn import Turn
from models import replies

router = Router()
OFFERED = (
    frozenset({"propose", "approve", "refuse", "approve_extension", "refuse_extension"})
    | frozenset({"accept", "receive", "send_back", "grade", "close", "scores", "accountability", "urge", "supervise"})
    | frozenset(
        {"convert", "follow_up", "withdraw", "merge", "reassign", "reopen", "file_for", "matters", "simulate"}
        | {"make_monthly", "ruleset", "unreached", "instruct", "limit", "talk", "people", "seats", "stand_in"}
    )
)


@router.text(r".*")
async def answer(turn: Turn) -> Reply:
    """Free text: the stage-1 sentence, an echo that meets nothing, or what can't be served here."""
    if said := words.command(turn.text):
        raise errors.Refused("not_allowed" if said.word in OFFERED else "not_offered", word=said.said)
    if officer.named(turn):
        return await officer.acknowledge(turn)
    if stage.is_incomplete(turn.text):
        if doubt.asks(turn.text):
            raise errors.Refused("question", code="")
        raise errors.Refused("name_missing", example=stage.SENTENCE)
    meets_nothing = words.meets_nothing(turn.text)
    if meets_nothing and (seen := await leader.acquiesce(turn)):
        return seen
    if meets_nothing or await officer.names_somebody(turn):
        return await officer.acquiesce(turn)
    if offered := await leader.offer(turn):
        return offered
    raise errors.Refused("unknown", roles=sorted(turn.by.roles))


@router.on("voice")
@router.on("video")
@router.on("file")
@router.on("location")
@router.on("link")
async def other(turn: Turn) -> Reply:
    """What can't be read here."""
    raise errors.Refused("not_text")


@router.on("card")
async def old_button(turn: Turn) -> Reply:
    """A button that nobody serves any more."""
    raise errors.Refused("stale_card")


@router.on("enter")
@router.on("subscribe")
async def welcome(turn: Turn) -> Reply:
    """Greet once a day: the platform tells of every opening of the window."""
    if await replies.greeted(turn.by.id, turn.inbound_id, turn.at):
        return Reply()
    items = await todo.items(turn, await which.his(turn))
    return Reply(render.reply("welcome", name=turn.by.name, count=len(items)))
