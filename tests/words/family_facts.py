"""Representative facts for the templates of cooperation, children, merging and reopening (A46, A55, A62)."""

from __future__ import annotations

from typing import Any

from tests.words.facts import DUE, NOTICE, NOW

MATERIAL: dict[str, Any] = {**NOTICE, "helper": "规划处", "by": "欧阳建国", "at": NOW, "text": "已提供规划数据一份。"}

REOPENED: dict[str, Any] = {
    **NOTICE,
    "cycle": 2,
    "by": "欧阳建国",
    "reason": "整改成效反弹，群众再次来信",
    "next_node": "N1",
    "next_due_at": DUE,
}

CARDS: dict[str, list[dict[str, Any]]] = {
    "cooperate": [{**NOTICE, "cooperating": ["规划处", "财务处"]}, {**NOTICE, "urgent": True}],
    "cooperation": [MATERIAL],
    "reopened": [REOPENED],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "cooperation": [MATERIAL],
    "reopened": [REOPENED],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {
    "not_closed": [NOTICE],
    "not_reopened": [{**NOTICE, "state": state} for state in ("withdrawn", "merged")],
}
