"""Cards and messages that change hands with a post: moved while they wait, turned once they were sent (A64)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.engine import alarm, lanes
from models import database
from models.delivery import Delivery
from models.notice import Notice


async def waiting(matter_id: int, people: Iterable[int]) -> list[Delivery]:
    """What is not sent yet of a matter to these people, with its notice; what is being sent just now counts too."""
    mine = Delivery.filter(person_id__in=list(people), notice__matter_id=matter_id, state__in=("pending", "sending"))
    return await mine.exclude(lane="update").prefetch_related("notice").order_by("id")


async def take(delivery: Delivery) -> None:
    """It does not leave any more; what is on its way can't be called back."""
    await Delivery.filter(id=delivery.id, state="pending").update(state="cancelled")


async def give(notice: Notice, people: Iterable[int], at: datetime, like: Delivery | None = None) -> bool:
    """The notice to these people, as `like` would have gone; whether anybody had not got it yet on this lane."""
    lane, severity = (like.lane, like.severity) if like else ("chat", 0)
    due_at = max(like.due_at, at) if like else at
    shared = {"notice_id": notice.id, "lane": lane, "kind": notice.kind, "severity": severity}
    rows = [{**shared, "person_id": each, "due_at": due_at, "created_at": at} for each in dict.fromkeys(people)]
    database.after_commit(alarm.ring)
    return bool(await Delivery.queue(rows))


async def turn(notices: Sequence[int], person_id: int, at: datetime) -> None:
    """The person's cards of these notices say that they changed hands; those that turned already stay as they are."""
    if not notices:
        return
    cards = Delivery.filter(notice_id__in=list(notices), person_id=person_id, lane="chat")
    shown = await cards.filter(state__in=("sending", "accepted", "delivered", "read")).order_by("id")
    payload = json.dumps({"done": "handed_over"})
    rest = {"lane": "update", "payload": payload, "due_at": at, "created_at": at, "severity": 0}
    await Delivery.queue(
        {"notice_id": each.notice_id, "person_id": person_id, "kind": each.kind, "response_code": each.response_code}
        | rest
        for each in shown
        if each.state == "sending" or (each.response_code and _is_changeable(each, at))
    )


def _is_changeable(card: Delivery, at: datetime) -> bool:
    return card.accepted_at is not None and card.accepted_at > at - lanes.CHANGEABLE
