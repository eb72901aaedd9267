"""The dossier of a matter for accountability: notices with instants and channels, answers, points (R59, A13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions import account
from models import database, roster
from models.feedback import Feedback
from models.fields import utc
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import LABEL, Obligation
from models.ruling import Ruling
from models.score import ScoreEvent

UNCOUNTED = ("supplement", "cooperation")
"""Kinds of feedback that answer nothing (A8, A62)."""
REACHED = ("accepted", "delivered", "read", "overtaken")
_LADDER = "('initiate', 'remind', 'urge', 'supervise', 'accountability_proposal')"
_LINES = f"""
SELECT n.id AS notice_id, n.kind, n.seq, n.at AS planned_at, o.id AS obligation_id, {LABEL} AS node, o.due_at,
  d.lane, d.state, d.created_at, d.first_attempt_at, d.accepted_at, d.error, p.name AS person
FROM notice n JOIN obligation o ON o.id = n.obligation_id
LEFT JOIN delivery d ON d.notice_id = n.id AND d.lane <> 'update' LEFT JOIN person p ON p.id = d.person_id
WHERE n.matter_id = ? AND o.cycle = ? AND n.kind IN {_LADDER} ORDER BY n.at, n.id, d.id"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Line:
    """A notice to one person on one lane; instants None where it did not come so far. `person` "": nobody was told."""

    notice_id: int
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
    """Every notice of the ladder in the running cycle, one line a person and lane, in the order of planning.

    Attempts are timed by the wall clock; where business time is `virtual` the instant of queueing stands for it.
    """
    return [_line(row, virtual) for row in await database.rows(_LINES, [matter.id, matter.cycle])]


def _line(row: Mapping[str, Any], virtual: bool) -> Line:
    sent = row["first_attempt_at"] and (row["created_at"] if virtual else row["first_attempt_at"])
    instants = {"planned_at": row["planned_at"], "sent_at": sent}
    instants |= {"accepted_at": row["accepted_at"], "due_at": row["due_at"]}
    return Line(
        notice_id=row["notice_id"],
        kind=row["kind"],
        seq=row["seq"],
        node=row["node"],
        lane=row["lane"] or "",
        person=row["person"] or "",
        state=row["state"] or "",
        **{name: utc(value) if value else None for name, value in instants.items()},  # type: ignore[arg-type]
    )


async def of(matter: Matter) -> dict[str, Any]:
    """The running cycle: supervise notices in full, other notices counted by obligation, answers, points, words."""
    told, begun = await lines(matter), await _begun(matter)
    answers = await _answers(matter, begun)
    entries = await ScoreEvent.filter(matter_id=matter.id, obligation__cycle=matter.cycle)
    counted = supervisions([each for each in told if each.state != "overtaken"])
    return {
        "supervised": matter.supervised,
        "supervisions": supervisions(told),
        "unbroken": _unbroken(counted, [each.at for each in answers if each.kind not in UNCOUNTED]),
        "counted": _counted(told),
        "answers": [_answer(each) for each in answers],
        "total": sum(each.tenths for each in entries),
        "rules": _rules(account.standing(sorted(entries, key=lambda each: each.id))),
        "rulings": await _rulings(matter, begun),
        "lines": len(told),
    }


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
    """Reminders and urges by obligation: how many notices, from when to when, how many reached nobody."""
    reached = {each.notice_id for each in told if each.is_reached}
    found: dict[tuple[str, datetime | None, str], dict[int, datetime]] = {}
    for each in told:
        if each.kind in ("remind", "urge"):
            found.setdefault((each.node, each.due_at, each.kind), {})[each.notice_id] = each.planned_at
    return [
        {"node": node, "kind": kind, "count": len(notices), "missed": len(notices.keys() - reached)}
        | {"first": min(notices.values()), "last": max(notices.values())}
        for (node, _, kind), notices in found.items()
    ]


async def _begun(matter: Matter) -> datetime:
    """When the running cycle began: the last reopening, else the proposal."""
    line = await Ledger.filter(matter_id=matter.id, verb="reopen").order_by("-n").first()
    return line.at if line else matter.proposed_at


async def _answers(matter: Matter, begun: datetime) -> list[Feedback]:
    """What was filed in the running cycle, by the instant for which it counts."""
    mine = Feedback.filter(matter_id=matter.id, created_at__gte=begun)
    return await mine.order_by("at", "id").prefetch_related("obligation", "person")


def _answer(each: Feedback) -> dict[str, Any]:
    owed: Obligation | None = each.obligation
    late = owed is not None and owed.due_at is not None and each.at > owed.due_at and each.kind not in UNCOUNTED
    return {"node": owed.name if owed else "", "at": each.at, "by": each.person.name, "kind": each.kind, "late": late}


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
