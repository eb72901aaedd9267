"""What people see on their phones: one entry per message and person, as it stands now."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox import screen


@dataclass(slots=True)
class Entry:
    """A message on one person's screen.

    `payload` is what was sent and never changes; `card` is the template card as this person sees it now.
    `state` is sent, updated or recalled; `via` is push, reply or sms.
    """

    id: int
    person: str
    platform: str
    kind: str
    payload: Mapping[str, Any]
    virtual: datetime
    real: datetime
    msgid: str = ""
    via: str = "push"
    card: dict[str, Any] | None = None
    state: str = "sent"

    def shown(self) -> dict[str, Any]:
        """The entry as the control API prints it."""
        return {
            "id": self.id,
            "person": self.person,
            "virtual": self.virtual.isoformat(),
            "real": self.real.isoformat(),
            "platform": self.platform,
            "kind": self.kind,
            "via": self.via,
            "msgid": self.msgid,
            "payload": self.payload,
            "shown": "" if self.state == "recalled" else screen.text(self.kind, self.payload, self.card),
            "card": self.card,
            "buttons": [] if self.state == "recalled" else screen.buttons(self.card),
            "state": self.state,
        }


class Inbox:
    """All entries, in the order in which they appeared; ids count up over everybody."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._by_msgid: dict[str, list[Entry]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def add(
        self,
        person: str,
        platform: str,
        kind: str,
        payload: Mapping[str, Any],
        virtual: datetime,
        real: datetime,
        *,
        msgid: str = "",
        via: str = "push",
    ) -> Entry:
        """Put a message on a person's screen."""
        card = dict(payload) if kind == "template_card" else None
        entry = Entry(len(self._entries) + 1, person, platform, kind, payload, virtual, real, msgid, via, card)
        self._entries.append(entry)
        if msgid:
            self._by_msgid.setdefault(msgid, []).append(entry)
        return entry

    def get(self, number: int) -> Entry | None:
        """The entry with this id."""
        return self._entries[number - 1] if 0 < number <= len(self._entries) else None

    def of(self, addresses: Container[str], after: int) -> list[Entry]:
        """Entries with an id above `after` that lie at one of a person's addresses (user id or phone)."""
        return [entry for entry in self._entries[max(after, 0) :] if entry.person in addresses]

    def sent_as(self, msgid: str) -> list[Entry]:
        """Every recipient's entry of one sent message."""
        return self._by_msgid.get(msgid, [])
