"""Representative facts for every template; the tests render all of them."""

from datetime import UTC, date, datetime, timedelta

NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
DUE = NOW + timedelta(hours=5)
PAST = NOW - timedelta(hours=6)
TITLE = "关于开展河湖清四乱专项整治的报告"
LONG = "关于加快推进全省水权水务改革、小型水利工程产权制度改革和农业水价综合改革有关工作任务落实情况的报告" * 3
NODES = ("N1", "N3", "N7", "NM", "REWORK", "CUSTOM", "W2026-04-09", "M2026-12")
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
    "people": [(1, "张三"), (2, "李四")],
}
PROPOSAL = {
    "proposal_no": 12,
    "title": TITLE,
    "source": "meeting",
    "category": "monthly",
    "unit": "水资源管理处",
    "sensitive": False,
    "now": NOW,
}
CARDS = {
    "initiate": [{**NOTICE}, {**NOTICE, "urgent": True, "cooperating": ["规划处", "财务处"]}],
    "acknowledge": [{**NOTICE}],
    "remind": [{**NOTICE}, {**NOTICE, "cutoff_at": DUE}],
    "urge": [{**NOTICE, "due_at": PAST, "seq": 19}],
    "supervise": [{**NOTICE, "due_at": NOW - timedelta(days=2)}],
    "accountability_proposal": [{**NOTICE, "due_at": NOW - timedelta(days=5), "supervised": 2}],
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
        },
    ],
    "approved": [
        {**PROPOSAL, "by": "孙主任", "waiting": ["钱副厅长"], "code": "", "due_at": None},
        {**PROPOSAL, "by": "孙主任", "waiting": [], "code": "2026-0001", "due_at": DUE},
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
REPLIES = {
    "acknowledged": [
        {**NOTICE, **NEXT, "handlers": ["张三", "李四"], "late": False},
        {**NOTICE, "handlers": ["张三"], "late": True, "next_node": ""},
    ],
    "feedback": [
        {**NOTICE, **NEXT, "met": ["N3"], "late": False, "open_month": None},
        {**NOTICE, "met": ["N7", "N1", "N3"], "late": True, "open_month": DUE, "next_node": ""},
    ],
    "supplement": [{**NOTICE, **NEXT}, {**NOTICE, "node": "", "next_node": ""}],
    "assigned": [{**NOTICE, **NEXT, "handler": "张三", "next_node": name} for name in ("N1", "N3", "")],
    "todo": [
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
            "now": NOW + timedelta(days=-400),
        },
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
            "urgent": True,
        },
    ],
    "proposal_form": [{}],
    "approved": [
        {**PROPOSAL, "code": "2026-0001", "due_at": DUE, "waiting": []},
        {**PROPOSAL, "code": "", "due_at": None, "waiting": ["钱某"]},
    ],
    "declined": [{**PROPOSAL, "reason": reason, "proposer": "赵六"} for reason in ("", "职责不符")],
}
REFUSALS = {
    "not_in_roster": [{}],
    "other_unit": [{**NOTICE}],
    "not_lead": [{**NOTICE}],
    "nothing_open": [{}],
    "ambiguous": [{"matters": MATTERS[:count], "example": "进展"} for count in (2, 10)],
    "unknown_matter": [{"code": "2026-0099"}],
    "closed_matter": [{**NOTICE, "closed_at": PAST}],
    "name_unknown": [{**NOTICE, "name": "张珊", "near": near} for near in (["张三"], [])],
    "name_missing": [{"example": "分办 2026-0001 张三"}],
    "too_short": [{**NOTICE}],
    "meets_nothing": [{**NOTICE, "said": "收到"}, {**NOTICE, "said": "好的，马上落实，谢谢领导", "node": "N3"}],
    "not_allowed": [{"word": "立项"}],
    "not_offered": [{"word": "延期"}],
    "bad_form": [{"fields": ["source", "unit"]}],
    "unknown_source": [{"said": "财政部"}],
    "unknown_category": [{"said": "周报"}],
    "unknown_unit": [{"said": "水资处", "near": near} for near in (["水资源处"], [])],
    "bad_date": [{"field": "due_on", "said": "尽快", "past": past} for past in (False, True)],
    "bad_flag": [{"field": "urgent", "said": "也许"}],
    "secret": [{}],
    "not_open_yet": [{**NOTICE, "opens_at": DUE, "node": "W2026-04-09"}],
    "already_met": [{**NOTICE}],
    "already_decided": [{**PROPOSAL, "by": "孙主任", "verdict": verdict} for verdict in ("approved", "refused")],
    "unknown_proposal": [{"said": "拟-99"}],
    "nothing_to_approve": [{}],
    "ambiguous_proposal": [{"proposals": [(12, TITLE, False), (13, TITLE, True)]}],
    "no_approver": [{"post": "分管厅领导"}],
    "no_operator": [{"unit": "水资源处"}],
    "image_first": [{}],
    "not_text": [{}],
    "unknown": [{}],
    "own_approval": [{**PROPOSAL, "approvers": ["钱某"]}],
    "reason_missing": [{"word": "驳回", "code": "拟-12"}],
    "in_review": [{**NOTICE}],
    "stale_card": [{}],
    "nothing_picked": [{}],
    "not_approver": [{**PROPOSAL}],
    "too_long": [{"field": name, "most": most} for name, most in (("title", 200), ("document_no", 60))],
    "busy": [{}],
}
SMS = {
    kind: {**NOTICE, "sign": "某省水利厅", "count": 3}
    for kind in ("initiate", "remind", "urge", "supervise", "bundle", "generic")
}
