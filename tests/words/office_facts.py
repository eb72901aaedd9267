"""Representative facts for the templates of points, accountability and steering, beside those of `facts`."""

from __future__ import annotations

from typing import Any

from tests.words.facts import DUE, LONG, NOTICE, NOW, PAST, TITLE

POINTS = [{"node": "N1", "rule": rule} for rule in ("overdue", "urge_episode", "supervise")]
OBJECTION: dict[str, Any] = {
    **NOTICE,
    "ruling": 4,
    "by": "李四",
    "at": NOW,
    "reason": "当日停电，系统打不开",
    "points": POINTS,
    "total": -7,
}
DECIDED = {**OBJECTION, "decided_by": "孙主任", "note": "停电已核实", "verdict": "agreed"}


def entry(rule: str, tenths: int, **rest: object) -> dict[str, object]:
    return {"rule": rule, "tenths": tenths, "at": PAST, "reason": "", "objected": False, "open": True, **rest}


ROWS = [
    entry("overdue", -1),
    entry("supervise", -5, objected=True),
    entry("overdue", 1, reason="overtaken"),
    entry("returned", -1, reason="附件不全"),
]
OWED = [{"node": name, "due_at": DUE, "rows": ROWS} for name in ("N1", "W2026-04-09")]
GROUP = {"code": "2026-0001", "title": TITLE, "sensitive": False, "total": -6, "owed": OWED}
HEAD = {"year": 2026, "years": [{"unit": "水资源管理处", "total": -6}], "now": NOW}

CARDS: dict[str, list[dict[str, Any]]] = {
    "objection": [OBJECTION],
    "objection_decided": [DECIDED, {**DECIDED, "verdict": "dismissed"}],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "points": [
        {**HEAD, "code": "", "groups": []},
        {**HEAD, "code": "2026-0001", "groups": []},
        {**HEAD, "code": "2026-0001", "groups": [GROUP]},
        {**HEAD, "code": "", "groups": [{**GROUP, "title": LONG, "sensitive": n == 2} for n in range(12)]},
    ],
    "objected": [{**OBJECTION, "judges": ["孙主任"]}],
    "objection_decided": [DECIDED, {**DECIDED, "verdict": "dismissed"}],
    "scores": [
        {
            "year": 2026,
            "rows": [
                {"unit": f"第{n}水利工程建设管理处", "total": -n, "counts": {"overdue": n, "supervise": 1}}
                for n in range(1, count)
            ]
            + [{"unit": "规划处", "total": 0, "counts": {}}],
            "now": NOW,
        }
        for count in (2, 15, 40)
    ],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {
    "nothing_to_object": [{**NOTICE, "state": state} for state in ("none", "objected", "late")],
    "not_judge": [NOTICE],
    "objection_decided": [{**NOTICE, "by": "孙主任", "verdict": verdict} for verdict in ("agreed", "dismissed")],
    "no_objection": [NOTICE],
    "number_missing": [{"word": "督办"}],
    "reason_needed": [{"word": "驳回", "example": "/申诉 2026-0001 驳回 理由"}],
}
