"""What people of a department say, by what it is about and whose post it is."""

from __future__ import annotations

from random import Random

CAST = (
    ("wang", "王主任", None, "office_director"),
    ("ban", "办公员", None, "office"),
    ("ting", "厅长", None, "main_leader"),
    ("fen", "分管", "水资源处", "leader_in_charge"),
    ("chu", "陈处长", "水资源处", "head"),
    ("a", "李安", "水资源处", "operator_a"),
    ("b", "孙贝", "水资源处", "operator_b"),
    ("fu", "副厅长", "河湖处", "leader_in_charge"),
    ("he", "何处长", "河湖处", "head"),
    ("q", "钱进", "河湖处", "operator_a"),
    ("lin", "林涛", "河湖处", "handler"),
    ("gui", "规划员", "规划处", "operator_a"),
)
LEADERS = ("ting", "fen", "fu", "wang")
OFFICE = ("ban", "wang")
FILERS = {"水资源处": ("a", "b", "chu"), "河湖处": ("q", "lin", "he"), "规划处": ("gui",)}
NAMES = {user: name for user, name, *_ in CAST}
UNITS = ("水资源处", "河湖处", "水资源处、河湖处", "规划处")
SOURCES = ("省政府13710", "省政府13710", "省委省政府", "党组会", "处室")
NODES = ("", "1天", "3天", "7天", "退回重报", "限期")
DONE = "已完成现场核查，形成问题清单"


def lines(chance: Random, day: str, past: str, n: str, other: str) -> dict[str, tuple[tuple[str, ...], list[str]]]:
    """What is said: whose post it is, and the ways to say it, of the matter `n`."""
    unit, filer = chance.choice(UNITS), chance.choice(sorted(NAMES))
    plan = f"理由：汛期不能施工 方案：分段推进 责任人：李安 时限：{day}"
    return {
        "file": (
            ("filer",),
            [
                f"进展 {n} {chance.choice(NODES)} {DONE}",
                f"进展 {n} {DONE}",
                f"{n} 收到此项任务，经处室负责人批示，已安排{NAMES[filer]}处理解决。",
                f"补充 {n} 附现场照片三张请审阅",
                f"撤回 {n}",
                f"分办 {n} {NAMES[filer]}",
            ],
        ),
        "finish": (("filer",), [f"完结 {n} 理由：已全部整改到位"] * 2),
        "ask": (("filer",), [f"延期 {n} {plan}", f"撤回 {n} 延期", f"撤回 {n} 完结"]),
        "object": (("filer",), [f"申诉 {n} 当日停电"]),
        "review": (
            OFFICE,
            [
                f"/同意办结 {n} {chance.choice(['', '优秀', '不合格'])}",
                f"/退回 {n} 附件不全",
                f"/退回 {n} 未落实 附件不全",
                f"/退回 {n} 不计分 附件不全",
                f"/评价 {n} {chance.choice(['3天', '7天', ''])} {chance.choice(['优秀', '良好', '不合格'])}",
                f"/受理 {n}",
                f"/销号 {n} 晋政〔2026〕1号",
            ],
        ),
        "answer": (OFFICE, [f"/同意延期 {n}", f"/同意延期 {n}", f"/不同意延期 {n} 时间过长"]),
        "steer": (
            OFFICE,
            [
                f"/催办 {n} 请抓紧落实",
                f"/督办 {n} 久拖不办",
                f"/转重大 {n}",
                f"/转月报 {n} 长期任务",
                f"/转跟进 {n} 长期任务",
                f"/改派 {n} {unit.split('、', 1)[0]} 职责调整",
                f"/代报 {n} 时间:{past} 电话报告{DONE}",
                f"/约谈 {n} 请到办公室说明",
                f"/撤销 {n} 重复立项",
                f"/撤销 {n} 错立 重复立项",
            ],
        ),
        "merge": (OFFICE, [f"/并案 {n} 入 {other} 内容重复"]),
        "reopen": (OFFICE, [f"/重开 {n} 问题反弹"]),
        "lead": (LEADERS, [f"/批示 {n} 请抓紧落实", f"限期 {n} {day} 请报方案"]),
        "decide": (
            LEADERS,
            [
                f"/批准 {n}",
                f"/批准 {n}",
                f"/驳回 {n} 不属职责",
                f"/同意 {n}",
                f"/不同意 {n} 情况不实",
                f"/问效 {n}",
                f"/问效 {n} {chance.choice(['上报', '不上报 已当面约谈'])}",
                f"/问效 {n} {chance.choice(['启动', '不启动 已经整改'])}",
            ],
        ),
        "seat": (
            OFFICE,
            [
                f"/换岗 水资源处 A:{NAMES[chance.choice(['a', 'b', 'lin'])]}",
                f"/换岗 河湖处 A:{NAMES[chance.choice(['q', 'lin', 'b'])]} B:林涛",
                f"/代班 {NAMES[filer]} {NAMES[chance.choice(['b', 'lin', 'ban'])]} {day}",
            ],
        ),
        "look": (tuple(NAMES), ["待办", "扣分", f"扣分 {n}", "收到", "帮助"]),
    }


WEIGHTS = {
    "file": 18, "finish": 6, "ask": 7, "object": 2, "review": 5, "answer": 2, "steer": 9, "merge": 1, "lead": 2,
    "decide": 4, "seat": 2, "look": 2,
}  # fmt: skip
FITTING = {
    "proposed": {"decide": 8, "steer": 1, "look": 1},
    "asked": {"answer": 5, "review": 1, "steer": 1, "file": 2, "ask": 1, "look": 1},
    "review": {"review": 9, "decide": 1, "steer": 2, "file": 1, "ask": 1, "object": 1},
    "closed": {"steer": 3, "reopen": 2, "review": 2, "ask": 1, "object": 1, "file": 1, "look": 1},
}
"""How likely what is said is, by the matter's state, or where an extension is asked for; else WEIGHTS."""
