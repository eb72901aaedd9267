"""Text as it was typed, made comparable: invisible characters out, full width → half width, one kind of space and dash.

`fold` keeps every character's place, so a match found in the folded copy cuts the sender's own text.
"""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\ufe0f]")
_MENTION = re.compile(r"(?:@\S{1,30}\s+)+")


def _half(character: str) -> str:
    point = ord(character)
    if 0xFF01 <= point <= 0xFF5E:
        return chr(point - 0xFEE0)
    if character in "　\u00a0\t\r\f\v" or 0x2000 <= point <= 0x200A:
        return " "
    return "-" if character in "—–―−‐‑" else character


def clean(text: str) -> str:
    """Without invisible characters, leading @names and outer space; line ends as one kind."""
    bare = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _MENTION.sub("", bare, count=1) if bare.startswith("@") else bare


def fold(text: str) -> str:
    """Full width → half width, all spaces and dashes as one; the same length as `text`."""
    return "".join(map(_half, text))


def normalise(text: str) -> str:
    """`clean`, then `fold`: what patterns are matched against."""
    return fold(clean(text))
