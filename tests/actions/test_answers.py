"""Which answers the dossier calls late (A5, A13)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.actions import answers
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
async def test_late_after_a_return_that_moved_the_deadline(world: World) -> None:
    """The D that passed in silence is that of the first answer, not of the second one, in time after the return."""
    matter = await world.matter()
    owed = await Obligation.get(matter_id=matter.id, name="N3")
    due = owed.due_at
    assert due
    place = {"matter_id": matter.id, "obligation_id": owed.id, "unit_id": matter.unit_id, "year": due.year}
    await ScoreEvent.create(**place, rule="overdue", seq=0, tenths=-1, at=due + HOUR, due_at=due)
    await Obligation.filter(id=owed.id).update(due_at=due + 24 * HOUR)
    for kind, at in (("feedback", due + HOUR), ("feedback", due + 2 * HOUR)):
        await answered(matter, owed, kind, at)
    assert [each["late"] for each in await answers.of(matter, matter.proposed_at)] == [True, False]


async def answered(matter: Matter, owed: Obligation, kind: str, at: datetime) -> None:
    person = await Person.first()
    assert person
    said = {"matter_id": matter.id, "obligation_id": owed.id, "person_id": person.id, "text": "已完成"}
    await Feedback.create(**said, kind=kind, at=at, created_at=at)
