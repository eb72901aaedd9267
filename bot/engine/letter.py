"""A delivery with all that its words are made of; rendering it; whether it is still true."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import render
from bot.actions import dossier, facts, posts, setting
from bot.channels import Card, Channel, Receipt
from bot.engine import deputy, digest, grace, notify, word
from bot.rules import deadline
from bot.rules.status import MATTER, WAITING
from models import database, replies, roster
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person
from models.system import Meta

LADDER = frozenset({"remind", "urge", "supervise"})
ASKING = LADDER | {"taken_over", grace.KIND}
"""Cards that are true while their obligation is open."""


@dataclass(slots=True)
class Letter:
    """One delivery with its person, and for a notice the notice, its matter and the obligation its words are about."""

    delivery: Delivery
    person: Person
    notice: Notice | None = None
    matter: Matter | None = None
    owed: Obligation | None = None

    def is_current(self) -> bool:
        """What asks for an answer is true while its obligation is open in the same episode (R20, R26)."""
        if self.notice is None or self.owed is None or self.notice.kind not in ASKING or self.delivery.lane == "update":
            return True
        return not self.owed.ended and not self.owed.paused_by and self.owed.episode == self.notice.episode


async def load(group: Sequence[Delivery]) -> list[Letter]:
    """The letters of a group, the gravest first."""
    people = {each.id: each for each in await Person.filter(id__in={each.person_id for each in group})}
    found = Notice.filter(id__in={each.notice_id for each in group if each.notice_id})
    notices = {each.id: each for each in await found.prefetch_related("matter", "obligation")}
    letters = []
    for each in group:
        notice = notices.get(each.notice_id or 0)
        letters.append(Letter(each, people[each.person_id], notice))
        if notice:
            letters[-1].matter = notice.matter
            letters[-1].owed = await _subject(notice)
    return sorted(letters, key=lambda one: -one.delivery.severity)


async def _subject(notice: Notice) -> Obligation:
    """What the words are about: N1 at the initiation, the oldest open duty at a proposal, else its own obligation."""
    if notice.kind not in ("initiate", "accountability_proposal"):
        return notice.obligation
    mine = Obligation.filter(matter_id=notice.matter_id, cycle=notice.obligation.cycle, due_at__isnull=False)
    if notice.kind == "initiate":
        # a reassigned matter has one for each unit that had it
        return await mine.filter(name="N1").order_by("-ordinal").first() or notice.obligation
    return await mine.filter(ended="").order_by("due_at").first() or notice.obligation


async def still_current(mine: Sequence[Delivery]) -> bool:
    """The last statement before a request leaves: every attempt is ours, none was cancelled or overtaken meanwhile.

    Otherwise what is ours waits for the next claim, which sorts it out.
    """
    pairs = " OR ".join(["d.id = ? AND d.attempt = ?"] * len(mine))
    found = await database.rows(
        "SELECT d.id, CASE WHEN d.lane <> 'update' "  # noqa: S608
        "AND n.kind IN ('remind', 'urge', 'supervise', 'taken_over', 'resend') "
        "AND (o.ended <> '' OR o.paused_by <> '' OR o.episode <> n.episode) THEN 1 ELSE 0 END AS gone "
        "FROM delivery d LEFT JOIN notice n ON n.id = d.notice_id LEFT JOIN obligation o ON o.id = n.obligation_id "
        f"WHERE d.state = 'sending' AND ({pairs})",
        [value for each in mine for value in (each.id, each.attempt)],
    )
    if len(found) == len(mine) and not any(row["gone"] for row in found):
        return True
    ours = {row["id"] for row in found}
    for each in mine:
        if each.id in ours:
            await Delivery.settle(each.id, each.attempt, state="pending")
    return False


async def task_id(delivery: Delivery) -> str:
    """Unique for ever in the app, also after the database was made anew (wecom.md: task_id)."""
    made = await Meta.get_or_none(key="installation")
    return f"{made.value if made else 'duban'}-{delivery.id}"


async def content(letters: Sequence[Letter], now: datetime, sign: str) -> Card | str:
    """What the person reads: a card, a bundle's card, a reply, or an SMS."""
    first = letters[0]
    if first.delivery.kind == "reply":
        return await replies.content(first.delivery.bundle)
    if first.delivery.kind == digest.KIND:
        return await digest.content(first.delivery)
    if first.delivery.kind == word.KIND:
        return await word.content(first.delivery)
    told = [await said(each, now) for each in letters]
    if first.delivery.lane == "sms":
        if len(told) > 1:
            return render.sms("bundle", sign=sign, count=len(told), now=now)
        kind = first.delivery.kind if first.delivery.kind in ("initiate", *LADDER) else "generic"
        return render.sms(kind, sign=sign, **told[0])
    return render.card("bundle", items=told, now=now) if len(told) > 1 else render.card(first.delivery.kind, **told[0])


