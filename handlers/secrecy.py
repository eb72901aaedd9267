"""Text that must not pass through a platform: a secrecy mark or a citizen's identity number (A76)."""

from __future__ import annotations

import re

from handlers import plain

_LEVEL = r"(?:绝\s?密|机\s?密|秘\s?密)"
# possessive, and within a line: whole documents are read, and a run of blanks must not be walked once for each of them
_MARKED = re.compile(
    rf"{_LEVEL}\s*+(?:[★☆*]|级(?:文件|事项|材料|公文)|件|文件)"
    rf"|密级\s*+[:为]?\s*+{_LEVEL}"
    rf"|[【\[(〔]\s*+(?:{_LEVEL}|内部资料)\s*+[】\])〕]"
    rf"|^[^\S\n]*+{_LEVEL}[^\S\n]*+$",
    re.MULTILINE,
)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_secret(text: str) -> bool:
    """Whether the text bears a secrecy mark (机密★1年, 【秘密】, 密级：…) or a valid identity number."""
    folded = plain.fold(text)
    return bool(_MARKED.search(folded)) or any(_checks(found[0]) for found in _IDENTITY.finditer(folded))


def _checks(digits: str) -> bool:
    """The check digit of GB 11643."""
    if not digits[:17].isascii():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()
