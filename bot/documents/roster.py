"""The roster file: its columns and words, and the way from cells to rows and back (interfaces.md §Roster file)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from bot.documents import tables

COLUMNS = ("姓名", "处室", "角色", "岗位", "手机", "企业微信", "钉钉", "分管")
REQUIRED = ("姓名", "角色")
ROLES = {
    "负责人": "head",
    "操作员": "operator",
    "系统管理员": "operator",
    "承办人": "handler",
    "办公室主任": "office_director",
    "办公室": "office",
    "厅领导": "leader_in_charge",
    "主要领导": "main_leader",
    "平台管理员": "admin",
}
POSTS = {"operator_a": "A", "operator_b": "B"}
UNIT_ROLES = frozenset({"head", "operator_a", "operator_b", "handler"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the roster: a person in one role. `line` is its row in the file, `covers` the units led (分管)."""

    line: int
    name: str
    unit: str
    role: str
    phone: str = ""
    wecom: str = ""
    dingtalk: str = ""
    covers: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The role in the file's words."""
        return title(self.role)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something to mend (or, as a warning, to know) in a row of the file; row 0 speaks of the file as a whole.

    `post`: a unit is without its A or B, which `posts_missing = block` does not let pass (A39).
    """

    line: int
    column: str
    text: str
    post: bool = False

    def __str__(self) -> str:
        place = [f"row {self.line}"] * bool(self.line) + [f"column {self.column}"] * bool(self.column)
        return ": ".join([", ".join(place)] * bool(place) + [self.text])


class RosterError(Exception):
    """The file can't be imported; `problems` are all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = sorted(problems)


def title(role: str) -> str:
    """The file's word for a role; operators without their post."""
    role = "operator" if role in POSTS else role
    return next(word for word, code in ROLES.items() if code == role)


def read(path: Path) -> tuple[list[Row], list[Problem]]:
    """The rows of a roster file and every mistake in them, with row, column and what to do.

    A row with a mistake is there as far as it can be read. RosterError when the header is wrong or nothing follows
    it, tables.TableError when the file is no table at all.
    """
    cells = tables.read(path)
    header = _header(cells[0] if cells else [])
    parsed = [
        _Line(number, dict(zip(header, row, strict=False))) for number, row in enumerate(cells[1:], 2) if any(row)
    ]
    rows = [line.row() for line in parsed]
    problems = [problem for line in parsed for problem in line.problems]
    problems += [
        Problem(number, "", f"{cell} stands under no column; put it under one or remove it")
        for number, row in enumerate(cells[1:], 2)
        for column, cell in enumerate(row)
        if cell and (column >= len(header) or not header[column])
    ]
    if not rows:
        raise RosterError([Problem(0, "", "no row below the header; write one row a person and role")])
    return rows, problems


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows to .csv or .xlsx; `read` gives the same back. tables.TableError when the file can't be written."""
    lines = [
        (
            row.name,
            row.unit,
            row.title,
            POSTS.get(row.role, ""),
            row.phone,
            row.wecom,
            row.dingtalk,
            "、".join(row.covers),
        )
        for row in rows
    ]
    tables.write(path, [COLUMNS, *lines])


def _header(cells: Sequence[str]) -> list[str]:
    problems = []
    for number, name in enumerate(cells, 1):
        if name and name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"known are {','.join(COLUMNS)}"
            problems.append(Problem(1, str(number), f"{name} is no column; {hint}"))
        elif name and name in cells[: number - 1]:
            problems.append(Problem(1, name, "stands twice; keep one"))
    missing = [name for name in REQUIRED if name not in cells]
    if missing:
        text = (
            f"the first row must be the header {','.join(COLUMNS)}, separated by commas; {'、'.join(missing)} missing"
        )
        problems = [Problem(1, "", text)]
    if problems:
        raise RosterError(problems)
    return list(cells)


@dataclass(slots=True)
class _Line:
    """One line being read: its cells by column, and the problems found on the way."""

    number: int
    cells: dict[str, str]
    problems: list[Problem] = field(default_factory=list)

    def row(self) -> Row:
        """The row as far as it can be read; what is wrong is in `problems`."""
        role = self._role()
        row = Row(
            line=self.number,
            name=self._checked(
                "姓名", lambda text: bool(text) and len(text) <= 50, "write a name of 1 to 50 characters"
            ),
            unit=self._checked("处室", lambda text: len(text) <= 100, "write at most 100 characters"),
            role=role,
            phone=self._phone(),
            wecom=self._account("企业微信").lower(),
            dingtalk=self._account("钉钉"),
            covers=self._covers(role),
        )
        if role in UNIT_ROLES and not row.unit:
            self._wrong("处室", f"is empty; {title(role)} belongs to a unit, write its name")
        return row

    def _role(self) -> str:
        word, post = self._cell("角色"), self._cell("岗位").upper().removesuffix("岗").strip().translate(_HALF)
        role = ROLES.get(word, "")
        if not role:
            near = get_close_matches(word, ROLES, 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"write one of {'、'.join(ROLES)}"
            self._wrong("角色", f"{word} is no role; {hint}" if word else f"is empty; {hint}")
        elif role == "operator" and post not in POSTS.values():
            self._wrong("岗位", f"{word} needs A or B here")
        elif role == "operator":
            return f"operator_{post.lower()}"
        elif post:
            self._wrong("岗位", f"only 操作员 has a post; leave it empty for {word}")
        return role

    def _phone(self) -> str:
        text = re.sub(r"[\s\-()（）]", "", self._cell("手机").translate(_HALF))
        text = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", text)
        if text and not re.fullmatch(r"1[3-9]\d{9}", text):
            self._wrong("手机", f"{self._cell('手机')} is no mobile number; write its 11 digits")
        return text

    def _account(self, column: str) -> str:
        hint = f"{self._cell(column)} is no account; write the 1 to 64 letters, digits or _-@. of the address book"
        return self._checked(column, lambda text: not text or bool(_ACCOUNT.fullmatch(text)), hint)

    def _covers(self, role: str) -> tuple[str, ...]:
        units = tuple(dict.fromkeys(part for part in re.split(r"[、,，;；\s]+", self._cell("分管")) if part))
        if units and role not in {"leader_in_charge", ""}:
            self._wrong("分管", f"only 厅领导 has units here; leave it empty for {title(role)}")
        return units

    def _checked(self, column: str, good: Callable[[str], bool], hint: str) -> str:
        text = self._cell(column)
        if not good(text):
            self._wrong(column, hint)
        return text

    def _cell(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def _wrong(self, column: str, text: str) -> None:
        self.problems.append(Problem(self.number, column, text))


_ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")
_HALF = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
