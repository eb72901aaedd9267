"""What goes out at one instant: asks every open obligation, holds back at night and in downtime (A10, A43)."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.oracle import completion, due
from tests.oracle.model import Matter, Obligation, Owed

SEVERITY = ["initiate", "remind", "urge", "supervise", "accountability_proposal"]
CATCH_UP_AFTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


def send(matter: Matter, now: datetime) -> None:
    """Everything due at this instant; the list may grow while it is walked (weeks that resume)."""
    if matter.unannounced and matter.down_since is None:
        matter.unannounced = False
        _notice(matter, now, "initiate", "MATTER")
    if matter.closed or matter.pending:
        return
    for one in matter.owed:
        if one.state == "open":
            _ask(matter, one, now)
            if one.backlog and matter.down_since is None and not due.is_quiet(matter.config, now):
                _release(matter, one, now)


def _ask(matter: Matter, one: Obligation, now: datetime) -> None:
    moved = due.is_quiet(matter.config, now)
    if due.supervise_due(matter.config, one, now):
        one.backlog.append(Owed("supervise", 0, now, moved))
    if one.drop_until is not None and now < one.drop_until:
        return
    number = due.urge_number(matter.config, one, now)
    if number is not None:
        one.backlog.append(Owed("urge", number, now, moved))
    if due.remind_due(matter.config, one, now):
        one.backlog.append(Owed("remind", 0, now, moved))


def _release(matter: Matter, one: Obligation, now: datetime) -> None:
    """One notice for all that is held: the most severe, numbered as the latest."""
    worst = max(one.backlog, key=lambda rung: (SEVERITY.index(rung.kind), rung.seq))
    missed = any(_lateness(matter, rung, now) > CATCH_UP_AFTER for rung in one.backlog)
    moved = any(rung.moved for rung in one.backlog)
    one.backlog = []
    seq = worst.seq
    if missed or moved:
        gap = timedelta(minutes=matter.config.get("min_gap_minutes", 90))
        one.drop_until = now + gap
        if not missed and worst.kind == "urge":
            seq = _merged_number(matter, one, seq, now)
    _record(matter, one, worst.kind, seq, now)


def _lateness(matter: Matter, rung: Owed, now: datetime) -> timedelta:
    return now - (due.quiet_end(matter.config, rung.planned) if rung.moved else rung.planned)


def _merged_number(matter: Matter, one: Obligation, seq: int, now: datetime) -> int:
    """The number of the last urge that the morning's notice also stands for."""
    soon = now + MINUTE
    while one.drop_until is not None and soon < one.drop_until:
        seq = due.urge_number(matter.config, one, soon) or seq
        soon += MINUTE
    return seq


def _record(matter: Matter, one: Obligation, kind: str, seq: int, now: datetime) -> None:
    _notice(matter, now, kind, one.name, seq)
    if kind == "urge":
        one.episode.urges += 1
    if kind != "supervise":
        return
    one.episode.supervised = True
    matter.supervise_count += 1
    if matter.supervise_count >= 2 and not matter.proposal_open:
        matter.proposal_open = True
        _notice(matter, now, "accountability_proposal", "MATTER")
    if one.name == "REWORK":
        completion.resume(matter, now)


def _notice(matter: Matter, now: datetime, kind: str, name: str, seq: int = 0) -> None:
    notice = {"at": now.isoformat(), "kind": kind, "obligation": name}
    matter.notices.append({**notice, "seq": seq} if kind == "urge" else notice)
