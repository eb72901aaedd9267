"""The words of 延期 → reason, plan, person, day; what is missing and what was not understood (R35, R36, A60)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from handlers import dates, fields, plain

_KEYS = fields.Keys(
    reason=("理由", "原因", "延期理由", "延期原因", "申请理由"),
    plan=("方案", "解决方案", "办理方案", "任务内容", "任务", "措施", "下步措施", "下一步措施", "工作措施", "计划"),
    responsible=("责任人", "责任人员", "负责人", "承办人", "责任者"),
    until=(
        *("时限", "时间", "时间节点", "期限", "完成时限", "完成时间", "预计时间", "预计完成时间"),
        *("办结时限", "办结时间", "延期至", "延至", "截止", "截止时间"),
    ),
)
REQUIRED = ("reason", "plan", "responsible", "until")


@dataclass(frozen=True, slots=True)
class Written:
    """`missing` are fields without a value, in their order; `wrong` is a day that was not understood, "" if it was;
    `twice` are fields with two values that differ."""

    reason: str = ""
    plan: str = ""
    responsible: str = ""
    until: dt.date | None = None
    missing: tuple[str, ...] = ()
    wrong: str = ""
    twice: fields.Twice = field(default_factory=dict)


def plan(text: str, today: dt.date) -> Written:
    """What follows 延期 and the number, taken apart, in any order. Never raises."""
    _, said, twice = _KEYS.read(text)
    until = dates.date(said.get("until", ""), today)
    return Written(
        reason=said.get("reason", ""),
        plan=said.get("plan", ""),
        responsible=said.get("responsible", ""),
        until=until,
        missing=tuple(name for name in REQUIRED if not said.get(name)),
        wrong="" if until else said.get("until", ""),
        twice=twice,
    )


def reason(text: str) -> str:
    """The reason in what follows 完结: after 理由：, else all of it."""
    own = plain.clean(text)
    found = re.match(r"(?:完结|办结|申请)?(?:理由|原因)\s*[::]?\s*", plain.fold(own))
    return (own[found.end() :] if found else own).strip()
