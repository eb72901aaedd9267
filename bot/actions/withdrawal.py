"""撤销: the approvers of the initiation end a matter; a mistaken one gives its points back (A46)."""

from __future__ import annotations

from datetime import datetime

from bot.actions import account, consent, ending, facts, family, recount, tell
from bot.actions.consent import Done
from bot.engine import moot
from bot.rules.status import CLOSED
from models import database
from models.matter import Matter
from models.roster import Seated
from models.ruling import Ruling
from models.score import ScoreEvent

KIND = "withdrawal"


async def withdraw_matter(
    matter_id: int, by: Seated, at: datetime, reason: str, *, mistaken: bool, ruling: int | None = None
) -> Done:
    """The sender's word for every post he holds; with the last one the matter ends. Raises as `consent.expect`.

    `mistaken` (错立) takes every point of the matter back by counter-entries. A request that is under way keeps its
    own reason; `ruling` is the word of it that a card asked for.
    """
    async with database.transaction():
        matter = await family.lock(matter_id)
        held, rows = await consent.expect(matter, KIND, by, at, ruling)
        rows = rows or await consent.request(matter, KIND, held, by, at, reason, mistaken=mistaken)
        left = await consent.agree(matter, rows, held, by, at, pressed=ruling is not None)
        return await (consent.ask(matter, rows, left, held, by, at) if left else _end(matter, rows, by, at))


async def _end(matter: Matter, rows: list[Ruling], by: Seated, at: datetime) -> Done:
    """The matter ends; of units that lead together the parent, with all its children."""
    row, told, back = rows[0], [rows[0].asked_by_id], 0
    line = {"reason": row.reason, "mistaken": row.mistaken, "stands_in": await consent.stands_in(rows, by, at)}
    for each in [*await family.children(matter), matter]:
        if each.state in CLOSED:
            told += await ending.were_told(each)
        else:
            matter, people = await ending.end(each, "withdrawn", "withdraw", by, at, line)
            told += people
        if row.mistaken:
            back += await _void(each, at)
    await family.settle(matter, by, at)
    said = {**await consent.facts_of(row), "verdict": "withdrawn", "back": back}
    await tell.card(matter, "withdrawn", told, said, by, at)
    return Done(matter, [], {**await facts.of(matter), **said})


async def _void(matter: Matter, at: datetime) -> int:
    entries = await ScoreEvent.filter(matter_id=matter.id).order_by("id")
    back = await account.void(account.standing(entries), at, "withdrawn")
    await moot.close([matter.id], at)
    await recount.others(matter, at)
    return back
