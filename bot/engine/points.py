"""Points follow from facts: lateness, notices really sent, our own outages (R53, R55, R56, A12–A14, A49, A57, A59).

Whatever changes a fact calls `settle`: what the rules say of an episode is compared with the entries it has; what is
missing is booked, what is too much is taken back by a counter-entry. So an answer that comes to light later, an outage
and "only the highest" are one and the same thing. What a person decided on (申诉, 错立) is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from bot.actions import setting
from bot.rules import scoring
from bot.rules.obligation import LIMITS
from bot.rules.ruleset import Ruleset
from models import bulk, database
from models.obligation import Obligation
from models.score import Chain, ScoreEvent, chains
from models.system import Outage

BY_HAND = 100
"""Notices by hand are numbered from here on, the ladder's own from 1 (A69)."""
DECIDED = frozenset({"objection", "withdrawn"})
"""Why a person took a point back: facts do not bring it again."""

Fact = tuple[str, int]
"""A point of an episode: the rule, and the urge's number where each urge counts, else 0."""


async def late(episodes: Iterable[tuple[Obligation, int, datetime]], at: datetime) -> None:
    """These ran past their D, (obligation, episode, D): booked by whoever learns of it first (R53, A14, A87).

    A leader's 限期 is urged and never scored (A57).
    """
    scored = [each for each in episodes if not each[0].is_limit]
    await bulk.insert(ScoreEvent, [_entry(owed, "overdue", 0, episode, due, at) for owed, episode, due in scored])


_LATE = f"""
SELECT o.id FROM obligation o WHERE o.ended = '' AND o.paused_by = '' AND o.due_at < ? AND o.origin NOT IN {LIMITS}
  AND (o.opens_at IS NULL OR o.opens_at <= ?) AND NOT EXISTS (
    SELECT 1 FROM score_event e WHERE e.obligation_id = o.id AND e.episode = o.episode AND e.rule = 'overdue')"""  # noqa: S608


async def mark_late(at: datetime) -> None:
    """Book what runs late now though no urge has told of it yet: asked before points are shown or frozen (A87)."""
    ids = [row["id"] for row in await database.rows(_LATE, [at, at])]
    if ids:
        # an answer may be on its way: under the lock they are looked at once more
        open_ = Obligation.filter(id__in=ids, ended="", paused_by="", due_at__lt=at)
        rows = await open_.select_for_update(no_key=True).order_by("id")
        await late([(row, row.episode, row.due_at) for row in rows if row.due_at], at)


async def settle(obligation_ids: Collection[int], at: datetime, *, excused: Collection[tuple[int, int]] = ()) -> None:
    """Bring the entries of every episode of these obligations in line with its facts, as of `at`.

    `excused` are (obligation, episode) whose deadline our own outage covered, ended before it was known (A49).
    """
    if not obligation_ids:
        return
    mine = ScoreEvent.filter(obligation_id__in=list(obligation_ids), rule__in=scoring.EPISODIC)
    found: dict[tuple[int, int], list[ScoreEvent]] = defaultdict(list)
    for each in await mine.order_by("id"):
        found[each.obligation_id or 0, each.episode].append(each)
    if not found:
        return
    rows = Obligation.filter(id__in={key[0] for key in found}).prefetch_related("matter")
    owed = {row.id: row for row in await rows}
    for key, entries in found.items():
        await _settle(owed[key[0]], key[1], entries, at, excused=key in excused)


async def sent(owed: Obligation, episode: int, at: datetime) -> None:
    """An urge or a supervise notice of this episode has really gone out (A12, A43); `owed.matter` is loaded."""
    mine = ScoreEvent.filter(obligation_id=owed.id, episode=episode, rule__in=scoring.EPISODIC)
    await _settle(owed, episode, await mine.order_by("id"), at)


async def _settle(
    owed: Obligation, episode: int, entries: Sequence[ScoreEvent], at: datetime, *, excused: bool = False
) -> None:
    due_at = owed.due_at if episode == owed.episode else next((each.due_at for each in entries), None)
    if due_at is None or owed.is_limit:
        return
    had = chains(entries)
    rules = setting.book(owed.matter).rules
    facts = await _facts(owed, episode, had, rules)
    free = excused or _is_free(had) or await _covered(owed, episode, due_at)
    wanted = [] if free else _wanted(facts, rules)
    known = {(chain.base.rule, chain.base.seq): chain for chain in had}
    for fact, chain in known.items():
        if chain.stands == (fact in wanted) or any(each.reason in DECIDED for each in chain.links):
            continue
        why = "" if fact in wanted else "outage" if free else "highest" if fact in facts else "overtaken"
        await counter(chain.last, at, why)
    missing = [fact for fact in wanted if fact not in known]
    await bulk.insert(ScoreEvent, [_entry(owed, rule, seq, episode, due_at, at) for rule, seq in missing])


