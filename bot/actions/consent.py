"""An end that the approvers of the initiation must all agree to: who is asked, each one's word (A46, A65).

A request is one Ruling a post, tied together by `subject`; the last word carries it out, one no ends it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from bot import errors
from bot.actions import change, facts, posts, rights, tell
from bot.engine import asked, notify
from models import database
from models.matter import Matter
from models.roster import Seated
from models.ruling import Ruling

RESULT: Mapping[str, str] = {"withdrawal": "withdrawn", "merge": "merged"}
"""Kind of the request, which is that of the card that asks → the card that tells what came of it."""
REASON = 300

Held = Mapping[str, Sequence[int]]
"""Post that approves → who holds it."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a word: `waiting` are posts and names still to agree; it is carried out when there are none."""

    matter: Matter
    waiting: list[tuple[str, str]]
    facts: dict[str, Any]


async def expect(
    matter: Matter, kind: str, by: Seated, at: datetime, ruling: int | None = None
) -> tuple[Held, list[Ruling]]:
    """Who approves the end of this matter, by post, and the words of a request that is under way.

    Raises Refused: closed_matter, not_withdrawer, already_agreed (his word is given, another's is awaited), no_approver
    (a new request, and nobody holds one of the posts), stale_card (`ruling`, the word a card asked for, is given or its
    request is over).
    """
    if ruling is not None and (await Ruling.get(id=ruling)).verdict:
        raise errors.Refused("stale_card")
    rights.expect_alive(matter)
    held = await posts.holders(matter, posts.roles(matter.source, len(matter.leads or [0])), notify.today(at))
    if not any(by.id in people for people in held.values()):
        raise errors.Refused("not_withdrawer", kind=kind, code=matter.code, approvers=await _named(held))
    ever = await Ruling.filter(matter_id=matter.id, kind=kind).order_by("id")
    under_way = {each.subject for each in _open(ever)}
    rows = [each for each in ever if each.subject in under_way]
    if rows and not _his(rows, held, by):
        waiting = await _named({each.role: held[each.role] for each in _open(rows)})
        raise errors.Refused("already_agreed", kind=kind, code=matter.code, waiting=waiting)
    if not rows:
        posts.expect_held(held)
    return held, rows


def _open(rows: Sequence[Ruling]) -> list[Ruling]:
    return [each for each in rows if not each.verdict]


def _his(rows: Sequence[Ruling], held: Held, by: Seated) -> list[Ruling]:
    """The words that are awaited of this person, for every post he holds."""
    return [each for each in _open(rows) if by.id in held[each.role]]


async def _named(held: Held) -> list[str]:
    return [post + name for post, name in await posts.named(held)]


async def request(
    matter: Matter, kind: str, held: Held, by: Seated, at: datetime, reason: str, **rest: Any
) -> list[Ruling]:
    """A new request: one word awaited of each post."""
    shared: dict[str, Any] = {"matter_id": matter.id, "kind": kind, "subject": matter.ledger_n + 1, **rest}
    shared |= {"asked_by_id": by.id, "asked_at": at, "reason": reason[:REASON]}
    return [await Ruling.create(role=role, **shared) for role in held]


async def agree(
    matter: Matter, rows: Sequence[Ruling], held: Held, by: Seated, at: datetime, *, pressed: bool
) -> list[Ruling]:
    """The sender's word for every post he holds; the words that are still awaited.

    The card that he `pressed` turns in the answer itself.
    """
    his = _his(rows, held, by)
    for each in his:
        each.update_from_dict({"verdict": "agreed", "decided_by_id": by.id, "decided_at": at})
        await each.save()
    await asked.turn(matter.id, rows[0].kind, [each.id for each in his], "agreed", at, by=by.id, pressed=pressed)
    return _open(rows)


async def stands_in(rows: Sequence[Ruling], by: Seated, at: datetime) -> bool:
    """Whether the sender's word was given for somebody else (代, A65), for the ledger."""
    return await posts.stands_in(by.id, [each.role for each in rows if each.decided_by_id == by.id], notify.today(at))


async def ask(
    matter: Matter, rows: Sequence[Ruling], left: Sequence[Ruling], held: Held, by: Seated, at: datetime
) -> Done:
    """The other posts are asked, one card a person; until they agree everything goes on."""
    said = await facts_of(left[0])
    line = {**said, "stands_in": await stands_in(rows, by, at)}
    await change.record(matter, f"ask_{left[0].kind}", by=by.id, at=at, facts=line)
    told: set[int] = set()
    for each in left:
        people = [person for person in held[each.role] if person not in told]
        told.update(people)
        await tell.about(matter, each.kind, each.id, people, {**said, "ruling": each.id, "by": by.name}, at)
    waiting = await posts.named({each.role: held[each.role] for each in left})
    return Done(matter, waiting, {**await facts.of(matter), **said})


async def refuse(row: Ruling, by: Seated, at: datetime) -> Matter:
    """One post does not agree, by the card that asked: the request is over, the matter runs on, who asked and who had
    agreed hear of it. Raises as `expect`."""
    async with database.transaction():
        matter = await database.lock_matter(row.matter_id)
        held, rows = await expect(matter, row.kind, by, at, row.id)
        awaited, his = [each.id for each in _open(rows)], [each.id for each in _his(rows, held, by)]
        await Ruling.filter(id__in=awaited).update(verdict="void")
        await Ruling.filter(id__in=his).update(verdict="dismissed", decided_by_id=by.id, decided_at=at)
        await change.record(matter, f"refuse_{row.kind}", by=by.id, at=at, facts={"ruling": row.id})
        await asked.turn(matter.id, row.kind, awaited, "dismissed", at, by=by.id, pressed=True)
        said = {**await facts_of(row), "verdict": "refused"}
        agreed = [each.decided_by_id for each in rows if each.verdict == "agreed"]
        await tell.card(matter, RESULT[row.kind], [row.asked_by_id, *agreed], said, by, at)
        return matter


async def drop(matter: Matter, at: datetime) -> None:
    """The matter is over: requests about it, and those to merge another one into it, are void, and their cards turn."""
    waiting = Ruling.filter(Q(matter_id=matter.id) | Q(into_id=matter.id), kind__in=list(RESULT), verdict="")
    for each in await waiting:
        await asked.over(each.matter_id, each.kind, [each.id], "moot" if each.into_id == matter.id else "over", at)
    await waiting.update(verdict="void")


async def facts_of(row: Ruling) -> dict[str, Any]:
    """What cards and replies say of a request: its reason, and of a merge the matter it goes into."""
    said: dict[str, Any] = {"ruling": row.id, "reason": row.reason, "mistaken": row.mistaken}
    if row.into_id is None:
        return said
    other = await facts.of(await Matter.get(id=row.into_id))
    return {**said, "into": other["code"], "into_unit": other["unit"]}
