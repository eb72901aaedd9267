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
    "progress": (
        *("进展", "反馈", "情况反馈", "进展情况", "反馈情况", "周报", "月报"),
        *("进度", "工作进展", "进展如下", "反馈如下", "情况如下"),
    ),
    "supplement": ("补充", "补充材料", "补充反馈"),
    "recall": ("撤回",),
    "assign": ("分办", "转办"),
    "extension": ("延期", "申请延期", "延期申请"),
    "completion": ("完结", "办结", "申请完结", "申请办结", "完结申请", "办结申请"),
    "todo": ("待办", "我的待办", "待办事项", "还有哪些没办", "我还有哪些没办"),
    "points": ("扣分", "我的扣分"),
    "objection": ("申诉",),
    "sign_in": ("登录", "网页登录", "电脑登录"),
    "help": ("帮助", "使用帮助", "help"),
    "propose": ("立项", "拟立项"),
    "approve": ("批准", "同意", "同意立项", "批准立项"),
    "refuse": ("驳回", "不同意", "不同意立项", "不批准"),
    "approve_extension": ("同意延期",),
    "refuse_extension": ("不同意延期",),
    "accept": ("同意办结", "准予办结", "同意完结"),
    "receive": ("受理",),
    "send_back": ("退回", "不同意办结", "不同意完结"),
    "grade": ("评价",),
    "close": ("销号",),
    "convert": ("转重大",),
    "make_monthly": ("转月报", "转长期", "转月报类"),
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
    "limit": ("限期",),
    "accountability": ("问效",),
    "talk": ("约谈",),
}
_MEANS = {word: name for name, spellings in COMMANDS.items() for word in spellings}
_PERIODIC = {"周报": "W", "月报": "M"}
_FILED = frozenset({"progress", "supplement"})
# 进展 1号 …, 限期 20号 …: a matter, or a day?
_DATED = _FILED | {"limit", "talk", "file_for"}
_NODE_AWARE = _FILED | {"recall", "send_back", "grade", "accept"}
# After an exact word: the end, a space, punctuation, or something that opens a number or a node.
_END = r"(?=$|[\s\d#＃第拟交〔\[:,.;!?。、，：；！？“”\"(（])"
_SPELT = "|".join(sorted(map(re.escape, _MEANS), key=len, reverse=True))
_SLASH = r"[\s“”\"「『.。,，;；!！]*(?P<slash>[/\\、])"
_FIRST = (
    re.compile(rf"{_SLASH}?\s*(?P<word>{_SPELT}){_END}", re.IGNORECASE),
    # 立项开展…, 延期一个月, 延期到5月底: the word and what it is about in one
    re.compile(rf"{_SLASH}\s*(?P<word>立项)(?=\S)"),
    re.compile(rf"{_SLASH}?\s*(?P<word>申请延期|(?:不?同意)?延期)(?=[一二两三四五六七八九十半到至])"),
)
_ALONE = frozenset({"propose", "todo", "help", "ledger", "ruleset", "unreached", "check"})
"""Words that are about no matter."""
_MARKS = " \t\n:,.;。、，：；"
_QUOTED = re.compile(r"[“\"「『].+[”\"」』]", re.DOTALL)
_COLON = re.compile(r":\s*\Z")
_LEAD = re.compile(r"[\s:,;.。、!！?？，：；]*")
_NOTHING = (
    r"已?收到了?|收悉|收|好的?|好嘞|行|可以|是的?|对|嗯|哦|噢|已?阅|已阅读|已读|已?知悉|知道了?|明白了?|了解了?|清楚了?"
    r"|ok|okay|o了|遵办|遵照办理|照办|按要求办理|马上办理?|马上处理|马上落实|立即办理|尽快办理|尽快处理|尽快落实|没问题"
    r"|(?:原则|基本|拟|已|都|全部|完全)(?:上)?同意|暂缓|再议"
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
    found = _head(own)
    if not found:
        return None
    said = found["word"].lower()
    rest = own[found.end("word") :]
    rest = rest[_lead(rest) :]
    word = _MEANS[said]
    ref, rest = (None, rest) if word == "propose" else numbers.number(rest, known, dated=word in _DATED)
    node, rest = _node(word, said, rest)
    return Command(word, found["word"], ref, node or _PERIODIC.get(said), rest, bool(found["slash"]))


def _head(own: str) -> re.Match[str] | None:
    folded = plain.fold(own)
    return next(filter(None, (each.match(folded) for each in _FIRST)), None)


def _node(word: str, said: str, rest: str) -> tuple[str | None, str]:
    """The node named at the head of `rest`. Of a report 4月9日 may be a mere date: it stays in the text, as W04-09?,
    of a month's no week is named and of a week's no month; after 月报 9月 is its month."""
    node, after = numbers.node(rest) if word in _NODE_AWARE else (None, rest)
    own = _PERIODIC.get(said)
    is_date = node and node[1:] and node[0] in "WM" and word in _FILED
    if not node or not is_date or numbers.is_report(rest, after) or own == node[0] == "M":
        return node, after
    return f"{node}?" if own in (None, node[0]) else None, rest


def ordered(text: str) -> str:
    """As the routers read it: the command first, in its plain spelling. 1 进展 … and “進展 1 … become 进展 1 …,
    3天反馈：… becomes 进展 3天反馈：…; any other text stays as it is."""
    own = plain.clean(text)
    if _QUOTED.fullmatch(own):
        own = own[1:-1].strip()
    if found := _head(own):
        apart = "" if _FIRST[0].match(plain.fold(own)) else " "
        return f"{'/' if found['slash'] else ''}{found['word'].lower()}{apart}{own[found.end('word') :]}"
    ref, rest = numbers.number(own, dated=True)
    said = command(rest) if ref else None
    if said and said.ref is None and said.word not in _ALONE:
        found = _head(rest)
        assert found
        return f"{found['word'].lower()} {ref} {rest[found.end('word') :].lstrip(_MARKS)}".strip()
    node, rest = numbers.node(own)
    is_report = node and rest and numbers.is_report(own, rest) and _COLON.search(plain.fold(own.removesuffix(rest)))
    return f"{COMMANDS['progress'][0]} {own}" if is_report else own


def pattern(word: str) -> str:
    """A regular expression for `Router.text`: `ordered` texts whose first word is this command, in any spelling."""
    return rf"(?:\s*+[/／\\、]?\s*+(?i:{'|'.join(map(re.escape, COMMANDS[word]))}){_END}.*)"


def _lead(text: str) -> int:
    found = _LEAD.match(plain.fold(text))
    return found.end() if found else 0


def without_lead(text: str) -> str:
    """Without the spaces and punctuation that it begins with."""
    return text[_lead(text) :].strip()


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
