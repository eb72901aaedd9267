"""The words of an extension, a reason and a decision, taken apart."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions.review import Return
from handlers import plan, verdict

TODAY = date(2026, 3, 20)


@pytest.mark.parametrize(
    "text",
    [
        "理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30",
        "时限:5月30日前 责任人:张三 方案:分两段推进 理由:汛期不能施工",
        "原因：汛期不能施工；措施：分两段推进；负责人：张三；完成时间：5.30",
        "1、理由：汛期不能施工\n2、方案：分两段推进\n3、责任人：张三\n4、时限：５月３０日",
        "一、理由：汛期不能施工\n二、方案：分两段推进\n三、责任人：张三\n四、时限：5月30日",
        "（一）理由：汛期不能施工（二）方案：分两段推进（三）责任人：张三（四）时限：5月30日",
        "①理由：汛期不能施工②方案：分两段推进③责任人：张三④时限：5月30日",
        "1）理由：汛期不能施工\n2） 方案：分两段推进\n3）责任人：张三\n4）时限：5月30日",
        "1．理由：汛期不能施工；2．方案：分两段推进；3．责任人：张三；4．时限：5月30日",
        "1 理由：汛期不能施工\n　2 方案：分两段推进\n- 责任人：张三\n· 时限：5月30日",
        "第一，理由：汛期不能施工。第二，方案：分两段推进。第三，责任人：张三。第四，时限：5月30日",
        "理由：汛期不能施工 方案：分两段推进 时限：5.30、责任人：张三",
        "方案：分两段推进 责任人：张三、时限：5月30日、理由：汛期不能施工",
        "请领导批准 延期理由：汛期不能施工，解决方案：分两段推进，责任人：张三，延期至：2026/5/30。",
    ],
)
def test_a_plan_in_any_order_and_spelling(text: str) -> None:
    found = plan.plan(text, TODAY)
    assert (found.reason, found.plan, found.responsible) == ("汛期不能施工", "分两段推进", "张三")
    assert (found.until, found.missing, found.wrong) == (date(2026, 5, 30), (), "")


def test_a_plan_of_many_lines_keeps_them() -> None:
    found = plan.plan("方案：一是会商\n二是督导\n理由：汛期 责任人：张三、李四 时限：尽快", TODAY)
    assert found.plan == "一是会商\n二是督导"
    assert (found.responsible, found.until, found.wrong, found.missing) == ("张三、李四", None, "尽快", ())


@given(st.text(max_size=200))
def test_nothing_raises(text: str) -> None:
    plan.plan(text, TODAY)
    plan.reason(text)
    verdict.returned(text)
    verdict.grade(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("理由：已办结", "已办结"), ("已办结", "已办结"), ("完结理由:已办结", "已办结"), ("", ""), ("理由：", "")],
)
def test_a_reason(text: str, reason: str) -> None:
    assert plan.reason(text) == reason


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("附件不全", Return("附件不全")),
        ("不计分 系统故障", Return("系统故障", scored=False)),
        ("未落实：现场未整改", Return("现场未整改", not_done=True)),
        ("未落实、不计分 理由：情况特殊", Return("情况特殊", not_done=True, scored=False)),
        ("未落实到位，请补充", Return("未落实到位，请补充")),
        ("不计分", Return("", scored=False)),
        ("", Return("")),
    ],
)
def test_a_return(text: str, how: Return) -> None:
    assert verdict.returned(text) == how


@pytest.mark.parametrize(
    ("text", "given"),
    [("优秀", "excellent"), (" 评价：良好。", "good"), ("“合格”", "pass"), ("不合格", "fail"), ("", ""), ("优", None)]
    + [(text, None) for text in ("优秀 材料齐全", "不良好", "差")],
)
def test_a_grade(text: str, given: str | None) -> None:
    assert verdict.grade(text) == given
