"""Who gains and who loses a post when the span of a seat begins or is over (A64)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.engine import notify
from models import roster
from models.people import Seat
from models.roster import Seated


@dataclass(frozen=True, slots=True)
class Move:
    """A person gains a post of a unit (None: of the whole department), or loses it.

    what: appointed, stands_in, covers (for one who can't be reached), back (from where somebody did either for him);
    left, suspended (his account is closed), relieved (who did either), rests (while somebody stands in).
    `other` is the other one of such a pair, `until` the last day of a stand-in.
    """

    person: int
    role: str
    unit_id: int | None
    what: str
    other: int | None = None
    until: date | None = None

    @property
    def gains(self) -> bool:
        """Whether the post is his now."""
        return self.what in ("appointed", "stands_in", "covers", "back")


@dataclass(frozen=True, slots=True)
class Group:
    """The moves of one unit, and everybody in them with his seats of now (None: he left)."""

    unit_id: int | None
    moves: Sequence[Move]
    people: Mapping[int, Seated | None]

    def losers(self) -> list[int]:
        """Who loses one, each once."""
        return list(dict.fromkeys(each.person for each in self.moves if not each.gains))

    def heirs(self, person: int) -> list[int]:
        """Who gains what the person loses."""
        roles = {each.role for each in self.moves if each.person == person and not each.gains}
        return [each.person for each in self.moves if each.gains and each.role in roles]

    def facts(self) -> dict[str, object]:
        """What a matter's ledger says of it."""
        shown = [
            {"person": each.person, "role": each.role, "what": each.what, "other": each.other} for each in self.moves
        ]
        return {"unit": self.unit_id, "moves": shown}

    def sits(self, person: int) -> bool:
        """Whether the person still files for the unit, by whatever seat."""
        found = self.people[person]
        return found is not None and self.unit_id in found.units(roster.FILERS)


async def groups(seats: Iterable[Seat], at: datetime) -> list[Group]:
    """The moves behind these seats on the day of `at`, unit by unit; what came to nothing is no move."""
    on = notify.today(at)
    by_unit: dict[int | None, list[Seat]] = defaultdict(list)
    for seat in seats:
        by_unit[seat.unit_id].append(seat)
    return [await _group(unit_id, mine, on) for unit_id, mine in by_unit.items()]


async def _group(unit_id: int | None, seats: Sequence[Seat], on: date) -> Group:
    found = [each for seat in seats for each in _of(seat, on)]
    people = {each: await roster.person(each, on) for each in dict.fromkeys(move.person for move in found)}
    real = [each for each in found if each.gains == _holds(people[each.person], each)]
    return Group(unit_id, list(dict.fromkeys(real)), people)


def _of(seat: Seat, on: date) -> list[Move]:
    """A stand-in's end gives the post back; a span that was over before it was begun with is none."""
    over = seat.until is not None and seat.until < on
    if over and seat.since is not None and not seat.begun:
        return []
    post, behind = (seat.role, seat.unit_id), seat.stands_in_for
    if behind is None:
        return [Move(seat.person_id, *post, "left" if over else "appointed")]
    return [
        Move(seat.person_id, *post, "relieved" if over else "stands_in", behind.person_id, seat.until),
        Move(behind.person_id, *post, "back" if over else "rests", seat.person_id, seat.until),
    ]


def _holds(person: Seated | None, move: Move) -> bool:
    return person is not None and (move.role, move.unit_id) in person.seats
