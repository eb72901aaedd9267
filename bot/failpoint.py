"""Places where a test kills this process, to see what a crash leaves behind; nothing happens unless it is asked for.

`DUBAN_FAILPOINT=name:count` in the environment ends the process by SIGKILL at the count-th hit of that place.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

from bot.errors import ConfigError

VARIABLE = "DUBAN_FAILPOINT"
NAMES = ("planning", "planned", "claimed", "sent", "answered")

_hits: Counter[str] = Counter()


def hit(name: str) -> None:
    """This place was reached; without the variable nothing happens."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    place, _, count = wanted.partition(":")
    if place == name:
        _hits[name] += 1
        if _hits[name] == int(count or 1):
            os.kill(os.getpid(), signal.SIGKILL)


def check(*, sandbox: bool) -> None:
    """ConfigError when the variable is set in production or can't be read."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    if not sandbox:
        raise ConfigError(f"{VARIABLE}: kills the process and works in a sandbox only; unset it")
    place, _, count = wanted.partition(":")
    if place not in NAMES or not (count or "1").isdecimal() or count == "0":
        raise ConfigError(f"{VARIABLE}: write name:count, name one of {', '.join(NAMES)}")
