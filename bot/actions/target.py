"""Which obligation a feedback is for: the one named, else the one due (A8, A28); pure functions on a life."""

from __future__ import annotations

from datetime import date, datetime

from bot import errors
from bot.rules.calendar import day_of, local
from bot.rules.life import Life
from bot.rules.obligation import Obligation
from bot.rules.ruleset import Ruleset
from bot.rules.status import NODES, NOT_MONTHLY, is_period

GRACE_DAYS = 5
CUSTOM = "CUSTOM"


def of(life: Life, hint: str | None, at: datetime, rules: Ruleset | None = None) -> str:
    """The obligation's name; "" when the matter has none that a feedback could be for.

    `hint` is what was named: N1 N3 N7 NM CUSTOM REWORK, a full period name, W or M (the one due), W04-09, M09 (the
    newest that has begun), CUSTOM03-20 (that leader's date). W or M in a matter without weeks or months counts as not
    given: people write 周报 for any report; so does a date that may be one of the text, W04-09? or M09?.
    `rules` say whether NM may be the one due, where any feedback meets it (A7).
    Raises Refused no_such_node when a node or period is named that this matter does not have: asked back, not filed.
    """
    monthly = rules is not None and rules.nm_met_by == "feedback"
    found = _named(life, hint.removesuffix("?"), at, monthly) if hint else ""
    if hint and not found and hint not in ("W", "M") and hint[-1] != "?":
        raise errors.Refused("no_such_node", node=_full(hint, at))
    return found or _due(life, at, monthly)


def _full(hint: str, at: datetime) -> str:
    """A period as obligations are named: W04-09 is that of the year `at` is in."""
    if hint.startswith(CUSTOM):
        return CUSTOM
    return f"{hint[0]}{local(at).year}-{hint[1:]}" if is_period(hint) and len(hint) < len("M2026-09") else hint


def _named(life: Life, hint: str, at: datetime, nm: bool) -> str:
    if hint in ("W", "M"):
        return _due(life, at, nm, hint)
    if hint.startswith(CUSTOM) and (limit := _limit(life, hint)):
        return limit.address
    if life.find(hint, ended=True):
        return hint
    return _period(life, hint, at) if is_period(hint) else ""


def _limit(life: Life, hint: str) -> Obligation | None:
    """The leader's date of that day (A57), of no day the one due first; the newest that is over when none is open."""
    limits = [owed for owed in life.obligations if owed.is_limit and owed.address.endswith(hint.removeprefix(CUSTOM))]
    return min((owed for owed in limits if not owed.ended), key=_by, default=limits[-1] if limits else None)


def _period(life: Life, hint: str, at: datetime) -> str:
    """The newest of that name that has begun, 12月 said in January is last year's; else that of this year, or the week
    before whose moved deadline covers it (A23)."""
    mine = [owed for owed in life.obligations if owed.name[0] == hint[0] and owed.name.endswith(hint[1:])]
    begun = [owed.name for owed in mine if owed.opens_at and owed.opens_at <= at]
    name = begun[-1] if begun else _full(hint, at)
    if life.find(name, ended=True):
        return name
    try:
        day = date.fromisoformat(name[1:])
    except ValueError:  # a month, or 2月31日周报
        return ""
    weeks = (owed for owed in life.obligations if owed.name[0] == "W" and date.fromisoformat(owed.name[1:]) < day)
    return next((owed.name for owed in weeks if day <= day_of(_by(owed))), "")


def _due(life: Life, at: datetime, nm: bool, kind: str = "") -> str:
    """The latest overdue one, else the one just met as long as its D is ahead (A8), else the next one."""
    newest = {owed.address: owed for owed in life.obligations}  # after a reassignment the old unit's are done with
    takes = (owed for owed in newest.values() if owed.takes_feedback or (nm and owed.name == "NM"))
    mine = [owed for owed in takes if _is(owed, kind)]
    owed = sorted((each for each in mine if each.is_open(at)), key=_by)
    if month := _month(owed, at):
        return month.name
    overdue = [each for each in owed if each.is_overdue(at)]
    if overdue:
        return overdue[-1].address
    met = [each for each in mine if each.ended == "met" and at <= _by(each) and not _is_over(each, life)]
    if met:
        return sorted(met, key=_by)[-1].address
    return owed[0].address if owed else _last(mine)


def _is_over(owed: Obligation, life: Life) -> bool:
    """Whether what was answered takes no more words: a leader's date (A57), a node that 转月报 closed (A55)."""
    return owed.is_limit or (life.category == "monthly" and owed.name in NOT_MONTHLY)


def _is(owed: Obligation, kind: str) -> bool:
    return not kind or (owed.name[0] == kind and owed.name not in NODES)


def _by(owed: Obligation) -> datetime:
    assert owed.due_at
    return owed.due_at


def _month(owed: list[Obligation], at: datetime) -> Obligation | None:
    """A28: on day 1–5 the last month when it is open, else the current one, which settles the earlier ones."""
    months = [each for each in owed if each.name[0] == "M" and each.is_overdue(at)]
    if not months:
        return None
    current = next((each for each in owed if each.name[0] == "M" and not each.is_overdue(at)), None)
    return current if current and local(at).day > GRACE_DAYS else months[-1]


def _last(mine: list[Obligation]) -> str:
    """Nothing is open: what was ended last keeps the supplement."""
    ended = sorted((each.met_at, each.address) for each in mine if each.met_at and each.ended != "void")
    return ended[-1][1] if ended else ""
