"""A thing owed by a date: one frozen record, mirrored by a row of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.rules.calendar import day_of
from bot.rules.status import takes_feedback

LIMITS = ("leader", "limit_back")
"""Origins of a leader's date: as it was set, and with the D that a return gave it (A17, A57)."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """`due_at` is D (None only for MATTER). `episode` grows when D or the ladder is planned anew; rungs before
    `planned_at` are never sent; `rung` and `next_notice_at` are the cursor (None: nothing more goes out).
    `ended` is "" while open, then met, settled (something else stands for it) or void (never owed).
    `origin` is "" for the rule's own, plan for a promised date (A52), leader for a 限期 (A57), return and limit_back
    where a return moved D (A17), converted where a conversion came after D (A55); MATTER's is proposal (R59) or waiting
    (A1)."""

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

    @property
    def is_limit(self) -> bool:
        """Whether a leader set it: a date that is answered by words, urged, and never scored (A57)."""
        return self.origin in LIMITS

    @property
    def takes_feedback(self) -> bool:
        """Whether a feedback meets it (A7, A45, A57, A79)."""
        return self.is_limit or takes_feedback(self.name)

    @property
    def address(self) -> str:
        """What a feedback names it by: its name, with its day where several may run (A57)."""
        return f"{self.name}{day_of(self.due_at)}" if self.is_limit and self.due_at else self.name

    @property
    def label(self) -> str:
        """What people know it by, as a key of their words: LIMIT for a leader's date, else the name."""
        return "LIMIT" if self.is_limit else self.name

    def is_open(self, at: datetime) -> bool:
        """Owed and running at `at`: not ended, not paused, its period begun (A77)."""
        return not self.ended and not self.paused_by and (self.opens_at is None or self.opens_at <= at)

    def is_overdue(self, at: datetime) -> bool:
        """Open with D behind it; exactly at D it is not (A5)."""
        return self.due_at is not None and self.is_open(at) and at > self.due_at
