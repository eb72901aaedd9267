"""The words of a decision, taken apart: 不计分 and 未落实 before the reason of a return, the four grades."""

from __future__ import annotations

import re

from bot.actions.review import Return
from handlers import plain

GRADES = ("", "excellent", "good", "pass", "fail")
"""As numbered in the pull-down of the card; the first is none."""
_SAID = {"优秀": "excellent", "良好": "good", "合格": "pass", "不合格": "fail"}
_FLAG = re.compile(r"(?P<flag>不计分|不扣分|未落实|材料退回|上级)(?=$|[\s:,;.。、，：；])[\s:,;.。、，：；]*")
_REASON = re.compile(r"(?:退回)?(?:理由|原因)\s{0,2}:\s*")
_UNDONE = re.compile(r"(?:未|没有?)(?:真正|完全|全部|全面)?落实")
_GRADE = re.compile(r"(?:评价|等级)?\s*:?\s*[“\"(]?(?P<said>优秀|良好|不合格|合格)[”\")]?\s*[.。!]?")


def returned(rest: str) -> Return:
    """[不计分] [未落实] [上级] 理由, the flags in any order and also after 理由:; Return.reason is "" when none was
    written."""
    flags, reason = _parts(rest)
    scored = not flags & {"不计分", "不扣分", "上级"}
    return Return(reason, not_done="未落实" in flags, scored=scored, superior="上级" in flags)


def is_open(rest: str) -> bool:
    """Whether a completion is returned for something 没有落实 without 未落实 or 材料退回 before it: the clocks differ
    (A17), so it is asked."""
    flags, reason = _parts(rest)
    return not flags & {"未落实", "材料退回"} and bool(_UNDONE.search(plain.fold(reason)))


def _parts(rest: str) -> tuple[set[str], str]:
    """The flags and what follows them."""
    own = plain.clean(rest)
    flags = set()
    while found := _FLAG.match(plain.fold(own)) or _REASON.match(plain.fold(own)):
        flags.add(found.groupdict().get("flag") or "")
        own = own[found.end() :]
    return flags, own.strip()


def grade(rest: str) -> str | None:
    """excellent good pass fail, "" when nothing was written, None when it is no grade."""
    own = plain.normalise(rest)
    if not own:
        return ""
    found = _GRADE.fullmatch(own)
    return _SAID[found["said"]] if found else None
