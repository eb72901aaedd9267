"""A picture in chat: a page of the completion's report, once its sender says for which matter (R40, R42)."""

from __future__ import annotations

from typing import Any

from bot import clock, errors, render
from bot.actions import document, rights
from bot.router import Reply, Router
from handlers import cards, which
from handlers.turn import Turn
from models.completion import Completion
from models.document import Document
from models.matter import Matter

router = Router()
LONGEST = 300
"""Characters of a MediaId: as many as its column holds."""


@router.on("image")
async def picture(turn: Turn) -> Reply:
    """Kept, and offered as a page by card; a page at once while its sender has one completion in hand."""
    mine = [each for each in await which.his(turn) if rights.leads(each, turn.by) and not each.completion_at]
    media_id = str(turn.message.raw.get("MediaId") or "")
    if not mine or not 0 < len(media_id) <= LONGEST:
        raise errors.Refused("image_first")
    row = await document.receive(turn.inbound_id, media_id, turn.by, turn.at, clock.wall())
    drafts = Completion.filter(matter_id__in=[each.id for each in mine], person_id=turn.by.id, state="draft")
    meant = {each.matter_id for each in await drafts if _cycle(mine, each)}
    if len(meant) == 1:
        return await _placed(row.id, meant.pop(), turn)
    return Reply(card=render.card("picture", **_offer(row, mine), now=turn.at))


def _cycle(mine: list[Matter], draft: Completion) -> bool:
    return any(each.id == draft.matter_id and each.cycle == draft.cycle for each in mine)


def _offer(row: Document, mine: list[Matter]) -> dict[str, Any]:
    return {"document": row.id, "options": [(each.id, each.code, each.title, each.sensitive) for each in mine]}


@router.press("page")
async def use(turn: Turn) -> Reply:
    """作为报告附件: page:<document>:<matter>, 0 when one is chosen in the pull-down."""
    document_id, matter_id = cards.ids(turn, 2)
    chosen = await Matter.get_or_none(id=matter_id or cards.selected(turn, "matter") or 0)
    if chosen is None:
        raise errors.Refused("nothing_picked")
    reply = await _placed(document_id, chosen.id, turn)
    return Reply(reply.text, replace=await _turned(document_id, [chosen], "paged", turn))


@router.press("unpage")
async def decline(turn: Turn) -> Reply:
    """不用: unpage:<document>."""
    document_id = cards.ids(turn, 1)[0]
    await document.decline(document_id, turn.by)
    mine = await which.his(turn)
    return Reply(replace=await _turned(document_id, mine, "unpaged", turn) if mine else None)


async def _placed(document_id: int, matter_id: int, turn: Turn) -> Reply:
    found, pages = await document.place(document_id, matter_id, turn.by, turn.at)
    drafted = await Completion.filter(matter_id=found.id, cycle=found.cycle, state="draft").exists()
    return Reply(render.reply("paged", code=found.code, pages=pages, reason=drafted))


async def _turned(document_id: int, matters: list[Matter], done: str, turn: Turn) -> Any:
    row = await Document.get(id=document_id)
    return render.card("picture", **_offer(row, matters), now=turn.at, done=done)
