"""A notice becomes deliveries: one person told once on each lane (A37, A44); the outbox does the sending."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.engine import alarm
from bot.rules import calendar, recipients
from bot.rules.ladder import Rung
from bot.rules.ruleset import Ruleset
from bot.rules.status import SEVERITY
from models import database, roster
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.people import Person

Holders = Mapping[str, Sequence[int]]
"""Role → person ids."""

always_sms: Sequence[str] | None = ("initiate", "supervise")
"""`[sms] always`, set at start; None where no SMS leaves at all (A44)."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A notice row to be: columns of Notice but id, and who is told; `sms` are told by short message too."""

    matter_id: int
    obligation_id: int
    episode: int
    kind: str
    seq: int
    at: datetime
    people: Sequence[int]
    sms: Sequence[int] = ()
    facts: Mapping[str, Any] | None = None


async def holders(unit_ids: Iterable[int], on: date) -> dict[int, dict[str, list[int]]]:
    """Unit → role → active persons in that seat on a day; office-wide roles are in every unit's table."""
    units = sorted(set(unit_ids))
    marks = ", ".join("?" * len(units)) or "NULL"
    found = await database.rows(
        f"SELECT s.unit_id, s.role, s.person_id FROM seat s JOIN person p ON p.id = s.person_id "  # noqa: S608
        f"WHERE p.active AND (s.unit_id IS NULL OR s.role = 'office' OR s.unit_id IN ({marks})) "
        f"AND {roster.SEATED} ORDER BY s.id",
        [*units, *roster.days(on)],
    )
    table: dict[int, dict[str, list[int]]] = {unit: defaultdict(list) for unit in units}
    for row in found:
        wide = row["unit_id"] is None or row["role"] in OFFICE_WIDE
        for unit in units if wide else [row["unit_id"]]:
            table[unit][row["role"]].append(row["person_id"])
    return table


async def active(ids: Iterable[int | None]) -> frozenset[int]:
    """Those of these persons who are still here."""
    wanted = {each for each in ids if each is not None}
    found = await Person.filter(id__in=wanted, active=True) if wanted else []
    return frozenset(each.id for each in found)


async def acting(handled: Iterable[tuple[int | None, int]], on: date) -> dict[tuple[int | None, int], int]:
    """(handler, unit) → who handles on a day: himself while he sits in the unit, else who stands in for him there;
    one who left is none (A37, A64)."""
    wanted = {each for each in handled if each[0] is not None}
    if not wanted:
        return {}
    people, units = sorted({str(each) for each, _ in wanted}), sorted({str(unit) for _, unit in wanted})
    roles = ", ".join(f"'{role}'" for role in roster.FILERS)
    found = await database.rows(
        "SELECT s.unit_id, s.person_id, o.person_id AS instead FROM seat s "  # noqa: S608
        "JOIN person p ON p.id = s.person_id LEFT JOIN seat o ON o.id = s.stands_in_for_id "
        f"WHERE p.active AND s.role IN ({roles}) AND s.unit_id IN ({', '.join(units)}) "
        f"AND (s.person_id IN ({', '.join(people)}) OR o.person_id IN ({', '.join(people)})) AND {roster.SEATED} "
        "ORDER BY s.id DESC",
        roster.days(on),
    )
    for_others = {(row["instead"], row["unit_id"]): row["person_id"] for row in found if row["instead"]}
    own = {(row["person_id"], row["unit_id"]): row["person_id"] for row in found}
    return {each: own.get(each) or for_others[each] for each in wanted if each in own or each in for_others}


async def handler(matter: Matter, on: date) -> int | None:
    """Who handles a matter on a day; None before it was assigned."""
    key = (matter.handler_id, matter.unit_id)
    return (await acting([key], on)).get(key)


OFFICE_WIDE = frozenset({"office", "office_director", "main_leader"})


def by_roles(rung: Rung, rules: Ruleset, seated: Holders, handler: int | None) -> tuple[list[int], list[int]]:
    """Who gets the card and who the SMS at once; a unit without anybody is told through the office (A39)."""
    people = recipients.persons(recipients.roles(rung, rules), seated, handler)
    texted = () if always_sms is None else recipients.sms_roles(rung, rules, always_sms)
    sms = recipients.persons(texted, seated, handler)
    return people or recipients.persons(("office",), seated, None), sms


def marked(rung: Rung) -> dict[str, Any]:
    """What a notice keeps of its rung: who is told hangs on it, also when the post changes hands before it leaves."""
    return {"marks": sorted(rung.marks)} if rung.marks else {}


def rung(notice: Notice) -> Rung:
    """The rung that a notice stands for, as far as `by_roles` asks."""
    return Rung(notice.at, notice.kind, marks=frozenset(notice.facts.get("marks", ())))


async def plan(planned: Sequence[Planned], now: datetime) -> list[int]:
    """Write notices and their deliveries in the caller's transaction; the ids of the notices that were new.

    A notice that is there already (a second replica, a retry) is left alone with its deliveries.
    """
    if not planned:
        return []
    found = await Notice.plan([_notice(each, now) for each in planned])
    ids = {(row.obligation_id, row.episode, row.kind, row.seq): row.id for row in found}
    rows = []
    for each in planned:
        notice_id = ids.get((each.obligation_id, each.episode, each.kind, each.seq))
        if notice_id is not None:
            rows += _deliveries(each, notice_id, now)
    await Delivery.queue(rows)
    database.after_commit(alarm.ring)
    return list(ids.values())


def _notice(each: Planned, now: datetime) -> dict[str, Any]:
    return {
        "matter_id": each.matter_id,
        "obligation_id": each.obligation_id,
        "episode": each.episode,
        "kind": each.kind,
        "seq": each.seq,
        "at": each.at,
        "created_at": now,
        "facts": dict(each.facts or {}),
    }


def _deliveries(each: Planned, notice_id: int, now: datetime) -> list[dict[str, Any]]:
    shared = {
        "notice_id": notice_id,
        "kind": each.kind,
        "severity": SEVERITY.get(each.kind, 0),
        "due_at": each.at,
        "created_at": now,
    }
    chat = [{**shared, "person_id": person, "lane": "chat"} for person in each.people]
    return chat + [{**shared, "person_id": person, "lane": "sms"} for person in each.sms]


def today(now: datetime) -> date:
    """The day of an instant in Asia/Shanghai."""
    return calendar.local(now).date()
