"""The words of 延期, said on Wednesday 4 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from handlers import plan, proposal

TODAY = date(2026, 3, 4)
LISTS = [("一、", "二、", "三、", "四、"), ("（一）", "（二）", "（三）", "（四）"), ("1.", "2.", "3.", "4.")]
LISTS += [("①", "②", "③", "④"), ("1）", "2）", "3）", "4）"), ("1、 ", "2、 ", "3、 ", "4、 ")]


@pytest.mark.requirement("R35", "R36")
@pytest.mark.parametrize("signs", LISTS)
@pytest.mark.parametrize("apart", ["\n", "；"])
def test_a_numbered_list_of_fields(signs: tuple[str, ...], apart: str) -> None:
    said = ("理由：汛期", "方案：分段", "责任人：张三", "时限：5月30日")
    text = apart.join(f"{sign}{field}" for sign, field in zip(signs, said, strict=True))
    assert plan.plan(text, TODAY) == plan.Written("汛期", "分段", "张三", date(2026, 5, 30))
    said = ("标题：甲", "来源：13710", "类别：一般", "处室：规划处")
    made = proposal.proposal(apart.join(f"{sign}{field}" for sign, field in zip(signs, said, strict=True)), TODAY)
    assert (made.title, made.source, made.category, made.unit) == ("甲", "provincial_13710", "general", "规划处")


@pytest.mark.requirement("R35")
def test_a_list_inside_a_field_stays_in_it() -> None:
    text = "理由：汛期 方案：1.先排查；2.后整改 责任人：张三 时限：20日内"
    assert plan.plan(text, TODAY) == plan.Written("汛期", "1.先排查；2.后整改", "张三", date(2026, 3, 24))
