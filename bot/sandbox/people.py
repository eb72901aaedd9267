"""Who lives in the sandbox: people, the platforms they are on, their phones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PLATFORMS = ("wecom", "dingtalk")


@dataclass(slots=True)
class Person:
    """One person; the same id may stand on several platforms. `title` is what the web chat shows under the name."""

    id: str
    name: str
    phone: str = ""
    title: str = ""
    platforms: list[str] = field(default_factory=list)

    def shown(self) -> dict[str, Any]:
        """The person as the control API prints it."""
        return {"id": self.id, "name": self.name, "platforms": self.platforms, "phone": self.phone}


class People:
    """Looked up without regard to case, as the platform does with user ids."""

    def __init__(self) -> None:
        self._by_id: dict[str, Person] = {}

    def put(self, row: Mapping[str, Any]) -> Person:
        """Add or renew `{id, name?, platform?, phone?, title?}`; ValueError names the field that is wrong."""
        user = row.get("id")
        if not isinstance(user, str) or not 1 <= len(user.encode()) <= 64:
            raise ValueError("id: 1 to 64 bytes of text")
        if (platform := row.get("platform", "wecom")) not in PLATFORMS:
            raise ValueError(f"platform: {platform!r} is none of {', '.join(PLATFORMS)}")
        person = self._by_id.setdefault(user.lower(), Person(user, user))
        person.name = str(row.get("name") or person.name)
        person.phone = str(row.get("phone") or person.phone)
        person.title = str(row.get("title") or person.title)
        if platform not in person.platforms:
            person.platforms.append(platform)
        return person

    def get(self, user: str) -> Person | None:
        """The person with this id on whatever platform."""
        return self._by_id.get(user.lower())

    def on(self, platform: str, user: str) -> Person | None:
        """The person with this id on this platform."""
        person = self.get(user)
        return person if person and platform in person.platforms else None

    def by_phone(self, phone: str) -> Person | None:
        """The person whose phone this is."""
        return next((one for one in self._by_id.values() if phone and one.phone == phone), None)

    def all(self, platform: str = "") -> list[Person]:
        """Everybody, or everybody on one platform, in the order of their arrival."""
        return [one for one in self._by_id.values() if not platform or platform in one.platforms]
