"""Representative facts for what the auditor finds."""

from __future__ import annotations

from typing import Any

from tests.words.facts import NOTICE, NOW, PAST

FOUND: dict[str, Any] = {**NOTICE, "missed": "urge", "nth": 19, "at": PAST, "count": 1, "mended": False}
NOBODY: dict[str, Any] = {**NOTICE, "missed": "supervise", "nth": 0, "at": PAST, "names": ["张三", "李四", "阿卜杜拉"]}
LINES = [
    {"code": "2026-0001", "node": "N3", "missed": missed, "nth": 3, "at": at, "count": count, "mended": mended}
    for missed, at, count in (("urge", PAST, 12), ("supervise", PAST, 1), ("cursor", None, 0))
    for mended in (True, False)
]

CARDS: dict[str, list[dict[str, Any]]] = {
    "gap": [
        FOUND,
        {**FOUND, "missed": "supervise", "nth": 0},
        {**FOUND, "mended": True, "count": 19},
        {**FOUND, "missed": "cursor", "at": None, "mended": True},
        {**FOUND, "missed": "fault", "at": None},
    ],
    "unreached": [NOBODY, {**NOBODY, "missed": "initiate", "node": "MATTER", "names": []}],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "unreached_person": [{"name": "欧阳建国", "now": NOW}],
    "outage": [{"began_at": PAST, "ended_at": NOW, "now": NOW}],
    "standstill": [{"work": work, "since": PAST, "now": NOW} for work in ("due", "waiting")],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {}
