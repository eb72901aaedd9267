"""A thing owed by a date: one frozen record, mirrored by a row of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Obligation:
    """`due_at` is D (None only for MATTER). `episode` grows when D or the ladder is planned anew; rungs before
    `planned_at` are never sent; `rung` and `next_notice_at` are the cursor (None: nothing more goes out).
    `ended` is "" while open, then met, settled (something else stands for it) or void (never owed).
    `origin` is "" for the rule's own, plan for a promised date (A52), leader for a 限期 (A57), return where a return
    moved D (A17), converted where a conversion came after D (A55), proposal."""

    name: str
    due_at: datetime | None
    planned_at: datetime
    ordinal: int = 0
    opens_at: datetime | None = None
    origin: str = ""
    episode: int = 1
    rung: int = 0
    next_notice_at: datetime | None = None
    met_at: datetime | None = None
    ended: str = ""
    late: bool = False
    paused_by: str = ""
    paused_at: datetime | None = None
    caught_up_at: datetime | None = None

    @property
    def key(self) -> tuple[str, int, int]:
        """What points are counted by (A12)."""
        return self.name, self.ordinal, self.episode

    def is_open(self, at: datetime) -> bool:
        """Owed and running at `at`: not ended, not paused, its period begun (A77)."""
        return not self.ended and not self.paused_by and (self.opens_at is None or self.opens_at <= at)

    def is_overdue(self, at: datetime) -> bool:
        """Open with D behind it; exactly at D it is not (A5)."""
        return self.due_at is not None and self.is_open(at) and at > self.due_at
