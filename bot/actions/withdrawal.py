"""撤销: the approvers of the initiation end a matter; nothing more goes out, all who had been told are told (A46)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import errors
from bot.actions import account, change, facts, posts, rights, tell
from bot.engine import asked, notify, withdraw
from bot.rules import steering
from models import database
from models.completion import Completion
from models.delivery import Delivery
from models.extension import Extension
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.roster import Seated
from models.ruling import Ruling
from models.score import ScoreEvent

KIND = "withdrawal"
REASON = 300


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a word: `waiting` are posts and names still to agree; withdrawn when there are none."""

    matter: Matter
    waiting: list[tuple[str, str]]
    facts: dict[str, Any]


async def expect(matter: Matter, by: Seated, at: datetime) -> tuple[dict[str, list[int]], list[Ruling]]:
    """Who approves its withdrawal, by role, and the words of a request that is under way.

    Raises Refused: closed_matter, not_withdrawer, already_agreed (his word is given, another's is awaited).
    """
    rights.expect_open(matter)
    held = await posts.holders(matter.unit_id, posts.APPROVE[matter.source], notify.today(at))
    if not any(by.id in people for people in held.values()):
        names = [post + name for post, name in await posts.named(held)]
        raise errors.Refused("not_withdrawer", code=matter.code, approvers=names)
    last = await Ruling.filter(matter_id=matter.id, kind=KIND, verdict="").order_by("-id").first()
    rows = await Ruling.filter(matter_id=matter.id, kind=KIND, subject=last.subject).order_by("id") if last else []
    open_ = {each.role for each in rows if not each.verdict}
    if open_ and not any(by.id in held.get(role, ()) for role in open_):
        waiting = [name for _, name in await posts.named({role: held[role] for role in open_})]
        raise errors.Refused("already_agreed", code=matter.code, waiting=waiting)
    return held, rows


async def withdraw_matter(matter_id: int, by: Seated, at: datetime, reason: str, *, mistaken: bool) -> Done:
    """The sender's word for every post he holds; with the last one the matter ends. Raises as `expect`.

    `mistaken` (错立) takes every point of the matter back by counter-entries. A request that is under way keeps its
    own reason.
    """
    async with database.transaction():
        matter = await database.lock_matter(matter_id)
        held, rows = await expect(matter, by, at)
        if not rows:
            rows = [await _request(matter, role, by, at, reason, mistaken=mistaken) for role in held]
        for each in rows:
            if not each.verdict and by.id in held.get(each.role, ()):
                each.update_from_dict({"verdict": "agreed", "decided_by_id": by.id, "decided_at": at})
                await each.save()
        mine = [each.id for each in rows if each.decided_by_id == by.id]
        await asked.turn(matter.id, KIND, mine, "agreed", at, by=by.id)
        left = [each for each in rows if not each.verdict]
        if left:
            return await _ask(matter, left, held, by, at)
        return await _end(matter, rows[0], by, at)


async def refuse(ruling_id: int, by: Seated, at: datetime, *, pressed: bool = False) -> Done:
    """One post does not agree: the request is over, the matter runs on. Raises Refused: stale_card, not_withdrawer."""
    async with database.transaction():
        row = await Ruling.get(id=ruling_id)
        matter = await database.lock_matter(row.matter_id)
        row = await Ruling.get(id=ruling_id)
        held = await posts.holders(matter.unit_id, [row.role], notify.today(at))
        if by.id not in held[row.role]:
            raise errors.Refused("not_withdrawer", code=matter.code, approvers=[])
        if row.verdict:
            raise errors.Refused("stale_card")
        both = Ruling.filter(matter_id=matter.id, kind=KIND, subject=row.subject)
        ids = [each.id for each in await both]
        await both.filter(verdict="").exclude(id=row.id).update(verdict="void")
        await Ruling.filter(id=row.id).update(verdict="dismissed", decided_by_id=by.id, decided_at=at)
        await change.record(matter, "refuse_withdrawal", by=by.id, at=at, facts={"ruling": row.id})
        await asked.turn(matter.id, KIND, ids, "dismissed", at, by=by.id, pressed=pressed)
        said = {"ruling": row.id, "reason": row.reason, "mistaken": row.mistaken, "verdict": "refused"}
        await tell.card(matter, "withdrawn", [row.asked_by_id], said, by, at)
        return Done(matter, [], {**await facts.of(matter), **said, "by": by.name})


