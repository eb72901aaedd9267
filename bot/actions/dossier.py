"""The dossier of a matter for accountability: notices with instants and channels, answers, points (R59, A13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions import answers
from models import database, roster
from models.fields import utc
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import LABEL
from models.ruling import Ruling
from models.score import ScoreEvent, chains

SILENT = ("overtaken", "cancelled")
"""States of a delivery that told nobody of a silence: an answer came first, or it never left."""
REACHED = ("accepted", "delivered", "read", "overtaken")
_LADDER = "('initiate', 'remind', 'urge', 'supervise', 'accountability_proposal')"
_LINES = f"""
SELECT n.id AS notice_id, n.kind, n.seq, n.at AS planned_at, {LABEL} AS node, o.id AS obligation_id, n.episode,
  CASE WHEN o.episode = n.episode THEN o.due_at ELSE (
    SELECT max(e.due_at) FROM score_event e
    WHERE e.obligation_id = o.id AND e.episode = n.episode AND e.rule = 'overdue'
  ) END AS due_at,
  d.lane, d.state, d.created_at, d.first_attempt_at, d.accepted_at, d.error, p.name AS person
FROM notice n JOIN obligation o ON o.id = n.obligation_id
LEFT JOIN delivery d ON d.notice_id = n.id AND d.lane <> 'update' LEFT JOIN person p ON p.id = d.person_id
WHERE n.matter_id = ? AND n.created_at >= ? AND o.cycle = ? AND n.kind IN {_LADDER} ORDER BY n.at, n.id, d.id"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Line:
    """A notice to one person on one lane; instants None where it did not come so far. `person` "": nobody was told.

    `due_at` is the D that its episode ran against, None where an earlier one was never late.
    """

    notice_id: int
    obligation_id: int
    episode: int
    kind: str
    seq: int
    node: str
    due_at: datetime | None
    planned_at: datetime
    sent_at: datetime | None
    accepted_at: datetime | None
    lane: str
    person: str
    state: str

    @property
    def is_reached(self) -> bool:
        return self.state in REACHED


async def lines(matter: Matter, *, virtual: bool = False) -> list[Line]:
    """Every notice of the ladder that the unit got in the running cycle, one line a person and lane, as planned.

    Attempts are timed by the wall clock; where business time is `virtual` the instant of queueing stands for it.
    """
    found = await database.rows(_LINES, [matter.id, await _begun(matter), matter.cycle])
    return [_line(row, virtual) for row in found]


def _line(row: Mapping[str, Any], virtual: bool) -> Line:
    sent = row["first_attempt_at"] and (row["created_at"] if virtual else row["first_attempt_at"])
    instants = {"planned_at": row["planned_at"], "sent_at": sent}
    instants |= {"accepted_at": row["accepted_at"], "due_at": row["due_at"]}
    return Line(
        notice_id=row["notice_id"],
        obligation_id=row["obligation_id"],
        episode=row["episode"],
        kind=row["kind"],
        seq=row["seq"],
        node=row["node"],
        lane=row["lane"] or "",
        person=row["person"] or "",
        state=row["state"] or "",
        **{name: utc(value) if value else None for name, value in instants.items()},  # type: ignore[arg-type]
    )


async def of(matter: Matter) -> dict[str, Any]:
    """The running cycle, since the unit has the matter.

    Supervise notices in full, other notices counted by obligation, answers, points, words."""
    told, begun = await lines(matter), await _begun(matter)
    filed = await answers.of(matter, begun)
    entries = await _entries(matter, begun)
    counted = supervisions([each for each in told if each.state not in SILENT])
    return {
        "supervised": matter.supervised,
        "supervisions": supervisions(told),
        "unbroken": _unbroken(counted, [each["at"] for each in filed if each["kind"] not in answers.UNCOUNTED]),
        "counted": _counted(told),
        "answers": filed,
        "total": sum(each.tenths for each in entries),
        "rules": _rules(entries),
        "rulings": await _rulings(matter, begun),
        "lines": len(told),
    }


async def _entries(matter: Matter, begun: datetime) -> list[ScoreEvent]:
    """What the unit has lost and won by the matter since it has it."""
    found = chains(await ScoreEvent.filter(matter_id=matter.id))
    return [chain.last for chain in found if chain.stands and chain.base.at > begun]


def supervisions(told: Sequence[Line]) -> list[dict[str, Any]]:
    """Each supervise notice: node, D, when planned, who got it on which lane and when, whom it did not reach."""
    found: dict[int, dict[str, Any]] = {}
    for each in told:
        if each.kind != "supervise":
            continue
        head: dict[str, Any] = {
            "node": each.node,
            "due_at": each.due_at,
            "at": each.planned_at,
            "reached": {},
            "missed": [],
        }
        line = found.setdefault(each.notice_id, head)
        if each.is_reached:
            line["reached"].setdefault(each.lane, []).append((each.person, each.accepted_at))
        elif each.person and each.state not in ("pending", "sending", "cancelled"):
            line["missed"].append(each.person)
    return list(found.values())


def _unbroken(supervised: Sequence[Mapping[str, Any]], answered: Sequence[datetime]) -> bool:
    """Whether the last two supervise notices stem from one silence, with no answer between them (A13); at one instant
    the answer comes first (A5)."""
    if len(supervised) < 2:
        return False
    first, last = supervised[-2]["at"], supervised[-1]["at"]
    return not any(first < at <= last for at in answered)


def _counted(told: Sequence[Line]) -> list[dict[str, Any]]:
    """Reminders and urges by obligation and episode: how many notices, from when to when, how many reached nobody."""
    reached = {each.notice_id for each in told if each.is_reached}
    found: dict[tuple[int, int, str, str], dict[int, datetime]] = {}
    for each in told:
        if each.kind in ("remind", "urge"):
            run = (each.obligation_id, each.episode, each.node, each.kind)
            found.setdefault(run, {})[each.notice_id] = each.planned_at
    return [
        {"node": node, "kind": kind, "count": len(notices), "missed": len(notices.keys() - reached)}
        | {"first": min(notices.values()), "last": max(notices.values())}
        for (_, _, node, kind), notices in found.items()
    ]


async def _begun(matter: Matter) -> datetime:
    """When the running cycle began: the last reopening, else the proposal; for a unit that took it over, its 改派."""
    lines = Ledger.filter(matter_id=matter.id, verb__in=("reopen", "reassign")).order_by("-n")
    return next((each.at for each in await lines if not each.facts.get("keeps")), matter.proposed_at)


def _rules(entries: Sequence[ScoreEvent]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in entries:
        counts[each.rule] = counts.get(each.rule, 0) + 1
    return counts


async def _rulings(matter: Matter, begun: datetime) -> list[dict[str, Any]]:
    """The words given on accountability in the running cycle."""
    given = Ruling.filter(matter_id=matter.id, kind="accountability", asked_at__gte=begun).exclude(verdict="")
    rows = await given.order_by("id")
    names = await roster.names(each.decided_by_id for each in rows)
    return [
        {"verdict": each.verdict, "by": each.decided_by_id and names[each.decided_by_id], "note": each.note}
        | {"at": each.decided_at or each.asked_at}
        for each in rows
    ]
