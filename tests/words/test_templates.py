"""Every template with representative facts: complete, within the platforms' lengths, silent about sensitive matters."""

import importlib.util
import json
import re
from datetime import timedelta
from pathlib import Path

import jinja2
import pytest

from bot import render, wording
from bot.channels import Card
from tests.words import audit_facts, family_facts, office_facts, people_facts, report_facts

_SPEC = importlib.util.spec_from_file_location("words_facts", Path(__file__).parent / "facts.py")
assert _SPEC is not None
assert _SPEC.loader is not None
facts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(facts)
for _table in ("CARDS", "REPLIES", "REFUSALS"):
    for _more in (office_facts, family_facts, report_facts, people_facts, audit_facts):
        getattr(facts, _table).update(getattr(_more, _table))

NOTICES = ("initiate", "acknowledge", "remind", "urge", "supervise", "accountability_proposal", "assigned", "feedback")
LISTS = ("bundle", "choose", "picture", "offer")
UNTITLED = (*LISTS, "reseat")
"""Cards about no single matter."""
CARDS = [(kind, row) for kind, rows in facts.CARDS.items() for row in rows]
BY_NODE = [(kind, {**facts.CARDS[kind][0], "node": node}) for kind in NOTICES for node in facts.NODES]
REPLIES = [(code, row) for code, rows in facts.REPLIES.items() for row in rows]
REFUSALS = [(code, row) for code, rows in facts.REFUSALS.items() for row in rows]
HARD = {
    "title": facts.LONG,
    "unit": "引黄入晋工程建设运行维护管理中心水资源调度处",
    "handler": "阿卜杜拉·买买提",
    "by": "阿卜杜拉·买买提",
    "cooperating": ["规划计划处", "财务处", "建设与管理处", "农村水利处", "政策法规处"],
    "text": facts.LONG * 3,
    "reason": facts.LONG,
    "instruction": facts.LONG,
    "words": facts.LONG,
    "people": [(n, f"欧阳建国{n}") for n in range(30)],
}


def fits(card: Card) -> None:
    assert card.title.strip()
    assert len(card.title) <= 36
    assert len(card.desc) <= 44
    assert len(card.source) <= 20
    assert len(card.text) <= 160
    assert len(card.facts) <= 6
    assert all(0 < len(key) <= 5 and 0 < len(value) <= 30 for key, value in card.facts)
    assert all(len(action.text) <= 10 for action in card.actions)
    assert len(card.done) <= 10
    if card.choice:
        assert 1 <= len(card.choice.options) <= 10
        assert all(len(text) <= 16 for _, text in card.choice.options)


def words_of(card: Card) -> str:
    return json.dumps(
        [card.title, card.desc, card.quote, card.text, card.facts, card.source, card.done], ensure_ascii=False
    )


@pytest.mark.parametrize(("kind", "row"), [*CARDS, *BY_NODE])
def test_a_card_fits_and_nothing_of_it_is_cut(kind, row):
    card = render.card(kind, **row)
    fits(card)
    if kind not in ("bundle", "choose"):
        assert "……" not in card.title
        assert "…" not in words_of(card).replace("……", "")


@pytest.mark.parametrize(("kind", "row"), [*CARDS, *BY_NODE])
def test_a_card_fits_with_the_longest_facts(kind, row):
    hard = {key: value for key, value in HARD.items() if key in row or key in ("handler", "cooperating")}
    long = {**row, **hard, "urgent": True, "caught_up": True}
    if kind == "bundle":
        long["items"] = [{**item, "title": facts.LONG, "node": "W2026-12-24"} for item in row["items"]]
    fits(render.card(kind, **long))


@pytest.mark.parametrize("kind", [kind for kind in NOTICES if kind != "acknowledge"])
@pytest.mark.parametrize("due", [timedelta(days=400), timedelta(days=-400)])
def test_a_card_says_the_exact_instant(kind, due):
    card = render.card(kind, **{**facts.CARDS[kind][0], "due_at": facts.NOW + due})
    fits(card)
    assert wording.instant(facts.NOW + due, facts.NOW) in words_of(card)


@pytest.mark.requirement("A76")
@pytest.mark.parametrize(("kind", "row"), [pair for pair in [*CARDS, *BY_NODE] if pair[0] not in UNTITLED])
def test_a_sensitive_matter_shows_its_number_only(kind, row):
    secret = {"title": "绝不外传", "text": "绝不外传", "instruction": "绝不外传", "document_no": "绝不外传"}
    shown = words_of(
        render.card(kind, **{**row, **{key: value for key, value in secret.items() if key in row}, "sensitive": True})
    )
    assert "绝不外传" not in shown
    assert "2026-0001" in shown or "拟-12" in shown


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_hides_sensitive_titles(kind):
    row = {
        "now": facts.NOW,
        "document": 5,
        "token": "t",
        "words": "进展",
        "options": [(1, "2026-0001", "绝不外传", True)],
    }
    row["items"] = [{**facts.NOTICE, "kind": "urge", "title": "绝不外传", "sensitive": True}]
    card = render.card(kind, **row)
    assert "绝不外传" not in words_of(card) + str(card.choice)