async def _facts(owed: Obligation, episode: int, had: Sequence[Chain], rules: Ruleset) -> list[Fact]:
    """What happened in the episode, before it is asked which of it counts."""
    was_late = any(chain.base.rule == "overdue" and chain.last.reason != "overtaken" for chain in had)
    facts = [("overdue", 0)] if was_late and not _in_time(owed, episode) else []
    sent_ = await _sent(owed.id, episode)
    facts += [("supervise", 0) for kind, _ in sent_ if kind == "supervise"][:1]
    urges = [seq for kind, seq in sent_ if kind == "urge"]
    if rules.urge_scoring == "message":
        return facts + [("urge_episode", seq) for seq in _each(urges)]
    return facts + ([("urge_episode", 0)] if urges else [])


def _in_time(owed: Obligation, episode: int) -> bool:
    answered = owed.met_at or owed.paused_at
    return episode == owed.episode and bool(answered and owed.due_at and answered <= owed.due_at)


_SENT = """
SELECT n.kind, n.seq FROM notice n
WHERE n.obligation_id = ? AND n.episode = ? AND n.kind IN ('urge', 'supervise') AND EXISTS (
  SELECT 1 FROM delivery d
  WHERE d.notice_id = n.id AND d.lane <> 'update' AND d.state IN ('accepted', 'delivered', 'read'))
ORDER BY n.at, n.id"""


async def _sent(obligation_id: int, episode: int) -> list[tuple[str, int]]:
    """(kind, number) of the notices that reached a platform and were not overtaken by an answer, in order."""
    return [(row["kind"], row["seq"]) for row in await database.rows(_SENT, [obligation_id, episode])]


def _each(urges: Sequence[int]) -> list[int]:
    """Those that cost by themselves: one by hand only as the first, and then it stands for the ladder's first (A69)."""
    ladder = [seq for seq in urges if seq < BY_HAND]
    return [urges[0], *ladder[1:]] if urges and urges[0] >= BY_HAND else ladder


def _wanted(facts: Sequence[Fact], rules: Ruleset) -> list[Fact]:
    """The facts that cost a point by the matter's ruleset (A12, A13)."""
    by_rule: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_rule[fact[0]].append(fact)
    urges, is_late, supervised = len(by_rule["urge_episode"]), bool(by_rule["overdue"]), bool(by_rule["supervise"])
    counts = scoring.of_episode(rules, late=is_late, urges=urges, supervised=supervised)
    return [fact for rule, count in counts.items() for fact in by_rule[rule][:count]]


def _is_free(had: Sequence[Chain]) -> bool:
    """Whether an outage of ours covers the episode (A49), or 错立 voids it: what lands later costs nothing (A46)."""
    return any(chain.last.reason in ("outage", "withdrawn") for chain in had)


async def _covered(owed: Obligation, episode: int, due_at: datetime) -> bool:
    """Whether the running episode was answered in the grace after an outage of ours that covers its D (A49)."""
    answered = owed.met_at or owed.paused_at
    return episode == owed.episode and answered is not None and await is_covered(due_at, answered)


async def is_covered(due_at: datetime, answered_at: datetime) -> bool:
    """Whether an outage of ours covers D and the answer came in time after it (A49)."""
    found = await outages(Outage.filter(ended_at__gte=due_at, began_at__lte=answered_at))
    return scoring.is_excused(due_at, answered_at, found)


async def outages(found: QuerySet[Outage]) -> list[scoring.Outage]:
    """These outages as the rules know them."""
    return [scoring.Outage(each.began_at, each.ended_at) for each in await found]


def _entry(owed: Obligation, rule: str, seq: int, episode: int, due_at: datetime, at: datetime) -> dict[str, Any]:
    """An entry of the unit that owes, in the period of the due day (A59)."""
    year, quarter = scoring.booked_to(due_at)
    return {
        "matter_id": owed.matter_id,
        "obligation_id": owed.id,
        "unit_id": owed.unit_id,
        "year": year,
        "quarter": quarter,
        "rule": rule,
        "episode": episode,
        "seq": seq,
        "tenths": scoring.TENTHS[rule],
        "at": at,
        "due_at": due_at,
    }


_KEPT = ("matter_id", "obligation_id", "unit_id", "year", "quarter", "rule", "episode", "shared", "due_at")


async def counter(entry: ScoreEvent, at: datetime, reason: str) -> int:
    """Take an entry back, once for ever, dated `at`; the tenths that come back.

    `reason` is a key of [point] in words.toml, or a person's words.
    """
    kept = {name: getattr(entry, name) for name in _KEPT}
    row = {**kept, "seq": -entry.id, "tenths": -entry.tenths, "at": at, "reason": reason}
    return sum(each.tenths for each in await bulk.insert(ScoreEvent, [row]))