async def said(one: Letter, now: datetime) -> dict[str, Any]:
    """The facts of `bot.render.card` for one notice, what the notice itself keeps winning."""
    assert one.notice is not None
    assert one.matter is not None
    assert one.owed is not None
    unit = await roster.of_unit(one.owed.unit_id, notify.today(now))
    common = await facts.of(one.matter)
    about: dict[str, Any] = {
        "kind": one.notice.kind,
        "node": one.owed.label if one.owed.name != MATTER else "",
        "due_at": one.owed.due_at,
        "seq": one.notice.seq,
        "now": now,
        "obligation_id": one.owed.id,
        "episode": one.owed.episode,
        "delivery": one.delivery.id,
        "matter": one.matter.id,
        "people": list(unit.items()),
        "audience": await _audience(one, unit, now),
        "scored": not one.owed.is_limit,
        "supervised": one.matter.supervised,
        "cutoff_at": _cutoff(one),
        "scoring": _scoring(one.matter),
        "waits": setting.book(one.matter).rules.clock_start if one.owed.origin == WAITING else "",
    }
    if one.notice.kind == "accountability_proposal":
        about["supervisions"] = dossier.supervisions(await dossier.lines(one.matter))
        about["role"] = (await posts.over(one.matter.unit_id, notify.today(now)))[0]
    return {**common, **about, **one.notice.facts, "instead": deputy.instead_of(one.notice, one.person)}


def _scoring(matter: Matter) -> str:
    """How the card words what is lost: each urge by itself (A12), or only what costs most (A13)."""
    rules = setting.book(matter).rules
    return "highest" if rules.scoring == "highest" else rules.urge_scoring


def _cutoff(one: Letter) -> datetime | None:
    """Until when an extension may still be applied for; the NM reminder says so (A29)."""
    if one.owed is None or one.owed.name != "NM" or one.owed.due_at is None or one.matter is None:
        return None
    return deadline.extension_cutoff(one.owed.due_at, setting.book(one.matter).rules)


async def _audience(one: Letter, unit: Mapping[int, str], now: datetime) -> str:
    """Who reads it: the unit that owes, a leader above it, or the office."""
    if one.person.id in unit:
        return "unit"
    leaders = await roster.holding(("leader_in_charge", "main_leader"), notify.today(now))
    return "leader" if one.person.id in leaders else "office"


async def answered_card(one: Letter, now: datetime) -> Card:
    """The result that a card turns into once it was answered elsewhere."""
    done = json.loads(one.delivery.payload)
    return render.card(one.delivery.kind, **{**await said(one, now), **done})


async def code_of(change: Delivery) -> tuple[str, bool]:
    """The code that changes the card behind an update, and whether that card is still on its way ("" until then)."""
    if change.response_code:
        return change.response_code, False
    card = await Delivery.get_or_none(notice_id=change.notice_id, person_id=change.person_id, lane="chat")
    if card is None:
        return "", False
    return card.response_code, card.state in ("pending", "sending")


async def turn(channel: Channel, user: str, code: str, card: Card, change: Delivery) -> Receipt:
    """Change the sent card; its code works once."""
    await channel.replace(user, code, card, await task_id(change))
    return Receipt()
