"""The business clock that the sandbox owns: it runs, pauses, jumps forward, and never turns back (data.md §Clocks)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.clock import Setting

Watcher = Callable[[Setting], None]


class Clock:
    """`setting` is what followers compute the business instant from; `version` grows by one with every change."""

    def __init__(self, start: datetime | None, speed: float, paused: bool, wall: Callable[[], datetime]) -> None:
        self._wall = wall
        self._watchers: list[Watcher] = []
        self.speed = speed
        self.paused = paused
        self.held = False
        self.version = 0
        self._set(start or wall())

    def _set(self, virtual: datetime) -> None:
        self.setting = Setting(virtual.astimezone(UTC), self._wall(), 0.0 if self.paused or self.held else self.speed)
        self.version += 1
        for watcher in self._watchers:
            watcher(self.setting)

    def now(self) -> datetime:
        """The business instant."""
        return self.setting.at(self._wall())

    def watch(self, watcher: Watcher) -> None:
        """Call `watcher(setting)` now and at every change; `watch(bot.clock.follow)` ties a bot of this process."""
        self._watchers.append(watcher)
        watcher(self.setting)

    def change(
        self,
        *,
        to: datetime | None = None,
        step: float = 0.0,
        speed: float | None = None,
        paused: bool | None = None,
    ) -> None:
        """Jump to the instant `to`, then `step` seconds on, and run at `speed` or pause from there.

        Raises ValueError, and changes nothing, when time would turn back or the speed is not above 0.
        """
        now = self.now()
        if to is not None and to < now:
            raise ValueError(f"to: {to.isoformat()} is before {now.isoformat()}; the clock never turns back")
        if step < 0:
            raise ValueError("step: seconds, 0 or more; the clock never turns back")
        if speed is not None and speed <= 0:
            raise ValueError("speed: above 0; use paused to stop the clock")
        self.speed = self.speed if speed is None else speed
        self.paused = self.paused if paused is None else paused
        self._set((to or now) + timedelta(seconds=step))

    def hold(self, on: bool) -> None:
        """Let time stand still while somebody steps it from event to event, whether it is paused or not."""
        self.held = on
        self._set(self.now())

    def restart(self, start: datetime) -> None:
        """Stand paused at `start`, earlier or later: another world begins, with a bot that knows none other."""
        self.paused, self.held = True, False
        self._set(start)

    def shown(self) -> dict[str, Any]:
        """`virtual` at wall instant `anchor`, running at `speed` unless `paused`; `now` is the reading of this call.

        `held`: it stands still only while it is being stepped."""
        return {
            "virtual": self.setting.virtual.isoformat(),
            "anchor": self.setting.anchor.isoformat(),
            "speed": self.speed,
            "paused": self.paused or self.held,
            **({"held": True} if self.held else {}),
            "version": self.version,
            "now": self.now().isoformat(),
        }
