"""The neutral card as a template card: JSON for message/send and for update_template_card (documents 90236, 94945)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.channels import Card, Choice
from bot.channels.wecom import card_limits

ELLIPSIS = "…"
_LINK = re.compile(r"<(?=\s*/?\s*a\b)", re.IGNORECASE)


def shorten(text: str, most: int) -> str:
    """The text in at most `most` characters; what is cut is marked by an ellipsis."""
    return text if len(text) <= most else text[: most - 1] + ELLIPSIS


def cut_bytes(text: str, most: int) -> str:
    """The text in at most `most` UTF-8 bytes, cut between characters and marked by an ellipsis."""
    data = text.encode()
    if len(data) <= most:
        return text
    return data[: most - len(ELLIPSIS.encode())].decode(errors="ignore") + ELLIPSIS


def inert(text: str) -> str:
    """The text with nothing that a text message shows as a link of our own: the client takes <a href=…> for one."""
    return _LINK.sub("＜", text)


def build(card: Card, task_id: str = "", fallback_url: str = "") -> dict[str, Any]:
    """A template card of the neutral one: text_notice without actions, button_interaction with them.

    A card with `done` takes the updated form: its buttons show `done` in grey and its pull-down is disabled; that form
    belongs into an update, a first message refuses it. Display lengths are kept by shortening; counts (6 facts, 6
    actions, 10 options) are the caller's, `limits.check` tells. A notice must open something: `card.url`, else
    `fallback_url`.
    """
    interactive = bool(card.actions or card.choice or card.done)
    made = _head(card, "button_interaction" if interactive else "text_notice", task_id)
    made.update(_interaction(card) if interactive else _notice(card))
    if url := card.url or ("" if interactive else fallback_url):
        made["card_action"] = {"type": 1, "url": url}
    return made


def _head(card: Card, kind: str, task_id: str) -> dict[str, Any]:
    """What both kinds have."""
    made: dict[str, Any] = {"card_type": kind}
    if task_id:
        made["task_id"] = task_id
    if card.source:
        made["source"] = {"desc": shorten(card.source, card_limits.SOURCE), "desc_color": card.tone}
    made["main_title"] = _pair(card.title, card_limits.TITLE, card.desc, card_limits.DESC)
    if card.quote:
        made["quote_area"] = {"type": 0, "quote_text": card.quote}
    if card.facts:
        made["horizontal_content_list"] = _facts(card.facts)
    return made


def _pair(title: str, title_most: int, desc: str, desc_most: int) -> dict[str, str]:
    made = {"title": shorten(title, title_most)}
    return {**made, "desc": shorten(desc, desc_most)} if desc else made


def _facts(facts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"keyname": shorten(name, card_limits.FACT_NAME), "value": shorten(value, card_limits.FACT_VALUE)}
        for name, value in facts
    ]


def _notice(card: Card) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if card.emphasis:
        made["emphasis_content"] = _pair(
            card.emphasis, card_limits.EMPHASIS, card.emphasis_desc, card_limits.EMPHASIS_DESC
        )
    if card.text:
        made["sub_title_text"] = shorten(card.text, card_limits.SUBTITLE)
    return made


def _interaction(card: Card) -> dict[str, Any]:
    """Buttons and pull-down; this kind has no emphasis area, so the emphasis leads the text."""
    emphasis = " ".join(part for part in (card.emphasis, card.emphasis_desc) if part)
    text = "\n".join(part for part in (emphasis, card.text) if part)
    made: dict[str, Any] = {"sub_title_text": shorten(text, card_limits.SUBTITLE)} if text else {}
    if card.choice:
        made["button_selection"] = _selection(card.choice, bool(card.done))
    made["button_list"] = [
        {"text": shorten(action.text, card_limits.BUTTON), "style": action.style, "key": action.key}
        for action in card.actions
    ]
    if card.done:
        # A result card may come without actions, but the platform wants one button to put `done` on.
        made["button_list"] = made["button_list"] or [{"text": ELLIPSIS, "style": 1, "key": "done"}]
        made["replace_text"] = shorten(card.done, card_limits.BUTTON)
    return made


def _selection(choice: Choice, answered: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "question_key": choice.key,
        "title": choice.title,
        "option_list": [{"id": key, "text": shorten(text, card_limits.OPTION)} for key, text in choice.options],
    }
    if choice.selected:
        made["selected_id"] = choice.selected
    return {**made, "disable": True} if answered else made
