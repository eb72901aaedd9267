"""Rows of a roster taken together: which of them are one person, what contradicts, what is missing (A39, A64)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.documents.roster import POSTS, UNIT_ROLES, Problem, RosterError, Row, title

_ACCOUNTS = (("企业微信", "wecom"), ("钉钉", "dingtalk"), ("手机", "phone"))
_OFFICE = ("office_director", "office", "main_leader")
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Someone:
    """One person of the file with all rows that speak of him."""

    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name, the same in every row."""
        return self.rows[0].name

    @property
    def wecom(self) -> str:
        """The WeCom account in lower case, "" when no row has one."""
        return self._first("wecom")

    @property
    def dingtalk(self) -> str:
        """The DingTalk user id, "" when no row has one."""
        return self._first("dingtalk")

    @property
    def phone(self) -> str:
        """The mobile number, "" when no row has one."""
        return self._first("phone")

    @property
    def seats(self) -> set[Place]:
        """(unit, role) of every seat; office-wide roles have the unit ""."""
        return {seat for row in self.rows for seat in seats(row)}

    def _first(self, key: str) -> str:
        return next((value for row in self.rows if (value := str(getattr(row, key)))), "")


def seats(row: Row) -> list[Place]:
    """The seats a row stands for: one a unit for a leader in charge, one without a unit for office-wide roles."""
    if row.role in UNIT_ROLES:
        return [(row.unit, row.role)]
    return [(unit, row.role) for unit in row.covers] or [("", row.role)]


def units(rows: Sequence[Row]) -> list[str]:
    """The units that have a seat of their own, in the file's order."""
    return list(dict.fromkeys(row.unit for row in rows if row.role in UNIT_ROLES))


def people(rows: Sequence[Row], problems: Sequence[Problem] = ()) -> list[Someone]:
    """The persons of the file. RosterError lists the `problems` already known and every contradiction between rows.

    Rows are one person when they share an account, or name and 处室, or name and 手机; a row with nothing but a
    name belongs to the only person of that name.
    """
    groups = _grouped(rows)
    found = [*problems, *(problem for group in groups for problem in _contradictions(group))]
    found += [*_shared_posts(groups), *_unknown_units(rows)]
    if found:
        raise RosterError(found)
    return groups


def _grouped(rows: Sequence[Row]) -> list[Someone]:
    groups: list[list[Row]] = []
    owner: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        marks = _marks(row)
        found = {id(owner[mark]): owner[mark] for mark in marks if mark in owner}
        merged = [*(each for group in found.values() for each in group), row]
        if found:
            groups = [group for group in groups if id(group) not in found]
        if marks:
            groups.append(merged)
            owner |= {mark: merged for each in merged for mark in _marks(each)}
    for row in (row for row in rows if not _marks(row)):
        namesakes = [group for group in groups if group[0].name == row.name]
        if len(namesakes) == 1:
            namesakes[0].append(row)
        else:
            groups.append([row])
    ordered = [sorted(group, key=lambda row: row.line) for group in groups]
    return [Someone(tuple(group)) for group in sorted(ordered, key=lambda group: group[0].line)]


def _marks(row: Row) -> list[tuple[str, ...]]:
    """What tells a person: rows that share one of these are the same person."""
    marks = [(column, value) for column, key in _ACCOUNTS[:2] if (value := getattr(row, key))]
    named = [("name", row.name, value) for value in (row.unit, row.phone) if row.name and value]
    return [*marks, *named]


def _contradictions(someone: Someone) -> Iterator[Problem]:
    first = someone.rows[0]
    for row in someone.rows[1:]:
        if row.name != first.name:
            column, key = next(each for each in (*_ACCOUNTS, ("姓名", "name")) if _same(row, someone.rows, each[1]))
            text = f"{getattr(row, key)} is {first.name}'s in row {first.line}; one account is one person"
            yield Problem(row.line, column, text)
    for column, key in _ACCOUNTS:
        rows = [row for row in someone.rows if getattr(row, key) and row.name == first.name]
        for row in rows[1:]:
            if getattr(row, key) != getattr(rows[0], key):
                text = f"{row.name} has {getattr(rows[0], key)} in row {rows[0].line}; one person has one"
                yield Problem(row.line, column, f"{text}, and two of one name in a unit need names told apart")


def _same(row: Row, rows: Sequence[Row], key: str) -> bool:
    return any(getattr(row, key) == getattr(each, key) != "" for each in rows if each.line < row.line) or key == "name"


def _shared_posts(groups: Sequence[Someone]) -> Iterator[Problem]:
    """One person at A and at B, or two persons at one post (A64)."""
    held: dict[Place, tuple[Someone, Row]] = {}
    for someone in groups:
        for row in someone.rows:
            if row.role not in POSTS:
                continue
            other, post = held.setdefault((row.unit, row.role), (someone, row)), POSTS[row.role]
            if other[0] is not someone:
                text = f"{row.unit} has {other[0].name} at {post} in row {other[1].line}; a post has one person"
                yield Problem(row.line, "岗位", text)
    for (unit, role), (someone, row) in held.items():
        both = held.get((unit, "operator_a"))
        if role == "operator_b" and both and both[0] is someone:
            yield Problem(row.line, "岗位", f"{row.name} is A of {unit} in row {both[1].line}; A and B are two people")


def _unknown_units(rows: Sequence[Row]) -> Iterator[Problem]:
    known = units(rows)
    for row in rows:
        for unit in row.covers:
            if unit not in known:
                near = get_close_matches(unit, known, 1, 0.5)
                hint = f"did you mean {near[0]}?" if near else "give it a row with 负责人 or 操作员 first"
                yield Problem(row.line, "分管", f"{unit} is no 处室 of this file; {hint}")


def warnings(groups: Sequence[Someone]) -> list[Problem]:
    """What works badly or not at all when the matter comes, in the file's order: posts and phones missing (A39)."""
    rows = sorted((row for someone in groups for row in someone.rows), key=lambda row: row.line)
    held: defaultdict[str, set[str]] = defaultdict(set)
    for someone in groups:
        for unit, role in someone.seats:
            held[unit].add(role)
    found = [problem for unit in units(rows) for problem in _gaps(unit, held[unit])]
    for role in _OFFICE:
        if role not in held[""]:
            found.append(Problem(0, "", f"nobody is {title(role)}"))
    return found + [problem for someone in groups for problem in _unreachable(someone, groups)]


def _gaps(unit: str, held: set[str]) -> Iterator[Problem]:
    wanted = {"head": "负责人", "operator_a": "操作员 A", "operator_b": "操作员 B", "leader_in_charge": "分管的厅领导"}
    for role, word in wanted.items():
        if role not in held:
            yield Problem(0, "", f"{unit} has no {word}", post=role in POSTS)


def _unreachable(someone: Someone, groups: Sequence[Someone]) -> Iterator[Problem]:
    line = someone.rows[0].line
    if not someone.phone and {role for _, role in someone.seats} & {"head", *POSTS}:
        yield Problem(line, "手机", f"{someone.name} has no 手机: no SMS reaches this person")
    if not someone.wecom and not someone.dingtalk:
        yield Problem(line, "企业微信", f"{someone.name} has neither 企业微信 nor 钉钉: no card reaches this person")
    namesakes = [other.rows[0].line for other in groups if other.name == someone.name and other is not someone]
    if namesakes and min(namesakes) < line:
        text = f"{someone.name} is taken for another person than in row {min(namesakes)}; the same account joins them"
        yield Problem(line, "姓名", text)
