"""Every card the product can send: its kind with facts as they are and as bad as they get."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot import wording
from tests.words import audit_facts, facts, family_facts, office_facts, people_facts, report_facts

Row = Mapping[str, Any]
CARDS: Mapping[str, list[dict[str, Any]]] = {
    **facts.CARDS,
    **office_facts.CARDS,
    **family_facts.CARDS,
    **report_facts.CARDS,
    **people_facts.CARDS,
    **audit_facts.CARDS,
}
KINDS = sorted(path.name.split(".")[0] for path in (wording.TEMPLATES / "cards").glob("[!_]*.json.j2"))
DONE = sorted(tomllib.loads((wording.TEMPLATES / "words.toml").read_text(encoding="utf-8"))["done"])
HIDDEN = "绝不外传"
UNIT = "引黄入晋工程建设运行维护管理中心水资源调度处"
NAME = "阿卜杜拉·买买提·吐尔逊"
EXTREME: dict[str, Any] = {
    "title": facts.LONG * 2,
    "unit": UNIT,
    "handler": NAME,
    "by": NAME,
    "proposer": NAME,
    "filer": NAME,
    "decided_by": NAME,
    "responsible": NAME,
    "waiting": [NAME] * 3,
    "cooperating": [UNIT] * 8,
    "text": facts.LONG * 5,
    "reason": facts.LONG,
    "plan": facts.LONG,
    "note": facts.LONG,
    "instruction": facts.LONG,
    "words": facts.LONG * 2,
    "document_no": "晋水办督〔2026〕第" + "9" * 50 + "号",
    "people": [(number, f"{NAME}{number}") for number in range(1, 41)],
    "seq": 119,
    "supervised": 12,
    "attempt": 12,
    "urgent": True,
    "caught_up": True,
}
"""Facts of any kind; a kind takes those that it has."""
INSTANTS = (timedelta(days=400), timedelta(days=-400), timedelta(hours=24, seconds=-29), timedelta())


def rows(kind: str) -> Iterator[Row]:
    """Facts of a kind, each row complete; a template that nobody gave facts is a KeyError."""
    for row in CARDS[kind]:
        yield row
        yield extreme(row)
        yield {**extreme(row), "sensitive": True, "title": HIDDEN}
        for audience in ("leader", "office"):
            yield {**row, "audience": audience}
        if row.get("node"):
            yield from _by_node(row)


def _by_node(row: Row) -> Iterator[Row]:
    for node in facts.NODES:
        for category in ("general", "major", "monthly"):
            yield {**row, "node": node, "category": category}
            yield {**extreme(row), "node": node, "category": category}
        for away in INSTANTS:
            yield {**extreme(row), "node": node, "due_at": facts.NOW + away, "scored": False}


def extreme(row: Row) -> dict[str, Any]:
    """The row at its longest."""
    mine = {
        key: value for key, value in EXTREME.items() if key in row or key in ("handler", "cooperating", "caught_up")
    }
    long = {**row, **mine}
    if "items" in row:
        long["items"] = [{**item, "title": facts.LONG, "node": "W2026-12-24"} for item in row["items"]] * 3
    if "options" in row:
        long["options"] = [(number, f"2026-{number:04d}", facts.LONG, False) for number in range(1, 31)]
    return long
