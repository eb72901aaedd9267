"""Words written as fields, 理由：… 方案：…, on one line or on many, numbered or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot import errors
from handlers import plain

_NUMERAL = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
# （一） and ① begin a field wherever they stand
_ENCLOSED = rf"(?:\({_NUMERAL}\)|[\u2460-\u249b\u3220-\u3229])[、.:]?\s?"
# 一、 1. 1） 第一、 and a dash need a break before them: 张三、时限 is a name; 5.30、责任人 is a date
_ITEM = rf"(?:第{_NUMERAL}[,、.:]\s?|(?<!\d\.){_NUMERAL}[)、.:]\s?|^ *\d{{1,2}}\s|[-*·•●]\s?)"
_HEAD = rf"(?:{_ENCLOSED}|(?:^|(?<=[\s,;.。，；、])){_ITEM}?)"

Twice = dict[str, tuple[str, str]]


class Keys:
    """The words that may head each field."""

    def __init__(self, **spellings: Sequence[str]) -> None:
        self._field = {word: name for name, words in spellings.items() for word in words}
        spelt = "|".join(sorted(self._field, key=len, reverse=True))
        self._key = re.compile(rf"{_HEAD}(?P<key>{spelt})\s{{0,2}}[:=]\s*", re.MULTILINE)

    def read(self, text: str) -> tuple[str, dict[str, str], Twice]:
        """What stands before the first key; field → value as typed; the fields that were written twice and not
        alike, each with what is said there first and next."""
        own = plain.clean(text)
        found = list(self._key.finditer(plain.fold(own)))
        starts = [*(match.start() for match in found), len(own)]
        said: dict[str, str] = {}
        twice: Twice = {}
        for match, end in zip(found, starts[1:], strict=True):
            if value := _value(own[match.end() : end]):
                name = self._field[match["key"]]
                if said.setdefault(name, value) != value:
                    twice.setdefault(name, (said[name], value))
        return _value(own[: starts[0]]), said, twice


def _value(text: str) -> str:
    return text.strip(" \t\n　,，;；。、")


def expect_once(twice: Mapping[str, tuple[str, str]]) -> None:
    """Refused said_twice rather than one of two values taken."""
    for name, (first, second) in twice.items():
        raise errors.Refused("said_twice", field=name, first=first, second=second)
