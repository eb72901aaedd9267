"""Names that last for the rows of a shot: a login, a matter's number, an obligation of it; the n-th of its table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.record.tables import Row, Shot

_OF = {
    **dict.fromkeys(("handler", "person", "people", "by", "asked_by", "decided_by", "proposer", "head"), "person"),
    **dict.fromkeys(("operator_a", "operator_b", "actor", "other"), "person"),
    **dict.fromkeys(("unit", "cooperating", "leads", "from", "to"), "unit"),
    **dict.fromkeys(("matter", "into", "parent"), "matter"),
    **{each: each for each in ("feedback", "completion", "extension", "document", "ruling", "review", "obligation")},
    **{each: each for each in ("notice", "delivery", "inbound", "seat", "approval", "prompt")},
    "stands_in_for": "seat",
    "documents": "document",
    "points": "score_event",
}
"""What the number under a fact's or a column's name is the key of."""
_BUTTONS = {
    "ack": ("obligation", "", "delivery"),
    "take": ("obligation",),
    **dict.fromkeys(("solved", "unsolved"), ("obligation", "", "delivery")),
    **dict.fromkeys(("approve", "refuse"), ("approval",)),
    **dict.fromkeys(("dispatch",), ("prompt",)),
    **dict.fromkeys(("extend", "deny"), ("extension",)),
    **dict.fromkeys(("accept", "send_back", "complete", "rethink"), ("completion",)),
    **dict.fromkeys(("agree", "disagree", "uphold"), ("ruling",)),
    **dict.fromkeys(("instruct", "limit", "limited", "pass"), ("matter",)),
    "passed": ("matter", "inbound"),
    "seen": ("delivery",),
    **dict.fromkeys(("word", "unword"), ("inbound", "matter")),
    **dict.fromkeys(("sure",), ("inbound", "matter", "line")),
    "pick": ("inbound",),
    "page": ("document", ""),
    "unpage": ("document",),
    "reseat": ("inbound", "unit", "person", "person", "person"),
    **dict.fromkeys(("follow", "hand", "talk", "drop", "again", "stable", "major", "general"), ("prompt", "")),
    "follow_sure": ("prompt", "", "line"),
}
"""What the numbers of a button's key are keys of; `line` is a ledger line's number."""
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class Names:
    """The names in this shot."""

    shot: Shot
    _ranks: dict[str, dict[Any, int]] = field(default_factory=dict)

    def of(self, table: str, key: Any) -> str:
        """`chu`, `水资源处`, `2026-0001`, `N3 of 2026-0001`, `feedback#2`; a key of nothing as it is."""
        row = self.shot.get(table, {}).get(key)
        if row is None:
            return f"{table}?" if table in ("inbound", "delivery") else str(key)
        name = getattr(self, f"_{table}", None)
        return str(name(row)) if name else f"{table}#{self._rank(table, key)}"

    def value(self, name: str, value: Any) -> Any:
        """A fact with the keys in it turned into names, JSON all the way down."""
        if isinstance(value, Mapping):
            return {key: self.value(str(key), each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(name, each) for each in value]
        if isinstance(value, str):
            return _HASH.sub("sha256", value)
        table = _OF.get(name)
        return self.of(table, value) if table and isinstance(value, int) and not isinstance(value, bool) else value

    def column(self, name: str, value: Any) -> Any:
        """The same of a column."""
        return self.value(name.removesuffix("_id"), value)

    def button(self, key: str) -> str:
        """ack:12:1:40 → ack:N1 of 2026-0001:1:delivery."""
        first, *numbers = key.split(":")
        kinds = _BUTTONS.get(first, ())
        shown = [self._part(kinds[place] if place < len(kinds) else "", number) for place, number in enumerate(numbers)]
        return ":".join([first, *shown])

    def _part(self, kind: str, number: str) -> str:
        if kind in ("line", "inbound", "delivery"):
            return kind
        return self.of(kind, int(number)) if kind and number.isdigit() else number

    def _rank(self, table: str, key: Any) -> int:
        if table not in self._ranks:
            self._ranks[table] = {each: place for place, each in enumerate(self.shot[table], 1)}
        return self._ranks[table][key]

    def _person(self, row: Row) -> str:
        return str(row["wecom_id"] or row["name"])

    def _unit(self, row: Row) -> str:
        return str(row["name"])

    def _matter(self, row: Row) -> str:
        own = f"-{row['child']}" if row["child"] else ""
        return f"{row['year']}-{row['number']:04d}{own}" if row["number"] else f"拟-{row['proposal_no'] or row['id']}"

    def _obligation(self, row: Row) -> str:
        nth = f"#{row['ordinal']}" if row["ordinal"] else ""
        again = f"/{row['cycle']}" if row["cycle"] > 1 else ""
        return f"{row['name']}{nth}{again} of {self.of('matter', row['matter_id'])}"

    def _approval(self, row: Row) -> str:
        return f"{row['role']} of {self.of('matter', row['matter_id'])}"

    def _notice(self, row: Row) -> str:
        return f"{row['kind']} {row['episode']}.{row['seq']} on {self.of('obligation', row['obligation_id'])}"
