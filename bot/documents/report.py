"""The completion report in words: what is proposed, what a docx says, what is said of a finding (R43–R46, A74)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot import wording
from bot.rules import structure
from bot.rules.structure import Finding, Report, Subject

_WORDS: Mapping[str, Any] = tomllib.loads((wording.TEMPLATES / "documents" / "report.toml").read_text(encoding="utf-8"))
VOCABULARY = structure.Vocabulary(
    opening=_WORDS["title"]["opening"],
    endings=_WORDS["title"]["endings"],
    kinds=_WORDS["title"]["kinds"],
    accepted=_WORDS["accepted"],
    words=_WORDS["words"],
    **_WORDS["numbers"],
)
_DATE = re.compile(r"(?P<year>20\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日")
_HEADING = re.compile(r"(?:[（(]?[一二三四五六七八九]+[）)、.．]|\d+[、.．])\s*(?P<words>.{2,30})")
_ADDRESSEE = re.compile(r"(?P<name>\S.{1,38}?)[:：]")
_HEAD = 8
_FOOT = 4
"""Paragraphs in which title and addressee, signature and date are looked for."""


def addressee(source: str) -> str:
    """To whom a report of a matter of this source goes (R44)."""
    return str(_WORDS["addressee"][source])


def proposed(subject: Subject) -> Report:
    """What the form begins with: the title by its pattern where the matter's may be told, addressee, unit and day."""
    about = subject.title.removeprefix(VOCABULARY.opening).removesuffix("的事项")
    title = subject.title
    if title and not title.endswith(tuple(VOCABULARY.endings)):
        title = _WORDS["title"]["proposed"].format(subject=about)
    return Report(title=title, addressee=addressee(subject.source), signer=subject.unit, signed_on=subject.today)


def sentence(found: Finding, subject: Subject) -> str:
    """What is found and what to do about it."""
    facts = dict(found.facts)
    facts["expected"] = facts.get("expected") or addressee(subject.source)
    if "source" in facts:
        facts["source"] = wording.word("source", subject.source)
    if "words" in facts and not isinstance(facts["words"], str):
        facts["words"] = "、".join(facts["words"])  # type: ignore[arg-type]
    if isinstance(facts.get("date"), date):
        facts["date"] = dated(facts["date"])  # type: ignore[arg-type]
    if "part" in facts and facts["part"] in _WORDS["part"]:
        facts["what"] = _WORDS["what"].get(facts["part"], "")
        facts["part"] = _WORDS["part"][facts["part"]]
    return str(_WORDS["finding"][found.code]).format(**facts)


def dated(day: date) -> str:
    """2026年3月9日"""
    return str(_WORDS["form"]["date"]).format(year=day.year, month=day.month, day=day.day)


def text(report: Report) -> str:
    """The report as one text: title, addressee, body, signature and day; what is missing is left out."""
    head = f"{report.addressee}：" if report.addressee else ""
    foot = dated(report.signed_on) if report.signed_on else ""
    return "\n".join(filter(None, (report.title, head, report.body, report.signer, foot)))


def read(paragraphs: Sequence[str]) -> Report:
    """The parts of a written report, as far as they can be told apart; what can't stays empty."""
    lines = list(paragraphs)
    found, lines = _foot(lines)
    found, lines = _head(found, lines)
    return _body(found, lines)


def _foot(lines: list[str]) -> tuple[Report, list[str]]:
    """The last paragraphs, with the date and the unit before it on a line of its own."""
    for place in range(len(lines) - 1, max(-1, len(lines) - 1 - _FOOT), -1):
        match = _DATE.search(lines[place])
        if match and len(lines[place]) <= 30:
            own = lines[place][: match.start()].strip()
            above = lines[place - 1] if not own and place and len(lines[place - 1]) <= 40 else ""
            is_unit = above and not above.endswith(("。", "；", "：", ":"))
            signer = own or (above if is_unit else "")
            return Report(signer=signer, signed_on=_day(match)), lines[: place - (1 if is_unit else 0)]
    return Report(), lines


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _head(report: Report, lines: list[str]) -> tuple[Report, list[str]]:
    """The title up to the addressee, which ends in a colon; without one the first line that ends like a title."""
    for place, line in enumerate(lines[:_HEAD]):
        if place and (match := _ADDRESSEE.fullmatch(line)):
            return replace(report, title="".join(lines[:place]), addressee=match["name"]), lines[place + 1 :]
    for place, line in enumerate(lines[:3]):
        if line.endswith(tuple(VOCABULARY.endings)) and len(line) <= 80:
            return replace(report, title="".join(lines[: place + 1])), lines[place + 1 :]
    return report, lines


def _body(report: Report, lines: list[str]) -> Report:
    """By its headings; without them the first paragraph is the task and the rest the implementation."""
    parts: dict[str, list[str]] = {part: [] for part in structure.PARTS}
    current = "task"
    for line in lines:
        if part := _part(line):
            current = part
        elif current == "task" and parts["task"] and not any(map(_part, lines)):
            current = "done"
        parts[current].append(line)
    task, done, difficulties = ("\n".join(parts[part]) for part in structure.PARTS)
    return replace(report, task=task, done=done, difficulties=difficulties)


def _part(line: str) -> str:
    """The part that a heading opens, the latest that its words fit; "" of a line that is no heading."""
    match = _HEADING.match(line)
    words = match["words"].partition("。")[0] if match else ""
    fits = [part for part in reversed(structure.PARTS) if any(each in words for each in _WORDS["headings"][part])]
    return fits[0] if fits else ""
