"""What the oracle expects against what the platform received, before and after its own de-duplication."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from tests.faults.soak.play import Play
from tests.faults.soak.script import Case, Told
from tests.faults.soak.store import instant

_DELIVERIES = """
SELECT d.id, d.lane, d.state, d.kind AS sort, d.payload, d.task_id, d.bundle, p.name AS person, p.wecom_id, p.phone,
  m.title, n.kind, n.seq, n.at, o.name AS owed
FROM delivery d JOIN person p ON p.id = d.person_id LEFT JOIN notice n ON n.id = d.notice_id
LEFT JOIN matter m ON m.id = n.matter_id LEFT JOIN obligation o ON o.id = n.obligation_id
WHERE d.lane IN ('chat', 'sms') ORDER BY d.id"""
KINDS = ("initiate", "remind", "urge", "supervise", "accountability_proposal")


@dataclass
class Row:
    """One line of the report; `unknown` are texts of which nobody can say whether they arrived (data.md)."""

    fault: str
    database: str
    injected: int
    expected: int = 0
    received_before: int = 0
    received_after: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0

    def shown(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Seen:
    """Of one thing that a person was to hear: how often it came over the wire, how often it was on his screen."""

    before: int = 0
    after: int = 0
    states: tuple[str, ...] = ()


class Tally:
    """Everything that came, by what it told to whom."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.notices: dict[Told, Seen] = {}
        self.others: list[tuple[dict[str, Any], Seen]] = []
        self.strays: list[str] = []

    async def read(self) -> Tally:
        """Match the wire and the screens with the deliveries."""
        wire, screens = self._wire(), self._screens()
        claimed: set[tuple[str, str]] = set()
        for each in await self.play.store.rows(_DELIVERIES):
            sent, shown = _places(each)
            claimed.add(shown)
            counts = (wire[sent], screens[shown]) if each["payload"] else (0, 0)
            seen = Seen(*counts, (each["state"],))
            if each["kind"] in KINDS:
                self._add(_told(each), seen)
            else:
                self.others.append((each, seen))
        self.strays = [str(place) for place, n in screens.items() if place not in claimed for _ in range(n)]
        return self

    def _add(self, told: Told, seen: Seen) -> None:
        old = self.notices.get(told, Seen())
        both = Seen(old.before + seen.before, old.after + seen.after, (*old.states, *seen.states))
        self.notices[told] = both

    def _wire(self) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for row in self.play.platform.platform.wire.after(0):
            became = row["became"] or {}
            if not (became.get("delivered") or "duplicate_of" in became):
                continue  # refused, or never answered: nothing that anybody could see
            if row["path"] == "/cgi-bin/message/send":
                found["", row["body"]] += 1
            elif row["path"].startswith("/sms/"):
                body = json.loads(row["body"])
                found[body["phone"], body["text"]] += 1
        return found

    def _screens(self) -> Counter[tuple[str, str]]:
        entries = [each for each in self.play.platform.platform.inbox.of(_Everybody(), 0) if each.via != "reply"]
        return Counter((each.person, str(each.payload.get("task_id") or each.payload["content"])) for each in entries)

    def rows(self, cases: Sequence[Case], until: datetime, database: str) -> list[Row]:
        """A line for each kind of fault (the notices of the instants at which it struck), and one for all."""
        expected = [told for case in cases for told in case.expected(until)]
        struck: Counter[str] = Counter()
        for step in self.play.steps:
            struck += step.fired
        found = []
        for fault in sorted(struck):
            instants = {_minute(step.at) for step in self.play.steps if fault in step.fired}
            mine = [told for told in expected if _minute(told[4]) in instants]
            found.append(self._row(fault, database, struck[fault], mine, ()))
        extra = self.notices.keys() - set(map(_utc, expected))
        found.append(self._row("all together", database, struck.total(), expected, extra))
        return found

    def _row(self, fault: str, database: str, injected: int, mine: Iterable[Told], extra: Iterable[Told]) -> Row:
        row = Row(fault, database, injected)
        for told in map(_utc, mine):
            seen = self.notices.get(told, Seen())
            row.expected += 1
            row.received_before += seen.before
            row.received_after += seen.after
            row.doubled += max(seen.after - 1, 0)
            row.unknown += not seen.after and self._is_unknown(told)
            row.lost += not seen.after and not self._is_unknown(told)
        for told in extra:
            row.received_before += self.notices[told].before
            row.received_after += self.notices[told].after
            row.doubled += self.notices[told].after
        if fault == "all together":
            row.doubled += len(self.strays)
        return row

    def wrong(self, cases: Sequence[Case], until: datetime) -> list[str]:
        """The first of what is lost or doubled, to look at."""
        expected = {_utc(told) for case in cases for told in case.expected(until)}
        gone = [told for told in sorted(expected) if not self._after(told) and not self._is_unknown(told)]
        lost = [f"lost {told} {self.notices.get(told)}" for told in gone]
        extra = [f"extra {told} {seen}" for told, seen in self.notices.items() if told not in expected and seen.after]
        twice = [f"twice {told} {seen}" for told, seen in self.notices.items() if seen.after > 1]
        return [*lost, *extra, *twice, *(f"stray {each}" for each in self.strays)]

    def _after(self, told: Told) -> int:
        return self.notices.get(told, Seen()).after

    def _is_unknown(self, told: Told) -> bool:
        """A text of which the record says that nobody can say; a card must arrive whatever happens."""
        return told[6] == "sms" and "unknown" in self.notices.get(told, Seen()).states

    def rest(self, database: str) -> Row:
        """What the oracle does not know of: approvals, decisions, pushed replies; the record against the screens."""
        row = Row("all together: approvals, decisions, replies", database, 0)
        for each, seen in [one for one in self.others if one[0]["sort"] != "digest"]:
            row.expected += each["state"] not in ("cancelled", "overtaken")
            row.received_before += seen.before
            row.received_after += seen.after
            row.doubled += max(seen.after - 1, 0)
            row.lost += each["state"] in ("accepted", "pending", "sending") and not seen.after
            row.unknown += each["state"] in ("unknown", "failed") and not seen.after
        return row

    async def answers(self, database: str) -> Row:
        """Of everything people wrote and pressed and the bot acknowledged: stored once each."""
        heard = [each for each in self.play.said if each["status"] == 200]
        stored = await self.play.store.rows("SELECT kind FROM inbound WHERE kind IN ('text', 'card', 'image')")
        row = Row("all together: answers of officers", database, sum(each["tries"] > 1 for each in self.play.said))
        row.expected, row.received_before = len(heard), sum(each["tries"] for each in self.play.said)
        row.received_after = len(stored)
        again = len(self.play.said) - len(heard)  # the person wrote once more, so two messages are right
        row.lost, row.doubled = max(len(heard) - len(stored), 0), max(len(stored) - len(heard) - again, 0)
        return row


class _Everybody:
    def __contains__(self, address: object) -> bool:
        return True


def _told(each: dict[str, Any]) -> Told:
    seq = each["seq"] if each["kind"] == "urge" else 0
    at = instant(each["at"]).astimezone(UTC)
    return each["title"], each["kind"], each["owed"], seq, at, each["person"], each["lane"]


def _utc(told: Told) -> Told:
    return (*told[:4], told[4].astimezone(UTC), *told[5:])


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _places(each: dict[str, Any]) -> tuple[tuple[str, str], tuple[str, str]]:
    """Where its body stands on the wire, and where it stands on a screen."""
    if each["lane"] == "sms":
        place = each["phone"], json.loads(each["payload"])["text"] if each["payload"] else ""
        return place, place
    body = json.loads(each["payload"]) if each["payload"] else {}
    text = body.get(body.get("msgtype"), {}).get("content")
    return ("", each["payload"]), (each["wecom_id"] or "", text or each["task_id"])
