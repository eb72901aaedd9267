"""Representative facts for the templates of points, accountability and steering, beside those of `facts`."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from bot.actions.assessment import Account, Table
from bot.rules import ruleset
from bot.rules.forecast import Ahead
from bot.rules.scoring import Period
from tests.words import audit_facts
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
    "nth": 2,
}
DECIDED = {**OBJECTION, "decided_by": "孙主任", "note": "停电已核实", "verdict": "agreed"}


def entry(rule: str, tenths: int, **rest: object) -> dict[str, object]:
    shown = {"rule": rule, "tenths": tenths, "at": PAST, "reason": "", "objected": False, "open": True, "back": False}
    return {**shown, **rest}


ROWS = [
    entry("overdue", -1),
    entry("supervise", -5, objected=True),
    *(entry("overdue", 1, reason=why, back=True) for why in ("overtaken", "outage")),
    entry("returned", -1, reason="附件不全"),
]
OWED = [{"node": name, "due_at": DUE, "rows": ROWS} for name in ("N1", "W2026-04-09")]
GROUP = {"code": "2026-0001", "title": TITLE, "sensitive": False, "total": -6, "owed": OWED}
YEAR, QUARTER = Period(2026), Period(2026, 3)
ACCOUNT = Account("水资源管理处", -6, 1, Counter(overdue=1, supervise=1))
HEAD = {"table": Table(YEAR, 0, None, [ACCOUNT]), "now": NOW}
BASED = {"table": Table(QUARTER, 100, PAST, [ACCOUNT, Account("规划处")]), "now": NOW}


def table(count: int, period: Period = YEAR, base: int = 0) -> Table:
    """The table of so many units, the last without any entry."""
    rows = [Account(f"第{n}水利工程建设管理处", -n, n % 2, Counter(overdue=n, supervise=1)) for n in range(1, count)]
    return Table(period, base, PAST if base else None, [*rows, Account("规划处")])


STEP = {**NOTICE, "by": "孙主任", "reason": "", "verdict": "reported", "leaders": ["厅长"]}
STEPS = [{**STEP, "verdict": verdict, "reason": "已约谈负责人"} for verdict in ("dropped", "started", "declined")]
SUPERVISION = {
    "node": "N1",
    "due_at": PAST,
    "at": NOW,
    "reached": {lane: [("欧阳建国", NOW), ("李四", NOW), ("王五", NOW)] for lane in ("chat", "sms")},
    "missed": ["赵六"],
}
COUNT = {"node": "W2026-04-09", "kind": "urge", "count": 19, "missed": 2, "first": PAST, "last": NOW}
ANSWER = {"node": "N1", "at": NOW, "by": "欧阳建国", "kind": "feedback", "late": True}
DOSSIER = {
    **NOTICE,
    "stage": "",
    "supervised": 0,
    "supervisions": [],
    "unbroken": False,
    "counted": [],
    "answers": [],
    "total": 0,
    "rules": {},
    "rulings": [],
    "lines": 0,
    "pages": 1,
}
FULL = {
    "stage": "reported",
    "supervised": 2,
    "supervisions": [SUPERVISION] * 5,
    "unbroken": True,
    "counted": [COUNT, {**COUNT, "kind": "remind", "count": 1, "missed": 0}] * 5,
    "answers": [ANSWER, {**ANSWER, "node": "", "kind": "supplement", "late": False}] * 4,
    "total": -28,
    "rules": dict.fromkeys(("overdue", "urge_episode", "supervise", "returned", "fail"), 4),
    "rulings": [{"verdict": "reported", "by": "孙主任", "at": NOW, "note": LONG}] * 4,
    "lines": 400,
    "pages": 27,
}
LINE = {"kind": "urge", "seq": 19, "node": "W2026-12-24", "person": "欧阳建国", "lane": "chat"}
LINE |= {"planned_at": NOW, "sent_at": NOW, "accepted_at": NOW, "state": "accepted"}
UNSENT = {**LINE, "person": "", "lane": "", "sent_at": None, "accepted_at": None, "state": ""}
NEXT = {"next_node": "N3", "next_due_at": DUE}
NONE = {"next_node": "", "next_due_at": None}
SAID = {**NOTICE, "by": "欧阳建国", "reason": "处室已当面报告部署情况", "node": "N1"}
GONE = {**SAID, "ruling": 3, "mistaken": False, "verdict": "withdrawn", "waiting": [], "back": 0}
MOVED = {**SAID, "old_unit": "规划处", "keeps": False}
DOWN = {"down_at": PAST, "up_at": NOW, "grace_until": DUE}
HAND = {"by": "孙主任", "words": "请即报送"}
ITEM = {"code": "2026-0001", "title": LONG, "sensitive": False, "state": "follow_up", "unit": "第一水利工程建设管理处"}
ITEM |= {"node": "W2026-12-24", "due_at": PAST, "into": "", "taken": []}
AHEAD = Ahead("W2026-12-24", DUE, (NOW, NOW), (NOW,) * 19, DUE, "")
RESTING = Ahead("N3", DUE, (), (), None, "completion")
RULES = [
    {"key": key, "value": value, "source": source, "changed": key == "one"}
    for key, value, _, source, _ in ruleset.explain(ruleset.Ruleset())
]
LOST = {"code": "2026-0001", "kind": "supervise", "node": "W2026-12-24", "at": NOW, "person": "欧阳建国"}
LOST |= {"reached": 0, "why": "81013 user is not visible to the app", "told": ["李四"]}
ACCOUNT = {"person": "欧阳建国", "count": 12, "why": "81013 user is not visible to the app", "told": ["李四", "王五"]}
STALLED = {**NOTICE, "prompt": 3, "nth": 1, "due_at": PAST, "silent": 1, "follows": True}
UNSOLVED = {**NOTICE, "prompt": 3, "nth": 1, "by": "王五", "at": NOW, "backstop_at": DUE}
UNSOLVED |= {"text": "未解决。原因：需跨市协调 下步措施：专题会商 预计时间：4月底"}
LOOK_BACK = {**NOTICE, "prompt": 3, "nth": 1, "closed_at": PAST, "days": 30}
TALK = {**NOTICE, "by": "孙主任", "words": "明天15:00到厅办公室说明情况", "at": NOW}
DAYS = [("20260320", date(2026, 3, 20)), ("20270105", date(2027, 1, 5))]
MORNING = {"name": "欧阳建国", "now": NOW}
EMPTY: dict[str, list[dict[str, Any]]] = {
    section: [] for section in ("red", "approvals", "completions", "extensions", "rulings", "look_back", "anchor")
}
ANCHOR = {"anchor": [{"n": 525600, "hash": "0a" * 32, "name": "2026-03-06.json"}]}
HEADS = {**ITEM, "proposal_no": 12, "at": PAST, "kind": "withdrawal"}

CARDS: dict[str, list[dict[str, Any]]] = {
    "objection": [OBJECTION],
    "objection_decided": [DECIDED, {**DECIDED, "verdict": "dismissed"}],
    "confirm": [
        {**NOTICE, "act": "问效", "token": "7:8:9", "effects": ["started"], "into": ""},
        {**NOTICE, "act": "转跟进", "token": "7:8:9", "effects": ["followed_up"], "press": "follow_sure"},
    ],
    "accountability_report": [{**STEP, "at": NOW, "supervised": 2}],
    "accountability_decided": STEPS,
    "limit": [{**SAID, "words": words, "due_at": DUE} for words in ("请报整改清单", "")],
    "limit_ask": [{**NOTICE, "days": DAYS}],
    "passed_on": [{**SAID, "to": "张三", "words": words, "at": NOW} for words in ("请核实", "")],
    "pass_ask": [{**NOTICE, "token": "7:8"}],
    "seen": [{**SAID, "seen": kind, "at": NOW} for kind in ("supervise", "accountability_report", "reported_up")],
    "offer": [
        {
            "token": 7,
            "words": "请抓紧落实",
            "options": [(n, f"2026-{n:04d}", TITLE, n == 2) for n in range(1, count)],
            "now": NOW,
        }
        for count in (2, 5)
    ],
    "instruction": [{**SAID, "words": "请于本周内拿出方案", "at": NOW}],
    "stalled": [STALLED, {**STALLED, "nth": 12, "silent": 3, "follows": False}],
    "unsolved": [UNSOLVED, {**UNSOLVED, "text": "", "at": None, "by": "", "backstop_at": None}],
    "look_back": [LOOK_BACK],
    "talk": [TALK],
    "resend": [{**NOTICE, **DOWN, "due_at": PAST}],
    "hint": [{**NOTICE, **HAND}, {**NOTICE, **HAND, "words": ""}],
    "steered": [
        {**SAID, **NEXT, "next_node": "NM", "verdict": "converted", "reason": ""},
        {**SAID, **NONE, "verdict": "converted", "reason": ""},
        {**SAID, **NEXT, "verdict": "followed_up"},
        {**SAID, **NEXT, "verdict": "made_monthly"},
        {**SAID, **NONE, "verdict": "filed_for"},
    ],
    "withdrawal": [GONE, {**GONE, "mistaken": True}],
    "withdrawn": [GONE, {**GONE, "mistaken": True}, {**GONE, "verdict": "refused"}],
    "reassigned": [{**MOVED, **NEXT}, {**MOVED, **NEXT, "keeps": True}, {**MOVED, **NONE, "keeps": True}],
}
REPLIES: dict[str, list[dict[str, Any]]] = {
    "confirmed": [{"what": "撤销 2026-0001"}],
    "points": [
        {**HEAD, "code": "", "groups": []},
        {**BASED, "code": "", "groups": [GROUP]},
        {**HEAD, "code": "2026-0001", "groups": []},
        {**HEAD, "code": "2026-0001", "groups": [GROUP]},
        {**HEAD, "code": "2026-0001", "groups": [{**GROUP, "owed": OWED * 8}]},
        {**HEAD, "code": "", "groups": [{**GROUP, "title": LONG, "sensitive": n == 2} for n in range(12)]},
    ],
    "objected": [{**OBJECTION, "judges": ["孙主任"]}],
    "objection_decided": [DECIDED, {**DECIDED, "verdict": "dismissed"}],
    "urged": [{**NOTICE, "late": False}, {**NOTICE, "due_at": PAST, "late": True}],
    "supervised": [{**NOTICE, "due_at": PAST, "supervised": 1}],
    "steered": [
        *({**SAID, **NEXT, "verdict": verdict} for verdict in ("converted", "made_monthly", "followed_up")),
        {**SAID, **NONE, "verdict": "converted"},
    ],
    "withdrawn": [GONE, {**GONE, "mistaken": True, "back": 8}, {**GONE, "waiting": ["分管厅领导钱某"]}],
    "reassigned": [{**MOVED, **NEXT}, {**MOVED, **NONE, "keeps": True}],
    "filed_for": [
        {**SAID, **NEXT, "answered_at": PAST, "late": False, "back": 7},
        {**SAID, **NONE, "answered_at": PAST, "late": True, "back": 0},
    ],
    "matters": [
        {"items": [], "word": "", "now": NOW},
        {"items": [], "word": "水库", "now": NOW},
        {
            "items": [{**ITEM, "taken": ["2026-0003"]}, {**ITEM, "node": "", "sensitive": True, "into": "2026-0002"}]
            * 10,
            "word": "水",
            "now": NOW,
        },
    ],
    "forecast": [
        {**NOTICE, "state": "closed", "ahead": []},
        {**NOTICE, "state": "running", "ahead": [AHEAD, RESTING, Ahead("N1", PAST, (), (), None, "")] * 4},
    ],
    "ruleset": [{"rows": RULES, "more": more, "now": NOW} for more in (False, True)],
    "unreached": [
        {"rows": [], "accounts": [], "faults": [], "gaps": [], "now": NOW},
        {
            "rows": [LOST, {**LOST, "person": "", "why": "", "told": []}] * 9,
            "accounts": [ACCOUNT, {**ACCOUNT, "why": "", "told": []}] * 5,
            "faults": [
                {"code": "2026-0001", "node": "N3", "kind": ""},
                {"code": "拟-12", "node": "", "kind": "approval"},
            ],
            "gaps": audit_facts.LINES,
            "now": NOW,
        },
    ],
    "digest": [
        {**MORNING, **EMPTY, "red": [HEADS]},
        {**MORNING, **{section: [HEADS, {**HEADS, "code": "", "sensitive": True}] * 6 for section in EMPTY}, **ANCHOR},
        {**MORNING, **EMPTY, **ANCHOR},
    ],
    "sms_cap": [{"person": person, "used": 80, "cap": 100, "now": NOW} for person in ("", "欧阳建国")],
    "sign_in": [{"url": "https://duban.example.gov.cn/login/link?ticket=" + "x" * 32 + "&next=/"}],
    "signed_in": [{"at": NOW, "now": NOW}],
    "ledger_broken": [
        {"chain": chain, "n": 5, "how": how, "proof": "anchor 7, 2026-03-02 09:00:00", "now": NOW}
        for chain in ("2026-0001", "proposal 12", "anchors", "matter 7")
        for how in ("altered", "removed", "inserted", "gone")
    ],
    "instructed": [SAID],
    "instruct_how": [NOTICE],
    "limited": [{**SAID, "due_at": DUE}],
    "passed_on": [{**SAID, "to": "张三"}],
    "seen": [SAID],
    "talked": [TALK],
    "decided": [
        {**NOTICE, "verb": verb, "backstop_at": at}
        for verb, at in (("keep_general", DUE), ("keep_general", None), ("confirm_stable", None))
    ],
    "decide_how": [
        {**NOTICE, "what": what, "approvers": ["办公室主任孙某", "分管厅领导钱某"], "reported": both, "keeps": both}
        for what in ("hand", "talk", "drop", "again")
        for both in (False, True)
    ],
    "accountability": [STEP, *STEPS],
    "dossier": [DOSSIER, {**DOSSIER, "stage": "open"}, {**DOSSIER, **FULL}],
    "dossier_page": [
        {**NOTICE, "page": page, "pages": 2, "lines": [LINE] * 13 + [UNSENT, {**UNSENT, "state": "failed"}]}
        for page in (1, 2)
    ],
    "scores": [
        {"table": table(count, period, base), "now": NOW}
        for count, period, base in ((2, YEAR, 0), (15, QUARTER, 100), (40, YEAR, 0))
    ],
    "freeze": [
        {"table": table(40), "waiting": waiting, "over": not waiting, "ends_at": DUE, "now": NOW} for waiting in (0, 2)
    ],
    "frozen": [{"table": table(3), "now": NOW}],
}
REFUSALS: dict[str, list[dict[str, Any]]] = {
    "nothing_to_object": [{**NOTICE, "state": state} for state in ("none", "objected", "late")],
    "not_judge": [NOTICE],
    "too_many_messages": [{"most": 120}],
    "message_too_long": [{"most": 4000}],
    "unknown_period": [{"word": "/考核", "said": "明年"}],
    "period_frozen": [{"period": QUARTER, "at": PAST}],
    "period_ahead": [{"period": YEAR}],
    "objection_decided": [
        {**NOTICE, "by": by, "verdict": verdict}
        for verdict, by in (("agreed", "孙主任"), ("dismissed", "孙主任"), ("settled", ""))
    ],
    "no_objection": [NOTICE],
    "which_objection": [{**NOTICE, "rows": [OBJECTION, {**OBJECTION, "points": POINTS[:1]}] * 4}],
    "number_missing": [{"word": "督办"}],
    "nothing_owed": [NOTICE],
    **{key: [NOTICE] for key in ("limit_past", "already_limited", "grade_limit")},
    "not_in_charge": [NOTICE],
    "limit_day": [{**NOTICE, "said": said} for said in ("", "尽快")],
    "seen_which": [{"count": 2}],
    "just_urged": [{**NOTICE, "at": PAST, "again_at": DUE}],
    **{key: [NOTICE] for key in ("not_overdue", "already_supervised", "already_major", "not_general", "under_review")},
    **{key: [NOTICE] for key in ("already_monthly", "weekly_until_done")},
    **{key: [NOTICE] for key in ("already_follow_up", "not_for_monthly", "nothing_to_file", "before_episode")},
    "not_withdrawer": [{**NOTICE, "kind": "withdrawal", "approvers": ["办公室主任孙某"]}],
    "already_agreed": [{**NOTICE, "kind": "merge", "waiting": ["钱某"]}],
    "same_unit": [NOTICE],
    "filing_over": [{**NOTICE, "closed_at": PAST}],
    "not_yet": [{**NOTICE, "said": DUE, "since": PAST}],
    "instant_missing": [{**NOTICE, "said": "代报"}],
    "words_missing": [{"word": "批示", "example": "/批示 2026-0001 请抓紧落实"}],
    "director_only": [{"word": "代班"}, {"word": "问效", "role": "leader_in_charge"}],
    "not_main_leader": [NOTICE],
    "no_proposal": [NOTICE],
    "already_reported": [{**NOTICE, "at": PAST}],
    "not_reported": [NOTICE],
    "unknown_step": [{**NOTICE, "said": "研究一下"}],
    "changed_since": [NOTICE],
    "reason_needed": [{"word": "驳回", "example": "/申诉 2026-0001 驳回 理由"}],
}
