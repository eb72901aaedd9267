"""Text as it was typed, made comparable: invisible characters out, full width → half width, one kind of space and dash,
the characters of our words simplified.

`fold` keeps every character's place, so a match found in the folded copy cuts the sender's own text.
"""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\ufe0f]")
# 「sender：words」, a rule of dashes, and below it what is said
_REPLY = re.compile(r"「.*?」[^\S\n]*\n(?:-[^\S\n]*){6,}\n", re.DOTALL)
_MENTION = re.compile(r"(?:@\S{1,30}\s+)+")


# those that stand in command words, in the stage-1 sentence, in dates and in common surnames
_TRADITIONAL = str.maketrans(
    "進報辦結補饋週轉幫請協銷駁評價項務經處負責實張決該單發應領導準歸議復員時間標題來類別緊聯屆後個開會與長號劉陳楊趙黃吳孫馬羅鄭謝許馮鄧蕭葉呂蘇盧賈韓陸龍萬錢嚴賴龔譚鄒關顧賀",
    "进报办结补馈周转帮请协销驳评价项务经处负责实张决该单发应领导准归议复员时间标题来类别紧联届后个开会与长号刘陈杨赵黄吴孙马罗郑谢许冯邓萧叶吕苏卢贾韩陆龙万钱严赖龚谭邹关顾贺",
)


def _half(character: str) -> str:
    point = ord(character)
    if 0xFF01 <= point <= 0xFF5E:
        return chr(point - 0xFEE0)
    if character in "　\u00a0\t\r\f\v" or 0x2000 <= point <= 0x200A:
        return " "
    return "-" if character in "—–―−‐‑" else character


def clean(text: str) -> str:
    """Without invisible characters, the message replied to, leading @names and outer space; line ends as one kind."""
    bare = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if quoted := _REPLY.match(bare):
        bare = bare[quoted.end() :].strip()
    return _MENTION.sub("", bare, count=1) if bare.startswith("@") else bare


def fold(text: str) -> str:
    """Full width → half width, all spaces and dashes as one, our words simplified; the same length as `text`."""
    return "".join(map(_half, text)).translate(_TRADITIONAL)


def normalise(text: str) -> str:
    """`clean`, then `fold`: what patterns are matched against."""
    return fold(clean(text))
