"""How a matter ends without being done: nothing more goes out, what waited falls away, who had been told is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.actions import change, consent, tell
from bot.engine import asked, withdraw
from bot.rules import steering
from models.completion import Completion
from models.delivery import Delivery
from models.extension import Extension
from models.matter import Matter
from models.notice import Notice
from models.roster import Seated


async def end(
    matter: Matter, state: str, verb: str, by: Seated, at: datetime, facts: Mapping[str, Any]
) -> tuple[Matter, list[int]]:
    """The locked matter ends in `state` by a ledger line `verb`; who has to be told of it (A46). Refused closed."""
    told = await were_told(matter)
    done = await change.apply(
        matter.id, lambda current, _: steering.withdraw(current, at), name=verb, by=by.id, at=at, facts=facts
    )
    matter = done.matter
    await Matter.filter(id=matter.id).update(state=state)
    matter.state = state
    await cancel(matter)
    await withdraw.turn_cards(done.ended(), matter.id, {"done": "over"}, at, but=None)
    await _drop(matter, at)
    return matter, [*told, *await tell.unit(matter, at, "leader_in_charge", "office"), matter.proposer_id]


async def _drop(matter: Matter, at: datetime) -> None:
    """Nobody decides any more on what was applied for or asked; its cards turn."""
    applied = Extension.filter(matter_id=matter.id, state__in=("pending", "late"))
    await _void(matter, "extension", applied, at, state="withdrawn")
    reports = Completion.filter(matter_id=matter.id, state__in=("draft", "pending"))
    await _void(matter, "completion", reports, at, state="dropped")
    await consent.drop(matter, at)


async def _void(matter: Matter, kind: str, rows: Any, at: datetime, **ended: str) -> None:
    await asked.over(matter.id, kind, [each.id for each in await rows], "over", at)
    await rows.update(**ended)


async def cancel(matter: Matter, kinds: Iterable[str] | None = None) -> None:
    """Nothing of this matter that was not sent leaves any more (of these `kinds`, when given)."""
    notices = Notice.filter(matter_id=matter.id)
    if kinds:
        notices = notices.filter(kind__in=list(kinds))
    ids = await notices.values_list("id", flat=True)
    await Delivery.filter(notice_id__in=ids, state="pending").exclude(lane="update").update(state="cancelled")


async def were_told(matter: Matter) -> list[int]:
    """Who has had any card or SMS about it."""
    had = Delivery.filter(notice__matter_id=matter.id).exclude(state__in=("pending", "cancelled", "failed"))
    return [each.person_id for each in await had.order_by("id")]
