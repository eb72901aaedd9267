"""A person presses a button of a card: is it there to press, what is chosen in the pull-downs, and the event of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox import envelope, screen
from bot.sandbox.inbox import Entry
from bot.sandbox.platform import Platform


def event(platform: Platform, entry: Entry, button: str, selected: Mapping[str, Any]) -> str:
    """The event XML of pressing `button` (its key or its text), with a fresh ResponseCode.

    `selected` is question key → option ids (or one id); what it leaves out stays as the card shows it. Raises
    ValueError when the person can't do that on this card as it looks now.
    """
    card = entry.card
    if card is None or entry.state == "recalled":
        raise ValueError("message: no card, or recalled")
    key = _key(card, button)
    fields: dict[str, Any] = {
        "TaskId": str(card.get("task_id", "")),
        "CardType": str(card.get("card_type", "")),
        "ResponseCode": platform.response_codes.issue(entry.msgid, platform.at()),
    }
    if _is_menu(card, key):
        return envelope.event(platform, entry.person, "template_card_menu_event", key, **fields)
    if choices := _choices(card, selected):
        fields["SelectedItems"] = envelope.selected(choices)
    return envelope.event(platform, entry.person, "template_card_event", key, **fields)


def _key(card: Mapping[str, Any], button: str) -> str:
    there = screen.buttons(card)
    for name in ("key", "text"):
        for row in there:
            if row[name] == button:
                return row["key"]
    names = ", ".join(f"{row['text']} ({row['key']})" for row in there) or "none"
    raise ValueError(f"button: {button!r} can't be pressed; there are: {names}")


def _is_menu(card: Mapping[str, Any], key: str) -> bool:
    return any(row.get("key") == key for row in (card.get("action_menu") or {}).get("action_list") or [])


def _choices(card: Mapping[str, Any], selected: Mapping[str, Any]) -> dict[str, list[str]]:
    questions = {question["key"]: question for question in screen.questions(card)}
    if unknown := set(selected) - set(questions):
        raise ValueError(f"selected: the card has no question {', '.join(sorted(unknown))}")
    chosen = {}
    for key, question in questions.items():
        ids = selected.get(key, question["selected"])
        ids = [ids] if isinstance(ids, str) else [str(one) for one in ids]
        offered = {option["id"] for option in question["options"]}
        if not set(ids) <= offered or (len(ids) > 1 and not question["many"]):
            raise ValueError(f"selected.{key}: {ids} out of {sorted(offered)}, one unless it is a vote of many")
        if ids:
            chosen[key] = ids
    return chosen
