"""批示: a leader's words on a matter flow to the unit and into the ledger (glossary: instruction)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, rights, tell
from models import database
from models.roster import Seated

WORDS = 300


async def instruct(matter_id: int, by: Seated, at: datetime, words: str) -> dict[str, Any]:
    """Keep the words and tell handler, A, B, head and the office; the reply's facts.

    A main leader may on every matter, a leader in charge on his units'. Raises Refused: closed_matter, other_unit.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        if "main_leader" not in by.roles and matter.unit_id not in by.units(("leader_in_charge",)):
            raise errors.Refused("other_unit", code=matter.code, unit=(await facts.of(matter))["unit"])
        rights.expect_open(matter)
        said = {"words": words[:WORDS], "at": at.isoformat()}
        await change.record(matter, "instruct", by=by.id, at=at, facts=said)
        await tell.card(matter, "instruction", await tell.unit(matter, at, "office"), said, by, at)
        return {**await facts.of(matter), **said}
