"""Words that ask, deny, put off, or want two things at once: asked back rather than filed or decided (R33, A60)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot import errors
from handlers import numbers, plain, words

SHORT = 40
"""A report this short with a question in it is one; in a longer one somebody else may have asked."""
_POLITE = re.compile(r"(?:谢谢您?|多谢|感谢|辛苦了?|领导|主任|处长|请告知(?:一下)?|[\s,.。!~…”\"])+\Z")
_QUOTED = re.compile(r"[“「『《].*?[”」』》]", re.DOTALL)
_CAN = r"能不能|能否|可不可以|可否|要不要|是不是|行不行|对不对|好不好"
_HEAD = re.compile(
    r"[\W_]*(?:领导|主任|处长)?[\s,]*"
    rf"(?:请问(?!题|责)|[吗呢]|{_CAN}|怎[么样]|是?什么(?!都|也)|需要(?:什么|哪)|哪|(?<=\?)\Z)"
)
_TAIL = re.compile(rf"(?:吗|什么(?:时候|材料|条件)|[怎什哪谁何].{{0,8}}呢|{_CAN}|是否(?:可以|可行|合适|妥当|正确))\Z")
_ASKED = re.compile(r"\?|请问(?!题|责)")
_OFF = r"先不|先别|不用|写错|发错|弄错|等一下|等等|稍等|不对|不是(?=,|\Z)"
_LATER = re.compile(
    r"(?:再|才|后|(?<![今即当])[日天]|[号午]|(?:周|星期)[一二三四五六])\s*再?\s*(?:下|印)?发(?![展改现生布言放电挥])"
)
_CONDITION = re.compile(r"但|待|修改|不(?:要|得)?下?发")
_NOTICE = re.compile(r"\s*(?:20\d\d-\d{4}(?:-\d+)?)?\s*【(?:催办|提醒|督办|预警|逾期)[^】]*】")
_TAKEN_BACK = re.compile(r"请.{0,2}忽略|刚.{0,4}[发报写填]错|\A[发报写填]错了")
_ALSO = re.compile(
    r"(?:\A|[,。;\s]|同时|并)(?:同时|特|现|并|谨)*(?:申请|请求|恳请|请予以?)(?P<what>延期|延长|完结|办结)"
    r"(?!的|表|书|材料|报告|手续|缴|交|\s*\d+\s*[件宗起])"
)
_ENDS = re.compile(r"[。;；\n]")
_COUNT = re.compile(r"[件宗起份期类位辆]")
_NUMBERED = re.compile(r"#?(?:20\d\d-)?\d{1,5}(?:-\d+)?\s")
Known = Callable[[numbers.Ref], bool]


def asks(text: str) -> bool:
    """Whether a report is rather a question to us, or gives up the one before: 这个怎么报？谢谢, 请忽略上一条."""
    own = _QUOTED.sub("", plain.fold(text))
    bare = _POLITE.sub("", own)
    if bare.endswith("?") or _TAIL.search(bare) or _NOTICE.match(plain.fold(text)):
        return True
    return len(own) <= SHORT and bool(_ASKED.search(own) or _HEAD.match(own) or _TAKEN_BACK.search(own))


def asks_at_once(text: str) -> bool:
    """Whether it begins with a question to us: 要不要 …, 怎么申诉, 吗."""
    return bool(_HEAD.match(plain.fold(text)))


def denies(word: str, note: str) -> bool:
    """Whether the note of a decision takes it back or puts it off: 同意 暂缓下发, 退回 不用退回了."""
    acts, refuses = "同批准" if word[0] in "同批准" else word[0], word[0] in "退驳不"
    off = rf"(?:{_OFF}|暂?不[{acts}]{'' if refuses else '|暂[不缓]'})"
    return bool(re.match(off, plain.fold(note)))


def expect(said: words.Command, text: str, code: str, note: str | None = None) -> None:
    """Refused doubtful when a decision is asked about, denied or put off: 退回 1 吗, 转月报 1 要不要转, 同意？"""
    own = said.rest if note is None else note
    folded = plain.fold(own)
    is_question = "?" in plain.fold(text) or _HEAD.match(folded) or _TAIL.search(_POLITE.sub("", folded))
    if is_question or denies(said.said, own):
        refuse(said, code)


def expect_unconditional(said: words.Command, code: str, note: str) -> None:
    """Refused doubtful when an approval is bound to a condition or another time: 但请…, 修改后再报, 明天下发 (A58)."""
    folded = plain.fold(note)
    if _CONDITION.match(folded) or _LATER.search(folded):
        refuse(said, code)


def refuse(said: words.Command, code: str) -> None:
    """Refused doubtful: how to write it when it is meant."""
    raise errors.Refused("doubtful", word=said.said, code=code)


def also(text: str) -> str:
    """What is applied for beside what is reported, as its command: …，申请延期一个月; "" for nothing."""
    found = _ALSO.search(plain.fold(text))
    if not found:
        return ""
    return words.COMMANDS["extension" if found["what"].startswith("延") else "completion"][0]


def sentences(text: str) -> list[str]:
    """Its sentences and lines."""
    return [each.strip() for each in _ENDS.split(text) if each.strip()]


def another(said: Sequence[str], known: Known, own: int | None) -> str:
    """The later sentence that is a command of its own, 进展 2 …, or about another known matter, 2 标志牌已安装; "" for
    none, as where they are counted off."""
    is_list = all(any(plain.fold(each).startswith(f"{nth} ") for each in said) for nth in (1, 2))
    return next((each for each in said[1:] if not is_list and _is_another(each, known, own)), "")


def _is_another(piece: str, known: Known, own: int | None) -> bool:
    said = words.command(piece, known)
    if said:
        return said.ref is not None and not _COUNT.match(said.rest)
    ref, rest = numbers.number(piece, known)
    return bool(ref and ref.number != own and _NUMBERED.match(plain.fold(piece)) and not _COUNT.match(rest))
