"""What the oracle remembers of a matter while it scans."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple


class Owed(NamedTuple):
    """A rung that fell due while nothing could be sent (night, downtime)."""

    kind: str
    seq: int
    planned: datetime
    moved: bool


@dataclass
class Episode:
    """One run of an obligation against one deadline; what points are counted by."""

    due: datetime
    late: bool = False
    urges: int = 0
    supervised: bool = False
    forgiven: bool = False
    answered_at: datetime | None = None


@dataclass
class Obligation:
    """One thing the unit owes. family: node, week, month, limit (a leader's date);
    state: open, suspended, resting, met, gone."""

    name: str
    family: str
    due: datetime
    reminders: list[datetime] = field(default_factory=list)
    ladder: str = "node"
    state: str = "open"
    episodes: list[Episode] = field(default_factory=list)
    backlog: list[Owed] = field(default_factory=list)
    drop_until: datetime | None = None
    alias: str = ""

    @property
    def episode(self) -> Episode:
        """The latest episode."""
        return self.episodes[-1]


@dataclass
class Matter:
    """The matter, its obligations in order of appearance, and all that has gone out."""

    config: dict[str, Any]
    category: str = ""
    start: datetime | None = None
    closed: bool = False
    owed: list[Obligation] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)
    unannounced: bool = False
    # completion and rework
    pending: bool = False
    applied_at: datetime | None = None
    silenced: list[Obligation] = field(default_factory=list)
    old_due: datetime | None = None
    resting: bool = False
    # extension, follow-up, monthly
    extension: dict[str, Any] | None = None
    suspended: Obligation | None = None
    first_thursday: date | None = None
    first_month: date | None = None
    # the latest stage feedback nobody has reviewed: (obligation, filed at)
    last_feedback: tuple[Obligation, datetime] | None = None
    graded: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    # supervision and downtime
    supervise_count: int = 0
    proposal_open: bool = False
    down_since: datetime | None = None
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)

    def find(self, name: str) -> Obligation | None:
        """The obligation of that name, if it ever came to exist; a leader's date is none of them."""
        return next((one for one in self.owed if name in (one.name, one.alias) and one.family != "limit"), None)

    def count(self, item: str) -> None:
        """One more of a score item that hangs on no deadline."""
        self.counts[item] = self.counts.get(item, 0) + 1
