"""The words of `/立项` on one line or on many → what is proposed, what is missing and what was not understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers import dates, fields, plain

_KEYS = fields.Keys(
    title=("标题", "名称", "事项名称", "事项", "任务"),
    source=("来源", "事项来源", "任务来源"),
    category=("类别", "事项类别", "分类", "类型"),
    unit=("处室", "责任处室", "承办处室", "牵头处室", "责任单位", "承办单位", "牵头单位", "承办", "牵头"),
    cooperating=("配合", "配合处室", "配合单位", "协办"),
    due_on=("截止", "截止时间", "截止日期", "时限", "限期", "办结时限", "完成时限"),
    urgent=("紧急", "是否紧急", "加急"),
    sensitive=("敏感", "是否敏感"),
    document_no=("来文字号", "文号", "来文文号", "发文字号"),
    document_on=("来文时间", "来文日期"),
    instruction=("批示", "领导批示"),
    later=("下发", "下发时间"),
    note=("说明", "填写说明"),
)
_SOURCES: dict[str, str] = {
    "provincial_13710": "省政府13710 13710 省13710 省政府13710电子督办系统 省政府13710系统 省政府13710交办",
    "province": "省委省政府 省委省政府交办 省委 省政府 省委交办 省政府交办",
    "meeting": "党组会 办公会 厅党组会 厅办公会 厅长办公会 厅务会 党组会议 办公会议 党组会议定 办公会议定"
    " 党组会办公会 党组会办公会议定",
    "unit": "处室 处室牵头 各处室 各处室牵头 本处室 单位牵头",
}
_CATEGORIES: dict[str, str] = {
    "general": "一般 一般性 一般事项 一般问题 一般性问题 一般类",
    "major": "重大 重大事项 重大问题 重大复杂 复杂 重大类",
    "monthly": "月报 月报类 长期 长期事项 3个月以上 三个月以上 月报类3个月以上",
}
_YES = ("是", "紧急", "加急", "特急", "急", "y", "yes", "有", "敏感")
_NO = ("否", "不", "不是", "无", "不急", "一般", "普通", "n", "no", "")
_MARKS = re.compile(r"[\s“”\"'‘’、,，·.。()《》-]+")
_APART = re.compile(r"[、,，;；/\s]+")
REQUIRED = ("title", "source", "category", "unit")


@dataclass(frozen=True, slots=True)
class Proposal:
    """`missing` are required fields without a value; `wrong` maps a field to a value that was not understood,
    `twice` one to two values that differ.
    `source` and `category` are codes ("" when missing or wrong); `unit` and `cooperating` are as typed."""

    title: str = ""
    source: str = ""
    category: str = ""
    unit: str = ""
    cooperating: tuple[str, ...] = ()
    due_on: dt.date | None = None
    urgent: bool = False
    sensitive: bool = False
    later: bool = False
    document_no: str = ""
    document_on: dt.date | None = None
    instruction: str = ""
    missing: tuple[str, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    twice: fields.Twice = field(default_factory=dict)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that lead, each once; several lead together (A62)."""
        return tuple(dict.fromkeys(filter(None, _APART.split(self.unit))))

    @property
    def is_empty(self) -> bool:
        """Nothing was written after /立项: the answer is the form."""
        return self.missing == REQUIRED and not self.wrong


def proposal(text: str, today: dt.date) -> Proposal:
    """What follows `/立项` (the command word already taken off), taken apart. Never raises."""
    said, twice = _fields(text)
    wrong = {}
    made: dict[str, object] = {
        "source": source(said.get("source", "")),
        "category": category(said.get("category", "")),
        "due_on": dates.date(said.get("due_on", ""), today),
        "document_on": dates.date(said.get("document_on", ""), today, past=True),
        "urgent": yes(said.get("urgent", "")),
        "sensitive": yes(said.get("sensitive", "")),
        "later": later(said.get("later", "")),
    }
    for name, value in made.items():
        if value is None and said.get(name):
            wrong[name] = said[name]
    return Proposal(
        title=re.sub(r"\s*\n\s*", "", said.get("title", "")),
        source=str(made["source"] or ""),
        category=str(made["category"] or ""),
        unit=said.get("unit", ""),
        cooperating=tuple(filter(None, _APART.split(said.get("cooperating", "")))),
        due_on=made["due_on"] if isinstance(made["due_on"], dt.date) else None,
        urgent=made["urgent"] is True,
        sensitive=made["sensitive"] is True,
        later=made["later"] is True,
        document_no=said.get("document_no", ""),
        document_on=made["document_on"] if isinstance(made["document_on"], dt.date) else None,
        instruction=said.get("instruction", ""),
        missing=tuple(name for name in REQUIRED if not said.get(name)),
        wrong=wrong,
        twice=twice,
    )


def _fields(text: str) -> tuple[dict[str, str], fields.Twice]:
    """Field → value as typed, what stands before the first key being the title; and what was written twice."""
    title, said, twice = _KEYS.read(text)
    if title and said.setdefault("title", title) != title:
        twice.setdefault("title", (title, said["title"]))
    return said, twice


def _key(said: str) -> str:
    return _MARKS.sub("", plain.normalise(said)).lower()


def source(said: str) -> str | None:
    """provincial_13710 province meeting unit, None when it is none of the sources."""
    return next((name for name, spellings in _SOURCES.items() if _key(said) in spellings.split()), None)


def category(said: str) -> str | None:
    """general major monthly, None when it is no category."""
    return next((name for name, spellings in _CATEGORIES.items() if _key(said) in spellings.split()), None)


def yes(said: str) -> bool | None:
    """是 → True, 否 or nothing → False, None when it is neither."""
    key = _key(said)
    return True if key in _YES else False if key in _NO else None


def later(said: str) -> bool | None:
    """节后 (节后首个工作日08:30) → True, 立即 or nothing → False, None when it is neither."""
    key = _key(said).removesuffix("下发")
    return True if key.startswith("节后") else False if key in ("", "立即", "当日") else None
