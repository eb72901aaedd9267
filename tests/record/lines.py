"""An act's traces as lines: the ledger's, the other rows', the words that go out."""

from __future__ import annotations

import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise import fields

from bot.actions import setting
from bot.channels import Card
from bot.engine import letter
from bot.rules import ruleset
from models import fields as own
from models.delivery import Delivery
from tests.record import tables, words
from tests.record.names import Names
from tests.record.tables import Written

_SILENT = {
    "matter": ("ledger_n", "ledger_hash", "anchored_n"),
    "delivery": ("response_code", "message_id", "task_id", "attempt", "payload", "bundle"),
    "document": ("sha256",),
}
"""Columns that the lines themselves are, or that are random."""
_WALL = ("lease_until", "first_attempt_at", "next_try_at", "received_wall", "wall")
_WORDS = ("word:", "digest:")
"""Named values that are the words of a delivery."""
_FEW = 4


@dataclass(frozen=True, slots=True)
class Trace:
    """What an act wrote, with the names that the rows have after it; `at` is the act's instant."""

    rows: list[Written]
    names: Names
    at: datetime

    async def lines(self) -> list[str]:
        """Ledger, rows, words; each by table and key."""
        ledger = [self._ledger(each) for each in self.rows if each.table == "ledger"]
        rest = [each for each in self.rows if each.table not in ("ledger", "notice", "delivery")]
        found = [*ledger, *(self._row(each) for each in rest)]
        mine = [each for each in self.rows if each.table == "delivery"]
        told = {each.row["notice_id"] for each in mine}
        lone = [each for each in self.rows if each.table == "notice" and each.key not in told]
        found += [self._row(each) for each in lone]
        found += _gathered((self._moved(each), self._person(each)) for each in mine if each.old)
        found += await self._told([each for each in mine if not each.old])
        return list(folded(filter(None, found)))

    def _ledger(self, each: Written) -> str:
        told = json.loads(each.row["body"])
        facts = json.dumps(self.names.value("", told["facts"]), ensure_ascii=False, sort_keys=True)
        by = self.names.of("person", told["actor"]) if told["actor"] else "itself"
        when = words.instant(own.utc(told["at"]))
        return f"ledger {self.names.of('matter', told['matter'])} {told['verb']} by {by} at {when} {words.line(facts)}"

    def _row(self, each: Written) -> str:
        mark = "~" if each.old and each.new else "+" if each.new else "-"
        if each.table == "meta":
            return _named(mark, str(each.key), each.row["value"])
        columns = ", ".join(self._columns(each))
        if mark == "~" and not columns:
            return ""
        return f"{mark} {each.table} {self.names.of(each.table, each.key)}: {columns}".rstrip(": ")

    def _columns(self, each: Written) -> Iterator[str]:
        silent = (*_SILENT.get(each.table, ()), *_WALL, tables.model(each.table)._meta.db_pk_column)
        for name, (old, new) in each.columns().items():
            if name not in silent:
                before = f"{self._value(each.table, name, old)} → " if each.old else ""
                yield f"{name} {before}{self._value(each.table, name, new)}"

    def _value(self, table: str, name: str, value: Any) -> str:
        """As the database holds it → as a person reads it."""
        field = tables.model(table)._meta.fields_map[name]
        if value is None or value == "":
            return "-"
        if isinstance(field, fields.DatetimeField):
            return words.instant(own.utc(value))
        if isinstance(field, fields.BooleanField):
            return "yes" if value else "no"
        if isinstance(field, fields.JSONField):
            if json.loads(value) == ruleset.to_mapping(setting.current().rules):
                return "(as in force)"
            return words.value(self.names.column(name, json.loads(value)))
        return words.value(self.names.column(name, value))

    def _person(self, each: Written) -> str:
        return self.names.of("person", each.row["person_id"])

    def _about(self, row: tables.Row) -> str:
        if not row["notice_id"]:
            return str(row["kind"])
        return self.names.of("notice", row["notice_id"])

    def _moved(self, each: Written) -> str:
        """A delivery that is there already and changed."""
        columns = ", ".join(self._columns(each))
        return f"~ {each.row['lane']} {self._about(each.row)}: {columns}" if columns else ""

    async def _told(self, new: list[Written]) -> list[str]:
        rows = {each.id: each for each in await Delivery.filter(id__in=[each.key for each in new])}
        return _gathered([(await self._words(rows[each.key], each), self._person(each)) for each in new])

    async def _words(self, row: Delivery, each: Written) -> str:
        now = max(self.at, row.due_at)
        (found,) = await letter.load([row])
        if row.lane == "update":
            shown = words.card(await letter.answered_card(found, now), self.names)
        else:
            content = await letter.content([found], now, "督办")
            shown = words.card(content, self.names) if isinstance(content, Card) else words.line(content)
        grave = f" !{row.severity}" if row.severity else ""
        state = "" if row.state == "pending" else f" ({row.state})"
        void = "" if found.is_current() else " (void)"
        return f"{row.lane} {self._about(each.row)}{grave}{state}{void} {self._due(each)}→ %s | {shown}"

    def _due(self, each: Written) -> str:
        """When it leaves, where that is not at once."""
        due, notice = own.utc(each.row["due_at"]), self.names.shot["notice"].get(each.row["notice_id"])
        planned = own.utc(notice["at"]) if notice else due
        parts = [f"due {words.instant(due)} "] if due != self.at else []
        return "".join([*parts, *([f"of {words.instant(planned)} "] if planned != due else [])])


def _named(mark: str, key: str, value: str) -> str:
    """A named value; of a ticket only that it is there."""
    if key.startswith("ticket:"):
        return f"{mark} meta ticket"
    return "" if key.startswith(_WORDS) else f"{mark} meta {key} = {value}"


def folded(found: Iterable[str]) -> Iterator[str]:
    """Of many lines in a row that differ in their numbers alone the first, the last, and how many."""
    for _, mine in itertools.groupby(found, key=lambda line: re.sub(r"\d+", "#", line)):
        alike = list(mine)
        yield from alike if len(alike) <= _FEW else [alike[0], f"… {len(alike) - 2} more like these …", alike[-1]]


def _gathered(found: Iterable[tuple[str, str]]) -> list[str]:
    """One line for those to whom the same happens."""
    people: dict[str, list[str]] = defaultdict(list)
    for text, person in found:
        if text:
            people[text].append(person)
    return [
        text.replace("%s", ", ".join(mine)) if "%s" in text else f"{text} ({', '.join(mine)})"
        for text, mine in people.items()
    ]
