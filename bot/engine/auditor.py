"""What should have gone out against what did, beside the work and apart from it (data.md §What is promised).

Each look takes the next stretch of the record: obligations by id, in turn; notices and attempts once they are a look
old, so that what commits out of order is not passed by. How far it has come is one row of `meta`, moved on once all was
told: a restart or a second replica may look twice, and each finding is told once by its key.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog

from bot.actions import setting
from bot.engine import findings
from bot.engine.findings import Gap
from bot.rules import gaps
from bot.rules.gaps import Sent
from bot.rules.status import SEVERITY
from models import database, schedule, unreached
from models import life as lives
from models.delivery import Delivery
from models.fields import utc
from models.notice import Notice
from models.obligation import Obligation
from models.system import Meta, Outage

EVERY = 60.0
"""Seconds (wall) between two looks."""
STRETCH = 1000
"""Rows of each table that a look goes through: its cost does not grow with the book."""
STANDING = timedelta(minutes=30)
"""What has been due so long, and was due at the look before, stands still."""
KEY = "audit"
_FIRST = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING RETURNING key"
_MOVE = "UPDATE meta SET value = ? WHERE key = ? AND value = ? RETURNING key"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """How far the looks have come: ids passed, and the newest ones seen by the look before; `at` its instant
    (business), `due` and `waiting` what was to be planned and to be sent first."""

    at: str = ""
    obligation: int = 0
    notice: int = 0
    attempt: int = 0
    outage: int = 0
    newest_notice: int = 0
    newest_attempt: int = 0
    due: str = ""
    waiting: str = ""


async def audit(now: datetime) -> int:
    """One look at `now` (business); how many findings were told."""
    text = await _stored()
    state = State(**json.loads(text))
    told = 0
    for gap in await _gaps(state.obligation, now):
        told += await findings.gap(gap, now)
    notices, attempts = (state.notice, _end(state.notice, state.newest_notice)), _tries(state)
    for notice_id in await unreached.doubtful(notices, attempts):
        told += await findings.nobody(notice_id, now)
    for person_id in await unreached.without_a_lane(attempts):
        told += await findings.person(person_id, now)
    for outage in await Outage.filter(id__gt=state.outage).order_by("id"):
        told += await findings.outage(outage, now)
    after = await _after(state, now)
    told += await _standing(state, after, now)
    await database.rows(_MOVE, [json.dumps(asdict(after)), KEY, text])
    if told:
        _log.error("audit_found", findings=told)
    return told


async def last() -> str:
    """The instant (business, ISO) of the last look; "" before the first."""
    found = await Meta.get_or_none(key=KEY)
    return State(**json.loads(found.value)).at if found else ""


async def whole(now: datetime) -> list[Gap]:
    """Every gap of the whole book, told to nobody."""
    newest = await _newest("obligation")
    return [gap for after in range(0, newest, STRETCH) for gap in await _gaps(after, now)]


async def _stored() -> str:
    """The state as it is written; the first look of all takes notices and outages from there on."""
    notice, attempt, outage = [await _newest(each) for each in ("notice", "attempt", "outage")]
    start = State(notice=notice, newest_notice=notice, attempt=attempt, newest_attempt=attempt, outage=outage)
    await database.rows(_FIRST, [KEY, json.dumps(asdict(start))])
    return (await Meta.get(key=KEY)).value


def _end(passed: int, newest: int) -> int:
    return min(newest, passed + STRETCH)


def _tries(state: State) -> tuple[int, int]:
    return state.attempt, _end(state.attempt, state.newest_attempt)


async def _after(state: State, now: datetime) -> State:
    """The state after this look; obligations begin anew once all were looked at."""
    last = state.obligation + STRETCH
    due, waiting = await schedule.first_due_at(), await Delivery.first_untried_at()
    return State(
        at=now.isoformat(),
        obligation=last if last < await _newest("obligation") else 0,
        notice=_end(state.notice, state.newest_notice),
        attempt=_end(state.attempt, state.newest_attempt),
        outage=await _newest("outage"),
        newest_notice=await _newest("notice"),
        newest_attempt=await _newest("attempt"),
        due=due.isoformat() if due else "",
        waiting=waiting.isoformat() if waiting else "",
    )


async def _newest(table: str) -> int:
    return int((await database.rows(f"SELECT coalesce(max(id), 0) AS id FROM {table}"))[0]["id"])  # noqa: S608


async def _standing(before: State, after: State, now: datetime) -> int:
    """Planning or sending that does not get on although the database works."""
    told = 0
    for work in ("due", "waiting"):
        first, then = getattr(after, work), getattr(before, work)
        if first and first == then and datetime.fromisoformat(first) < now - STANDING:
            told += await findings.standstill(work, datetime.fromisoformat(first), now)
    return told


async def _gaps(after: int, now: datetime) -> list[Gap]:
    """What is missing in the stretch of obligations behind this id, of those that run; and those set aside.

    Of a family its children alone are told of, its parent never (A62).
    """
    rows = Obligation.filter(id__gt=after, id__lte=after + STRETCH, ended="", paused_by="")
    owed = await rows.prefetch_related("matter")
    found = [each for each in owed if each.matter.initiated_at and not each.matter.leads]
    record = await _record([each.id for each in found])
    looked = (_of(row, record.get((row.id, row.episode), []), now) for row in found)
    return [gap for gap in looked if gap]


async def _record(ids: Sequence[int]) -> dict[tuple[int, int], list[Notice]]:
    """The notices of the ladder of these obligations by (obligation, episode), and what was told of them before."""
    kept: dict[tuple[int, int], list[Notice]] = {}
    for each in await Notice.filter(obligation_id__in=ids, kind__in=[*SEVERITY, "gap"]) if ids else []:
        kept.setdefault((each.obligation_id, each.episode), []).append(each)
    return kept


def _of(row: Obligation, notices: Sequence[Notice], now: datetime) -> Gap | None:
    if row.fault:
        return Gap(row, "fault")
    owed, book = lives.owed(row), setting.book(row.matter)
    record = [_sent(each) for each in notices if each.kind != "gap"]
    told = max((str(each.facts["at"] or "") for each in notices if each.kind == "gap"), default="")
    missing = [each for each in gaps.missing(owed, record, book) if utc(each.at).isoformat() > told]
    mended = gaps.mended(owed, record, book)
    if missing:
        last = missing[-1]
        return Gap(row, last.kind, last.seq, last.at, len(missing), mended)
    return Gap(row, "cursor", mended=mended) if gaps.is_lost(owed, now, book) else None


def _sent(notice: Notice) -> Sent:
    marks = {"caught_up": bool(notice.facts.get("caught_up")), "by_hand": "words" in notice.facts}
    return Sent(notice.kind, notice.seq, notice.at, **marks)
