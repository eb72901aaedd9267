"""The only readings of the clock (data.md §Clocks): business time, wall time, monotonic time.

Business time runs the rules; in production it is the system's, beside a sandbox it follows the sandbox's virtual
instant. Wall and monotonic time serve leases, retries, tokens, rate windows and signature freshness.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Setting:
    """A virtual clock: at wall instant `anchor` it showed `virtual`; it runs at `speed` (0 = paused)."""

    virtual: datetime
    anchor: datetime
    speed: float = 1.0

    def at(self, wall: datetime) -> datetime:
        """The business instant (UTC) shown at the wall instant `wall`."""
        return self.virtual + timedelta(seconds=(wall - self.anchor).total_seconds() * self.speed)


_setting: Setting | None = None
_watchers: list[Callable[[], object]] = []


def wall() -> datetime:
    """The system's instant, aware UTC."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds that never step back."""
    return time.monotonic()


def now() -> datetime:
    """The business instant, aware UTC."""
    current = wall()
    return _setting.at(current) if _setting else current


def follow(setting: Setting | None) -> None:
    """Let business time follow `setting` from now on; None returns to the system's clock."""
    global _setting
    _setting = setting
    for watcher in list(_watchers):
        watcher()


def watch(watcher: Callable[[], object]) -> Callable[[], None]:
    """Call `watcher` whenever business time is set anew; the result ends that."""
    _watchers.append(watcher)
    return lambda: _watchers.remove(watcher)


def setting() -> Setting | None:
    """The virtual clock in force, None in production."""
    return _setting
