"""What every action needs of the installation: the ledger's key, the ruleset for new matters, the working days."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from bot.rules import ruleset
from bot.rules.calendar import Calendar
from bot.rules.life import Book
from bot.rules.ruleset import Ruleset
from models.matter import Matter


@dataclass(frozen=True, slots=True)
class Setting:
    """`ledger_key` is kept outside the database; `rules` are snapshotted into each matter at its initiation;
    `public_url` is what links in cards begin with, with no slash at its end; "" when no phone can reach the pages."""

    ledger_key: bytes
    rules: Ruleset = field(default_factory=Ruleset)
    days: Calendar = field(default_factory=Calendar)
    public_url: str = ""


_current: Setting | None = None


def use(setting: Setting) -> None:
    """Set once at start, before the first action."""
    global _current
    _current = setting


def current() -> Setting:
    """The setting in force; RuntimeError before `use`."""
    if _current is None:
        raise RuntimeError("bot.actions.setting.use() was not called")
    return _current


def book(matter: Matter) -> Book:
    """The matter's own ruleset, as snapshotted, and the calendar."""
    rules = _parsed(frozenset(matter.ruleset.items())) if matter.ruleset else current().rules
    return Book(rules, current().days)


@lru_cache(maxsize=64)
def _parsed(items: frozenset[tuple[str, object]]) -> Ruleset:
    return ruleset.parse(dict(items))
