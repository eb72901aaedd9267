"""What a person got and pressed: the cards that free words may be an answer to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models.delivery import Delivery
from models.inbound import Inbound

_THERE = ("accepted", "delivered", "read")


async def last_press(person_id: int, before: int, since: datetime) -> str:
    """The key of the button that was the last thing the person did before the message `before`; "" if it was none."""
    mine = Inbound.filter(person_id=person_id, id__lt=before, answered_at__gte=since)
    found = await mine.order_by("-id").first()
    return found.text if found and found.kind == "card" else ""


async def carded(person_id: int, kinds: Iterable[str], since: datetime) -> list[int]:
    """The matters of the cards of these kinds that reached the person since then, the newest first, each once."""
    mine = Delivery.filter(person_id=person_id, kind__in=list(kinds), lane="chat", accepted_at__gte=since)
    found = await mine.filter(state__in=_THERE).order_by("-id").prefetch_related("notice")
    return list(dict.fromkeys(each.notice.matter_id for each in found if each.notice))


async def unseen(person_id: int, kinds: Iterable[str], since: datetime) -> list[int]:
    """The ids of those of these cards that nobody knows to have been read."""
    mine = Delivery.filter(person_id=person_id, kind__in=list(kinds), lane="chat", accepted_at__gte=since)
    return [each.id for each in await mine.filter(state__in=_THERE[:2]).order_by("id")]