async def _request(matter: Matter, role: str, by: Seated, at: datetime, reason: str, *, mistaken: bool) -> Ruling:
    shared: dict[str, Any] = {"matter_id": matter.id, "kind": KIND, "role": role, "subject": matter.ledger_n + 1}
    return await Ruling.create(**shared, asked_by_id=by.id, asked_at=at, reason=reason[:REASON], mistaken=mistaken)


async def _ask(
    matter: Matter, left: Sequence[Ruling], held: Mapping[str, Sequence[int]], by: Seated, at: datetime
) -> Done:
    """The other post is asked by card."""
    row = left[0]
    said = {"ruling": row.id, "reason": row.reason, "mistaken": row.mistaken, "verdict": "asked"}
    await change.record(
        matter, "ask_withdrawal", by=by.id, at=at, facts={"reason": row.reason, "mistaken": row.mistaken}
    )
    root = await Obligation.get(matter_id=matter.id, cycle=matter.cycle, name="MATTER")
    shown = {**await facts.of(matter), **said, "by": by.name}
    people = {each.role: list(held[each.role]) for each in left}
    told = list(dict.fromkeys(each for ids in people.values() for each in ids))
    await notify.plan([notify.Planned(matter.id, root.id, root.episode, KIND, row.id, at, told, facts=shown)], at)
    return Done(matter, await posts.named(people), shown)


async def _end(matter: Matter, row: Ruling, by: Seated, at: datetime) -> Done:
    told = await _were_told(matter)
    facts_ = {"reason": row.reason, "mistaken": row.mistaken}
    done = await change.apply(
        matter.id, lambda current, _: steering.withdraw(current, at), name="withdraw", by=by.id, at=at, facts=facts_
    )
    matter = done.matter
    matter.state = "withdrawn"
    await matter.save(update_fields=["state"])
    await cancel(matter)
    await withdraw.turn_cards(done.ended(), matter.id, {"done": "over"}, at, but=None)
    await Extension.filter(matter_id=matter.id, state__in=("pending", "late")).update(state="withdrawn")
    await Completion.filter(matter_id=matter.id, state__in=("draft", "pending")).update(state="dropped")
    await Ruling.filter(matter_id=matter.id, kind="accountability", verdict="").update(verdict="void")
    back = await _void(matter, at) if row.mistaken else 0
    said = {**facts_, "ruling": row.id, "verdict": "withdrawn", "back": back}
    people = [*told, *await tell.unit(matter, at, "leader_in_charge", "office"), matter.proposer_id, row.asked_by_id]
    await tell.card(matter, "withdrawn", people, said, by, at)
    return Done(matter, [], {**await facts.of(matter), **said, "by": by.name})


async def cancel(matter: Matter, kinds: Iterable[str] | None = None) -> None:
    """Nothing of this matter that was not sent leaves any more (of these `kinds`, when given)."""
    notices = Notice.filter(matter_id=matter.id)
    if kinds:
        notices = notices.filter(kind__in=list(kinds))
    ids = await notices.values_list("id", flat=True)
    await Delivery.filter(notice_id__in=ids, state="pending").exclude(lane="update").update(state="cancelled")


async def _were_told(matter: Matter) -> list[int]:
    """Who has had any card or SMS about it."""
    had = Delivery.filter(notice__matter_id=matter.id).exclude(state__in=("pending", "cancelled", "failed"))
    return [each.person_id for each in await had.order_by("id")]


async def _void(matter: Matter, at: datetime) -> int:
    entries = await ScoreEvent.filter(matter_id=matter.id).order_by("id")
    return await account.void(account.standing(entries), at, "withdrawn")
