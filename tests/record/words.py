"""Cards, texts and values in one line each."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

from bot.channels import Card
from bot.router import Reply
from bot.rules import calendar
from tests.record.names import Names

_TICKET = re.compile(r"ticket=[\w-]+")


def line(text: str) -> str:
    """A text on one line, without what is random."""
    return _TICKET.sub("ticket=…", text.replace("\n", " ⏎ "))


def instant(at: datetime) -> str:
    """03-05 09:00 in Shanghai, the year where it is not 2026, seconds where there are any."""
    local = calendar.local(at)
    year = "" if local.year == 2026 else f"{local.year}-"
    return f"{year}{local:%m-%d %H:%M:%S}" if local.second else f"{year}{local:%m-%d %H:%M}"


def value(found: Any) -> str:
    """A column's value as text; `-` for nothing."""
    if found is None or found == "":
        return "-"
    if isinstance(found, datetime):
        return instant(found)
    if isinstance(found, date):
        return found.isoformat()
    return line(found) if isinstance(found, str) else json.dumps(found, ensure_ascii=False, sort_keys=True)


def card(shown: Card, names: Names) -> str:
    """What is on a card, part by part."""
    picked = shown.choice
    parts = [
        f"<{shown.source} {shown.tone}>",
        shown.title,
        shown.desc,
        shown.text,
        f"“{shown.quote}”" if shown.quote else "",
        "; ".join(f"{key}: {said}" for key, said in shown.facts),
        f"{picked.title} ({'/'.join(text for _, text in picked.options)}) {_chosen(shown)}" if picked else "",
        " ".join(f"[{each.text} {names.button(each.key)}]" for each in shown.actions),
        shown.url,
        f"={shown.done}" if shown.done else "",
    ]
    return line(" | ".join(filter(None, parts)))


def _chosen(shown: Card) -> str:
    options = dict(shown.choice.options) if shown.choice else {}
    return f"→ {options[shown.choice.selected]}" if shown.choice and shown.choice.selected in options else ""


def reply(got: Reply, names: Names) -> list[str]:
    """What the person gets back, a line for each part."""
    said = [f"says {line(got.text)}"] if got.text else []
    said += [f"turns {card(got.replace, names)}"] if got.replace else []
    return said + ([f"shows {card(got.card, names)}"] if got.card else [])
