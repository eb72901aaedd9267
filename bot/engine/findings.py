"""What the auditor found, told to the office: each finding once, by card where it is about a matter, else in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions import facts
from bot.engine import alarm, notify, word
from bot.engine.notify import Planned
from bot.rules import obligation as rule
from models import database, roster, unreached
from models.delivery import Delivery
from models.fields import utc
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.system import Outage

ABOVE = ("office", "office_director", "leader_in_charge", "main_leader")
"""Who hears of a unit's notices beside the unit."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Notices of this obligation that should have gone out and did not: how many, and of the last one kind, number and
    instant. `kind` cursor: nothing more would go out, fault: it could not be planned. `mended` is the obligation as it
    should stand."""

    row: Obligation
    kind: str
    seq: int = 0
    at: datetime | None = None
    count: int = 0
    mended: rule.Obligation | None = None

    @property
    def key(self) -> int:
        """Tells the gaps of one episode apart: the minute in which the last was due."""
        return int(self.at.timestamp()) // 60 if self.at else 0


async def gap(found: Gap, now: datetime) -> int:
    """A card to the office; the cursor is set again where that lets the ladder go on or catch up (A43)."""
    async with database.transaction():
        matter = await database.lock_matter(found.row.matter_id)
        # a tick locks the obligation alone
        row = await Obligation.all().select_for_update(no_key=True).get(id=found.row.id)
        if _place(row) != _place(found.row):
            return 0  # it moved on meanwhile: the next look sees it as it is then
        mends = bool(found.mended) and await _mend(row, found.mended)
        about = {"missed": found.kind, "nth": found.seq, "count": found.count, "mended": mends}
        about["at"] = utc(found.at).isoformat() if found.at else None
        return await _card(matter, row, "gap", found.key, about, await _office(matter, now), now)


def _place(row: Obligation) -> tuple[object, ...]:
    return row.episode, row.rung, row.next_notice_at, row.ended, row.paused_by, row.fault


async def _mend(row: Obligation, mended: rule.Obligation | None) -> bool:
    if mended is None or (mended.rung, mended.next_notice_at) == (row.rung, row.next_notice_at):
        return False
    await Obligation.filter(id=row.id).update(rung=mended.rung, next_notice_at=mended.next_notice_at)
    database.after_commit(alarm.ring)
    return True


async def nobody(notice_id: int, now: datetime) -> int:
    """An initiation or a supervise notice that nobody of the unit has on any lane: card and SMS to the office, its
    director and the leader in charge."""
    notice = await Notice.get(id=notice_id).prefetch_related("matter", "obligation")
    matter, row = notice.matter, notice.obligation
    ours = await roster.of_unit(row.unit_id, notify.today(now))
    above = set(await roster.holding(ABOVE, notify.today(now))) - ours.keys()
    told = await Delivery.filter(notice_id=notice_id).exclude(lane="update").prefetch_related("person")
    mine = [each for each in told if each.person_id not in above]
    if any(each.state not in unreached.LOST for each in mine):
        return 0
    names = list(dict.fromkeys(each.person.name for each in mine))
    about = {"missed": notice.kind, "nth": notice.seq, "at": notice.at.isoformat(), "names": names}
    async with database.transaction():
        people = await _office(matter, now, "leader_in_charge")
        return await _card(matter, row, "unreached", notice_id, about, people, now, sms=True)


async def person(person_id: int, now: datetime) -> int:
    """Somebody has a notice on no lane: a word a day."""
    name = (await roster.names([person_id])).get(person_id, "")
    day = notify.today(now)
    return await word.office(f"lost:{person_id}:{day:%y%m%d}", "unreached_person", now, name=name)


async def outage(row: Outage, now: datetime) -> int:
    """The system was away for a while (A49)."""
    return await word.office(f"outage:{row.id}", "outage", now, began_at=row.began_at, ended_at=row.ended_at)


async def standstill(work: str, since: datetime, now: datetime) -> int:
    """What is `due` is not planned, or what is `waiting` is not sent."""
    key = f"{work}:{notify.today(now):%y%m%d}"
    return await word.office(key, "standstill", now, work=work, since=since)


async def _office(matter: Matter, now: datetime, *roles: str) -> list[int]:
    seated = (await notify.holders([matter.unit_id], notify.today(now)))[matter.unit_id]
    return list(dict.fromkeys(each for role in (*word.OFFICE, *roles) for each in seated.get(role, ())))


async def _card(
    matter: Matter,
    row: Obligation,
    kind: str,
    seq: int,
    about: dict[str, Any],
    people: list[int],
    now: datetime,
    *,
    sms: bool = False,
) -> int:
    said = {**await facts.of(matter), "node": row.name, **about}
    told = Planned(matter.id, row.id, row.episode, kind, seq, now, people, people if sms else (), said)
    return len(await notify.plan([told], now))
