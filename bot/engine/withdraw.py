"""What an answer makes of notices already planned or sent (R20, data.md §Instants of an answer)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.engine import asked, lanes, points
from models import database
from models.delivery import Delivery
from models.ruling import Ruling

_LADDER = "('remind', 'urge', 'supervise', 'accountability_proposal', 'taken_over', 'resend')"

OVERTAKEN = "overtaken"
"""What stands in the error of a delivery on its way when an answer came before its notice, until its result lands."""


def _of(ids: Sequence[int], condition: str = "") -> str:
    marks = ", ".join("?" * len(ids))
    return f"SELECT id FROM notice WHERE obligation_id IN ({marks}) AND kind IN {_LADDER} {condition}"  # noqa: S608


async def cancel(obligation_ids: Sequence[int], at: datetime) -> None:
    """Nothing pending of these obligations leaves any more; what left though planned after the answer is overtaken.

    What is on its way is marked: once it lands the obligation may be owed again, by a return or a refusal.
    """
    if not obligation_ids:
        return
    await database.execute(
        "UPDATE delivery SET state = 'cancelled' WHERE state = 'pending' "  # noqa: S608
        f"AND lane <> 'update' AND notice_id IN ({_of(obligation_ids)})",
        [*obligation_ids],
    )
    await database.execute(
        "UPDATE delivery SET state = 'overtaken' WHERE state IN ('accepted', 'delivered', 'read') "  # noqa: S608
        f"AND lane <> 'update' AND notice_id IN ({_of(obligation_ids, 'AND at >= ?')})",
        [*obligation_ids, at],
    )
    await database.execute(
        f"UPDATE delivery SET error = '{OVERTAKEN}' WHERE state = 'sending' "  # noqa: S608
        f"AND lane <> 'update' AND notice_id IN ({_of(obligation_ids, 'AND at >= ?')})",
        [*obligation_ids, at],
    )
    await points.settle(obligation_ids, at)


async def proposal(matter_id: int, at: datetime) -> None:
    """The proposal of accountability is withdrawn: nobody is asked about it any more (A16, A49, A78)."""
    waiting = await Ruling.filter(matter_id=matter_id, kind="accountability", verdict="")
    await Ruling.filter(id__in=[each.id for each in waiting]).update(verdict="void")
    asks = {"accountability_proposal": [0], "accountability_report": [each.id for each in waiting]}
    for kind, rows in asks.items():
        await asked.over(matter_id, kind, rows, "void", at)


async def turn_cards(
    obligation_ids: Sequence[int], matter_id: int, done: Mapping[str, Any], at: datetime, *, but: int | None
) -> None:
    """Queue the change of every card that asked for the answer into its result, `but` the delivery that
    was pressed: it turns in the answer itself.

    The card of the initiation is answered by N1, so it turns with it. A card on its way has no code yet: the outbox
    finds it once the card has landed.
    """
    if not obligation_ids:
        return
    marks = ", ".join("?" * len(obligation_ids))
    cards = await database.rows(
        "SELECT d.notice_id, d.person_id, d.kind, d.response_code FROM delivery d "  # noqa: S608
        "JOIN notice n ON n.id = d.notice_id "
        f"WHERE (n.obligation_id IN ({marks}) AND n.kind IN {_LADDER} OR (n.matter_id = ? AND n.kind = 'initiate' "
        f"AND EXISTS (SELECT 1 FROM obligation o WHERE o.id IN ({marks}) AND o.name = 'N1'))) "
        "AND d.lane = 'chat' AND d.id <> ? "
        "AND (d.response_code <> '' AND d.accepted_at > ? OR d.state IN ('pending', 'sending'))",
        [*obligation_ids, matter_id, *obligation_ids, but or 0, at - lanes.CHANGEABLE],
    )
    payload = json.dumps(done, ensure_ascii=False)
    rest = {"lane": "update", "payload": payload, "due_at": at, "created_at": at, "severity": 0}
    await Delivery.queue([{**card, **rest} for card in cards])
