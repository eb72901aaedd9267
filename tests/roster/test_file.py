"""The roster file itself: encodings, mistakes with row and column, and the way back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bot.documents import roster, tables
from bot.documents.roster import Problem, RosterError, Row

Sheet = Callable[..., Path]
HEAD = "张三,水资源处,负责人,,13800138001,ZhangSan,ding-1,"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_usual_encoding_is_read(sheet: Sheet, encoding: str) -> None:
    rows, problems = roster.read(sheet(HEAD, encoding=encoding))
    assert problems == []
    assert rows == [Row(2, "张三", "水资源处", "head", "13800138001", "zhangsan", "ding-1")]


def test_a_column_order_of_ones_own_and_empty_lines(sheet: Sheet) -> None:
    rows, problems = roster.read(
        sheet("负责人,张三,水资源处", ",,", "操作员,李四,水资源处,b岗", header="角色,姓名,处室,岗位")
    )
    assert problems == []
    assert [(row.line, row.name, row.role) for row in rows] == [(2, "张三", "head"), (4, "李四", "operator_b")]


def test_words_for_roles(sheet: Sheet) -> None:
    lines = [f"张三,水资源处,{word},{'A' if code == 'operator' else ''},,,," for word, code in roster.ROLES.items()]
    rows, problems = roster.read(sheet(*lines))
    assert problems == []
    codes = [row.role for row in rows]
    assert codes == ["head", "operator_a", "operator_a", "handler", *codes[4:]]
    assert codes[4:] == ["office_director", "office", "leader_in_charge", "main_leader", "admin"]


def test_a_spreadsheet_is_read_with_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "roster.xlsx"
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet()
    page.write_row(0, 0, roster.COLUMNS)
    page.write_row(2, 0, ["赵厅", "", "厅领导", "", 13800138000, "zhaot", "", "水资源处、水保处"])
    book.close()
    rows, problems = roster.read(path)
    assert problems == []
    assert rows == [
        Row(3, "赵厅", "", "leader_in_charge", "13800138000", "zhaot", "", ("水资源处", "水保处")),
    ]


MISTAKES = [
    (",水资源处,负责人,,,,,", "姓名", "write a name of 1 to 50 characters"),
    (f"{'张' * 51},水资源处,负责人,,,,,", "姓名", "write a name of 1 to 50 characters"),
    ("张三,,负责人,,,,,", "处室", "is empty; 负责人 belongs to a unit, write its name"),
    ("张三,水资源处,,,,,,", "角色", "is empty; write one of 负责人、操作员"),
    ("张三,水资源处,负责,,,,,", "角色", "负责 is no role; did you mean 负责人?"),
    ("张三,水资源处,操作员,,,,,", "岗位", "操作员 needs A or B here"),
    ("张三,水资源处,系统管理员,C,,,,", "岗位", "系统管理员 needs A or B here"),
    ("张三,水资源处,负责人,A,,,,", "岗位", "only 操作员 has a post; leave it empty for 负责人"),
    ("张三,水资源处,负责人,,1380013800,,,", "手机", "1380013800 is no mobile number; write its 11 digits"),
    ("张三,水资源处,负责人,,0771-1234567,,,", "手机", "0771-1234567 is no mobile number"),
    ("张三,水资源处,负责人,,,张三,,", "企业微信", "张三 is no account"),
    ("张三,水资源处,负责人,,,,a b,", "钉钉", "a b is no account"),
    ("张三,水资源处,负责人,,,,,水保处", "分管", "only 厅领导 has units here; leave it empty for 负责人"),
    ("张三,水资源处,负责人,,,,,,多", "", "多 stands under no column"),
]


@pytest.mark.parametrize(("line", "column", "text"), MISTAKES)
def test_a_mistake_names_row_column_and_remedy(sheet: Sheet, line: str, column: str, text: str) -> None:
    _, problems = roster.read(sheet(HEAD, line))
    assert [(problem.line, problem.column) for problem in problems] == [(3, column)]
    assert problems[0].text.startswith(text)


def test_all_mistakes_are_told_at_once(sheet: Sheet) -> None:
    _, problems = roster.read(sheet(*[line for line, _, _ in MISTAKES]))
    assert {problem.line for problem in problems} == set(range(2, len(MISTAKES) + 2))


@pytest.mark.parametrize(
    ("phone", "stored"),
    [("138 0013 8000", "13800138000"), ("+86-13800138000", "13800138000"), ("１３８００１３８０００", "13800138000")],
)
def test_phones_as_people_write_them(sheet: Sheet, phone: str, stored: str) -> None:
    rows, problems = roster.read(sheet(f"张三,水资源处,负责人,,{phone},,,"))
    assert (problems, rows[0].phone) == ([], stored)


@pytest.mark.parametrize(
    ("header", "text"),
    [
        ("姓名,处室,角色,手机号", "手机号 is no column; did you mean 手机?"),
        ("姓名,处室,角色,处室", "stands twice; keep one"),
        ("姓名;处室;角色", "separated by commas; 姓名、角色 missing"),
        ("张三,水资源处,负责人", "the first row must be the header"),
        ("", "the first row must be the header"),
    ],
)
def test_a_wrong_header(sheet: Sheet, header: str, text: str) -> None:
    with pytest.raises(RosterError, match=text):
        roster.read(sheet("张三,水资源处,负责人,,", header=header))


def test_a_header_alone(sheet: Sheet) -> None:
    with pytest.raises(RosterError, match="no row below the header"):
        roster.read(sheet())


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("r.csv", "姓名".encode("utf-16"), "saved as UTF-16; save it as CSV UTF-8"),
        ("r.csv", b"\xff\x00\x81", "neither UTF-8 nor GB18030"),
        ("r.csv", '姓名,"角色\n'.encode(), "not CSV"),
        ("r.xlsx", b"PK\x03\x04 broken", "not a readable xlsx"),
        ("r.xls", b"", r"neither \.csv nor \.xlsx"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(tables.TableError, match=text):
        roster.read(tmp_path / name)


ROWS = [
    Row(2, "赵厅", "", "leader_in_charge", "", "zhaot", "", ("水资源处", "水保处")),
    Row(3, "张三", "水资源处", "head", "13800138001", "zhangsan", "ding-1"),
    Row(4, "李四", "水资源处", "operator_b", "13800138002", "lisi", ""),
    Row(5, '=cmd|"x"!A1', "+水保处", "handler"),
    Row(6, "'@王", "-", "handler"),
]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    roster.write(tmp_path / name, ROWS)
    assert roster.read(tmp_path / name) == (ROWS, [])


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    roster.write(tmp_path / "out.csv", ROWS)
    roster.write(tmp_path / "out.xlsx", ROWS)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    sheet = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx")).get_sheet_by_index(0)
    cells += [str(cell) for row in sheet.to_python() for cell in row]
    assert '\'=cmd|"x"!A1' in cells
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(tables.TableError, match="can't be written"):
        roster.write(tmp_path / "absent" / "out.csv", ROWS)


def test_a_problem_reads_as_one_line() -> None:
    assert str(Problem(3, "手机", "no")) == "row 3, column 手机: no"
    assert str(Problem(3, "", "no")) == "row 3: no"
    assert str(Problem(0, "", "no")) == "no"
