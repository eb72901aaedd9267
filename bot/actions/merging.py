"""并案: a matter goes into another one, which answers for both from now on (A46)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot import errors
from bot.actions import change, consent, ending, facts, family, rights, tell
from bot.actions.consent import Done, Held
from models import database
from models.matter import Matter
from models.roster import Seated
from models.ruling import Ruling

KIND = "merge"


async def merge(
    matter_id: int, into_id: int, by: Seated, at: datetime, reason: str, *, ruling: int | None = None
) -> Done:
    """The sender's word for every post he holds; with the last one the matter ends as part of the other.

    `ruling` is the word that a card asked for. Raises as `expect`.
    """
    async with database.transaction():
        ids = {matter_id, into_id, (await Matter.get(id=matter_id)).parent_id or matter_id}
        locked = {each: await database.lock_matter(each) for each in sorted(ids)}
        matter, into = locked[matter_id], locked[into_id]
        held, rows = await expect(matter, into, by, at, ruling)
        rows = rows or await consent.request(matter, KIND, held, by, at, reason, into_id=into.id)
        left = await consent.agree(matter, rows, held, by, at, pressed=ruling is not None)
        return await (consent.ask(matter, rows, left, held, by, at) if left else _end(matter, into, rows, by, at))


async def expect(
    matter: Matter, into: Matter, by: Seated, at: datetime, ruling: int | None = None
) -> tuple[Held, list[Ruling]]:
    """As `consent.expect`, and Refused: split_matter, same_matter, target_closed, merge_chain (`matter` took another
    one in), merge_asked (a request into a third one is under way)."""
    held, rows = await consent.expect(matter, KIND, by, at, ruling)
    rights.expect_whole(matter)
    rights.expect_whole(into)
    if into.id == matter.id:
        raise errors.Refused("same_matter", code=matter.code)
    if not rights.is_running(into):
        raise errors.Refused("target_closed", code=into.code, state=into.state)
    if taken := (await taken_in([matter.id])).get(matter.id):
        raise errors.Refused("merge_chain", code=matter.code, taken=taken[0])
    for row in rows:
        if row.into_id != into.id:
            raise errors.Refused("merge_asked", code=matter.code, into=(await consent.facts_of(row))["into"])
    return held, rows


async def into(matter_ids: Iterable[int]) -> dict[int, Matter]:
    """Of those of these matters that were merged: id → the one it went into."""
    mine = Ruling.filter(matter__state="merged", matter_id__in=list(matter_ids))
    # the last request is the one that was carried out, whatever an earlier one asked for
    return {each.matter_id: each.into for each in await mine.prefetch_related("into").order_by("id") if each.into}


async def taken_in(matter_ids: Iterable[int]) -> dict[int, list[str]]:
    """Of matters into which others went: id → the codes of those."""
    meant = Ruling.filter(into_id__in=list(matter_ids))
    gone = {each.matter_id: each.matter for each in await meant.prefetch_related("matter").order_by("matter_id")}
    found: dict[int, list[str]] = {}
    for matter_id, other in (await into(gone)).items():
        found.setdefault(other.id, []).append(gone[matter_id].code)
    return found


async def _end(matter: Matter, into: Matter, rows: list[Ruling], by: Seated, at: datetime) -> Done:
    """The record of both says so; who hears of it as of the first matter's end needs no second card."""
    row, said = rows[0], await consent.facts_of(rows[0])
    line = {"into": into.code, "reason": row.reason, "stands_in": await consent.stands_in(rows, by, at)}
    matter, told = await ending.end(matter, "merged", "merge", by, at, line)
    said["verdict"] = "merged"
    people = [*told, row.asked_by_id]
    await tell.card(matter, "merged", people, said, by, at)
    why = "" if matter.sensitive else row.reason
    shown = {"taken": matter.code, "taken_unit": (await facts.of(matter))["unit"], "reason": why}
    await change.record(into, "take_in", by=by.id, at=at, facts={"taken": matter.code, "reason": row.reason})
    others = [each for each in await tell.unit(into, at, "leader_in_charge") if each not in people]
    await tell.card(into, "taken_in", others, shown, by, at)
    await family.settle(matter, by, at)
    return Done(matter, [], {**await facts.of(matter), **said})
