"""What can be made to go wrong, for the next `count` calls that it fits or until it is switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

ERRCODES = {
    "token_expired": (42001, "access_token expired"),
    "busy": (-1, "system busy"),
    "rate_limit": (45009, "api freq out of limit"),
    "concurrency": (45033, "api concurrent out of limit"),
    "ip": (60020, "not allow to access from your ip"),
}
"""Faults that answer an API call with an errcode (document 90313)."""

PERSONAL = ("unknown_user", "invalid_user", "unlicensed", "unreachable")
"""Faults of one person: unknown, 81013 when he was the only one; in invaliduser, errcode 0 all the same; in
unlicenseduser; accepted, and never on the screen."""

NAMES = (*ERRCODES, *PERSONAL, "down", "slow", "timeout_after_accept", "repeat", "sms_down")
ANSWERS = ("closed", "html")


@dataclass(slots=True)
class Fault:
    """One switched-on fault. `path` limits it to requests whose path begins with it, `count` to the next n of them.

    `seconds` is how long slow and timeout_after_accept hold the answer back; `answer` is how down shows itself:
    closed (the connection ends without an answer) or html (503 with a page).
    """

    name: str
    person: str = ""
    path: str = ""
    count: int | None = None
    seconds: float = 0.0
    answer: str = "closed"


class Faults:
    """The faults that are on, at most one per name and person."""

    def __init__(self) -> None:
        self._on: dict[tuple[str, str], Fault] = {}

    def put(self, row: Mapping[str, Any]) -> None:
        """Switch a fault on or off from `{name, on = true, person?, path?, count?, seconds?, answer?}`.

        Raises ValueError naming the field that is wrong.
        """
        fault = _read(row)
        key = (fault.name, fault.person)
        if row.get("on", True):
            self._on[key] = fault
        else:
            self._on.pop(key, None)

    def clear(self) -> None:
        """Everything works again."""
        self._on.clear()

    def take(self, name: str, path: str = "", person: str = "", default: str = "") -> Fault | None:
        """The fault if it fits this request, counted down; one without a path fits paths that begin with `default`."""
        fault = self._on.get((name, person.lower()))
        if fault is None or not path.startswith(fault.path or default):
            return None
        if fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                del self._on[(name, person.lower())]
        return fault

    def shown(self) -> list[dict[str, Any]]:
        """The faults that are on, as the control API prints them."""
        return [asdict(fault) for fault in self._on.values()]


def _read(row: Mapping[str, Any]) -> Fault:
    name, person, count = row.get("name"), str(row.get("person", "")).lower(), row.get("count")
    seconds, shows = row.get("seconds", 0.0), row.get("answer", "closed")
    if name not in NAMES:
        raise ValueError(f"name: {name!r} is none of {', '.join(NAMES)}")
    if (name in PERSONAL) is not bool(person):
        raise ValueError(f"person: {'missing' if name in PERSONAL else 'not used'} with {name}")
    if count is not None and (not isinstance(count, int) or count < 1):
        raise ValueError("count: a whole number, 1 or more")
    if not isinstance(seconds, int | float) or seconds < 0:
        raise ValueError("seconds: 0 or more")
    if shows not in ANSWERS:
        raise ValueError(f"answer: {shows!r} is none of {', '.join(ANSWERS)}")
    return Fault(name, person, str(row.get("path", "")), count, float(seconds), shows)
