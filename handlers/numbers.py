"""A matter's number and an obligation's node at the head of what somebody wrote (interfaces.md §Chat).

A bare number counts only when a space, punctuation or the end follows and the caller knows it; 1月份, 1个月, 第3 and
7天 are not numbers. So do 1号 and 2026-5-30, which is a child of 2026-0005 only where there is one. In doubt it is
none, and `is_unsure` says so: better asked again than filed under the wrong matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from handlers import counted, plain


@dataclass(frozen=True, slots=True)
class Ref:
    """What number was written: `year` None for #1 and 1; `proposal` for 拟-12; `bare` when it may as well be digits
    of the text; `child` of a family's number 2026-0001-1, 0 when none was written (A62)."""

    number: int
    year: int | None = None
    proposal: bool = False
    bare: bool = False
    child: int = 0

    def __str__(self) -> str:
        if self.proposal:
            return f"拟-{self.number}"
        own = f"-{self.child}" if self.child else ""
        return f"{self.year}-{self.number:04d}{own}" if self.year else f"{self.number}{own}"


_CHILD = r"(?:-(?P<child>[1-9]\d?))"
_NO_DATE = r"(?![\d\-/.]?\d|-|个?月|日|年)"
_EXPLICIT = (
    re.compile(rf"(?:交办)?[〔\[(【](?P<year>20\d\d)[〕\])】]\s*第?(?P<number>\d{{1,5}}){_CHILD}?号"),
    # three digits and more are no month
    re.compile(rf"(?P<year>20\d\d)-(?P<number>\d{{3,5}}){_CHILD}{_NO_DATE}(?:号(?!前|之前))?"),
    re.compile(rf"(?P<year>20\d\d)-(?P<number>\d{{1,5}}){_NO_DATE}(?:号(?!前|之前))?"),
    re.compile(rf"#\s?(?P<number>\d{{1,5}}){_CHILD}{_NO_DATE}(?:号(?!前|之前))?"),
    re.compile(r"#\s?(?P<number>\d{1,5})(?!\d)(?:号(?!前|之前))?"),
    re.compile(r"拟\s?-?\s?(?P<proposal>\d{1,5})(?!\d)(?:号(?!前|之前))?"),
)
# 2 件: both, or the second?
_STANDS = r"(?!\s+件)(?=$|[\s,:;!?。、，：；！？()]|\.(?!\d)|理由|原因)"
_BARE = re.compile(rf"(?:(?:(?P<year>20\d\d)-)?(?P<number>\d{{1,5}}){_CHILD}|(?P<only>\d{{1,5}})){_STANDS}")
# 1号, 第1号, 2026年1号; glued to a word it is a thing's, 1号渠道, or a day, as before 前
_NO = re.compile(
    rf"(?:(?P<year>20\d\d)年)?第?\s?(?P<number>\d{{1,5}}){_CHILD}?\s?号(?:事项|任务)?{_STANDS}"
    r"(?!\s*(?:[之以]?前|[上下]午))"
)
# what may be meant as a number: digits that nothing is glued to, several of them, 1号 and 一号, 2026.0001; 5.30, 3:00,
# 1/3 and 1号、2号闸门 are words
_UNSURE = re.compile(
    r"(?:20\d\d年)?第?\s?(?:\d+(?:-\d+)?|[一二三四五六七八九十]+)\s?[号件](?:事项|任务|(?=\d)|(?!\w|、\s?第?\d+\s?号\w))"
    r"|\d+\s?号?\s?[和及与至到]\s?第?\d+\s?号?(?!\w)"
    r"|20\d\d\D{0,2}00\d\d"
    r"|\d+(?![\w%‰℃+~]|[-/]\d|#\w|\.\d+(?![\d、)])|,\d{3}(?!\d)|:[0-5]\d(?![\d处个项条家份]))"
)
_LEAD = re.compile(r"[\s:,;.。、，：；!！)]*")
_HEAD = re.compile(r"(?:(?:事项)?编号|事项)\s*:?\s*(?=[\d#〔\[交第])")

_MENTIONED = re.compile(
    r"(?<!\d)(?:(?P<year>20\d\d)-(?P<number>\d{4})(?!\d)|交办[〔\[(【](?P<of>20\d\d)[〕\])】]\s*第?(?P<no>\d{1,5})号)"
)
_DIGITS = {"一": "1", "三": "3", "七": "7"}
_NODES = {"1天": "N1", "3天": "N3", "7天": "N7", "1个月": "NM", "1": "N1", "3": "N3", "7": "N7"}
_END = r"(?=$|[\s:,;.。、，：；!！]|的?反馈|节点|情况|的)"
_NODE = re.compile(
    r"(?P<day>第?[137一三七]天|[1一]个月|第[137一三七](?![\d天个月]))(?:节点)?" + _END
    + r"|(?:20\d\d年)?(?P<limit>1[0-2]|[1-9])月(?P<by>3[01]|[12]\d|[1-9])[日号]的?限期" + _END
    + r"|(?:(?P<year>20\d\d)年)?(?P<month>1[0-2]|[1-9])月份?(?:(?P<date>3[01]|[12]\d|[1-9])日)?"
    + r"(?:[周月]报)?(?:节点)?(?=$|[\s:,;.。、，：；]|的?反馈)"
    + r"|(?P<other>周报|月报|退回重报|限定时限|(?:领导)?限期)" + _END
)  # fmt: skip
_SAID = re.compile(r"的?反馈")
_NAMED = re.compile(r"(?:反馈|[周月]报|节点)[\s:,.;。、，：；]*\Z")
_OTHER = {"周报": "W", "月报": "M", "退回重报": "REWORK", "限定时限": "CUSTOM", "限期": "CUSTOM", "领导限期": "CUSTOM"}