@pytest.mark.parametrize("kind", ["initiate", "acknowledge", "remind", "urge", "supervise"])
def test_the_stage_one_card_offers_the_units_people(kind):
    card = render.card(kind, **facts.CARDS[kind][0])
    assert card.choice is not None
    assert (card.choice.key, list(card.choice.options)) == ("person", [("1", "张三"), ("2", "李四")])
    assert [(action.text, action.key) for action in card.actions] == [("收到并安排", "ack:7:1:9")]
    assert "已安排张三处理解决" in card.text


@pytest.mark.parametrize("node", facts.NODES[1:])
def test_other_nodes_say_what_to_write(node):
    card = render.card("urge", **{**facts.CARDS["urge"][0], "node": node})
    assert card.choice is None
    assert [each.text for each in card.actions] == (["已解决", "未解决"] if node == "N7" else [])
    assert re.search(r"“(进展|周报|月报|完结) 2026-0001 ", card.text)


@pytest.mark.requirement("A6", "A7")
@pytest.mark.parametrize(
    ("node", "rule", "words", "unsaid"),
    [
        ("N7", {"n7_needs": "completion"}, "未解决的，反馈不抵7天节点，请联系厅办公室转重大。", "进展"),
        ("NM", {"nm_met_by": "feedback"}, "未办结的，回复“进展 2026-0001 1个月 ……”；", "None"),
        ("NM", {"n7_needs": "completion"}, "已办结的，回复“完结 2026-0001 理由：……”；确需", "进展"),
    ],
)
def test_a_card_says_what_meets_the_node_by_the_matters_rules(node, rule, words, unsaid):
    for kind in ("remind", "urge", "supervise"):
        own = {"words": facts.LONG, "by": "王主任"}
        card = render.card(kind, **{**facts.CARDS[kind][0], **own, "node": node, **rule})
        fits(card)
        assert words in card.text
        assert unsaid not in card.text
        assert card.text.endswith("。")  # nothing was cut


@pytest.mark.requirement("A6", "A7")
def test_a_duty_is_what_meets_the_node():
    row = {"code": "2026-0001", "title": facts.TITLE, "sensitive": False, "due_at": facts.DUE}
    loose = {**row, "node": "NM", "n7_needs": "completion", "nm_met_by": "feedback"}
    said = render.reply("todo", name="王芳", items=[loose, {**loose, "node": "N7"}], approvals=[], now=facts.NOW)
    assert "：办结或报送进展，或获准延期；" in said
    assert "：落实解决，申请完结；" in said
    card = render.card("remind", **{**facts.CARDS["remind"][0], **loose})
    assert ("要求", "办结或报送进展，或获准延期") in card.facts


def test_the_office_gets_no_button_and_a_leader_his_own():
    card = render.card("supervise", **{**facts.CARDS["supervise"][0], "audience": "office"})
    assert (card.choice, list(card.actions)) == (None, [])
    assert "水资源管理处" in card.text
    card = render.card("supervise", **{**facts.CARDS["supervise"][0], "audience": "leader"})
    assert [each.text for each in card.actions] == ["批示", "已阅", "限期", "转办"]
    assert [each.key for each in card.actions] == ["instruct:5", "seen:9", "limit:5", "pass:5"]
    assert "水资源管理处" in card.text
    closed = render.card("reported_up", **facts.CARDS["reported_up"][0])
    assert [each.text for each in closed.actions] == ["批示", "已阅"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("remind", ["提醒：1天反馈剩余5小时", "逾期扣0.1分"]),
        ("urge", ["第19次催办：1天反馈已逾期6小时", "逾期扣0.1分、催办扣0.1分", "另扣0.5分"]),
        ("supervise", ["督办：1天反馈已逾期2天", "督办扣0.5分", "问效"]),
        ("accountability_proposal", ["被督办2次仍未完成", "/问效 2026-0001 上报"]),
    ],
)
def test_a_notice_says_what_it_costs(kind, words):
    card = render.card(kind, **facts.CARDS[kind][0])
    assert all(word in card.title + card.text for word in words)


@pytest.mark.requirement("A57")
@pytest.mark.parametrize("kind", ["remind", "urge", "supervise"])
def test_a_leaders_date_costs_nothing(kind):
    card = render.card(kind, **{**facts.CARDS[kind][0], "node": "CUSTOM", "scored": False})
    assert "0." not in card.text


@pytest.mark.parametrize(
    ("done", "words"),
    [("answered", "已反馈"), ("acknowledged", "已安排张三"), ("settled", "已由他人办理"), ("over", "事项已结束")],
)
@pytest.mark.parametrize("kind", NOTICES)
def test_an_answered_card_turns_green(kind, done, words):
    card = render.card(kind, **{**facts.CARDS[kind][0], "done": done, "handler": "张三", "handler_id": 1})
    fits(card)
    assert (card.tone, card.done) == (3, words)
    assert "扣" not in card.text or kind == "feedback"
    if card.choice:
        assert card.choice.selected == "1"


def test_an_answered_approval():
    row = facts.CARDS["approval"][0]
    assert [action.key for action in render.card("approval", **row).actions] == ["approve:3", "refuse:3"]
    assert [render.card("approval", **row, done=state).done for state in ("approved", "refused")] == [
        "已同意",
        "已不同意",
    ]


