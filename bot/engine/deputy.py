"""A can't be reached: B hears of it at once, and the head when B can't be either (A64)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.actions import asks
from bot.engine import notify
from models import database, roster
from models.delivery import Delivery
from models.notice import Notice
from models.people import Person

LOST = frozenset({"failed", "unknown"})
_POSTS = ("operator_a", "operator_b", "head")


async def tell(failed: Sequence[Delivery], now: datetime) -> None:
    """The same notice to whoever stands next to those who did not get its card; in the caller's transaction.

    The notice keeps who was told in whose stead: the card says it, and so does /未达.
    """
    for each in failed:
        if each.lane == "chat" and each.notice_id and each.kind not in asks.KINDS:
            await _one(each, each.notice_id, now)


async def _one(failed: Delivery, notice_id: int, now: datetime) -> None:
    notice = await Notice.all().select_for_update(no_key=True).get(id=notice_id)
    obligation = await notice.obligation
    chain = await _chain(obligation.unit_id, notify.today(now))
    if failed.person_id not in chain:
        return
    place = chain.index(failed.person_id)
    states = {row.person_id: row.state for row in await Delivery.filter(notice_id=notice_id, lane="chat")}
    if any(states.get(person, "failed") not in LOST for person in chain[:place]):
        return  # B failed, but A has it
    for person in chain[place + 1 :]:
        if states.get(person, "failed") not in LOST:
            return
        if person not in states:
            await _give(failed, notice, person, now)
            return


async def _chain(unit_id: int, on: date) -> list[int]:
    """A, B and head of a unit on a day; who left is there as long as his seat is, and is nobody's next."""
    found = await database.rows(
        "SELECT s.role, s.person_id FROM seat s "  # noqa: S608
        f"WHERE s.unit_id = ? AND s.role IN {_POSTS} AND {roster.SEATED} ORDER BY s.id",
        [unit_id, *roster.days(on)],
    )
    return list(dict.fromkeys(row["person_id"] for post in _POSTS for row in found if row["role"] == post))


async def _give(failed: Delivery, notice: Notice, person: int, now: datetime) -> None:
    names = await roster.names([failed.person_id, person])
    stead = {"person": person, "name": names[person], "of": names[failed.person_id]}
    told = [*_steads(notice), stead]
    await Notice.filter(id=notice.id).update(facts={**notice.facts, "instead": told})
    shared = {"notice_id": notice.id, "person_id": person, "lane": "chat", "kind": notice.kind}
    await Delivery.queue([{**shared, "severity": failed.severity, "due_at": now, "created_at": now}])


def _steads(notice: Notice) -> list[dict[str, object]]:
    found = notice.facts.get("instead", [])
    assert isinstance(found, list)
    return found


def instead_of(notice: Notice, person: Person) -> str:
    """In whose stead the person gets the notice; "" when it is his own."""
    return next((str(each["of"]) for each in _steads(notice) if each["person"] == person.id), "")
