"""Rows taken together: who is one person, what contradicts, what is missing."""

from __future__ import annotations

import pytest

from bot.documents import seating
from bot.documents.roster import RosterError, Row


def row(line: int, name: str, unit: str, role: str, **more: object) -> Row:
    """A row with keyword extras."""
    return Row(line, name, unit, role, **more)  # type: ignore[arg-type]


def lines(groups: list[seating.Someone]) -> list[list[int]]:
    """The groups as the numbers of their rows."""
    return [[each.line for each in group.rows] for group in groups]


SAME = [
    ([row(2, "张三", "甲处", "head"), row(3, "张三", "甲处", "operator_a")], [[2, 3]]),
    ([row(2, "张三", "甲处", "head"), row(3, "张三", "乙处", "head")], [[2], [3]]),
    ([row(2, "张三", "甲处", "head", wecom="zs"), row(3, "张三", "乙处", "head", wecom="zs")], [[2, 3]]),
    ([row(2, "张三", "甲处", "head", dingtalk="1"), row(3, "张三", "", "admin", dingtalk="1")], [[2, 3]]),
    ([row(2, "张三", "甲处", "head", phone="1"), row(3, "张三", "乙处", "head", phone="1")], [[2, 3]]),
    ([row(2, "张三", "甲处", "head", phone="1"), row(3, "李四", "乙处", "head", phone="1")], [[2], [3]]),
    # the third row joins two that had nothing in common before
    (
        [
            row(2, "张三", "甲处", "head"),
            row(3, "张三", "乙处", "head", wecom="zs"),
            row(4, "张三", "甲处", "handler", wecom="zs"),
        ],
        [[2, 3, 4]],
    ),
    # a bare name belongs to the only one of that name
    ([row(2, "张三", "", "main_leader"), row(3, "张三", "甲处", "head")], [[2, 3]]),
    (
        [row(2, "张三", "", "main_leader"), row(3, "张三", "甲处", "head"), row(4, "张三", "乙处", "head")],
        [[2], [3], [4]],
    ),
]


@pytest.mark.parametrize(("rows", "expected"), SAME)
def test_which_rows_are_one_person(rows: list[Row], expected: list[list[int]]) -> None:
    assert lines(seating.people(rows)) == expected


def test_a_person_is_all_that_the_rows_say() -> None:
    rows = [row(2, "张三", "甲处", "head", phone="1"), row(3, "张三", "甲处", "operator_a", wecom="zs")]
    (someone,) = seating.people(rows)
    assert (someone.name, someone.phone, someone.wecom, someone.dingtalk) == ("张三", "1", "zs", "")
    assert someone.seats == {("甲处", "head"), ("甲处", "operator_a")}


def test_seats_of_leaders_and_of_the_office() -> None:
    rows = [
        row(2, "赵厅", "", "leader_in_charge", covers=("甲处", "乙处")),
        row(3, "王主任", "办公室", "office_director"),
        row(4, "张三", "甲处", "head"),
        row(5, "李四", "乙处", "head"),
    ]
    leader, director, *_ = seating.people(rows)
    assert leader.seats == {("甲处", "leader_in_charge"), ("乙处", "leader_in_charge")}
    assert director.seats == {("", "office_director")}
    assert seating.units(rows) == ["甲处", "乙处"]


A = row(2, "张三", "甲处", "operator_a", wecom="zs", phone="1")
WRONG = [
    (row(3, "张三", "甲处", "operator_b"), 3, "岗位", "张三 is A of 甲处 in row 2; A and B are two people"),
    (row(3, "李四", "甲处", "operator_a"), 3, "岗位", "甲处 has 张三 at A in row 2; a post has one person"),
    (row(3, "李四", "甲处", "head", wecom="zs"), 3, "企业微信", "zs is 张三's in row 2; one account is one person"),
    (row(3, "张三", "甲处", "head", wecom="zs2"), 3, "企业微信", "张三 has zs in row 2; one person has one"),
    (row(3, "张三", "甲处", "head", phone="2"), 3, "手机", "张三 has 1 in row 2; one person has one"),
    (
        row(3, "赵厅", "", "leader_in_charge", covers=("甲外",)),
        3,
        "分管",
        "甲外 is no 处室 of this file; did you mean 甲处?",
    ),
]


@pytest.mark.requirement("A64")
@pytest.mark.parametrize(("other", "line", "column", "text"), WRONG)
def test_contradictions_are_refused(other: Row, line: int, column: str, text: str) -> None:
    with pytest.raises(RosterError) as caught:
        seating.people([A, other])
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert problem.text.startswith(text)


def test_b_before_a_is_refused_too() -> None:
    rows = [row(2, "张三", "甲处", "operator_b"), row(3, "张三", "甲处", "operator_a")]
    with pytest.raises(RosterError, match="A and B are two people"):
        seating.people(rows)


def test_a_at_one_unit_and_b_at_another_is_allowed() -> None:
    rows = [row(2, "张三", "甲处", "operator_a", wecom="z"), row(3, "张三", "乙处", "operator_b", wecom="z")]
    assert len(seating.people(rows)) == 1


def test_a_full_roster_has_no_warning() -> None:
    known = {"wecom": "x", "phone": "1"}
    rows = [
        row(2, "张三", "甲处", "head", wecom="a", phone="1"),
        row(3, "张三", "甲处", "operator_a"),
        row(4, "李四", "甲处", "operator_b", wecom="b", phone="2"),
        row(5, "赵厅", "", "leader_in_charge", wecom="c", covers=("甲处",)),
        row(6, "王主任", "", "office_director", wecom="d"),
        row(7, "王主任", "", "office", wecom="d"),
        row(8, "厅长", "", "main_leader", **known),
    ]
    assert seating.warnings(seating.people(rows)) == []


@pytest.mark.requirement("R50", "A39")
def test_what_is_missing_is_warned_of() -> None:
    rows = [row(2, "张三", "甲处", "head"), row(3, "李四", "乙处", "operator_a", dingtalk="1")]
    found = [str(problem) for problem in seating.warnings(seating.people(rows))]
    assert found == [
        "甲处 has no 操作员 A",
        "甲处 has no 操作员 B",
        "甲处 has no 分管的厅领导",
        "乙处 has no 负责人",
        "乙处 has no 操作员 B",
        "乙处 has no 分管的厅领导",
        "nobody is 办公室主任",
        "nobody is 办公室",
        "nobody is 主要领导",
        "row 2, column 手机: 张三 has no 手机: no SMS reaches this person",
        "row 2, column 企业微信: 张三 has neither 企业微信 nor 钉钉: no card reaches this person",
        "row 3, column 手机: 李四 has no 手机: no SMS reaches this person",
    ]


def test_namesakes_are_warned_of() -> None:
    rows = [row(2, "张三", "甲处", "handler", wecom="a"), row(3, "张三", "乙处", "handler", wecom="b")]
    found = [str(problem) for problem in seating.warnings(seating.people(rows))]
    assert "row 3, column 姓名: 张三 is taken for another person than in row 2; the same account joins them" in found
