"""What a leader does about a matter of his units: 批示, 已阅, 限期 (A57), 转办 (glossary: instruction).

None of it changes who is responsible: that is 改派, the office's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot import errors
from bot.actions import change, facts, rights, tell
from bot.engine import notify
from bot.rules import recipients, steering
from models import database, roster
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.roster import Seated

WORDS = 300
SEEN = ("supervise", "accountability_report", "reported_up")
"""The kinds of cards that leaders answer."""
HEARING = ("handler", "operator_a", "office")


async def instruct(matter_id: int, by: Seated, at: datetime, words: str) -> dict[str, Any]:
    """Keep the words and tell handler, A, B, head and the office; the reply's facts. Of what is closed too.

    Raises Refused: not_in_charge, closed_matter (it was withdrawn or merged).
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await expect(matter, by)
        if matter.state != "closed":
            rights.expect_open(matter)
        said = {"words": words[:WORDS], "at": at.isoformat()}
        await change.record(matter, "instruct", by=by.id, at=at, facts=said)
        await tell.card(matter, "instruction", await tell.unit(matter, at, "office"), said, by, at)
        return {**await facts.of(matter), **said}


async def expect(matter: Matter, by: Seated) -> None:
    """A main leader may on every matter, a leader in charge on his units'. Refused not_in_charge."""
    if not may(matter, by):
        raise errors.Refused("not_in_charge", code=matter.code, unit=(await facts.of(matter))["unit"])


def may(matter: Matter, by: Seated) -> bool:
    """Whether the person is above the matter's unit."""
    return "main_leader" in by.roles or matter.unit_id in by.units(("leader_in_charge",))


async def see(delivery_id: int, by: Seated, at: datetime) -> dict[str, Any]:
    """已阅 of one card of his: kept once, and the handler, A and the office hear of it; the notice's facts.

    Raises Refused: stale_card (none of his cards, or seen before), not_in_charge.
    """
    async with database.transaction():
        found = await Delivery.get_or_none(id=delivery_id, kind__in=SEEN).prefetch_related("notice")
        if found is None or found.notice is None:
            raise errors.Refused("stale_card")
        matter = await database.lock_matter(found.notice.matter_id)
        await expect(matter, by)
        if found.person_id != by.id or await _is_seen(matter, delivery_id):
            raise errors.Refused("stale_card")
        await Delivery.filter(id=delivery_id, state__in=("accepted", "delivered")).update(state="read")
        said = {"delivery": delivery_id, "seen": found.kind}
        await change.record(matter, "see", by=by.id, at=at, facts=said)
        people = await _hearing(matter, at)
        await tell.card(matter, "seen", people, {"seen": found.kind, "at": at.isoformat()}, by, at)
        return {**await facts.of(matter), **said}


async def _is_seen(matter: Matter, delivery_id: int) -> bool:
    lines = Ledger.filter(matter_id=matter.id, verb="see", body__contains=f'"delivery":{delivery_id},')
    return await lines.exists()


async def _hearing(matter: Matter, at: datetime) -> list[int]:
    """The handler, A and the office: who goes on working on it."""
    seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    return recipients.persons(HEARING, seated, await notify.handler(matter, notify.today(at)))


async def limit(matter_id: int, day: date, by: Seated, at: datetime, words: str = "") -> dict[str, Any]:
    """限期: a further date beside the nodes (A57); the unit and the office are told; the reply's facts.

    Raises Refused: not_in_charge, closed_matter, in_review, limit_past, already_limited.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await expect(matter, by)
        rights.expect_open(matter)
        done = await change.apply(
            matter.id,
            lambda current, book: steering.limit(current, day, at, book),
            name="limit",
            by=by.id,
            at=at,
            facts={"day": day, "words": words[:WORDS]},
        )
        (due_at,) = (each.due_at for each in done.after.obligations if each not in done.before.obligations)
        said = {"words": words[:WORDS], "due_at": due_at and due_at.isoformat()}
        await tell.card(done.matter, "limit", await tell.unit(done.matter, at, "office"), said, by, at)
        return {**await facts.of(done.matter), **said}


async def people(matter: Matter, at: datetime) -> Mapping[int, str]:
    """To whom a leader may pass it on, by id: the unit's people, then the office's."""
    unit = await roster.of_unit(matter.unit_id, notify.today(at))
    seated = (await notify.holders([matter.unit_id], notify.today(at)))[matter.unit_id]
    office = await roster.names([*seated.get("office_director", ()), *seated.get("office", ())])
    return {**unit, **{each: name for each, name in office.items() if each not in unit}}


async def pass_on(matter_id: int, person_id: int, by: Seated, at: datetime, words: str = "") -> dict[str, Any]:
    """转办: a named person of the unit or the office is told to see to it; unit and handler stay. The reply's facts.

    The unit and the office hear of it. Raises Refused: not_in_charge, closed_matter, stale_card (nobody of these).
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        await expect(matter, by)
        rights.expect_open(matter)
        known = await people(matter, at)
        if person_id not in known:
            raise errors.Refused("stale_card")
        said = {"to": known[person_id], "words": words[:WORDS], "at": at.isoformat()}
        await change.record(matter, "pass_on", by=by.id, at=at, facts={**said, "person": person_id})
        told = [person_id, *await tell.unit(matter, at, "office")]
        await tell.card(matter, "passed_on", told, said, by, at)
        return {**await facts.of(matter), **said}
