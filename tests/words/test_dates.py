"""Dates in people's words (A60), said on Thursday 5 March 2026."""

from datetime import date

import pytest

from handlers import dates

TODAY = date(2026, 3, 5)
MEANT = """
2026-05-30 2026-05-30 | 2026/5/30 2026-05-30 | 2026.5.30 2026-05-30 | 2026年5月30日 2026-05-30 | 26年5月30日 2026-05-30
20260530 2026-05-30 | 5月30日 2026-05-30 | 5月30号 2026-05-30 | 5月30 2026-05-30 | 5.30 2026-05-30 | 5/30 2026-05-30
5-30 2026-05-30 | ５月３０日 2026-05-30 | 五月三十日 2026-05-30 | 十二月三十一日 2026-12-31 | 5月30日前 2026-05-30
5月30日之前 2026-05-30 | 2026-05-30前 2026-05-30 | 5月30日24:00 2026-05-30 | 5月30日24时前 2026-05-30
5月30日(周六) 2026-05-30
5月底 2026-05-31 | 5月底前 2026-05-31 | 5月末 2026-05-31 | 五月底 2026-05-31 | 2月底 2026-02-28 | 2028年2月底 2028-02-29
5月上旬 2026-05-10 | 5月中旬 2026-05-20 | 5月下旬 2026-05-31 | 月底 2026-03-31 | 本月底前 2026-03-31 | 下月底 2026-04-30
下个月5号 2026-04-05 | 年底 2026-12-31 | 年底前 2026-12-31 | 明年底 2027-12-31 | 2027年底 2027-12-31
今天 2026-03-05 | 明天 2026-03-06 | 明天前 2026-03-06 | 后天 2026-03-07 | 大后天 2026-03-08 | 昨天 2026-03-04
周四 2026-03-05 | 本周四 2026-03-05 | 周四前 2026-03-05 | 本周一 2026-03-02 | 周一 2026-03-09 | 星期三 2026-03-11
下周四 2026-03-12 | 下周日 2026-03-15 | 本周末 2026-03-08 | 30日 2026-03-30 | 3号 2026-04-03 | 3天后 2026-03-08
三天后 2026-03-08 | 3日后 2026-03-08 | 3天内 2026-03-08 | 3日内 2026-03-08 | 三日内 2026-03-08 | 5日内 2026-03-10
10日之内 2026-03-15 | ２０日以内 2026-03-25 | 十五日内 2026-03-20 | 两日内 2026-03-07 | 3日内完成 2026-03-08
一周内 2026-03-12 | 两周内 2026-03-19 | 2个星期内 2026-03-19 | 一个月内 2026-04-05 | 半个月内 2026-03-20
100天内 2026-06-13 | 5月30日内 2026-05-30 | 今日内 2026-03-05 | 月底之内 2026-03-31
2月20日 2026-02-20 | 1月3日 2027-01-03
"""
UNCLEAR = """
尽快 5月 2月30日 13.1 0.5 5月30日下午5点 5月30日17:00 国庆前 32日 周八 一个月 5月0日 2026-13-01
2026-05-30至6月5日 、 15号内 3-5天内 3-5日内 3.5天内 3.5日内 三五日内 两三天后 5个工作日内 24小时内 3天 0天内
"""
LEADING = """
3日内报送方案 03-08 报送方案 | 三日内，报送方案 03-08 报送方案 | 三天内报 03-08 报 | 3天报方案 03-08 报方案
10日之内报 03-15 报 | 3日 04-03 | 一周报方案 03-12 报方案 | 5个星期内报 04-09 报 | 3日后报 03-08 报
月底前报方案 03-31 报方案 | 5.30报方案 05-30 报方案 | 3月20日到一线 03-20 到一线 | 周五前，5家企业 03-06 5家企业
"""
NO_HEAD = """
3-5天内报 3-5日内报 3.5天内报 3.5天 三至五日内报 两三天内报 3.5个月内 15号之内报 5个工作日内报 2月30日前报
3月20日至25日 3月20日或4月1日 三月二日至五日 12.1-12.5 3月20日后报 5.3亿元 3天左右 一周一报 尽快
"""


@pytest.mark.requirement("A60")
@pytest.mark.parametrize("row", [part for part in MEANT.replace("\n", "|").split("|") if part.strip()])
def test_a_date_is_one_day(row):
    said, meant = row.split()
    assert dates.date(said, TODAY) == date.fromisoformat(meant)


@pytest.mark.parametrize("said", [*UNCLEAR.split(), "", " "])
def test_what_is_no_clear_day_is_asked_again(said):
    assert dates.date(said, TODAY) is None


@pytest.mark.parametrize("row", [part for part in LEADING.replace("\n", "|").split("|") if part.strip()])
def test_the_day_that_a_text_begins_with(row):
    said, meant, rest = [*row.split(), ""][:3]
    assert dates.leading(said, TODAY) == (date.fromisoformat(f"2026-{meant}"), rest)


@pytest.mark.parametrize("said", NO_HEAD.split())
def test_a_text_that_begins_with_no_one_day(said):
    assert dates.leading(said, TODAY) == (None, said)


def test_a_documents_date_lies_behind():
    assert dates.date("12月5日", TODAY, past=True) == date(2025, 12, 5)
    assert dates.date("3月5日", TODAY, past=True) == TODAY
    assert dates.date("20日", date(2026, 3, 25), past=True) == date(2026, 3, 20)
    assert dates.date("周一", TODAY, past=True) == date(2026, 3, 2)


def test_months_run_over_the_years_end():
    assert dates.date("下月底", date(2026, 12, 3)) == date(2027, 1, 31)
    assert dates.date("3号", date(2026, 12, 30)) == date(2027, 1, 3)
    assert dates.date("两个月内", date(2026, 12, 31)) == date(2027, 2, 28)
    assert dates.date("2月29日", date(2027, 3, 5)) is None
