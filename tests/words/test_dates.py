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
三天后 2026-03-08 | 2月20日 2026-02-20 | 1月3日 2027-01-03
"""
UNCLEAR = """
尽快 5月 2月30日 13.1 0.5 5月30日下午5点 5月30日17:00 国庆前 32日 周八 一个月 5月0日 2026-13-01
2026-05-30至6月5日 、
"""


@pytest.mark.requirement("A60")
@pytest.mark.parametrize("row", [part for part in MEANT.replace("\n", "|").split("|") if part.strip()])
def test_a_date_is_one_day(row):
    said, meant = row.split()
    assert dates.date(said, TODAY) == date.fromisoformat(meant)


@pytest.mark.parametrize("said", [*UNCLEAR.split(), "", " "])
def test_what_is_no_clear_day_is_asked_again(said):
    assert dates.date(said, TODAY) is None


def test_a_documents_date_lies_behind():
    assert dates.date("12月5日", TODAY, past=True) == date(2025, 12, 5)
    assert dates.date("3月5日", TODAY, past=True) == TODAY
    assert dates.date("20日", date(2026, 3, 25), past=True) == date(2026, 3, 20)
    assert dates.date("周一", TODAY, past=True) == date(2026, 3, 2)


def test_months_run_over_the_years_end():
    assert dates.date("下月底", date(2026, 12, 3)) == date(2027, 1, 31)
    assert dates.date("3号", date(2026, 12, 30)) == date(2027, 1, 3)
    assert dates.date("2月29日", date(2027, 3, 5)) is None
