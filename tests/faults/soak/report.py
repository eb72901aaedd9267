"""docs/reliability.json and docs/reliability.md, written from what a soak found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.faults.soak.tally import Row
from tests.faults.soak.trial import LIMIT, Result
from tests.faults.soak.yard import TREE

FOLDER = TREE / "docs"
WORDS = {
    "planning": "killed in a tick, before its commit",
    "planned": "killed in a tick, after its commit",
    "claimed": "killed after a claim",
    "claimed:freeze": "frozen after a claim, until another replica had done its work",
    "written": "killed with the message stored and not yet sent",
    "sent": "killed after the platform accepted, before that was recorded",
    "answered": "killed after an answer's commit, before the reply",
    "migrating": "killed in a migration, before its commit",
    "killed": "killed at any place",
    "connections cut": "PostgreSQL ends every session, under load",
    "server restarted": "PostgreSQL restarted (fast), under load",
    "server crashed": "PostgreSQL restarted (immediate: crash and recovery), under load",
    "database locked": "another program holds SQLite's write lock",
}
HEAD = """# Reliability, measured

`make soak` writes this page and `reliability.json`. It plays {days} days of {matters} matters by script (answers,
returns, extensions, completions; some are never answered) in stepped time, on SQLite with one process and on
PostgreSQL with two replicas behind one door. They are killed at fail-points, which they count themselves; a dead one
starts again at once, at the same virtual instant. Early on a newer version takes over, and dies in its migration
first. At the end {burst} messages for one member fall due at once.

*Expected* is computed by the oracle in `tests/oracle` alone: each notice for each person on each lane (card or SMS).
*Received* is counted at the loopback platform's wire before its own de-duplication and on the screens after it; a
fault's line counts the notices of the instants at which it struck. *Lost* never came. *Doubled* came twice, or to
somebody it was not for. *Unknown* are texts that were about to leave when the process died: an SMS gateway would not
recognise them, so they are not sent again but stand in the record as unknown; the card told the same person
([decision 3](adr/0003-delivery-states.md)).

"""
WEATHERS = """
## Platform, clocks and disks

One matter that nobody answers is lived for three days through each fault, in one process whose wall clock runs with
business time. *Expected* is the oracle's again: the notices by `tests/oracle/scan.py`, the lanes by
`tests/oracle/lanes.py` (an SMS when, and only when, the card did not get through for ten minutes or never will). While
nothing could be planned, one catch-up stands for what was missed (A43). *Injected* counts the requests, ticks or steps
that the fault met; *received before* counts what the platform took, before its own de-duplication. *Unknown* cards were
tried for four hours and then told by SMS; unknown SMS may have left and were not sent again. What loses and doubles
nothing because nothing is sent is shown elsewhere: clocks that differ between replicas by
`tests/faults/test_clocks.py`, answers and files that meet a full disk by `tests/faults/test_disks.py` and
`tests/stories/test_no_room.py`.

"""
CONVICTED = """
## Does the soak see anything?

One matter that nobody answers is played by programs with one promise broken. Each must be convicted.

| mutant | database | expected | received after | lost | doubled |
|---|---|---|---|---|---|
"""
TAIL = """
The most messages that one member was sent within any minute of business time, by all replicas together: {most} (the
platform drops what exceeds {limit}).

Command: `make soak` ({seconds} s on this run). The bounded version is `tests/faults/test_soak.py`, in `make test`.
"""


def write(
    results: Mapping[str, Result],
    weathers: Mapping[str, Sequence[Row]],
    convicted: Mapping[tuple[str, str], Result],
    about: Mapping[str, object],
) -> None:
    """Both files."""
    rows = [row for result in results.values() for row in result.rows]
    wet = [row for kind in weathers.values() for row in kind]
    shown = [{**row.shown(), "fault": WORDS.get(row.fault, row.fault)} for row in (*rows, *wet)]
    (FOLDER / "reliability.json").write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")
    text = HEAD.format(**about) + table(rows) + WEATHERS + table(wet) + CONVICTED
    for (name, kind), result in convicted.items():
        row = next(each for each in result.rows if each.fault == "all together")
        text += f"| {name} | {kind} | {row.expected} | {row.received_after} | {row.lost} | {row.doubled} |\n"
    most = max(result.most_a_minute for result in results.values())
    text += TAIL.format(most=most, limit=LIMIT, **about)
    (FOLDER / "reliability.md").write_text(text, encoding="utf-8")


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        "| fault | database | injected | expected | received before | received after | lost | doubled | unknown |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [WORDS.get(row.fault, row.fault), *list(row.shown().values())[1:]]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def path() -> Path:
    """Where a person reads it."""
    return FOLDER / "reliability.md"
