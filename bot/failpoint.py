"""Places where a test kills or freezes this process, to see what is left behind; nothing happens unless asked for.

`DUBAN_FAILPOINT=name:count` in the environment ends the process by SIGKILL at the count-th hit of that place;
`name:count:freeze` stops it there (SIGSTOP) until somebody lets it go on. Either is told on stderr, to be counted.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter

from bot.errors import ConfigError

VARIABLE = "DUBAN_FAILPOINT"
NAMES = ("planning", "planned", "claimed", "written", "sent", "answered", "migrating")
_WANTED = re.compile(r"([a-z]+)(?::([1-9]\d*))?(:freeze)?")

_hits: Counter[str] = Counter()


def hit(name: str) -> None:
    """This place was reached; without the variable nothing happens."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    place, count, freeze = _read(wanted)
    if place == name:
        _hits[name] += 1
        if _hits[name] == count:
            os.write(2, f"failpoint {wanted}\n".encode())
            os.kill(os.getpid(), signal.SIGSTOP if freeze else signal.SIGKILL)


def check(*, sandbox: bool) -> None:
    """ConfigError when the variable is set in production or can't be read."""
    wanted = os.environ.get(VARIABLE)
    if wanted is None:
        return
    if not sandbox:
        raise ConfigError(f"{VARIABLE}: kills the process and works in a sandbox only; unset it")
    _read(wanted)


def _read(wanted: str) -> tuple[str, int, bool]:
    found = _WANTED.fullmatch(wanted)
    if found is None or found[1] not in NAMES:
        raise ConfigError(f"{VARIABLE}: write name:count or name:count:freeze, name one of {', '.join(NAMES)}")
    return found[1], int(found[2] or 1), bool(found[3])
