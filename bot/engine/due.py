"""Obligations whose next notice is due → notices, deliveries and the next cursor, in one transaction (flow 2).

The rows are the schedule. A batch takes the plain rungs of many matters at once; a rung that changes the matter
itself (a period begins, a supervise notice, a proposal) is taken by itself under the matter's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot import failpoint
from bot.actions import change, posts, question, setting, tally
from bot.engine import notify, points, trouble
from bot.engine.notify import Planned
from bot.rules import ladder, outcome
from bot.rules.ladder import Notice
from bot.rules.ruleset import Ruleset
from models import database
from models import life as lives
from models.obligation import Obligation

SQLITE_BATCH = 100
"""Rows a transaction while every other writer waits (data.md)."""
PLAIN = frozenset({"initiate", "remind", "urge"})

_log = structlog.get_logger(__name__)


async def advance(now: datetime, limit: int) -> int:
    """Plan what is due at `now` (business), at most `limit` obligations; how many were moved. 0 = nothing is due."""
    first = await Obligation.first_due_at()
    if first is None or first > now:
        return 0
    size = limit if database.dialect() == "postgres" else min(limit, SQLITE_BATCH)
    moved, heavy = await database.retrying(lambda: _batch(now, size))
    failpoint.hit("planned")
    for obligation_id in heavy:
        await _alone(obligation_id, now)
    return moved + len(heavy)


async def _batch(now: datetime, limit: int) -> tuple[int, list[int]]:
    """How many rows were moved or set aside, and the ids of those that must be taken by themselves."""
    planned: list[tuple[Obligation, Notice, Ruleset]] = []
    moved: list[Obligation] = []
    heavy: list[int] = []
    async with database.transaction():
        rows = await Obligation.due(now, limit)
        if not rows:  # another replica holds them
            return 0, []
        for row in rows:
            try:
                book = setting.book(row.matter)
                notice, after = ladder.advance(lives.owed(row), now, book.rules, book.days)
            except Exception as error:  # a row that can't be planned must not stop the rest (data.md)
                await _quarantine(row, error)
                continue
            if notice and notice.rung.kind not in PLAIN:
                heavy.append(row.id)
                continue
            row.rung, row.next_notice_at, row.caught_up_at = after.rung, after.next_notice_at, after.caught_up_at
            moved.append(row)
            if notice:
                planned.append((row, notice, book.rules))
        await _write(planned, moved, now)
        failpoint.hit("planning")
    return len(rows) - len(heavy), heavy


async def _write(
    planned: Sequence[tuple[Obligation, Notice, Ruleset]], moved: Sequence[Obligation], now: datetime
) -> None:
    if moved:
        await Obligation.bulk_update(moved, fields=["rung", "next_notice_at", "caught_up_at"])
    if not planned:
        return
    seated = await notify.holders((row.unit_id for row, _, _ in planned), notify.today(now))
    handlers = await notify.acting(((row.matter.handler_id, row.unit_id) for row, _, _ in planned), notify.today(now))
    told = [
        _planned(row, notice, rules, seated[row.unit_id], handlers.get((row.matter.handler_id, row.unit_id)), now)
        for row, notice, rules in planned
    ]
    await notify.plan(told, now)
    await _score_late([(row, notice) for row, notice, _ in planned], now)


def _planned(
    row: Obligation, notice: Notice, rules: Ruleset, seated: notify.Holders, handler: int | None, now: datetime
) -> Planned:
    people, sms = notify.by_roles(notice.rung, rules, seated, handler)
    return Planned(
        matter_id=row.matter_id,
        obligation_id=row.id,
        episode=notice.obligation.episode,
        kind=notice.rung.kind,
        seq=notice.rung.seq,
        at=now if notice.caught_up else notice.rung.at,
        people=people,
        sms=sms,
        facts={**notify.marked(notice.rung), **({"caught_up": True} if notice.caught_up else {})},
    )


async def _score_late(planned: Sequence[tuple[Obligation, Notice]], now: datetime) -> None:
    """An urge or a supervise notice is the first that knows of the lateness (R53, A14)."""
    found = [row for row, notice in planned if notice.rung.kind in ("urge", "supervise")]
    await points.late([(row, row.episode, row.due_at) for row in found if row.due_at], now)


async def _quarantine(row: Obligation, error: Exception) -> None:
    """Set aside: no cursor, the reason kept for the office (`/未达`) and the log."""
    reason = f"{type(error).__name__}: {error}"[:500]
    _log.error("obligation_quarantined", obligation=row.id, matter=row.matter_id, reason=reason)
    await Obligation.filter(id=row.id).update(fault=reason, next_notice_at=None)


async def _alone(obligation_id: int, now: datetime) -> None:
    try:
        await database.retrying(lambda: _one(obligation_id, now))
    except Exception as error:
        if trouble.passes(error):
            raise
        await _quarantine(await Obligation.get(id=obligation_id), error)


async def _one(obligation_id: int, now: datetime) -> None:
    async with database.transaction():
        matter = await database.lock_matter((await Obligation.get(id=obligation_id)).matter_id)
        found = await Obligation.get(id=obligation_id)
        if found.next_notice_at is None:  # ended meanwhile; when the matter was reopened it is of another cycle
            return
        before = await lives.load(matter)
        book = setting.book(matter)
        owed = next(each for each in before.obligations if (each.name, each.ordinal) == (found.name, found.ordinal))
        notice, moved = ladder.advance(owed, now, book.rules, book.days)
        if notice is None:  # another replica was here, or the quiet hours hold it back
            await Obligation.filter(id=obligation_id).update(next_notice_at=moved.next_notice_at)
            return
        at = now if notice.caught_up else notice.rung.at
        after = outcome.notified(before, notice, moved, at, book, await tally.of(matter, at))
        await lives.store(matter, before, after)
        await question.follow(matter, notice.rung.kind, before, after, book, at, None)
        if notice.rung.kind == "open":
            return
        row = await Obligation.get(id=obligation_id)
        seated = await notify.holders([row.unit_id], notify.today(now))
        handler = await notify.handler(matter, notify.today(now))
        planned = _planned(row, notice, book.rules, seated[row.unit_id], handler, now)
        if notice.rung.kind == "accountability_proposal":
            planned = replace(planned, people=await posts.proposed(row.unit_id, notify.today(now)))
        await notify.plan([planned], now)
        await _score_late([(row, notice)], now)
        await change.record(matter, notice.rung.kind, by=None, at=at, facts={"obligation": row.name})
        failpoint.hit("planning")
