"""The words of 延期 → reason, plan, person, day; what is missing and what was not understood (R35, R36, A60)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from handlers import dates, plain

_KEYS: dict[str, tuple[str, ...]] = {
    "reason": ("理由", "原因", "延期理由", "延期原因", "申请理由"),
    "plan": ("方案", "解决方案", "办理方案", "任务内容", "任务", "措施", "下步措施", "下一步措施", "工作措施", "计划"),
    "responsible": ("责任人", "责任人员", "负责人", "承办人", "责任者"),
    "until": (
        *("时限", "时间", "时间节点", "期限", "完成时限", "完成时间", "预计时间", "预计完成时间"),
        *("办结时限", "办结时间", "延期至", "延至", "截止", "截止时间"),
    ),
}
_FIELD = {word: name for name, spellings in _KEYS.items() for word in spellings}
_SPELT = "|".join(sorted(_FIELD, key=len, reverse=True))
_KEY = re.compile(rf"(?:^|(?<=[\s,;.。，；、]))(?:\d[.、]\s?)?(?P<key>{_SPELT})\s{{0,2}}[:=]\s*", re.MULTILINE)
REQUIRED = ("reason", "plan", "responsible", "until")


@dataclass(frozen=True, slots=True)
class Written:
    """`missing` are fields without a value, in their order; `wrong` is a day that was not understood, "" if it was."""

    reason: str = ""
    plan: str = ""
    responsible: str = ""
    until: dt.date | None = None
    missing: tuple[str, ...] = ()
    wrong: str = ""


def plan(text: str, today: dt.date) -> Written:
    """What follows 延期 and the number, taken apart, in any order. Never raises."""
    said = fields(text)
    until = dates.date(said.get("until", ""), today)
    return Written(
        reason=said.get("reason", ""),
        plan=said.get("plan", ""),
        responsible=said.get("responsible", ""),
        until=until,
        missing=tuple(name for name in REQUIRED if not said.get(name)),
        wrong="" if until else said.get("until", ""),
    )


def fields(text: str) -> dict[str, str]:
    """Field → value as typed; the first of two equal keys wins, what stands before the first key is left out."""
    own = plain.clean(text)
    found = list(_KEY.finditer(plain.fold(own)))
    ends = [match.start() for match in found[1:]] + [len(own)]
    said: dict[str, str] = {}
    for match, end in zip(found, ends, strict=False):
        value = own[match.end() : end].strip(" \t\n　,，;；。、")
        if value:
            said.setdefault(_FIELD[match["key"]], value)
    return said


def reason(text: str) -> str:
    """The reason in what follows 完结: after 理由：, else all of it."""
    own = plain.clean(text)
    found = re.match(r"(?:完结|办结|申请)?(?:理由|原因)\s*[::]?\s*", plain.fold(own))
    return (own[found.end() :] if found else own).strip()
