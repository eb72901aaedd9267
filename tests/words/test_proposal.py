"""The forms of /立项."""

from datetime import date

import pytest

from bot import render
from handlers import plan, proposal, secrecy, words

TODAY = date(2026, 3, 5)
ONE_LINE = "关于开展河湖“清四乱” 专项整治 来源:省政府13710 类别:一般 处室:水资源处 截止:2026-05-30 紧急:是"
MANY_LINES = """标题：关于开展河湖
　　“清四乱”专项整治
来源：省委、省政府
类别：长期
处室：河湖管理处
配合：规划处、财务处
来文字号：晋政办〔2026〕3号
来文时间：3月1日
批示：请抓紧办理，周五前报我
截止：5月底前"""


def test_one_line():
    made = proposal.proposal(ONE_LINE, TODAY)
    assert made.title == "关于开展河湖“清四乱” 专项整治"
    assert (made.source, made.category, made.unit) == ("provincial_13710", "general", "水资源处")
    assert (made.due_on, made.urgent) == (date(2026, 5, 30), True)
    assert (made.missing, dict(made.wrong)) == ((), {})


def test_many_lines():
    made = proposal.proposal(MANY_LINES, TODAY)
    assert made.title == "关于开展河湖“清四乱”专项整治"
    assert (made.source, made.category, made.unit) == ("province", "monthly", "河湖管理处")
    assert made.cooperating == ("规划处", "财务处")
    assert (made.document_no, made.document_on) == ("晋政办〔2026〕3号", date(2026, 3, 1))
    assert (made.instruction, made.due_on) == ("请抓紧办理，周五前报我", date(2026, 5, 31))
    assert (made.urgent, made.missing, dict(made.wrong)) == (False, (), {})


@pytest.mark.parametrize(
    "text",
    [
        "甲 来源:党组会,类别:重大,处室:规划处",
        "标题=甲；来源=办公会；类别=重大；责任处室=规划处",
        "来源：党组会 类别：重大事项 承办：规划处 标题：甲",
        "标题：甲\n\n来源 ：厅党组会\n类别： 重大\n处室：规划处\n",
        "1.标题：甲\n2.来源：党组会\n3.类别：重大\n4.处室：规划处",
        "一、标题：甲\n二、来源：党组会\n三、类别：重大\n四、处室：规划处",
        "甲 （1）来源：党组会 （2）类别：重大 （3）处室：规划处",
        "标题：甲\r\n来源：党组会\r\n类别：重大\r\n处室：规划处。",
    ],
)
def test_any_order_and_separator(text):
    made = proposal.proposal(text, TODAY)
    assert (made.title, made.source, made.category, made.unit) == ("甲", "meeting", "major", "规划处")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", ("title", "source", "category", "unit")),
        ("只有标题", ("source", "category", "unit")),
        ("来源:处室 类别:一般 处室:规划处", ("title",)),
        ("甲 来源: 类别:一般 处室:规划处", ("source",)),
        ("甲 来源:处室 类别:一般", ("unit",)),
    ],
)
def test_missing_fields_are_named(text, missing):
    made = proposal.proposal(text, TODAY)
    assert made.missing == missing
    assert made.is_empty == (text == "")


def test_values_not_understood_are_named():
    made = proposal.proposal("甲 来源:省长 类别:周报 处室:规划处 截止:尽快 紧急:也许 来文时间:去年", TODAY)
    assert dict(made.wrong) == {
        "source": "省长",
        "category": "周报",
        "due_on": "尽快",
        "urgent": "也许",
        "document_on": "去年",
    }
    assert (made.source, made.category, made.due_on, made.missing) == ("", "", None, ())


def test_a_field_written_twice_is_named_unless_both_are_alike():
    made = proposal.proposal("甲 来源:处室 来源:处室 类别:一般 承办:规划处 牵头:水资源处 处室:厅办公室 标题:乙", TODAY)
    assert made.twice == {"unit": ("规划处", "水资源处"), "title": ("甲", "乙")}
    written = plan.plan("理由：汛期 理由：资金 方案：分段 责任人：张三 时限：5月30日 时限：6月30日", TODAY)
    assert written.twice == {"reason": ("汛期", "资金"), "until": ("5月30日", "6月30日")}
    assert proposal.proposal(ONE_LINE, TODAY).twice == {}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("省政府13710", "provincial_13710"),
        ("省政府“13710”", "provincial_13710"),
        ("省政府 １３７１０", "provincial_13710"),
        ("省委省政府", "province"),
        ("省委、省政府", "province"),
        ("党组会", "meeting"),
        ("办公会", "meeting"),
        ("处室牵头", "unit"),
        ("财政部", None),
        ("", None),
    ],
)
def test_sources(said, code):
    assert proposal.source(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("一般", "general"),
        ("一般性问题", "general"),
        ("重大", "major"),
        ("月报", "monthly"),
        ("长期", "monthly"),
        ("月报类·3个月以上", "monthly"),
        ("三个月以上", "monthly"),
        ("周报", None),
    ],
)
def test_categories(said, code):
    assert proposal.category(said) == code


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("机密★1年 关于防汛", True),
        ("【秘密】关于防汛", True),
        ("密级：机密", True),
        ("进展 1\n秘密\n已完成", True),
        ("身份证 11010519491231002X", True),
        ("身份证 110105194912310021", False),
        ("保密工作已部署，秘密选举不适用", False),
        ("联系人张三 13800000000", False),
    ],
)
def test_secrecy_marks(text, secret):
    assert secrecy.is_secret(text) is secret


def test_the_form_can_be_sent_back():
    form = render.reply("proposal_form")
    found = words.command(form)
    assert found is not None
    assert proposal.proposal(found.rest, TODAY).is_empty
    filled = found.rest.replace("标题：", "标题：甲").replace("来源：", "来源：处室").replace("类别：", "类别：一般")
    made = proposal.proposal(filled.replace("处室：\n截止：", "处室：规划处\n截止：5月底"), TODAY)
    assert (made.title, made.source, made.category, made.unit) == ("甲", "unit", "general", "规划处")
    assert (made.due_on, made.cooperating, made.missing, dict(made.wrong)) == (date(2026, 5, 31), (), (), {})
