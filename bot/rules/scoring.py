"""Points from facts (R53–R58, A12–A14, A49, A87), in tenths."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.rules.calendar import HOUR, day_of, days_in, instant, quarter
from bot.rules.life import Life
from bot.rules.ruleset import Ruleset

TENTHS: Mapping[str, int] = {
    "overdue": -1,
    "returned": -1,
    "urge_episode": -1,
    "supervise": -5,
    "fail": -1,
    "excellent": 1,
}

EPISODIC = ("overdue", "urge_episode", "supervise")
"""The rules that count by episode; the others follow from a decision."""

Key = tuple[str, int, int]
"""(obligation, ordinal, episode): what overdue, urged and supervised are counted by (A12)."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which we could not send: [began, ended]."""

    began: datetime
    ended: datetime

    def covers(self, due_at: datetime) -> bool:
        """Whether D lies in it."""
        return self.began <= due_at <= self.ended

    def grace_until(self, outages: Iterable[Outage]) -> datetime:
        """The end of the grace: min(outage, 24 h) after recovery, in which no further one of these `outages` counts."""
        until = self.ended + min(self.ended - self.began, 24 * HOUR)
        for each in sorted(outages, key=lambda one: one.began):
            if self.ended <= each.began <= until:
                until += each.ended - each.began
        return until


def grace_until(due_at: datetime, outages: Sequence[Outage]) -> datetime | None:
    """Until when an answer to what was due in an outage of ours is in time; None when none covers D (A49)."""
    return max((each.grace_until(outages) for each in outages if each.covers(due_at)), default=None)


def is_excused(due_at: datetime, answered_at: datetime, outages: Sequence[Outage]) -> bool:
    """Whether an outage covers D and the answer came in the grace, or while we were down (A49)."""
    until = grace_until(due_at, outages)
    return until is not None and answered_at <= until


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that costs or earns: `rule` is a key of TENTHS; `key` says of which episode, None for the matter."""

    rule: str
    key: Key | None = None


def overdue(before: Life, at: datetime) -> list[tuple[Key, datetime]]:
    """The episodes that were running late at `at`, with their D: to be asked before each change and at the end.

    A leader's 限期 is urged and never scored (A57).
    """
    late = (owed for owed in before.obligations if not owed.is_limit and owed.is_overdue(at))
    return [(owed.key, owed.due_at) for owed in late if owed.due_at]


def of_episode(rules: Ruleset, *, late: bool, urges: int, supervised: bool) -> dict[str, int]:
    """How often each rule counts in one episode (R53, R55, R56) with so many urges sent: once however many there were,
    or each of them (A12); all of them together, or only the one that costs most (A13)."""
    counted = urges if rules.urge_scoring == "message" else min(urges, 1)
    counts = {"overdue": int(late), "urge_episode": counted, "supervise": int(supervised)}
    if rules.scoring == "highest":
        worst = min((rule for rule in counts if counts[rule]), key=TENTHS.__getitem__, default=None)
        return {worst: 1} if worst else {}
    return {rule: count for rule, count in counts.items() if count}


def items(facts: Iterable[Fact], rules: Ruleset) -> dict[str, int]:
    """How often each rule counts in a whole life (R53–R58)."""
    counts: Counter[str] = Counter()
    episodes: dict[Key, Counter[str]] = defaultdict(Counter)
    for fact in facts:
        (episodes[fact.key] if fact.key else counts)[fact.rule] += 1
    for had in episodes.values():
        late, supervised = bool(had["overdue"]), bool(had["supervise"])
        counts.update(of_episode(rules, late=late, urges=had["urge_episode"], supervised=supervised))
    return dict(counts)


def total(counts: Mapping[str, int]) -> int:
    """The sum in tenths of a point."""
    return sum(TENTHS[rule] * count for rule, count in counts.items())


def written(tenths: int) -> str:
    """Tenths as people write points: -2.8, 0.0, 0.1."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def booked_to(due_at: datetime) -> tuple[int, int]:
    """Year and quarter of the day an obligation is due; 24:00 belongs to the day that ends (A36, A59)."""
    return quarter(day_of(due_at))


@dataclass(frozen=True, slots=True)
class Period:
    """A period of assessment: a calendar year, or one quarter of it (A36)."""

    year: int
    quarter: int = 0

    def ends_at(self) -> datetime:
        """24:00 of its last day."""
        month = 3 * self.quarter if self.quarter else 12
        return instant(date(self.year, month, days_in(self.year, month)), 24)


def period_of(day: date, rules: Ruleset) -> Period:
    """The house's period that a day is in."""
    year, number = quarter(day)
    return Period(year, number if rules.score_period == "quarter" else 0)


def base(period: Period, rules: Ruleset) -> int:
    """The points that a unit starts a period with; a period that is not the house's has none (A36)."""
    return rules.score_base if bool(period.quarter) == (rules.score_period == "quarter") else 0


def standing(tenths: int, points: int) -> str:
    """A unit's score of a period as people write it, from a base of so many points: -2.8, 97.2."""
    return written(points * 10 + tenths)
