"""What officers, the office and approvers type, and what it is taken for (interfaces.md §Chat)."""

import re
from dataclasses import replace

import pytest

from handlers import numbers, words
from handlers.numbers import Ref

ONE = Ref(1, bare=True)
FIRST = Ref(1, year=2026)
CHILD = Ref(1, year=2026, child=2)

COMMANDS = [
    ("进展 1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("进展1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("进展 1，本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("进展：1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("进展\n1\n本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("进展　１　本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("/进展 1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("／进展 1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("、进展 1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    (" / 进展 1 本周完成招标 ", "progress", ONE, None, "本周完成招标"),
    ("\u200b进展 1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("@督办助手 进展 1 本周完成招标", "progress", ONE, None, "本周完成招标"),
    ("进展 2026-0001 已完成现场核查", "progress", FIRST, None, "已完成现场核查"),
    ("进展 2026-1 已完成现场核查", "progress", FIRST, None, "已完成现场核查"),
    ("进展2026-1已完成现场核查", "progress", FIRST, None, "已完成现场核查"),
    ("进展 ２０２６－００１ 已完成", "progress", FIRST, None, "已完成"),
    ("进展 2026—0001 已完成", "progress", FIRST, None, "已完成"),
    ("进展 #1 已完成", "progress", Ref(1), None, "已完成"),
    ("进展＃1已完成", "progress", Ref(1), None, "已完成"),
    ("进展 交办〔2026〕1号 已完成", "progress", FIRST, None, "已完成"),
    ("反馈：交办[2026]1号，已完成", "progress", FIRST, None, "已完成"),
    ("反馈 〔2026〕12号：已完成", "progress", Ref(12, year=2026), None, "已完成"),
    ("进展 编号：2026-0001 已完成", "progress", FIRST, None, "已完成"),
    ("情况反馈 1 已约谈施工单位", "progress", ONE, None, "已约谈施工单位"),
    ("反馈情况：已约谈施工单位", "progress", None, None, "已约谈施工单位"),
    ("周报 1 本周完成土方", "progress", ONE, "W", "本周完成土方"),
    ("周报：本周完成土方", "progress", None, "W", "本周完成土方"),
    ("月报 1 9月 完成土方", "progress", ONE, "M09", "完成土方"),
    ("月报 1 2026年12月 完成土方", "progress", ONE, "M2026-12", "完成土方"),
    ("退回 1 2026年12月31日周报 数据不全", "send_back", ONE, "W2026-12-31", "数据不全"),
    ("进展 1 2026年12月，完成土方", "progress", ONE, "M2026-12?", "2026年12月，完成土方"),
    ("限期 1 2026年12月5日前报方案", "limit", ONE, None, "2026年12月5日前报方案"),
    ("周报 1 4月7日，专家核查", "progress", ONE, "W04-07?", "4月7日，专家核查"),
    ("周报 1 4月 完成土方", "progress", ONE, "W", "4月 完成土方"),
    ("月报 1 3月31日 完成土方", "progress", ONE, "M", "3月31日 完成土方"),
    ("月报 9月份完成土方", "progress", None, "M", "9月份完成土方"),
    ("进展 1月份完成招标", "progress", None, None, "1月份完成招标"),
    ("进展1月份完成招标", "progress", None, None, "1月份完成招标"),
    ("进展 1个月内可完成", "progress", None, None, "1个月内可完成"),
    ("进展 3 个月内可完成", "progress", None, None, "3 个月内可完成"),
    ("进展 5.30前完成", "progress", None, None, "5.30前完成"),
    ("进展 2026-05-30前完成", "progress", None, None, "2026-05-30前完成"),
    ("进展 2026-5月完成", "progress", None, None, "2026-5月完成"),
    ("进展 95%已完成", "progress", None, None, "95%已完成"),
    ("进展 1/3已完成", "progress", None, None, "1/3已完成"),
    ("进展 1号渠道已贯通", "progress", None, None, "1号渠道已贯通"),
    ("进展 1、完成招标；2、进场施工", "progress", None, None, "1、完成招标；2、进场施工"),
    ("进展 1.完成招标 2.进场施工", "progress", None, None, "1.完成招标 2.进场施工"),
    ("进展 1、完成招标", "progress", ONE, None, "完成招标"),
    ("进展 1 1、完成招标；2、进场施工", "progress", ONE, None, "1、完成招标；2、进场施工"),
    ("/退回 1，1、附件不全；2、数据有误", "send_back", ONE, None, "1、附件不全；2、数据有误"),
    ("/退回 1：1.附件不全；2.数据有误", "send_back", ONE, None, "1.附件不全；2.数据有误"),
    ("/退回 1、1、附件不全；2、数据有误", "send_back", ONE, None, "1、附件不全；2、数据有误"),
    ("/退回 1 1、3处数据有误；2、未盖章", "send_back", ONE, None, "1、3处数据有误；2、未盖章"),
    ("/退回 1（1）附件不全（2）数据有误", "send_back", ONE, None, "（1）附件不全（2）数据有误"),
    ("完结 1 1、已整改到位", "completion", ONE, None, "1、已整改到位"),
    ("延期 1\n1、理由：征地未完成", "extension", ONE, None, "1、理由：征地未完成"),
    ("/退回 1号 数据有误", "send_back", ONE, None, "数据有误"),
    ("/督办 第１号：久拖未报", "supervise", ONE, None, "久拖未报"),
    ("/转重大 1 号。", "convert", ONE, None, ""),
    ("/转月报 1 周期4个月", "make_monthly", ONE, None, "周期4个月"),
    ("／转长期1号，周期4个月", "make_monthly", ONE, None, "周期4个月"),
    ("转月报类 1：落实周期4个月", "make_monthly", ONE, None, "落实周期4个月"),
    ("/催办 1号事项，请抓紧", "urge", ONE, None, "请抓紧"),
    ("/销号 2026年第1号 晋政办〔2026〕12号", "close", replace(FIRST, bare=True), None, "晋政办〔2026〕12号"),
    ("完结 1号 理由：已全部落实", "completion", ONE, None, "理由：已全部落实"),
    ("/退回 1号闸门数据有误", "send_back", None, None, "1号闸门数据有误"),
    ("/退回 3 号闸门数据有误", "send_back", None, None, "3 号闸门数据有误"),
    ("进展 1号 完成招标", "progress", None, None, "1号 完成招标"),
    ("限期 20号 完成整改", "limit", None, None, "20号 完成整改"),
    ("进展 2026-0001-2 已完成", "progress", CHILD, None, "已完成"),
    ("进展2026-0001-2已完成", "progress", CHILD, None, "已完成"),
    ("进展 交办〔2026〕1-2号 已完成", "progress", CHILD, None, "已完成"),
    ("进展 #1-2 7天 已完成", "progress", Ref(1, child=2), "N7", "已完成"),
    ("进展＃１－２已完成", "progress", Ref(1, child=2), None, "已完成"),
    ("进展 1-2 已完成", "progress", Ref(1, bare=True, child=2), None, "已完成"),
    ("/撤销 2026-1-2 重复立项", "withdraw", replace(CHILD, bare=True), None, "重复立项"),
    ("进展 1-2月完成招标", "progress", None, None, "1-2月完成招标"),
    ("进展 #1-2月完成招标", "progress", Ref(1), None, "-2月完成招标"),
    ("进展 1-2号渠道已贯通", "progress", None, None, "1-2号渠道已贯通"),
    ("进展 1-0 领先", "progress", None, None, "1-0 领先"),
    ("进展 2026-5-30日前完成", "progress", None, None, "2026-5-30日前完成"),
    ("延期 1-2 个月", "extension", None, None, "1-2 个月"),
    ("延期 1-2个月", "extension", None, None, "1-2个月"),
    ("进展 第3 已形成方案", "progress", None, "N3", "已形成方案"),
    ("进展 3天 已形成方案", "progress", None, "N3", "已形成方案"),
    ("进展 第七天：已形成方案", "progress", None, "N7", "已形成方案"),
    ("进展 1 7天 已形成方案", "progress", ONE, "N7", "已形成方案"),
    ("进展 2026-0001 1个月 已形成方案", "progress", FIRST, "NM", "已形成方案"),
    ("进展 1 3天反馈：已形成方案", "progress", ONE, "N3", "已形成方案"),
    ("进展 1 4月9日周报 完成土方", "progress", ONE, "W04-09", "完成土方"),
    ("进展 7天内完成整改", "progress", None, None, "7天内完成整改"),
    ("进展", "progress", None, None, ""),
    ("进展 1", "progress", ONE, None, ""),
    ("补充 1 附会议纪要", "supplement", ONE, None, "附会议纪要"),
    ("补充材料：附会议纪要", "supplement", None, None, "附会议纪要"),
    ("撤回 1", "recall", ONE, None, ""),
    ("分办 1 张三", "assign", ONE, None, "张三"),
    ("分办 张三", "assign", None, None, "张三"),
    ("分办2026-1 张三", "assign", FIRST, None, "张三"),
    ("延期 1个月", "extension", None, None, "1个月"),
    ("延期 1 理由：征地未完成", "extension", ONE, None, "理由：征地未完成"),
    ("申请延期 1 理由：征地未完成", "extension", ONE, None, "理由：征地未完成"),
    ("完结 1 理由：已全部落实", "completion", ONE, None, "理由：已全部落实"),
    ("申请办结 1 理由：已全部落实", "completion", ONE, None, "理由：已全部落实"),
    ("待办", "todo", None, None, ""),
    ("待办。", "todo", None, None, ""),
    ("/待办", "todo", None, None, ""),
    ("我的待办", "todo", None, None, ""),
    ("帮助", "help", None, None, ""),
    ("登录", "sign_in", None, None, ""),
    ("电脑登录 1", "sign_in", ONE, None, ""),
    ("HELP", "help", None, None, ""),
    ("帮助？", "help", None, None, ""),
    ("扣分", "points", None, None, ""),
    ("申诉 1 系统故障", "objection", ONE, None, "系统故障"),
    ("/立项", "propose", None, None, ""),
    ("/立项 开展河湖清四乱", "propose", None, None, "开展河湖清四乱"),
    ("/立项开展河湖清四乱", "propose", None, None, "开展河湖清四乱"),
    ("／立项\n标题：开展河湖清四乱", "propose", None, None, "标题：开展河湖清四乱"),
    ("立项 2026年水利重点工作", "propose", None, None, "2026年水利重点工作"),
    ("/批准 1", "approve", ONE, None, ""),
    ("/批准 拟-12", "approve", Ref(12, proposal=True), None, ""),
    ("/批准 拟12 请抓紧", "approve", Ref(12, proposal=True), None, "请抓紧"),
    ("批准", "approve", None, None, ""),
    ("同意", "approve", None, None, ""),
    ("同意。", "approve", None, None, ""),
    ("同意，请水资源处抓紧", "approve", None, None, "请水资源处抓紧"),
    ("同意立项", "approve", None, None, ""),
    ("/驳回 1 职责不符", "refuse", ONE, None, "职责不符"),
    ("不同意 职责不符", "refuse", None, None, "职责不符"),
    ("不同意，请规划处牵头", "refuse", None, None, "请规划处牵头"),
    ("/同意延期 1", "approve_extension", ONE, None, ""),
    ("/不同意延期 1 可按期完成", "refuse_extension", ONE, None, "可按期完成"),
    ("/同意办结 1 优秀", "accept", ONE, None, "优秀"),
    ("/同意办结 1 ７天 优秀", "accept", ONE, "N7", "优秀"),
    ("/退回 1 第3 内容不完整", "send_back", ONE, "N3", "内容不完整"),
    ("/评价 1 7天 良好", "grade", ONE, "N7", "良好"),
    ("/撤销 1 重复立项", "withdraw", ONE, None, "重复立项"),
    ("/重开 1 成效反弹", "reopen", ONE, None, "成效反弹"),
    ("/问效 1 上报", "accountability", ONE, None, "上报"),
]

NO_COMMANDS = [
    "进展顺利，已完成招标",
    "进展良好",
    "反馈一下昨天的情况",
    "同意见不统一有关",
    "延期了",
    "办结情况报告",
    "待办的事情太多",
    "已完成现场核查",
    "收到",
    "1",
    "",
    "   ",
    "/",
    "//进展",
    "请问怎么报",
    "张三",
]

# what may be a number all the same, and words that are none
UNSURE = """
1、3处数据有误|1 3 处数据有误|1，3处数据有误|2：10处数据有误|1、2 数据有误|1和2 数据有误|1号和2号 数据有误
2026 0001 数据有误|2026.0001 数据有误|20260001数据有误|1# 数据有误|一号 数据有误|第一号：数据有误
第1件 数据有误|1号3天 数据有误|编号1、2 数据有误|2—数据有误|2“数据有误”|2 1，附件不全；2，数据有误|5号 前报送
"""
SURE = """
1月份完成|1个月|3处数据有误|3 处数据有误|7天内完成|3月5日前|5.30前|2026-05-30前|2026年3月4日
3:00召开|3,500亩|95%|1/3已完成|2.5公里|1至3月完成|1号闸门|1号、2号闸门|1、附件不全；2、数据有误|数据有误|第一季度|第2页
"""
# after 进展 2: what is counted, and words that begin alike
COUNTED = """
位专家已赴现场|期工程招标|方面问题|组专家|起案件已立案|件案件|所学校|眼机井|段堤防|日召开专题会
支队伍|周 理由：汛期|周内完成
年 理由|天完成核查|辆车|级响应|类问题|口井|宗事项|道闸门|扇闸门|片滩地|村已完成|市已完成|季度完成
标段开工|成以上|倍|组数据
万亩|千米|元|个百分点|名专家|月底前|件都已完成|周一次|日前
"""
NOT_COUNTED = """
组织专家核查|位于城区的取水口|起草方案|所有取水口|支持企业整改|支付工程款|期间召开会议|周一已召开专题会
年度计划已下达|成立专班|方案已编制
项目已开工|处理了两家|市场监管局已函复|道路已修复|口头汇报|点位已核定|组数有误|部署核查|万家寨引黄|周报已报|村委会已整改
"""
MEET_NOTHING = """
收到|收到。|收到！|已收到|收到，谢谢|收到谢谢！|收到了|1收到|1 收到|2026-0001 收到|收到[抱拳]|好的|好|好的好的
好的，谢谢领导|好的，马上办|已阅|阅|已知悉|知道了|明白|了解|OK|ok。|Okay|ｏｋ|嗯嗯|嗯|可以|行|遵照办理|照办|没问题
谢谢|辛苦了|👌|[强]|收到此项任务|收到任务，马上落实|正在办理|在办|抓紧办理
"""
MEET_SOMETHING = """
收到此项任务，经处室负责人批示，已安排张三处理解决。|好的，已完成现场核查|同意|不同意|待办|进展 1 好的|已完成|没有收到
嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯嗯啊
"""


def _listed(rows):
    return rows.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize(("text", "word", "ref", "node", "rest"), COMMANDS)
def test_a_phrase_is_taken_apart(text, word, ref, node, rest):
    found = words.command(text)
    assert found is not None
    assert (found.word, found.ref, found.node) == (word, ref, node)
    assert found.rest == rest


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_other_words_are_no_command(text):
    assert words.command(text) is None


@pytest.mark.parametrize(("text", "word"), [row[:2] for row in COMMANDS])
def test_the_routers_pattern_takes_the_same_texts(text, word):
    clean = words.ordered(text)
    assert re.fullmatch(words.pattern(word), clean, re.DOTALL)
    others = [name for name in words.COMMANDS if re.fullmatch(words.pattern(name), clean, re.DOTALL)]
    assert others == [word]


@pytest.mark.parametrize("text", [text for text in NO_COMMANDS if text])
def test_no_pattern_takes_other_words(text):
    assert not [name for name in words.COMMANDS if re.fullmatch(words.pattern(name), text, re.DOTALL)]


@pytest.mark.parametrize("text", _listed(MEET_NOTHING))
def test_a_mere_receipt_meets_nothing(text):
    assert words.meets_nothing(text)


@pytest.mark.parametrize("text", ["", *_listed(MEET_SOMETHING)])
def test_more_than_a_receipt(text):
    assert not words.meets_nothing(text)


def test_no_spelling_means_two_commands():
    spellings = [spelling for row in words.COMMANDS.values() for spelling in row]
    assert len(spellings) == len(set(spellings))


def test_a_bare_number_is_a_matter_only_when_the_caller_knows_it():
    assert numbers.number("1 完成", lambda ref: False) == (None, "1 完成")
    assert numbers.number("1 完成", lambda ref: ref.number == 1) == (ONE, "完成")
    assert numbers.number("2026-0001 完成", lambda ref: False) == (FIRST, "完成")
    for text in ("1-2 已贯通", "2026-5-30 已贯通", "2026-05-30，已贯通"):
        assert numbers.number(text, lambda ref: not ref.child) == (None, text)
    found, rest = numbers.number("2026-5-30 已贯通", lambda ref: ref.child == 30)
    assert (found, rest) == (Ref(5, year=2026, bare=True, child=30), "已贯通")
    found = words.command("进展 3 栋楼已拆除", lambda ref: ref.number == 1)
    assert found is not None
    assert (found.ref, found.rest) == (None, "3 栋楼已拆除")


@pytest.mark.parametrize(("rows", "unsure"), [(UNSURE, True), (SURE, False)])
def test_what_may_be_a_number_is_told_from_words(rows, unsure):
    for text in _listed(rows):
        found = words.command(f"/催办 {text}")
        assert found is not None
        assert (found.ref, numbers.is_unsure(found.rest)) == (None, unsure), text


@pytest.mark.parametrize(("rows", "ref"), [(COUNTED, None), (NOT_COUNTED, Ref(2, bare=True))])
def test_what_is_counted_names_no_matter(rows, ref):
    for text in _listed(rows):
        found, rest = numbers.number(f"2 {text}")
        assert (found, rest) == (ref, text if ref else f"2 {text}"), text
    assert numbers.is_unsure("2 件都已完成")
    assert not numbers.is_unsure("2 件案件")


def test_a_number_is_said_as_people_see_it():
    assert [str(ref) for ref in (FIRST, CHILD, ONE, Ref(1, child=2), Ref(12, proposal=True))] == [
        "2026-0001",
        "2026-0001-2",
        "1",
        "1-2",
        "拟-12",
    ]


def test_the_rest_keeps_the_senders_own_characters():
    found = words.command("进展 1 完成ＧＰＳ测量，共３处；“清四乱”——已销号")
    assert found is not None
    assert found.rest == "完成ＧＰＳ测量，共３处；“清四乱”——已销号"


def test_the_slash_is_told():
    assert [words.command(text).slash for text in ("/考核", "考核")] == [True, False]


@pytest.mark.parametrize(
    ("said", "near"),
    [("张珊", ["张三"]), ("张三", ["张三", "张三丰"]), ("张", ["张三", "张三丰"]), ("三丰", ["张三丰"]), ("赵六", [])],
)
def test_near_names_are_offered(said, near):
    found = words.nearest(said, ["李四", "张三", "张三丰", "欧阳建国"])
    assert found[: len(near)] == near
    assert bool(found) == bool(near)


def test_a_surname_names_a_person_only_when_one_bears_it():
    assert words.person("张", ["张三", "李四"]) == "张三"
    assert words.person("张", ["张三", "张四"]) is None
    assert words.person("张三", ["张三", "张三丰"]) == "张三"
    assert words.person("三", ["张三"]) is None
