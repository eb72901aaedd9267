"""Whatever is typed, a parser answers; and what it hands on is the sender's own text."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import wording
from handlers import acknowledgement, dates, numbers, plain, proposal, secrecy, words

OTHERS = """
收到此项任务 经处室负责人批示 已安排
由 张三 处理 标题 来源 处室 截止 省政府13710 一般 2026-0001 2026-1 #1 交办〔2026〕1号
拟-12 第3 7天 1个月 9月 4月9日 五月底 下周四 十二月 30日 明天 前 / ／ 、 ， 。 ： ; ( ) 〔 〕 １ ² ٣ ① 好的 嗯 @a
"""
PIECES = st.sampled_from(
    [
        *(spelling for row in words.COMMANDS.values() for spelling in row),
        *OTHERS.split(),
        " ",
        "\n",
        "\u200b",
        "　",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=15).map("".join))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS, st.dates(date(2020, 1, 1), date(2090, 12, 31)), st.booleans())
def test_no_parser_ever_raises(text, today, past):
    plain.normalise(text)
    words.meets_nothing(text)
    words.nearest(text, ["张三", "李四"])
    words.person(text, ["张三", "李四"])
    numbers.number(text)
    numbers.is_unsure(text)
    numbers.node(text)
    acknowledgement.acknowledgement(text)
    secrecy.is_secret(text)
    dates.date(text, today, past=past)
    proposal.proposal(text, today)
    words.command(text)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS)
def test_what_is_handed_on_was_written(text):
    found = words.command(text)
    if found:
        assert found.rest in plain.clean(text)
        assert len(found.rest) < len(plain.clean(text))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(TEXTS)
def test_folding_keeps_every_place(text):
    assert len(plain.fold(text)) == len(text)
    assert plain.fold(plain.fold(text)) == plain.fold(text)


@given(st.dates(date(2020, 1, 1), date(2089, 12, 31)))
def test_a_full_date_is_read_back(day):
    for form in (
        "{0.year}-{0.month}-{0.day}",
        "{0.year}年{0.month}月{0.day}日前",
        "{0.year}/{0.month:02d}/{0.day:02d}",
    ):
        assert dates.date(form.format(day), date(2026, 3, 5)) == day


@given(st.integers(1, 99999), st.integers(2000, 2099))
def test_a_shown_number_is_read_back(number, year):
    shown = wording.code(year, number)
    assert numbers.number(f"{shown} 已完成") == (numbers.Ref(number, year=year), "已完成")
    assert str(numbers.Ref(number, year=year)) == shown
