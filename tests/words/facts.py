"""Representative facts for every template; the tests render all of them."""

from datetime import UTC, date, datetime, timedelta

NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=5)
PAST = NOW - timedelta(hours=6)
TITLE = "关于开展河湖清四乱专项整治的报告"
LONG = "关于加快推进全省水权水务改革、小型水利工程产权制度改革和农业水价综合改革有关工作任务落实情况的报告" * 3
NODES = ("N1", "N3", "N7", "NM", "REWORK", "CUSTOM", "LIMIT", "W2026-04-09", "M2026-12")
NEXT = {"next_node": "N3", "next_due_at": DUE, "now": NOW}

NOTICE = {
    "code": "2026-0001",
    "title": TITLE,
    "unit": "水资源管理处",
    "source": "provincial_13710",
    "category": "general",
    "node": "N1",
    "due_at": DUE,
    "sensitive": False,
    "now": NOW,
    "seq": 1,
    "obligation_id": 7,
    "episode": 1,
    "delivery": 9,
    "matter": 5,
    "people": [(1, "张三"), (2, "李四")],
    "n7_needs": "feedback",
    "nm_met_by": "completion",
}
PROPOSAL = {
    "proposal_no": 12,
    "title": TITLE,
    "source": "meeting",
    "category": "monthly",
    "unit": "水资源管理处",
    "leads": [],
    "later_at": None,
    "sensitive": False,
    "now": NOW,
}
LEADS = ["水资源管理处", "引黄入晋工程建设运行维护管理中心水资源调度处"]
CARDS = {
    "initiate": [
        {**NOTICE},
        {**NOTICE, "urgent": True, "cooperating": ["规划处", "财务处"]},
        {**NOTICE, "reopened": "整改成效反弹，群众再次来信"},
        *({**NOTICE, "node": "", "due_at": None, "waits": waits} for waits in ("delivery", "acceptance")),
    ],
    "acknowledge": [{**NOTICE}],
    "remind": [{**NOTICE}, {**NOTICE, "cutoff_at": DUE}],
    "urge": [{**NOTICE, "due_at": PAST, "seq": 19}],
    "supervise": [{**NOTICE, "due_at": NOW - timedelta(days=2)}],
    "accountability_proposal": [
        {**NOTICE, "due_at": NOW - timedelta(days=5), "supervised": 2},
        {**NOTICE, "node": "", "due_at": None, "supervised": 2},
    ],
    "assigned": [{**NOTICE, "by": "王五"}, {**NOTICE, "by": "王五", "node": "", "due_at": None}],
    "feedback": [
        {**NOTICE, "by": "王五", "at": NOW, "text": "已完成现场核查，形成问题清单。", "late": False},
        {**NOTICE, "by": "王五", "at": NOW, "text": "附会议纪要。", "late": True, "node": "", "due_at": None},
    ],
    "approval": [
        {**PROPOSAL, "approval": 3, "proposer": "赵六", "due_on": None, "document_no": "", "instruction": ""},
        {
            **PROPOSAL,
            "approval": 3,
            "proposer": "赵六",
            "due_on": date(2026, 5, 30),
            "document_no": "晋政办〔2026〕3号",
            "instruction": "请抓紧",
            "later_at": "2026-03-09T08:30:00+08:00",
            "nth": 2,
            "since": PAST,
        },
    ],
    "dispatch": [{**PROPOSAL, "code": "", "prompt": 7, "later_at": DUE}],
    "dispatched": [
        {**PROPOSAL, "code": "2026-0001", "due_at": due, "by": by} for due, by in ((DUE, ""), (None, "王主任"))
    ],
    "approved": [
        {**PROPOSAL, "by": "孙主任", "waiting": ["钱副厅长"], "code": "", "due_at": None},
        *({**PROPOSAL, "by": "孙主任", "waiting": [], "code": "2026-0001", "due_at": due} for due in (DUE, None)),
        {**PROPOSAL, "by": "孙主任（代）", "waiting": [], "code": "", "due_at": None, "later_at": DUE},
    ],
    "refused": [{**PROPOSAL, "by": "孙主任", "reason": reason} for reason in ("", "职责不符")],
    "bundle": [
        {
            "items": [
                {**NOTICE, "kind": kind, "sensitive": False} for kind in ("remind", "urge", "supervise", "initiate")
            ]
            * n,
            "now": NOW,
        }
        for n in (1, 2)
    ],
    "choose": [
        {
            "token": "abc",
            "words": "进展 已完成招标",
            "options": [(n, f"2026-{n:04d}", TITLE, n == 2) for n in range(1, count)],
        }
        for count in (3, 14)
    ],
}
MATTERS = [(f"2026-{n:04d}", TITLE, n == 2) for n in range(1, 11)]
RULINGS = [
    {**NOTICE, "title": LONG, "sensitive": False, "kind": kind, "into": "2026-0002-1" if kind == "merge" else ""}
    for kind in ("objection", "withdrawal", "merge", "accountability_proposal", "accountability_report")
]
REPLIES = {
    "taken_up": [{"codes": ["2026-0001", "2026-0002"], "due_at": DUE, "now": NOW}],
    "acknowledged": [
        {**NOTICE, **NEXT, "handlers": ["张三", "李四"], "late": False},
        {**NOTICE, "handlers": ["张三"], "late": True, "next_node": ""},
    ],
    "feedback": [
        {**NOTICE, **NEXT, "met": ["N3"], "late": False, "also_late": False, "open_month": None},
        {**NOTICE, "met": ["N7", "N1", "N3"], "late": True, "also_late": True, "open_month": DUE, "next_node": ""},
    ],
    "supplement": [
        *({**NOTICE, **NEXT, "next_node": name, "names_next": True} for name in ("N3", "REWORK")),
        {**NOTICE, **NEXT, "next_node": "N7", "names_next": True, "n7_needs": "completion"},
        {**NOTICE, "node": "", "next_node": ""},
        *({**NOTICE, **NEXT, "handlers": ["张三", "李四"], "handler": name} for name in ("", "张三", "李四")),
    ],
    "assigned": [{**NOTICE, **NEXT, "handler": "张三", "next_node": name} for name in ("N1", "N3", "")],
    "todo": [
        {"name": "王芳", "items": [], "approvals": [], "rulings": RULINGS, "now": NOW},
        {
            "name": "王芳",
            "items": [],
            "rulings": RULINGS,
            "approvals": [{**PROPOSAL, "title": LONG}] * 8,
            "reviews": [
                {**NOTICE, "title": LONG, "sensitive": n == 2, "what": what, "since": PAST}
                for n in range(4)
                for what in ("completion", "extension")
            ],
            "now": NOW,
        },
        {"name": "张三", "items": [], "approvals": [], "now": NOW},
        {
            "name": "张三",
            "items": [{**NOTICE, "node": name, "sensitive": name == "N3"} for name in NODES] * 2,
            "approvals": [{**PROPOSAL, "title": LONG, "sensitive": False}] * 8,
            "now": NOW,
        },
        {
            "name": "欧阳建国",
            "items": [{**NOTICE, "node": name, "sensitive": False, "title": LONG} for name in NODES],
            "approvals": [{**PROPOSAL, "title": LONG, "sensitive": False}] * 8,
            "now": NOW,
        },
        {
            "name": "欧阳建国",
            "items": [{**NOTICE, "node": name, "sensitive": False, "title": LONG} for name in NODES] * 3,
            "approvals": [{**PROPOSAL, "title": LONG, "sensitive": False}] * 8,
            "rulings": RULINGS,
            "now": NOW + timedelta(days=-400),
        },
        {"name": "张三", "items": [], "approvals": [], "helped": [{**NOTICE, "title": LONG}] * 6, "now": NOW},
    ],
    "help": [
        {"roles": roles} for roles in (["operator_a"], ["office"], ["office_director"], ["leader_in_charge"], ["admin"])
    ],
    "welcome": [{"name": "张三", "count": count} for count in (0, 3)],
    "proposed": [
        {
            **PROPOSAL,
            "approvers": [("办公室主任", "孙某"), ("分管厅领导", "钱某")],
            "due_on": None,
            "cooperating": [],
            "urgent": False,
        },
        {
            **PROPOSAL,
            "approvers": [("办公室主任", "孙某")],
            "due_on": date(2027, 1, 5),
            "cooperating": ["规划处"],
            "leads": LEADS,
            "urgent": True,
        },
    ],
    "proposal_form": [{}],
    "approved": [
        *({**PROPOSAL, "code": "2026-0001", "due_at": due, "waiting": []} for due in (DUE, None)),
        {**PROPOSAL, "code": "2026-0001", "due_at": DUE, "waiting": [], "leads": LEADS},
        {**PROPOSAL, "code": "", "due_at": None, "waiting": ["钱某"]},
        {**PROPOSAL, "code": "", "due_at": None, "waiting": [], "later_at": DUE},
    ],
    "declined": [{**PROPOSAL, "reason": reason, "proposer": "赵六"} for reason in ("", "职责不符")],
}
REFUSALS = {
    "two_commands": [
        {"word": "进展", "other": "申请延期", "code": "2026-0001"},
        {"word": "进展", "other": "进展 2 已完成水源地巡查，形成台账", "code": ""},
    ],
    "question": [{"code": "2026-0001"}, {"code": ""}],
    "doubtful": [{"word": "同意", "code": "拟-12"}, {"word": "退回", "code": "2026-0001"}],
    "recall_what": [{"code": "2026-0001"}],
    "approval_wanted": [{"said": "可以", "proposal_no": 12}],
    "agree_to_what": [
        {"proposal_no": 12, "reviews": [{"code": "2026-0001", "what": what}]} for what in ("completion", "extension")
    ],
    "until_differs": [{"code": "2026-0001", "until": date(2026, 5, 30), "now": NOW}],
    "not_in_roster": [{}],
    "other_unit": [{**NOTICE}],
    "not_reader": [{**NOTICE}],
    "not_lead": [{**NOTICE}],
    "nothing_open": [{"files": files} for files in (True, False)],
    "ambiguous": [{"matters": MATTERS[:count], "example": "进展"} for count in (2, 10)],
    "unknown_matter": [{"code": "2026-0099"}],
    "closed_matter": [{**NOTICE, "closed_at": PAST}],
    "name_unknown": [{**NOTICE, "name": "张珊", "near": near} for near in (["张三"], [])],
    "name_missing": [{"example": "分办 2026-0001 张三"}],
    "too_short": [{**NOTICE}, {**NOTICE, "example": "/代报 2026-0001 时间:3月5日 15:30"}],
    "return_how": [{**NOTICE}],
    "meets_nothing": [{**NOTICE, "said": "收到"}, {**NOTICE, "said": "好的，马上落实，谢谢领导", "node": "N3"}],
    "not_allowed": [{"word": "立项"}],
    "not_offered": [{"word": "延期"}],
    "bad_form": [{"fields": ["source", "unit"]}],
    "unknown_source": [{"said": "财政部"}],
    "unknown_category": [{"said": "周报"}],
    "unknown_unit": [{"said": "水资处", "near": near} for near in (["水资源处"], [])],
    "bad_date": [
        *({"field": "due_on", "said": "尽快", "past": past} for past in (False, True)),
        {"field": "until", "said": "5月30日周五", "past": False},
    ],
    "said_twice": [{"field": "until", "first": "5月30日", "second": "6月30日"}],
    "bad_flag": [{"field": "urgent", "said": "也许"}],
    "secret": [{}],
    "not_open_yet": [{**NOTICE, "opens_at": DUE, "node": "W2026-04-09"}],
    "already_met": [{**NOTICE}],
    "no_such_node": [{"node": "W2026-04-09"}, {"node": "N3"}],
    "already_decided": [{**PROPOSAL, "by": "孙主任", "verdict": verdict} for verdict in ("approved", "refused")],
    "unknown_proposal": [{"said": "拟-99"}],
    "nothing_to_approve": [{}],
    "ambiguous_proposal": [{"proposals": [(12, TITLE, False), (13, TITLE, True)]}],
    "no_approver": [{"post": "分管厅领导"}],
    "no_operator": [{"unit": "水资源处"}],
    "image_first": [{}],
    "not_text": [{}],
    "unknown": [{"roles": [role]} for role in ("operator_a", "office", "main_leader", "admin")],
    "own_approval": [{**PROPOSAL, "approvers": ["钱某"]}],
    "in_review": [{**NOTICE}],
    "stale_card": [{}],
    "nothing_picked": [{}],
    "not_approver": [{**PROPOSAL}],
    "no_day_off": [{}],
    "dispatch_waits": [{**PROPOSAL, "later_at": DUE}],
    "already_dispatched": [{**PROPOSAL, "code": "2026-0001"}],
    "too_long": [
        {"field": name, "most": most} for name, most in (("title", 200), ("document_no", 60), ("responsible", 60))
    ],
    "busy": [{}],
}
SMS = {
    kind: {**NOTICE, "sign": "某省水利厅", "count": 3}
    for kind in ("initiate", "remind", "urge", "supervise", "bundle", "generic")
}

