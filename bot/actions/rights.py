"""Who may do what to a matter (A63): by seat, never by holding a card."""

from __future__ import annotations

from datetime import datetime

from bot import errors
from bot.engine import notify
from bot.rules.status import CLOSED
from models import roster
from models.matter import Approval, Matter
from models.open import RUNNING
from models.people import Unit
from models.roster import Seated

FILERS = roster.FILERS
READERS = frozenset({"office", "office_director", "main_leader"})
"""Who reads what every unit filed; a leader in charge reads what his units filed."""


async def expect_filing(matter: Matter, by: Seated) -> None:
    """The lead unit's head, A, B and handlers may file for it; the others learn the unit's name and no title.

    Raises Refused: not_lead for a cooperating unit, other_unit, closed_matter, split_matter.
    """
    expect_whole(matter)
    if not leads(matter, by):
        unit = await Unit.get(id=matter.unit_id)
        raise errors.Refused("not_lead" if helps(matter, by) else "other_unit", code=matter.code, unit=unit.name)
    expect_open(matter)


def leads(matter: Matter, by: Seated) -> bool:
    """Whether the person files for the lead unit: by a seat there, not by a card he once had (A63, A64)."""
    return matter.unit_id in by.units(FILERS)


def helps(matter: Matter, by: Seated) -> bool:
    """Whether the person sits in a cooperating unit and nothing more (A62)."""
    return not leads(matter, by) and bool({*by.units(FILERS)} & {*matter.cooperating})


async def may_read(matter: Matter, by: Seated) -> bool:
    """Whether a person reads what the unit filed: by his seat, or because he approved the matter, for its report goes
    up to him (R48)."""
    return is_his(matter, by) or by.id in await approvers(matter)


def is_his(matter: Matter, by: Seated) -> bool:
    """Whether the matter is a person's by his seat: of the unit itself, the office, the leaders above it."""
    return leads(matter, by) or matter.unit_id in by.units(["leader_in_charge"]) or bool(READERS & by.roles)


async def approvers(matter: Matter) -> list[int | None]:
    """The leaders who approved the matter, of a child the whole (R9, R10, A62)."""
    words = Approval.filter(matter_id=matter.parent_id or matter.id).exclude(role="office_director")
    return [each.person_id for each in await words]


def expect_whole(matter: Matter) -> None:
    """Refused split_matter: units that lead together have a child each, nothing is done to the parent itself (A62)."""
    if matter.leads and matter.code:
        raise errors.Refused("split_matter", code=matter.code, children=matter.children_codes)


def is_running(matter: Matter) -> bool:
    """Whether duties of its own can be open: initiated and not ended."""
    return matter.state in RUNNING


def expect_open(matter: Matter) -> None:
    """Refused closed_matter once it has ended, split_matter of a family's parent."""
    expect_whole(matter)
    expect_alive(matter)


def expect_alive(matter: Matter) -> None:
    """Refused closed_matter once it has ended."""
    if matter.state in CLOSED:
        raise errors.Refused("closed_matter", code=matter.code, closed_at=matter.closed_at)


async def expect_handler(matter: Matter, person_id: int, at: datetime) -> str:
    """The name of a person of the lead unit; Refused name_unknown when he has no seat there."""
    people = await roster.of_unit(matter.unit_id, notify.today(at))
    if person_id not in people:
        unit = await Unit.get(id=matter.unit_id)
        raise errors.Refused("name_unknown", name=await roster.name(person_id), near=[], unit=unit.name)
    return people[person_id]
