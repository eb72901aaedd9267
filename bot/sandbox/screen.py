"""What a client draws of a message: the lines a person reads and the buttons that can still be pressed.

Clients clip card texts past the recommended lengths instead of refusing them (document 90236); so does this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.channels.wecom import card_limits, limits

_CLIP = {
    "title": card_limits.TITLE,
    "desc": card_limits.DESC,
    "sub_title_text": card_limits.SUBTITLE,
    "source": card_limits.SOURCE,
    "keyname": card_limits.FACT_NAME,
    "value": card_limits.FACT_VALUE,
    "button": card_limits.BUTTON,
}
_QUIET = ("image", "voice", "video", "file")


def _cut(text: str) -> str:
    """A text past 2,048 bytes of UTF-8 is cut by the platform (documents 90236, 90241)."""
    return text.encode(errors="replace")[: limits.TEXT_BYTES].decode(errors="ignore")


def text(kind: str, payload: Mapping[str, Any], card: Mapping[str, Any] | None) -> str:
    """The lines a person reads, joined by line feeds."""
    if card is not None:
        return "\n".join(line for line in _card(card) if line)
    if kind in ("text", "markdown"):
        return _cut(str(payload.get("content", "")))
    if kind in _QUIET:
        return str(payload.get("title") or payload.get("filename") or "")
    if kind == "news":
        return "\n".join(str(article.get("title", "")) for article in payload.get("articles", []))
    return "\n".join(str(payload[name]) for name in ("title", "description", "content") if payload.get(name))


def buttons(card: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """`{key, text}` of what can be pressed and calls the bot back; empty once the card shows its replacing text."""
    if card is None:
        return []
    menu = [_button(row) for row in (card.get("action_menu") or {}).get("action_list") or []]
    if card.get("replace_text"):
        return menu
    pressable = [_button(row) for row in card.get("button_list") or [] if not row.get("type")]
    submit = [_button(card["submit_button"])] if card.get("submit_button") else []
    return pressable + submit + menu


def _button(row: Mapping[str, Any]) -> dict[str, str]:
    return {"key": str(row.get("key", "")), "text": str(row.get("text", ""))}


def clip(name: str, value: object) -> str:
    """A card's text as a client shows it: past the recommended length of `name` it is cut."""
    words, limit = str(value or ""), _CLIP[name]
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _card(card: Mapping[str, Any]) -> Iterator[str]:
    title, emphasis = card.get("main_title") or {}, card.get("emphasis_content") or {}
    yield clip("source", (card.get("source") or {}).get("desc"))
    yield clip("title", title.get("title"))
    yield clip("desc", title.get("desc"))
    yield str(emphasis.get("title") or "")
    yield str(emphasis.get("desc") or "")
    quote = card.get("quote_area") or {}
    yield str(quote.get("title") or "")
    yield str(quote.get("quote_text") or "")
    yield clip("sub_title_text", card.get("sub_title_text"))
    for row in card.get("horizontal_content_list") or []:
        yield f"{clip('keyname', row.get('keyname'))} {clip('value', row.get('value'))}"
    for row in card.get("vertical_content_list") or []:
        yield f"{row.get('title', '')} {row.get('desc', '')}".strip()
    yield from _controls(card)


def _controls(card: Mapping[str, Any]) -> Iterator[str]:
    for question in questions(card):
        chosen = [row["text"] for row in question["options"] if row["id"] in question["selected"]]
        yield f"{question['title']} {' '.join(chosen)}".strip()
    if card.get("replace_text"):
        yield f"[{card['replace_text']}]"
        return
    rows = list(card.get("button_list") or []) + [row for row in [card.get("submit_button")] if row]
    yield " ".join(f"[{clip('button', row.get('text'))}]" for row in rows)


def questions(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every pull-down and vote of a card: `{key, title, options: [{id, text}], selected: [ids], many}`."""
    rows = [row for row in [card.get("button_selection")] if row] + list(card.get("select_list") or [])
    found = [_question(row, [str(row["selected_id"])] if row.get("selected_id") else [], False) for row in rows]
    if vote := card.get("checkbox"):
        ticked = [str(row["id"]) for row in vote.get("option_list") or [] if row.get("is_checked")]
        found.append(_question(vote, ticked, bool(vote.get("mode"))))
    return found


def _question(row: Mapping[str, Any], selected: list[str], many: bool) -> dict[str, Any]:
    options = [{"id": str(one["id"]), "text": str(one["text"])} for one in row.get("option_list") or []]
    return {
        "key": str(row.get("question_key", "")),
        "title": str(row.get("title") or ""),
        "options": options,
        "selected": selected,
        "many": many,
    }
