"""Messages as HTML: one message of one phone is one fragment of `templates/pages/sandbox`, escaped throughout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jinja2
from markupsafe import Markup
from yarl import URL

from bot import wording
from bot.sandbox import screen
from bot.sandbox.inbox import Entry
from bot.sandbox.people import Person
from bot.sandbox.platform import Item, Platform, Said
from bot.sections import is_loopback

FOLDER = wording.TEMPLATES / "pages" / "sandbox"
APART = timedelta(minutes=5)
"""Messages further apart than this get a line with the time between them, as in WeCom."""


def _link(url: object) -> str:
    """An address that a tap may open: http(s) only; "" for anything else."""
    return str(url) if str(url or "").startswith(("http://", "https://")) else ""


def _picture(url: object) -> str:
    """A picture that may be loaded: one on this machine; the page asks no outside host for anything."""
    words = _link(url)
    return words if words and is_loopback(URL(words).host or "") else ""


def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    made.filters |= {
        "clip": lambda value, name: screen.clip(name, value),
        "link": _link,
        "picture": _picture,
        "stamp": stamp,
        "hour": lambda at: f"{at.astimezone(wording.SHANGHAI):%H:%M}",
    }
    made.globals["word"] = wording.word
    return made


def stamp(at: datetime) -> str:
    """3月2日 周一 09:00"""
    return f"{wording.day(at.isoformat(), at)} {at.astimezone(wording.SHANGHAI):%H:%M}"


def page(name: str, /, **facts: Any) -> Markup:
    """A template of the folder with these facts, each escaped; what was drawn may stand in another one as it is."""
    return Markup(_ENVIRONMENT.get_template(f"{name}.html").render(facts))  # noqa: S704 - the template escapes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is seen: whose phone, and in which of its two apps (wecom, sms)."""

    person: str
    app: str


def place(platform: Platform, item: Item) -> Place | None:
    """None when nobody sees it: a short message to a number of nobody's."""
    if isinstance(item, Entry) and item.platform == "sms":
        owner = platform.people.by_phone(item.person)
        return Place(owner.id, "sms") if owner else None
    return Place(item.person, "wecom")


def thread(platform: Platform, person: Person, app: str) -> list[Item]:
    """Everything in one app of a phone, in order: what came, and what the person said."""
    addresses = {person.phone} - {""} if app == "sms" else {person.id}
    came = [each for each in platform.inbox.of(addresses, 0) if (each.platform == "sms") is (app == "sms")]
    said = [each for each in platform.said if each.person == person.id and is_seen(each)] if app == "wecom" else []
    return sorted([*came, *said], key=_order)


def _order(item: Item) -> tuple[int, int]:
    return (item.after, item.id) if isinstance(item, Said) else (item.id, 0)


def is_seen(item: Item) -> bool:
    """Words and pictures stand in the chat; a press or an opening of the app does not."""
    return isinstance(item, Entry) or "text" in item.what or "image" in item.what


def items(found: list[Item]) -> Iterator[str]:
    """The fragments of a thread, with the time where there was a pause."""
    before: datetime | None = None
    for item in found:
        yield fragment(item, parted=before is None or item.virtual - before >= APART)
        before = item.virtual


def latest(platform: Platform, item: Item, where: Place) -> str:
    """The fragment of an item that just came or changed."""
    person = platform.people.get(where.person)
    found = thread(platform, person, where.app) if person else []
    earlier = [each for each in found if _order(each) < _order(item)]
    return fragment(item, parted=not earlier or item.virtual - earlier[-1].virtual >= APART)


def fragment(item: Item, *, parted: bool) -> str:
    """One message. `parted`: the time stands above it."""
    if isinstance(item, Said):
        return page("said", said=item, parted=parted)
    facts = {"entry": item, "card": item.card, "payload": item.payload, "parted": parted}
    return page("entry", text=screen.text(item.kind, item.payload, None), **facts)


_ENVIRONMENT = _environment()