def test_a_catch_up_says_so():
    assert "补发" in render.card("urge", **facts.CARDS["urge"][0], caught_up=True).quote
    assert render.card("urge", **facts.CARDS["urge"][0]).quote == ""


def test_a_bundle_lists_six_most_severe_first():
    card = render.card("bundle", **facts.CARDS["bundle"][1])
    assert [key for key, _ in card.facts] == ["督办", "督办", "催办", "催办", "提醒", "提醒"]
    assert "另有 2 件，请发送“待办”查看" in card.text
    assert "另有" not in render.card("bundle", **facts.CARDS["bundle"][0]).text


def test_what_people_wrote_is_never_a_template():
    evil = '{{ 7*7 }} {% raw %} "\\ </script> & '
    card = render.card("feedback", **{**facts.CARDS["feedback"][0], "text": evil, "title": evil, "unit": evil})
    assert "{{ 7*7 }}" in card.text
    assert "&" in card.desc
    assert "{{ 7*7 }}" in render.refusal("unknown_source", said=evil)


@pytest.mark.parametrize(("code", "row"), REPLIES)
def test_a_reply_is_whole(code, row):
    text = render.reply(code, **row)
    assert text
    assert not re.search(r"\{|None|\[|\n\n\n|  $", text)
    assert len(text.encode()) <= 2048
    if "title" in row and row.get("items") is None:
        hidden = render.reply(code, **{**row, "title": "绝不外传", "sensitive": True})
        assert "绝不外传" not in hidden


@pytest.mark.parametrize(("code", "row"), REFUSALS)
def test_a_refusal_says_what_is_wrong_and_what_to_do(code, row):
    text = render.refusal(code, **row)
    assert not re.search(r"\{|None|\[", text)
    assert re.search(r"[未没不]", text)
    assert re.search(r"请|可以", text)
    assert len(text.encode()) <= 2048


@pytest.mark.requirement("A73")
@pytest.mark.parametrize("kind", list(facts.SMS))
@pytest.mark.parametrize("title", [facts.TITLE, facts.LONG, "甲", "关于 【甲】“乙”的报告"])
@pytest.mark.parametrize("node", facts.NODES)
@pytest.mark.parametrize("sign", ["某省水利厅", "某某省水利水电工程建设管理中心"])
def test_an_sms_is_one_message(kind, title, node, sign):
    row = {
        **facts.SMS[kind],
        "title": title,
        "node": node,
        "sign": sign,
        "code": "2026-0123",
        "due_at": facts.NOW - timedelta(hours=47),
    }
    text = render.sms(kind, **row)
    assert len(text) <= 70
    assert text.startswith(f"【{sign}】13710")
    assert text.count("【") == text.count("】") == 1
    assert not re.search(r"http|扣|分(?!钟)|1[3-9]\d{9}", text)


@pytest.mark.requirement("A73")
def test_an_sms_reads_as_agreed():
    row = {**facts.SMS["urge"], "node": "N3", "due_at": facts.PAST, "title": facts.LONG}
    assert (
        render.sms("urge", **row)
        == "【某省水利厅】13710催办：2026-1“关于加快推进全省水权水务改革、…”3天反馈已逾期6小时，请即登录报送。"
    )
    assert "某事项" in render.sms("urge", **{**row, "sensitive": True})
    assert "水权" not in render.sms("urge", **{**row, "sensitive": True})


@pytest.mark.requirement("A73")
def test_only_the_title_gives_way():
    row = {**facts.SMS["supervise"], "title": facts.LONG, "sign": "某某省水利水电工程建设管理中心", "code": "2026-0123"}
    text = render.sms("supervise", **row)
    assert text.endswith("，已转督办，请即登录报送。")
    assert "2026-123“关于" in text
    with pytest.raises(ValueError, match="sign"):
        render.sms("supervise", **{**row, "sign": "某" * 60})


@pytest.mark.parametrize("kind", NOTICES)
def test_whether_a_matter_is_sensitive_must_be_said(kind):
    row = {key: value for key, value in facts.CARDS[kind][0].items() if key != "sensitive"}
    with pytest.raises(jinja2.UndefinedError, match="sensitive"):
        render.card(kind, **row)
    assert "某事项" in render.sms(
        "generic", **{key: value for key, value in facts.SMS["generic"].items() if key != "sensitive"}
    )


def test_a_missing_fact_is_an_error():
    with pytest.raises(jinja2.UndefinedError):
        render.refusal("unknown_matter")


def test_every_template_is_rendered_here():
    folder = wording.TEMPLATES
    assert {path.name.split(".")[0] for path in (folder / "cards").iterdir() if not path.name.startswith("_")} == set(
        facts.CARDS
    )
    assert {path.stem for path in (folder / "replies").glob("*.txt")} == set(facts.REPLIES)
    assert {path.stem for path in (folder / "replies" / "refused").iterdir()} == set(facts.REFUSALS)
    assert {path.stem for path in (folder / "sms").iterdir()} == set(facts.SMS)