def number(text: str, known: Callable[[Ref], bool] | None = None, *, dated: bool = False) -> tuple[Ref | None, str]:
    """The number at the head of `text` and what follows it, else (None, text).

    2026-0001, 2026-0001-1, 2026-1, #1, #1-2, 交办〔2026〕1号 and 拟-12 are always taken; bare digits, 1号, 1-2 and
    2026-1-2 only where `known` agrees (None: always). `dated`: 1号 may as well be a day, so it is none.
    """
    own = text.strip()
    folded = plain.fold(own)
    start = _start(folded)
    for pattern in _EXPLICIT:
        if found := pattern.match(folded, start):
            return _ref(found.groupdict()), _after(own, found.end())
    called = _NO.match(folded, start)
    found = called or _BARE.match(folded, start)
    if not found or (called and dated) or counted.are_things(folded, start):
        return None, own
    ref = replace(_ref(found.groupdict()), bare=True)
    rest = _after(own, found.end())
    if not ref.number or _is_one_of_many(folded, start, found.end(), rest):
        return None, own
    return (ref, rest) if known is None or known(ref) else (None, own)


def is_unsure(text: str) -> bool:
    """Whether `text`, in which `number` found none, begins with what may be one all the same: 1、2 …, 1 3 处 …,
    2026 0001 …, where a day may be meant 1号 …. Nothing is guessed then."""
    folded = plain.fold(text.strip())
    rest = folded[_start(folded) :]
    return bool(_UNSURE.match(rest)) and not counted.are_things(rest) and not counted.opens_list(rest)


def mentioned(text: str) -> set[tuple[int, int]]:
    """(year, number) of every matter that a text speaks of wherever it stands: 2026-0002, 交办〔2026〕2号."""
    found = _MENTIONED.finditer(plain.fold(text))
    return {(int(each["year"] or each["of"]), int(each["number"] or each["no"])) for each in found}


def _ref(found: dict[str, str | None]) -> Ref:
    if proposal := found.get("proposal"):
        return Ref(int(proposal), proposal=True)
    number = int(found["number"] or found.get("only") or 0)
    year, child = int(found.get("year") or 0), int(found.get("child") or 0)
    return Ref(number, year=year or None, child=child)


def _after(text: str, end: int) -> str:
    found = _LEAD.match(plain.fold(text), end)
    return text[found.end() if found else end :].strip()


def _start(folded: str) -> int:
    found = _HEAD.match(folded)
    return found.end() if found else 0


def _is_one_of_many(folded: str, start: int, end: int, rest: str) -> bool:
    """Whether the digits from `start` to `end` count off paragraphs or numbers; 2 1、… 2、… is 2 and a list."""
    if counted.opens_list(plain.fold(rest)):
        return False
    return counted.is_list(folded[start:]) or (counted.is_joined(folded, end) and not node(rest)[0])


def node(text: str) -> tuple[str | None, str]:
    """The obligation named at the head of `text` and what follows, else (None, text).

    N1 N3 N7 NM, W and M (the period due), W04-09, M09 and CUSTOM03-20 (that one), M2026-12 where the year was said,
    REWORK, CUSTOM: hints, the caller finds the row.
    """
    own = text.strip()
    folded = plain.fold(own)
    found = _NODE.match(folded)
    if not found:
        return None, own
    skip = _SAID.match(folded, found.end())
    return _node(found), _after(own, skip.end() if skip else found.end())


def is_report(text: str, rest: str) -> bool:
    """Whether the node at the head of `text`, before `rest`, is called a report: 4月9日周报, 3天反馈, no mere date."""
    return bool(_NAMED.search(plain.fold(text.strip().removesuffix(rest))))


def _node(found: re.Match[str]) -> str:
    if day := found["day"]:
        plain = "".join(_DIGITS.get(letter, letter) for letter in day.removeprefix("第"))
        return _NODES[plain]
    if limit := found["limit"]:
        return f"CUSTOM{int(limit):02d}-{int(found['by']):02d}"
    if month := found["month"]:
        date, named = found["date"], f"{found['year']}-{int(month):02d}" if found["year"] else f"{int(month):02d}"
        return f"W{named}-{int(date):02d}" if date else f"M{named}"
    return _OTHER[found["other"]]
