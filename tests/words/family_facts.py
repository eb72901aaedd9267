"""Representative facts for the templates of cooperation, children, merging and reopening (A46, A55, A62)."""

from __future__ import annotations

from typing import Any

from tests.words.facts import NOTICE, NOW

MATERIAL: dict[str, Any] = {**NOTICE, "helper": "规划处", "by": "欧阳建国", "at": NOW, "text": "已提供规划数据一份。"}

CARDS: dict[str, list[dict[str, Any]]] = {
    "cooperate": [{**NOTICE, "cooperating": ["规划处", "财务处"]}, {**NOTICE, "urgent": True}],
    "cooperation": [MATERIAL],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "cooperation": [MATERIAL],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {}
