"""How a matter ends without being done: nothing more goes out, what waited falls away, who had been told is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.actions import change, question, tell
from bot.engine import asked, withdraw
from bot.rules import steering
from models.completion import Completion
from models.delivery import Delivery
from models.extension import Extension
from models.matter import Matter
from models.notice import Notice
from models.roster import Seated
from models.ruling import Ruling

REQUESTS = ("accountability", "withdrawal", "merge")


async def end(
    matter: Matter, state: str, verb: str, by: Seated, at: datetime, facts: Mapping[str, Any]
) -> tuple[Matter, list[int]]:
    """The locked matter ends in `state` by a ledger line `verb`; who has to be told of it (A46). Refused closed."""
    told = await were_told(matter)
    done = await change.apply(
        matter.id, lambda current, _: steering.withdraw(current, at), name=verb, by=by.id, at=at, facts=facts
    )
    matter = done.matter
    matter.state = state
    await matter.save(update_fields=["state"])
    await cancel(matter)
    await withdraw.turn_cards(done.ended(), matter.id, {"done": "over"}, at, but=None)
    await _drop(matter, by, at)
    await question.end_all(matter, verb, at, by=by.id)
    return matter, [*told, *await tell.unit(matter, at, "leader_in_charge", "office"), matter.proposer_id]


async def _drop(matter: Matter, by: Seated, at: datetime) -> None:
    """Nobody decides any more on what was applied for or asked; its cards turn."""
    rows: dict[str, list[int]] = {}
    rows["extension"] = await _void(Extension.filter(matter_id=matter.id, state__in=("pending", "late")), "withdrawn")
    rows["completion"] = await _void(Completion.filter(matter_id=matter.id, state__in=("draft", "pending")), "dropped")
    for each in await Ruling.filter(matter_id=matter.id, kind__in=REQUESTS, verdict=""):
        rows.setdefault(each.kind if each.kind != "accountability" else "accountability_report", []).append(each.id)
    await Ruling.filter(matter_id=matter.id, kind__in=REQUESTS, verdict="").update(verdict="void")
    for kind, ids in rows.items():
        await asked.turn(matter.id, kind, ids, "over", at, by=by.id, others="over")


async def _void(rows: Any, state: str) -> list[int]:
    ids: list[int] = await rows.values_list("id", flat=True)
    await rows.update(state=state)
    return ids


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
