"""移交清单: who gains a post is told once what is open in it, who loses one what became of it (A64)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from bot.actions import setting
from bot.actions.asks import Ask
from bot.actions.moves import Group, Move
from bot.engine import notify, word
from bot.rules import ladder
from models import open as opened
from models import roster
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Unit

KIND = "handover"
UNTOLD = frozenset({"handler", "admin"})
"""Posts that are no news by themselves: their holder hears of what is open, or nothing."""


def when(at: datetime) -> datetime:
    """The instant at which news of a takeover leaves: not in the quiet hours (A10)."""
    window = ladder.quiet_window(at, setting.current().rules)
    return window[1] if window else at


async def tell(group: Group, waiting: Sequence[Ask], at: datetime) -> None:
    """One message to everybody concerned who is still here."""
    unit = (await Unit.get(id=group.unit_id)).name if group.unit_id else ""
    names = await roster.names([*group.people, *(each.other for each in group.moves)])
    for person, seated in group.people.items():
        mine = [each for each in group.moves if each.person == person]
        if seated is None or not mine:
            continue
        shown = [_move(each, group, unit, names) for each in mine]
        asked = [each for each in waiting if any(move.gains for move in mine) and person in each.people]
        items = await _items(mine, person, at)
        if items or asked or any(each.role not in UNTOLD for each in mine):
            told: dict[str, Any] = {"moves": shown, "items": items, "asks": [_ask(each) for each in asked]}
            told |= {"name": seated.name, "since": notify.today(at)}
            await word.tell(_key(mine, at), KIND, [person], when(at), **told)


def _key(mine: Sequence[Move], at: datetime) -> str:
    """The same for the same moves at the same instant, whoever carries them out."""
    return "seat:" + hashlib.blake2s(f"{mine} {at.isoformat()}".encode(), digest_size=9).hexdigest()


def _move(one: Move, group: Group, unit: str, names: dict[int, str]) -> dict[str, Any]:
    others = [each.person for each in group.moves if each.role == one.role and each.gains != one.gains]
    return {
        "unit": unit,
        "role": one.role,
        "what": one.what,
        "others": [names[one.other]] if one.other else [names[each] for each in dict.fromkeys(others)],
        "until": one.until,
    }


def _ask(each: Ask) -> dict[str, Any]:
    matter = each.matter
    head = {"code": matter.code, "proposal_no": matter.proposal_no, "title": matter.title}
    return {**head, "sensitive": matter.sensitive, "kind": each.kind, "since": each.since}


async def _items(mine: Sequence[Move], person: int, at: datetime) -> list[dict[str, Any]]:
    """Open duties of what he answers for now, the earliest first, with D and how far the ladder went."""
    units = {each.unit_id for each in mine if each.gains and each.role in roster.FILERS}
    all_of = {each.unit_id for each in mine if each.gains and each.role in roster.UNIT_POSTS}
    matters = await Matter.filter(unit_id__in=list(units), state__in=opened.RUNNING)
    acting = await notify.acting(((each.handler_id, each.unit_id) for each in matters), notify.today(at))
    his = {
        each.id: each
        for each in matters
        if each.unit_id in all_of or acting.get((each.handler_id, each.unit_id)) == person
    }
    begun = Q(opens_at__isnull=True) | Q(opens_at__lte=at)
    rows = Obligation.filter(begun, matter_id__in=list(his), ended="", due_at__not_isnull=True).order_by("due_at", "id")
    return [await _item(row, his[row.matter_id]) for row in await rows if row.cycle == his[row.matter_id].cycle]


async def _item(row: Obligation, matter: Matter) -> dict[str, Any]:
    sent = Notice.filter(obligation_id=row.id, episode=row.episode)
    head = {"code": matter.code, "title": matter.title, "sensitive": matter.sensitive}
    return {
        **head,
        "node": row.label,
        "due_at": row.due_at,
        "paused": row.paused_by,
        "urges": await sent.filter(kind="urge").count(),
        "supervised": await sent.filter(kind="supervise").exists(),
    }
