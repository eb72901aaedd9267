"""What every SMS driver shares: the length of a text, the shape of a phone number, and how one is shown."""

from __future__ import annotations

import re

MAX_CHARS = 70  # one part in UCS-2; longer texts are billed and may arrive in pieces
_PHONE = re.compile(r"\+?[0-9]{7,15}")


def check(phone: str, text: str) -> None:
    """ValueError unless the phone is a number and the text has 1 to 70 characters."""
    if not _PHONE.fullmatch(phone):
        raise ValueError(f"not a phone number: {mask(phone)}")
    # Characters outside the basic plane take two UCS-2 units.
    if not 0 < len(text.encode("utf-16-le")) // 2 <= MAX_CHARS:
        raise ValueError(f"SMS of {len(text)} characters, 1 to {MAX_CHARS} allowed")


def mask(phone: str) -> str:
    """The phone for logs: all but its last four digits hidden."""
    return "*" * max(len(phone) - 4, 0) + phone[-4:]
