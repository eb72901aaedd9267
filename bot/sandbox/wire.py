"""The wire log: every request a bot made, as it was received and before any de-duplication, and what it became."""

from __future__ import annotations

from collections import deque
from typing import Any


class Wire:
    """The last `size` requests, in order."""

    def __init__(self, size: int = 10_000) -> None:
        self._rows: deque[dict[str, Any]] = deque(maxlen=size)
        self._count = 0

    def add(self, **row: Any) -> dict[str, Any]:
        """Append a request and give it an id; `became` is filled in once it is answered."""
        self._count += 1
        found: dict[str, Any] = {"id": self._count, **row, "became": None}
        self._rows.append(found)
        return found

    def after(self, last: int, path: str = "") -> list[dict[str, Any]]:
        """Requests with an id above `last` whose path begins with `path`."""
        return [row for row in self._rows if row["id"] > last and row["path"].startswith(path)]

    def clear(self) -> None:
        """Forget the requests; ids go on."""
        self._rows.clear()
