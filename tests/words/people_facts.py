"""Representative facts for the templates of seats, stand-ins and takeovers (R50, A64)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.words.facts import LONG, NOTICE, NOW, PAST

FIRST, LAST = date(2026, 3, 28), date(2026, 4, 3)
SPAN = {"first": FIRST, "last": LAST, "now": NOW}
UNIT = "引黄入晋工程建设运行维护管理中心水资源调度处"
NAME = "阿卜杜拉·买买提·吐尔逊"
CHANGES = [
    {"role": "head", "old": "", "new": NAME},
    {"role": "operator_a", "old": NAME, "new": "李四"},
    {"role": "operator_b", "old": "张三", "new": "王五"},
]
AWAY = [{"name": NAME, "other": NAME, "first": FIRST, "last": LAST}] * 2
CHANGE: dict[str, Any] = {
    "unit": UNIT,
    "unit_id": 4,
    "changes": CHANGES,
    "open": 12,
    "silent": [],
    "away": [],
    "now": NOW,
}
POSTS = [{"unit": UNIT, "role": "operator_a"}, {"unit": "", "role": "office_director"}]
WHATS = ("appointed", "stands_in", "covers", "back", "left", "relieved", "rests")
MOVES = [{"unit": UNIT, "role": "operator_a", "what": what, "others": [NAME], "until": LAST} for what in WHATS]
ITEM = {"code": "2026-0001", "title": LONG, "sensitive": False, "node": "W2026-12-24", "due_at": PAST}
ITEM |= {"paused": "", "urges": 19, "supervised": False}
ITEMS = [
    {**ITEM, "supervised": True},
    {**ITEM, "urges": 0},
    {**ITEM, "paused": "extension"},
    {**ITEM, "sensitive": True},
]
ASK = {"code": "", "proposal_no": 12, "title": LONG, "sensitive": False, "kind": "approval", "since": PAST}
SEATED = {"name": NAME, "active": True, "stand_ins": []}
STOOD_IN = {**SEATED, "stand_ins": [{"name": "李四", "first": FIRST, "last": LAST}] * 2}
EMPTY: dict[str, list[Any]] = {role: [] for role in ("head", "operator_a", "operator_b", "handler", "leader_in_charge")}
FULL = {role: [STOOD_IN, {**SEATED, "active": False}] for role in EMPTY} | {"handler": [SEATED] * 30}
WIDE = {role: [SEATED] * 4 for role in ("main_leader", "office_director", "office")}

CARDS: dict[str, list[dict[str, Any]]] = {
    "reseat": [
        {**CHANGE, "token": "7:4:1:2:0", "away": AWAY},
        {**CHANGE, "changes": CHANGES[:1], "open": 0, "token": "7:4:1:2:0"},
    ],
    "taken_over": [{**NOTICE}, {**NOTICE, "due_at": PAST}],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "reseated": [CHANGE, {**CHANGE, "open": 0, "silent": ["李四", "李四"], "away": AWAY}],
    "stand_in": [
        {**SPAN, "absent": NAME, "other": "李四", "posts": POSTS},
        {**SPAN, "last": FIRST, "absent": NAME, "other": "李四", "posts": POSTS * 10},
    ],
    "stand_in_over": [{"absent": NAME, "others": ["李四"], "running": running} for running in (True, False)],
    "people": [
        {"unit": UNIT, "table": EMPTY, "now": NOW},
        {"unit": UNIT, "table": FULL, "now": NOW},
        {"unit": "水资源处", "table": {**FULL, "leader_in_charge": []}, "now": NOW},
    ],
    "people_all": [{"tables": [("", WIDE), *[(UNIT, FULL)] * 20, *[("规划处", EMPTY)] * 20], "now": NOW}],
    "handover": [
        {
            "name": NAME,
            "moves": MOVES,
            "items": ITEMS * 4,
            "asks": [ASK, {**ASK, "sensitive": True}] * 4,
            "since": FIRST,
            "now": NOW,
        },
        {"name": NAME, "moves": [{**MOVES[0], "others": []}], "items": [], "asks": [], "since": FIRST, "now": NOW},
        {"name": NAME, "moves": MOVES[4:], "items": [], "asks": [], "since": FIRST, "now": NOW},
    ],
    "account_off": [
        {"name": NAME, "posts": posts, "covering": covering, "now": NOW}
        for posts, covering in ((POSTS, ["李四"]), (POSTS * 9, []), ([], []))
    ],
    "account_on": [{"name": NAME, "posts": posts, "now": NOW} for posts in (POSTS, [])],
    "away": [{**SPAN, "last": last, "stand_in": "李四", "name": NAME} for last in (LAST, None)],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {
    "unknown_person": [{"name": "张珊", "near": near} for near in (["张三"], [])],
    "same_name": [{"name": "张三", "people": ["水资源处张三", "规划处张三"]}],
    "same_post": [{"name": "张三"}],
    "nothing_to_reseat": [{"unit": "水资源处"}],
    "person_away": [{**SPAN, "last": last, "name": "张三", "stand_in": "李四"} for last in (LAST, None)],
    "seats_form": [{}],
    "span_form": [{"said": said} for said in ("", "下个月初几天")],
    "same_person": [{"name": "张三"}],
    "span_reversed": [{**SPAN, "first": LAST, "last": FIRST}],
    "span_past": [SPAN],
    "span_overlaps": [{**SPAN, "absent": "张三", "other": "李四"}],
    "no_seat": [{"name": "张三"}],
    "own_stand_in": [{}],
    "no_stand_in": [{"name": "张三"}],
    "posts_missing": [
        {"unit": UNIT, "posts": ["operator_a", "operator_b"], "initiating": initiating} for initiating in (True, False)
    ],
    "seats_changed": [{"unit": UNIT}],
}
