"""Which answers the dossier calls late (A5, A13)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.actions import answers
from models.extension import Extension
from models.feedback import Feedback
from models.matter import Matter
from models.obligation import Obligation
from models.people import Person
from models.score import ScoreEvent
from tests.department import World

HOUR = timedelta(hours=1)


@pytest.mark.requirement("A5", "A13")
@pytest.mark.parametrize(
    ("kinds", "late"),
    [
        (("feedback", "feedback"), [False, False]),  # what comes after an answer at D itself is no more late
        (("recalled", "feedback"), [False, True]),  # what was taken back met nothing
        (("supplement", "feedback"), [False, True]),
    ],
)
async def test_late_after_what_came_before(world: World, kinds: tuple[str, str], late: list[bool]) -> None:
    matter = await world.matter()
    owed = await Obligation.get(matter_id=matter.id, name="N3")
    assert owed.due_at
    for kind, at in zip(kinds, (owed.due_at, owed.due_at + HOUR), strict=True):
        await answered(matter, owed, kind, at)
    assert [each["late"] for each in await answers.of(matter, matter.proposed_at)] == late


@pytest.mark.requirement("A17")
@pytest.mark.parametrize(
    ("rule", "hours", "late"),
    [
        ("overdue", (1, 2), [True, False]),  # D passed in silence before the first, the second came after the return
        ("returned", (-1, 2), [False, False]),  # it was answered in time and returned
    ],
)
async def test_late_by_a_deadline_that_a_return_moved(
    world: World, rule: str, hours: tuple[int, int], late: list[bool]
) -> None:
    matter = await world.matter()
    owed = await Obligation.get(matter_id=matter.id, name="N3")
    due = owed.due_at
    assert due
    place = {"matter_id": matter.id, "obligation_id": owed.id, "unit_id": matter.unit_id, "year": due.year}
    await ScoreEvent.create(**place, rule=rule, seq=0, tenths=-1, at=due + HOUR, due_at=due)
    await Obligation.filter(id=owed.id).update(due_at=due + 24 * HOUR)
    for each in hours:
        await answered(matter, owed, "feedback", due + each * HOUR)
    assert [each["late"] for each in await answers.of(matter, matter.proposed_at)] == late


@pytest.mark.requirement("A49")
async def test_by_the_instant_for_which_it_counts(world: World) -> None:
    """What was written down later and given at D is no answer after the late one."""
    matter = await world.matter()
    owed = await Obligation.get(matter_id=matter.id, name="N3")
    assert owed.due_at
    for at in (owed.due_at + HOUR, owed.due_at):
        await answered(matter, owed, "feedback", at)
    told = await answers.of(matter, matter.proposed_at)
    assert [(each["at"], each["late"]) for each in told] == [(owed.due_at, False), (owed.due_at + HOUR, False)]


@pytest.mark.requirement("A13")
async def test_applications_of_this_matter_since_it_began(world: World) -> None:
    matter, other = await world.matter(), await world.matter()
    begun = matter.proposed_at
    said = {"what": "extend", "reason": "", "plan": "", "responsible": "", "until": begun.date(), "state": "pending"}
    person = await Person.first()
    assert person
    for found, at in ((matter, begun), (matter, begun - HOUR), (other, begun)):
        await Extension.create(**said, matter_id=found.id, person_id=person.id, at=at)
    told = await answers.of(matter, begun)
    assert [(each["kind"], each["at"]) for each in told] == [("extension", begun)]


async def answered(matter: Matter, owed: Obligation, kind: str, at: datetime) -> None:
    person = await Person.first()
    assert person
    said = {"matter_id": matter.id, "obligation_id": owed.id, "person_id": person.id, "text": "已完成"}
    await Feedback.create(**said, kind=kind, at=at, created_at=at)
