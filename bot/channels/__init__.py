"""What every channel offers, and the neutral card it is given. Vendor JSON and XML stay inside the channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


class ChannelError(Exception):
    """A send that did not succeed; `detail` is the platform's answer, for the attempt log (no secrets)."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Unreachable(ChannelError):
    """This person can't be reached on this channel, now or by a retry: use the next lane."""


class RateLimited(ChannelError):
    """Too fast; try again after `retry_after` seconds."""

    def __init__(self, retry_after: float, detail: str = "") -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class ChannelDown(ChannelError):
    """The channel does not work now; the delivery waits. `ambiguous`: the request may have been carried out.
    `alarm`: it is a matter of configuration that a person must mend; `mend` names it (trusted_ip, corp_id, secret,
    agent_id, permission) and `detail` says it in words."""

    def __init__(self, detail: str = "", *, ambiguous: bool = False, alarm: bool = False, mend: str = "") -> None:
        super().__init__(detail)
        self.ambiguous = ambiguous
        self.alarm = alarm
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Choice:
    """A pull-down: `key` names the question, `options` are (id, text), `selected` an option's id."""

    key: str
    title: str
    options: Sequence[tuple[str, str]]
    selected: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button; `style` 1 primary, 2 plain, 3 danger, 4 grey."""

    text: str
    key: str
    style: int = 1


@dataclass(frozen=True, slots=True)
class Card:
    """A neutral card. `tone` 0 grey, 1 black, 2 red, 3 green colours the source line; `done` is the grey text that
    replaces the buttons once the card is answered."""

    title: str
    desc: str = ""
    source: str = ""
    tone: int = 0
    quote: str = ""
    emphasis: str = ""
    emphasis_desc: str = ""
    text: str = ""
    facts: Sequence[tuple[str, str]] = ()
    choice: Choice | None = None
    actions: Sequence[Action] = ()
    url: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform took it: its id for recall, the one-use code that updates the card, and the raw answer."""

    message_id: str = ""
    response_code: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)


class Channel(Protocol):
    """A way to reach a person. All calls raise Unreachable, RateLimited or ChannelDown."""

    name: str
    deduplicates: bool

    def payload(self, user: str, content: Card | str, task_id: str) -> str:
        """The exact request body (JSON text) for a card or a plain text; ValueError when it breaks a limit."""

    async def send(self, payload: str) -> Receipt:
        """Send a stored payload, byte for byte."""

    async def replace(self, user: str, response_code: str, card: Card, task_id: str) -> None:
        """Turn a card that was sent into its result."""

    async def recall(self, message_id: str) -> None:
        """Take a message back."""

    async def close(self) -> None:
        """Release connections."""
