"""The stage-1 sentence 收到此项任务，经处室负责人批示，已安排张三处理解决。 in the forms people give it (R33)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from handlers import doubt, numbers, plain


@dataclass(frozen=True, slots=True)
class Ack:
    """`names` are who was put in charge, the first is the handler; one character is a surname alone (张工). `said` is
    how they were written, with their places and posts; `bare` that nothing follows the sentence."""

    names: tuple[str, ...]
    ref: numbers.Ref | None
    text: str
    said: str = ""
    bare: bool = False

    @property
    def handler(self) -> str:
        return self.names[0]


_GIVEN = (
    r"(?:(?<![未没待拟将不])(?:已经?|现已?|并)?"
    r"(?:安排给?|指派给?|指定|明确由?|交由|交给|分办给|分配给|转由|转给|已转)|(?<=[,，。;；\s])由(?!于))"
)
_DOES = (
    r"(?:具体|牵头|全权|同志|[去来]|专门)*"
    r"(?:处理|办理|解决|落实|负责|承办|跟进|推进|为承办人|作为承办人|承接|对接|组织|去办|研究)"
)
_VERB = re.compile(_DOES)
_END = re.compile(rf"(?:{_DOES}|此事|[\s,.。!！;；”\"])*")
_SENTENCE = re.compile(
    rf"(?P<head>(?P<before>.{{0,30}}?)(?:收到|接到|收悉).{{0,60}}?){_GIVEN}(?P<names>[^。.!！;；\n]{{1,60}}?)(?:{_DOES}|[。.!！;；\n]|$)",
    re.DOTALL,
)
_SHORT = re.compile(rf"已安排(?P<names>[^。.!！;；\n,，]{{1,20}}?){_DOES}.{{0,6}}", re.DOTALL)
_DENIED = re.compile(r"(?:未|没|没有|待|拟|将|准备|正在|暂不|不)(?:经)?(?:研究)?(?:再)?(?:予以)?$")
# 还没收到, 请回复：收到…; 原已安排张三处理，现改为孙贝处理: whom?
_NOT_YET = re.compile(r"(?:[未没](?:有|能|曾)?|回复\S{0,6}|假如|如果|例如)\s*$")
_CHANGED = re.compile(r"[,，;；]\s*(?:现|后)?[已又]?(?:改为|改由|改派|改成|换成|换为|换)")
_AND = re.compile(r"[、,，/&+\s]+|(?<=\S\S)(?:和|与|及|以及|同(?!志))(?=\S\S)")
_LONG_TITLE = re.compile(
    r"(?:[等两三几]位(?:同志)?|等?同志们?|牵头|配合|主办|协办|同事|副?处长|副?科长|副?主任(?:科员)?|副?局长|副?站长|副?所长|副?厅长|副?调研员|工程师|高工|总工|科员|老师|先生|女士|等人?)$"
)
_TITLE = re.compile(r"(?<=^.)(?:工|处|科|总|局|站|所|师)$")
_PLACE = re.compile(
    r"^(?:我|本|该)?(?:处室?|单位|中心|科室?|局|办公室)(?=\S{2})|^\S{2,10}(?:处|科|室|中心|站|所|局)(?:的)?(?=[\u4e00-\u9fff]{2,3}$)"
)
_POST = re.compile(r"[(（][^()（）]{0,20}[)）]|[AB]岗|承办人|专人:?|^(?:相关|有关|工作)?人员?$")
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]{1,4}|[\u4e00-\u9fff·•]{3,15}|[A-Za-z×某＊*]{2,20}")


def acknowledgement(text: str, known: Callable[[numbers.Ref], bool] | None = None) -> Ack | None:
    """The acknowledgement in `text`, with its leading number if there is one; None when no person was named.

    Whether the names are people of the unit is the caller's to say (`words.person`, `words.nearest`).
    """
    own = plain.clean(text)
    ref, rest = numbers.number(own, known)
    folded = plain.fold(rest)
    found = _SENTENCE.match(folded) or _SHORT.fullmatch(folded)
    if not found or doubt.asks(folded) or _is_denied(found, folded):
        return None
    names = _names(found["names"])
    bare = _END.fullmatch(folded, found.end()) is not None
    return Ack(names, ref, rest, found["names"], bare) if names else None


def _is_denied(found: re.Match[str], text: str) -> bool:
    said = found.groupdict()
    is_not_yet = _DENIED.search(said.get("head") or "") or _NOT_YET.search(said.get("before") or "")
    return bool(is_not_yet or _CHANGED.match(text, found.end()))


def _names(said: str) -> tuple[str, ...]:
    """The people in 张三同志、李四处长; empty when a piece is no name."""
    given = _POST.sub("", said).strip(" :“”\"'")
    names = tuple(dict.fromkeys(filter(None, (bare(piece) for piece in _AND.split(given)))))
    return names if names and all(_NAME.fullmatch(name) and not _VERB.match(name) for name in names) else ()


def bare(piece: str) -> str:
    """A name without the place before it and the titles behind it: 水资源处张三同志 → 张三."""
    tail = _PLACE.sub("", piece.strip(" :“”\"'"), count=1)
    return _TITLE.sub("", _LONG_TITLE.sub("", _LONG_TITLE.sub("", tail)))
