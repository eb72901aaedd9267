"""Message in, Reply out: the one shape every channel turns its messages into, and the table that serves them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Button:
    """A press on a card: `key` as the card carried it, `selected` question key → chosen option ids."""

    key: str
    task_id: str = ""
    response_code: str = ""
    card_type: str = ""
    selected: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One inbound message.

    `key` is unique per (channel, corp, agent): a retry of the platform carries the same one. `user` is the
    platform's id of the sender, as sent. `kind` is text, image, click, enter, card, contact or other. `at` is
    the platform's instant of the message (UTC, business time), `received` ours.
    """

    channel: str
    corp: str
    agent: str
    key: str
    user: str
    kind: str
    at: datetime
    received: datetime
    text: str = ""
    button: Button | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender gets back: a text, a card that replaces the pressed one, or a new card; nothing when empty.

    `replace` is the neutral card the pressed card turns into (`bot.channels.Card`); `card` is a new card to push.
    """

    text: str = ""
    replace: Any = None
    card: Any = None


Handler = Callable[..., Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a router: which messages it takes, from which roles, and who serves them."""

    handler: Handler
    pattern: re.Pattern[str] | None = None
    key: str = ""
    kind: str = "text"
    roles: frozenset[str] = frozenset()


class Router:
    """An ordered table of routes; a module of `handlers` owns one."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def text(self, pattern: str, *roles: str) -> Callable[[Handler], Handler]:
        """Serve texts that fully match `pattern`; roles empty = everybody in the roster."""
        return self._add(pattern=re.compile(pattern, re.DOTALL), kind="text", roles=frozenset(roles))

    def press(self, key: str, *roles: str) -> Callable[[Handler], Handler]:
        """Serve a card button whose key begins with `key:`."""
        return self._add(key=key, kind="card", roles=frozenset(roles))

    def on(self, kind: str) -> Callable[[Handler], Handler]:
        """Serve messages of a kind (enter, image, click, …)."""
        return self._add(kind=kind)

    def _add(self, **row: Any) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            self.routes.append(Route(handler, **row))
            return handler

        return register


def match(
    routers: Sequence[Router], message: Message, roles: frozenset[str]
) -> tuple[Route, re.Match[str] | None] | None:
    """The first route that takes the message from a person with these roles, and its match; None when none does."""
    for router in routers:
        for route in router.routes:
            if route.roles and not route.roles & roles:
                continue
            if route.kind != message.kind:
                continue
            if route.key and not (message.button and message.button.key.split(":", 1)[0] == route.key):
                continue
            found = route.pattern.fullmatch(message.text) if route.pattern else None
            if route.pattern and not found:
                continue
            return route, found
    return None
