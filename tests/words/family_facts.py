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
MERGED: dict[str, Any] = {
    **NOTICE,
    "ruling": 4,
    "by": "欧阳建国",
    "reason": "与2号事项内容相同",
    "into": "2026-0002",
    "into_unit": "第一水利工程建设管理处",
    "verdict": "merged",
    "waiting": [],
}
TAKEN: dict[str, Any] = {**MERGED, "taken": "2026-0001", "taken_unit": "规划计划处"}

CARDS: dict[str, list[dict[str, Any]]] = {
    "cooperate": [{**NOTICE, "cooperating": ["规划处", "财务处"]}, {**NOTICE, "urgent": True}],
    "cooperation": [MATERIAL],
    "reopened": [REOPENED, {**REOPENED, "next_node": "", "next_due_at": None}],
    "merge": [MERGED],
    "merged": [MERGED, {**MERGED, "verdict": "refused"}],
    "taken_in": [TAKEN],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "cooperation": [MATERIAL],
    "reopened": [REOPENED, {**REOPENED, "next_node": "", "next_due_at": None}],
    "merged": [MERGED, {**MERGED, "waiting": ["分管厅领导钱某"]}],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {
    "not_closed": [NOTICE],
    "not_reopened": [{**NOTICE, "state": state} for state in ("withdrawn", "merged")],
    "split_matter": [{**NOTICE, "children": [f"2026-0001-{n}" for n in range(1, count)]} for count in (3, 20)],
    "same_matter": [NOTICE],
    "target_closed": [{**NOTICE, "state": state} for state in ("closed", "merged", "proposed")],
    "merge_chain": [TAKEN],
    "merge_asked": [MERGED],
    "merge_unclear": [{"word": "并案"}],
}
