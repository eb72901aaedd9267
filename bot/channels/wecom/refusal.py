"""The one way a callback is refused."""

from __future__ import annotations


class Rejected(Exception):
    """A callback we don't take: `status` is the HTTP answer (400, 403 or 413), `reason` is for our log alone."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
