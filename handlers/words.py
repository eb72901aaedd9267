"""What people type, taken apart: the command word, the matter's number, the rest. No database, no clock.

Command words stand here; every sentence that answers stands in `templates/`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from handlers import numbers, plain

# The first spelling is the one shown; `said` keeps what was typed.
COMMANDS: dict[str, tuple[str, ...]] = {
    "progress": ("进展", "反馈", "情况反馈", "进展情况", "反馈情况", "周报", "月报"),
    "supplement": ("补充", "补充材料", "补充反馈"),
    "recall": ("撤回",),
    "assign": ("分办", "转办"),
    "extension": ("延期", "申请延期", "延期申请"),
    "completion": ("完结", "办结", "申请完结", "申请办结", "完结申请", "办结申请"),
    "todo": ("待办", "我的待办", "待办事项"),
    "points": ("扣分", "我的扣分"),
    "objection": ("申诉",),
    "help": ("帮助", "使用帮助", "help"),
    "propose": ("立项", "拟立项"),
    "approve": ("批准", "同意", "同意立项", "批准立项"),
    "refuse": ("驳回", "不同意", "不同意立项", "不批准"),
    "approve_extension": ("同意延期",),
    "refuse_extension": ("不同意延期",),
    "accept": ("同意办结", "准予办结", "同意完结"),
    "receive": ("受理",),
    "send_back": ("退回",),
    "grade": ("评价",),
    "close": ("销号",),
    "convert": ("转重大",),
    "follow_up": ("转跟进",),
    "withdraw": ("撤销",),
    "merge": ("并案",),
    "reassign": ("改派",),
    "reopen": ("重开",),
    "urge": ("催办",),
    "supervise": ("督办",),
    "file_for": ("代报",),
    "matters": ("事项",),
    "ledger": ("台账",),
    "scores": ("考核",),
    "bulletin": ("通报",),
    "simulate": ("推演",),
    "ruleset": ("口径",),
    "check": ("检查",),
    "unreached": ("未达",),
    "test": ("测试",),
    "seats": ("换岗",),
    "people": ("人员",),
    "stand_in": ("代班",),
    "instruct": ("批示",),
    "accountability": ("问效",),
    "talk": ("约谈",),
}
_MEANS = {word: name for name, spellings in COMMANDS.items() for word in spellings}
_PERIODIC = {"周报": "W", "月报": "M"}
_NODE_AWARE = frozenset({"progress", "supplement", "recall", "send_back", "grade"})
# After an exact word: the end, a space, punctuation, or something that opens a number or a node.
_END = r"(?=$|[\s\d#＃第拟交〔\[:,.;!?。、：，；！？“\"(（])"
_SPELT = "|".join(sorted(map(re.escape, _MEANS), key=len, reverse=True))
_FIRST = re.compile(rf"(?P<slash>[/\\、])?\s*(?P<word>{_SPELT}){_END}", re.IGNORECASE)
_GLUED = re.compile(r"(?P<slash>[/\\、])\s*(?P<word>立项)(?=\S)")
_LEAD = re.compile(r"[\s:,;.。、!！?？，：；]*")
_NOTHING = (
    r"已?收到了?|收悉|收|好的?|好嘞|行|可以|是的?|对|嗯|哦|噢|已?阅|已阅读|已读|已?知悉|知道了?|明白了?|了解了?|清楚了?"
    r"|ok|okay|o了|遵办|遵照办理|照办|按要求办理|马上办理?|马上处理|马上落实|立即办理|尽快办理|尽快处理|尽快落实|没问题"
    r"|谢谢您?|感谢|多谢|辛苦了?|此项任务|该项任务|任务|通知|领导|主任|处长|您|在办|正在办理?|办理中|抓紧办理?|\[[^\[\]]{1,6}\]|[👌👍🙏]|1"
)
_MEETS_NOTHING = re.compile(rf"(?:(?:{_NOTHING})[\s,.!~。，！、;；…]*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Command:
    """A first word we know: `word` its English name, `said` as typed, `ref` the matter, `node` a hint
    (`numbers.node`), `rest` what follows, in the sender's own characters; `slash` whether / stood before it."""

    word: str
    said: str
    ref: numbers.Ref | None
    node: str | None
    rest: str
    slash: bool = False


def command(text: str, known: Callable[[numbers.Ref], bool] | None = None) -> Command | None:
    """The command a text begins with, with or without / ／ 、; None when the first word is not exactly one.

    `known` says whether a bare number is a matter (or a pending proposal) of the sender; without it every number
    that stands like one is taken. The role is the caller's to check.
    """
    own = plain.clean(text)
    folded = plain.fold(own)
    found = _FIRST.match(folded) or _GLUED.match(folded)
    if not found:
        return None
    said = found["word"].lower()
    rest = own[found.end("word") :]
    rest = rest[_lead(rest) :]
    word = _MEANS[said]
    ref, rest = (None, rest) if word == "propose" else numbers.number(rest, known)
    node, rest = numbers.node(rest) if word in _NODE_AWARE else (None, rest)
    return Command(word, found["word"], ref, node or _PERIODIC.get(said), rest, bool(found["slash"]))


def pattern(word: str) -> str:
    """A regular expression for `Router.text`: texts whose first word is this command, in any of its spellings."""
    spellings = "|".join(map(re.escape, COMMANDS[word]))
    glued = r"|\s*[/／\\、]\s*立项\S.*" if word == "propose" else ""
    return rf"(?:\s*(?:@\S{{1,30}}\s+)*[/／\\、]?\s*(?i:{spellings}){_END}.*{glued})"


def _lead(text: str) -> int:
    found = _LEAD.match(plain.fold(text))
    return found.end() if found else 0


def meets_nothing(text: str) -> bool:
    """Whether a text only says that it was read: 收到, 好的, 已阅, OK, 收到谢谢 … (interfaces.md §Chat)."""
    own = plain.clean(text)
    parts = (own, numbers.number(own)[1]) if len(own) <= 40 else ()
    return any(_MEETS_NOTHING.fullmatch(plain.fold(part).strip()) for part in parts)


def nearest(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Names like `word`, the likest first: equal, containing, then by difflib; a surname alone gives its bearers."""
    names = list(dict.fromkeys(known))
    if not word:
        return []
    inside = [name for name in names if word in name or name in word]
    close = difflib.get_close_matches(word, names, n=limit, cutoff=0.5)
    return sorted(dict.fromkeys([*inside, *close]), key=lambda name: name != word)[:limit]


def person(said: str, known: Sequence[str]) -> str | None:
    """The one name of `known` meant by `said`: equal, or the only one with that surname (张工); else None."""
    if said in known:
        return said
    bearers = [name for name in known if name.startswith(said)] if len(said) == 1 else []
    return bearers[0] if len(bearers) == 1 else None