# the second half of a matter's life: extension, completion, decisions
UNTIL = date(2026, 5, 30)
EXTENSION = {
    **NOTICE,
    "extension": 5,
    "by": "王五",
    "at": NOW,
    "reason": "汛期不能施工",
    "plan": "分两段推进，先主体后附属",
    "responsible": "张三",
    "until": UNTIL,
}
COMPLETION = {**NOTICE, "completion": 6, "by": "王五", "at": NOW, "reason": "已全部整改到位", "attempt": 1, "pages": 3}
NONE = {"next_node": "", "next_due_at": None}
DECISION = {
    **NOTICE,
    "verdict": "returned",
    "by": "孙主任",
    "reason": "附件不全",
    "object": "N3",
    "filer": "王五",
    "filed_at": PAST,
    "tenths": -1,
    "count": 1,
    **NEXT,
}
ACCEPTED = {
    **DECISION,
    **NONE,
    "verdict": "accepted",
    "object": "completion",
    "reason": "",
    "grade": "excellent",
    "tenths": 1,
    "written_off": False,
    "document_no": "",
}
GRADED = {**ACCEPTED, "verdict": "graded", "replaced": False}
CARDS |= {
    "extension": [{**EXTENSION, "what": what} for what in ("extend", "convert", "revise")],
    "completion_confirm": [{**COMPLETION, **NEXT}, {**COMPLETION, **NONE}],
    "completion": [COMPLETION, {**COMPLETION, "attempt": 3}],
    "decision": [
        {**DECISION},
        {**DECISION, "object": "completion", "next_node": "REWORK", "tenths": 0},
        {**DECISION, "verdict": "not_done", "object": "completion"},
        *({**DECISION, "verdict": "extended", "what": what, "until": UNTIL} for what in ("extend", "revise")),
        {**DECISION, "verdict": "extended", "what": "extend", "until": UNTIL, "moved_to": DUE},
        *({**DECISION, "verdict": "extension_refused", "what": what, "until": UNTIL} for what in ("extend", "revise")),
        ACCEPTED,
        {**ACCEPTED, "written_off": True, "grade": "", "tenths": 0},
        {**ACCEPTED, "verdict": "written_off"},
        {**GRADED, "object": "N7", "grade": "fail", "tenths": -1},
        {**GRADED, "object": "N7", "grade": "", "tenths": 0},
    ],
    "applied": [{**COMPLETION, "applied": what} for what in ("extension", "completion")],
    "recalled": [{**NOTICE, **NEXT, "by": "王五", "at": NOW, "text": "已完成现场核查"}],
}
REPLIES |= {
    "solved": [NOTICE],
    "unsolved": [NOTICE, {**NOTICE, "n7_needs": "completion"}],
    "extension_applied": [
        {**EXTENSION, "what": "extend", "due_at": DUE},
        {**EXTENSION, "what": "convert", "due_at": DUE},
        {**EXTENSION, "what": "revise", "due_at": None},
    ],
    "extended": [
        {**EXTENSION, **NEXT, "what": "extend"},
        {**EXTENSION, **NONE, "what": "revise"},
        {**EXTENSION, **NEXT, "what": "extend", "moved_to": DUE},
    ],
    "extension_refused": [{**EXTENSION, **NEXT, "what": "extend"}, {**EXTENSION, **NONE, "what": "revise"}],
    "completion_applied": [COMPLETION, {**COMPLETION, "attempt": 2}],
    "accepted": [ACCEPTED, {**ACCEPTED, "written_off": True, "grade": "", "tenths": 0}],
    "written_off": [{**ACCEPTED, "document_no": number} for number in ("", "晋政办〔2026〕3号")],
    "returned": [
        {**DECISION, "copied": False},
        {**DECISION, **NONE, "object": "completion", "verdict": "not_done", "copied": True, "tenths": 0, "count": 3},
    ],
    "graded": [GRADED, {**GRADED, "object": "N7", "grade": "", "tenths": 0, "replaced": True}],
    "recalled": [{**NOTICE, **NEXT}, {**NOTICE, **NONE}],
}
SINCE = {**NOTICE, "since": PAST}
REFUSALS |= {
    "extension_too_late": [{**NOTICE, "cutoff_at": PAST, "can_override": may} for may in (True, False)],
    "extension_missing": [{**NOTICE, "fields": ["reason", "plan", "responsible", "until"]}],
    "extension_in_review": [{**NOTICE, "state": state} for state in ("review", "rework")],
    "extension_pending": [SINCE, NOTICE],
    "nothing_to_extend": [NOTICE],
    "not_reviewer": [{**NOTICE, "role": role} for role in ("", "leader_in_charge", "main_leader")],
    "own_filing": [{**NOTICE, "role": role} for role in ("", "main_leader")],
    "until_not_later": [{**NOTICE, "until": date(2026, 3, 4)}],
    "recall_other": [{**NOTICE, "node": "N7"}],
    "extension_decided": [{**NOTICE, "state": state} for state in ("approved", "refused", "withdrawn")],
    "note_missing": [NOTICE],
    "no_extension": [NOTICE],
    "already_in_review": [SINCE],
    "arrived_since": [{**SINCE, "object": name} for name in ("completion", "extension", "N3", "LIMIT")],
    "completion_reason": [NOTICE],
    "completion_decided": [
        {**NOTICE, "state": state} for state in ("accepted", "returned", "void", "dropped", "draft")
    ],
    "return_reason": [NOTICE],
    "not_director": [{**NOTICE, "role": "leader_in_charge"}],
    "nothing_to_return": [NOTICE],
    "return_too_late": [NOTICE],
    "not_latest": [NOTICE],
    "grade_pending": [NOTICE],
    "nothing_to_grade": [NOTICE],
    "grade_first_node": [NOTICE],
    "grade_too_late": [SINCE],
    "same_grade": [{**SINCE, "grade": "good"}],
    "graded_this_quarter": [{**SINCE, "node": "W2026-04-09"}],
    "unknown_grade": [{"said": "优"}],
    "no_completion": [NOTICE],
    "nothing_waits": [{"word": "同意延期"}],
    "not_accepted": [NOTICE],
    "written_off": [SINCE],
    "nothing_to_recall": [NOTICE],
    "recall_not_own": [{**NOTICE, "filer": "王五"}],
    "recall_too_late": [NOTICE],
}
REFUSALS["bad_date"].append({"field": "until", "said": "尽快", "past": False})

# objections to points (A72)
RULES = ("overdue", "urge_episode", "supervise", "returned", "fail")
OBJECTION = {
    **NOTICE,
    "ruling": 4,
    "by": "王五",
    "at": NOW,
    "reason": "系统停机期间无法报送",
    "points": [{"node": node, "rule": rule} for node in NODES[:2] for rule in RULES],
    "total": -18,
}
CARDS |= {
    "objection": [OBJECTION, {**OBJECTION, "points": OBJECTION["points"][:1], "total": -1}],
    "objection_decided": [
        {**OBJECTION, "verdict": verdict, "decided_by": by, "note": note}
        for verdict, by, note in (
            ("agreed", "孙主任", ""),
            ("dismissed", "孙主任", "时限内系统正常"),
            ("settled", "", ""),
        )
    ],
}
