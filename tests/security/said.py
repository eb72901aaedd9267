"""What people say and press in the state machine: likely words, unlikely ones, and XML taken apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from tests.security.matrix import Scene
from tests.stories.theatre import ACK

PEOPLE = (
    *("zhouzheng", "wumin", "zhengqiang", "wangfang", "zhaogang", "zhangsan"),
    *("lisi", "chenchen", "sunli", "qianjin", "heping", "lintao"),
)
STRANGERS = ("nobody", "ZhangSan", "sys", "x" * 64, "x" * 65, "甲乙", "a'; DROP TABLE person; --", "<b>")
SOURCES = ("省政府13710", "省委省政府", "党组会", "处室")
UNITS = ("水资源处", "河湖管理处", "办公室", "水资源处、河湖管理处")
OPERATORS = {"水资源处": ("zhangsan", "陈晨"), "河湖管理处": ("qianjin", "林涛")}
PLAN = "理由：汛期 方案：分段推进 责任人：张三 时限：2026-12-30"
MINE = (
    ACK,
    "进展 1 已完成现场核查，形成问题清单。",
    "分办 1 陈晨",
    "撤回 1",
    f"延期 1 {PLAN}",
    "补充 1 现场照片已经整理完毕",
)
THEIRS = (
    "反馈 1 配合材料已经备齐报送",
    "收到",
    "待办",
    "登录",
    "扣分 1",
    "完结 1 理由：已全部整改到位",
    "申诉 1 当日停电",
)
OFFICE = (
    *("/同意延期 1", "/不同意延期 1 时间过长", "/退回 1 附件不全", "/评价 1 7天 良好", "/催办 1 请抓紧", "/转重大 1"),
    *(
        "/改派 1 河湖管理处 职责调整",
        "/同意办结 1",
        "/销号 1 晋政〔2026〕1号",
        "/转月报 1 原因",
        "/转跟进 1 原因",
        "/约谈 1 请到办公室说明",
    ),
    *("/代报 1 时间:3月2日 09:00 电话报告已完成部署", "/换岗 水资源处 A:李四 B:张三", "/代班 张三 李四 3月3日至5日"),
)
DIRECTOR = ("/批准 2", "/督办 1 久拖不办", "/问效 1 上报", "/撤销 1 重复立项", "/重开 1 反弹", "/同意延期 1")
LEADERS = ("/批示 1 请抓紧落实", "/批准 2", "/驳回 2 不属职责", "/问效 1 启动", "/并案 1 入 2 重复")
LIKELY = tuple(
    (login, text)
    for login, texts in (
        *(("zhangsan", MINE), ("chenchen", MINE), ("zhangsan", THEIRS), ("qianjin", (*MINE, *THEIRS))),
        *(("wangfang", OFFICE), ("zhengqiang", DIRECTOR), ("wumin", LEADERS), ("zhouzheng", LEADERS)),
    )
    for text in texts
)
RESTS = (
    *(
        "",
        "理由",
        "已完成现场核查，形成问题清单。",
        "优秀",
        "不合格",
        "上报",
        "不上报 已当面约谈",
        "启动",
        "不启动 已整改",
    ),
    *("时间:3月2日 09:00 电话报告已完成部署安排", "河湖管理处 职责调整", "入 2 内容重复", "未落实 差距较大", PLAN),
    *("张三", "请抓紧落实", "理由：已全部整改到位，群众满意", "A:李四 B:张三", "水资源处 A:李四 B:张三"),
    *("不启动 已整改", "张三 李四 3月3日至5日", "同意 情况属实", "7天 良好", "{{ 7 * 7 }}%s]]>"),
)
REF = st.sampled_from(["", "1", "2", "#1", "2026-0001", "2026-2", "拟-1", "拟-2", "3", "99999"])
WEIRD = ("", "0", "-1", "9" * 30, "1e9", "٣", "甲" * 3000, "<b>", "]]>", "\u202e", "😀", "event", "text", "null", "%00")
TAILS = (":1", ":1:0", ":0", "", ":2:7:1:1", ":x", ":-1", ":" + "9" * 12)
CHOICES = ("", "1", "2", "5", "6", "7", "8", "99", "999999999", "-1", "x", "٣")
EVENTS = ("enter_agent", "subscribe", "view", "click", "LOCATION", "change_contact", "x")
PICTURES = ("M1", "M2", "", "x" * 400, "../../etc/passwd")
PIECES = (
    "<xml>",
    "</xml>",
    "<Encrypt>",
    "</Encrypt>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE a>",
    "&a;",
    "A" * 64,
    "=",
    "\x00",
)
BYTES = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=12).map(
    lambda each: "".join(each).encode()
)
QUERIES = st.dictionaries(
    st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr"]), st.sampled_from(["", "0" * 40, "1", "甲"])
)
CHANGES = ("drop", "double", "swap", "set", "wrap", "add", "tail")
KEYS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("ack", "solved", "unsolved"), ("obligation",)),
    **dict.fromkeys(("approve", "refuse"), ("approval",)),
    **dict.fromkeys(("complete", "rethink", "accept", "send_back"), ("completion",)),
    **dict.fromkeys(("extend", "deny"), ("extension",)),
    **dict.fromkeys(("agree", "disagree", "uphold"), ("ruling",)),
    **dict.fromkeys(
        ("follow", "follow_sure", "major", "general", "stable", "again", "hand", "talk", "drop"), ("prompt",)
    ),
    **dict.fromkeys(("instruct", "seen", "limit", "limited", "pass", "word", "unword"), ("delivery", "matter")),
    **{"pick": ("inbound",), "sure": ("inbound", "matter"), "reseat": ("inbound", "unit"), "gone": ()},
    **{"page": ("document", "matter"), "unpage": ("document",), "passed": ("matter", "inbound")},
}
"""Buttons with the tables whose ids they carry."""


def office(scenes: Mapping[int, Scene]) -> frozenset[int]:
    """The units where the office sits."""
    return next(iter(scenes.values())).office if scenes else frozenset()


def changed(plain: str, changes: Sequence[tuple[str, int, str]]) -> str:
    """The XML with its elements dropped, doubled, swapped, refilled, wrapped, joined by others."""
    parts = re.findall(r"<(\w+)>(.*?)</\1>", plain.removeprefix("<xml>").removesuffix("</xml>"), re.DOTALL)
    tail = ""
    for what, place, value in changes:
        n = place % len(parts) if parts else 0
        if what == "tail":
            tail += value
        elif what == "add" or not parts:
            parts.append(("Zzz", escape(value)))
        elif what == "drop":
            parts.pop(n)
        elif what == "double":
            parts.append(parts[n])
        elif what == "swap":
            parts[0], parts[n] = parts[n], parts[0]
        else:
            parts[n] = (parts[n][0], escape(value) if what == "set" else f"<a>{parts[n][1]}</a>")
    return "<xml>" + "".join(f"<{tag}>{value}</{tag}>" for tag, value in parts) + "</xml>" + tail
