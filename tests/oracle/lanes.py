"""On which lanes a person hears of a notice while a lane does not work (A44; the promises of design/data.md).

A card goes first; ten minutes after its first try the SMS tells instead, and the card comes all the same if the
platform is back while it remembers, which is four hours. Plain intervals, nothing of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

PATIENCE = timedelta(minutes=10)
MEMORY = timedelta(hours=4)


class Away(NamedTuple):
    """A lane (chat or sms) does not reach `person` ("": anybody) from `since` on, before `until`; for good: the
    platform says that it never will."""

    since: datetime
    until: datetime
    person: str = ""
    lane: str = "chat"
    for_good: bool = False

    def meets(self, at: datetime, person: str, lane: str) -> bool:
        """Whether this is about what goes to that person at that instant."""
        return lane == self.lane and self.person in ("", person) and self.since <= at < self.until


def told(at: datetime, person: str, lanes: Iterable[str], away: Iterable[Away]) -> Iterator[str]:
    """The lanes on which a notice planned at `at` for `lanes` must arrive; each once."""
    wanted, missing = set(lanes), [*away]
    if "chat" in wanted and (found := _of(missing, at, person, "chat")):
        late = found.until - at
        if found.for_good or late > MEMORY:
            wanted.remove("chat")
        if found.for_good or late > PATIENCE:
            wanted.add("sms")
    if "sms" in wanted and _of(missing, at, person, "sms"):
        wanted.remove("sms")  # it may have left: never tried again
    yield from sorted(wanted)


def _of(away: Iterable[Away], at: datetime, person: str, lane: str) -> Away | None:
    return next((each for each in away if each.meets(at, person, lane)), None)
