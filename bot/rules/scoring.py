"""Points from facts (R53–R58, A12–A14, A49, A87), in tenths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.rules.calendar import HOUR
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

Key = tuple[str, int, int]
"""(obligation, ordinal, episode): what overdue, urged and supervised are counted by (A12)."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which we could not send: [began, ended]."""

    began: datetime
    ended: datetime

    def excuses(self, due_at: datetime, answered_at: datetime) -> bool:
        """Whether it covers D and the answer came within min(outage, 24 h) after recovery (A49)."""
        grace = min(self.ended - self.began, 24 * HOUR)
        return self.began <= due_at <= self.ended and answered_at <= self.ended + grace


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that costs or earns: `rule` is a key of TENTHS; `key` says of which episode, None for the matter."""

    rule: str
    key: Key | None = None


def overdue(before: Life, at: datetime) -> list[tuple[Key, datetime]]:
    """The episodes that were running late at `at`, with their D: to be asked before each change and at the end."""
    return [(owed.key, owed.due_at) for owed in before.obligations if owed.due_at and owed.is_overdue(at)]


def items(facts: Iterable[Fact], rules: Ruleset) -> dict[str, int]:
    """How often each rule counts (R53–R58), by the ruleset's reading of urges (A12) and of several at once (A13)."""
    facts = list(facts)
    single = {fact for fact in facts if fact.rule in ("overdue", "supervise")}
    urges = [fact for fact in facts if fact.rule == "urge_episode"]
    counted = [*single, *(urges if rules.urge_scoring == "message" else set(urges))]
    if rules.scoring == "highest":
        counted = _highest(counted)
    counted += [fact for fact in facts if fact.rule not in ("overdue", "supervise", "urge_episode")]
    return dict(Counter(fact.rule for fact in counted))


def _highest(facts: list[Fact]) -> list[Fact]:
    kept: dict[Key | None, Fact] = {}
    for fact in sorted(facts, key=lambda fact: (TENTHS[fact.rule], fact.rule)):
        kept.setdefault(fact.key, fact)
    return list(kept.values())


def total(counts: Mapping[str, int]) -> int:
    """The sum in tenths of a point."""
    return sum(TENTHS[rule] * count for rule, count in counts.items())


def written(tenths: int) -> str:
    """Tenths as people write points: -2.8, 0.0, 0.1."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"
