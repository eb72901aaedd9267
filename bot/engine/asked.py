"""Cards that asked people for a decision, once the decision is there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from bot.engine import lanes
from models import database
from models.delivery import Delivery


async def turn(
    matter_id: int,
    kind: str,
    rows: Sequence[int],
    done: str,
    at: datetime,
    *,
    by: int,
    pressed: bool = False,
    others: str = "settled",
) -> None:
    """Nobody is asked any more about these rows: what was not sent is cancelled, what was sent turns into its result.

    The decider's own card turns into `done`, unless he `pressed` it and it turns in the answer; the others' into
    `others`. `kind` and `seq` of a notice say what it asks about.
    """
    if not rows:
        return
    marks = ", ".join("?" * len(rows))
    cards = await database.rows(
        "SELECT d.id, d.state, d.notice_id, d.person_id, d.kind, d.response_code, d.accepted_at FROM delivery d "  # noqa: S608
        "JOIN notice n ON n.id = d.notice_id "
        f"WHERE n.matter_id = ? AND n.kind = ? AND n.seq IN ({marks}) AND d.lane = 'chat' "
        "AND (d.state IN ('pending', 'sending') OR d.response_code <> '' AND d.accepted_at > ?) ORDER BY d.id",
        [matter_id, kind, *rows, at - lanes.CHANGEABLE],
    )
    waiting = [card["id"] for card in cards if card["state"] == "pending"]
    await Delivery.filter(id__in=waiting, state="pending").update(state="cancelled")
    sent = [card for card in cards if card["state"] != "pending" and not (pressed and card["person_id"] == by)]
    await Delivery.queue([_update(card, done if card["person_id"] == by else others, at) for card in sent])


async def over(matter_id: int, kind: str, rows: Sequence[int], done: str, at: datetime) -> None:
    """Nothing is left to decide on these rows: every card that asked turns into `done`."""
    await turn(matter_id, kind, rows, done, at, by=0, others=done)


def _update(card: dict[str, object], done: str, at: datetime) -> dict[str, object]:
    kept = {key: card[key] for key in ("notice_id", "person_id", "kind", "response_code")}
    return {**kept, "lane": "update", "payload": json.dumps({"done": done}), "due_at": at, "created_at": at}
