"""What waits for a word, of whom, and by which card he was asked: approvals, applications, rulings, proposals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.actions import accountability, consent, objection, office, posts
from bot.engine import notify
from models import open as opened
from models.completion import Completion
from models.extension import Extension
from models.matter import Matter
from models.ruling import Ruling

CARDS = {accountability.KIND: "accountability_report"}
"""Kind of a ruling → kind of the card that asks for it, where the two differ."""
KINDS = frozenset(
    {"approval", "completion", "extension", objection.KIND, *consent.RESULT}
    | {"accountability_report", "accountability_proposal"}
)
"""Cards that ask for a word."""


@dataclass(frozen=True, slots=True)
class Ask:
    """`kind` and `row` are kind and number of the notice that asks; `people` may answer, `since` it waits."""

    matter: Matter
    kind: str
    row: int
    people: frozenset[int]
    since: datetime


async def waiting(at: datetime) -> list[Ask]:
    """Everything that waits, with who may answer on the day of `at`."""
    return [*await _approvals(at), *await _applications(at), *await _rulings(at), *await _proposals(at)]


async def _approvals(at: datetime) -> list[Ask]:
    found = []
    for each in await opened.approvals():
        held = await posts.holders(each.matter, [each.role], notify.today(at))
        found.append(_ask(each.matter, "approval", each.id, held[each.role], each.matter.proposed_at))
    return found


async def _applications(at: datetime) -> list[Ask]:
    """Who filed it is not asked (A66)."""
    found = []
    for row in await Completion.filter(state="pending").prefetch_related("matter").order_by("id"):
        people = (await office.desk(row.matter, at, row.person_id)).asked
        found.append(_ask(row.matter, "completion", row.id, people, row.at))
    for late in await Extension.filter(state__in=("pending", "late")).prefetch_related("matter").order_by("id"):
        people = (await office.desk(late.matter, at, late.person_id)).asked
        found.append(_ask(late.matter, "extension", late.id, people, late.at))
    return found


async def _rulings(at: datetime) -> list[Ask]:
    rows = await Ruling.filter(verdict="").prefetch_related("matter").order_by("id")
    return [
        _ask(each.matter, CARDS.get(each.kind, each.kind), each.id, await deciders(each, at), each.asked_at)
        for each in rows
    ]


async def deciders(row: Ruling, at: datetime) -> list[int]:
    """Who gives the word that a ruling waits for."""
    on = notify.today(at)
    if row.kind == objection.KIND:
        return (await objection.judges(row, at))[1]
    return (await posts.holders(row.matter, [row.role], on))[row.role]


async def _proposals(at: datetime) -> list[Ask]:
    """Proposals of accountability that nobody has reported yet: the office has the card (A37)."""
    found = []
    for matter in await Matter.filter(proposal_open=True).order_by("id"):
        if await accountability.report_of(matter) is None:
            people = await posts.proposed(matter.unit_id, notify.today(at))
            found.append(_ask(matter, "accountability_proposal", 0, people, at))
    return found


def _ask(matter: Matter, kind: str, row: int, people: Iterable[int], since: datetime) -> Ask:
    return Ask(matter, kind, row, frozenset(people), since)
