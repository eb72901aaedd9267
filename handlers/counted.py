"""What digits at the head of a text are when they name no matter: they count things, 3 家企业, or paragraphs,
1、… 2、…, or stand for several numbers, 1、2."""

from __future__ import annotations

import re

# A measure word, and the characters with which it begins another word: 3 处水源, 3 处理了; 2 位专家, 2 位于城区
_MEASURES = """
个别体 家 户籍 栋 套取 座谈 处理置罚室长分在于 条件例款 项目 名单称录义 台账帐风 份额 人员大民力工为事 次日月年
批复示准次评量 轮流换值 县级里委政城 镇里政 乡村里政 市场政级里委民直 村民委里庄 位于置移 期间限满望待
组织建长员成合装内团 支持付撑出部援护流渠行 辆 级别 类似别 眼前下 口头径岸 宗旨教 起草诉步到动初因点始吊重用止 件件
所有需涉属在长提列报以里辖述谓得 道路德理 扇 段落 片面 方案式法向便针 季报节 旬报 成立功效果为员都本熟品型绩因套交
倍增 笔录 篇 册 艘 架设构 块 孔 株 棵 例行会如外 场地所区面景 间接隔断 点位名评击对源检 部分署门长队级委
年度底初末份报均终 周报边围期密转一二三四五六日天末 天气然津水山 日常均报程期 月报度均
"""
_EACH = "|".join(f"{each[0]}(?![{each[1:]}])" if each[1:] else each for each in _MEASURES.split())
_UNITS = "小时|标段|周一次|%|[万亿千](?!家寨|方百)|元|公里|米|亩|公顷|吨|立方|平方"
# 3 件数据 are data, 3 件数有误 speaks of their number; 2 件都同意 of both
_THINGS = re.compile(rf"\d+(?:-\d+)?\s+(?!\w数(?!据)|件(?![^\W都均全]))(?:{_EACH}|{_UNITS}|号(?=[^\W号召]))")
# 1、2 …, 1 2 …, 3 - 5 号闸门, 3:00, 3,500: two numbers, of which none is meant alone
_JOINED = re.compile(r"\s*[,:、，：～~和及与至到-]\s*\d|\s+\d{1,5}(?=[\s,:;、，；：])|\s+20\d\d-\d{4}(?!\d)")
_ITEM = re.compile(r"(?P<number>\d{1,2})(?P<mark>[.、)])")
_OPENS = re.compile(r"1(?:[、)]|\.(?!\d))\s*(?P<digit>\d?)")


def are_things(folded: str, start: int = 0) -> bool:
    """Whether the digits at `start` count what follows: 3 家企业, 2 周; a date too, 5 月底."""
    return bool(_THINGS.match(folded, start))


def is_joined(folded: str, end: int) -> bool:
    """Whether another number follows the one that ends at `end`."""
    return bool(_JOINED.match(folded, end))


def opens_list(text: str) -> bool:
    """Whether paragraphs are counted off from 1、 on; of 1、3号 only when there is a 2、 too."""
    found = _OPENS.match(text)
    return bool(found and (not found["digit"] or is_list(text)))


def is_list(text: str) -> bool:
    """Whether 1、… 2、… counts off paragraphs instead of naming a matter."""
    found = _ITEM.match(text)
    return bool(found and f"{int(found['number']) + 1}{found['mark']}" in text[found.end() :])
