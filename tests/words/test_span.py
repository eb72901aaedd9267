"""Spans of days in people's words, said on Thursday 5 March 2026."""

from __future__ import annotations

from datetime import date

import pytest

from handlers import span

TODAY = date(2026, 3, 5)
SPANS = """
12月1日至5日 12-01 12-05 | 12月1日到12月5日 12-01 12-05 | 12.1-12.5 12-01 12-05 | 12/1~12/5 12-01 12-05
12月1-5日 12-01 12-05 | 12月1日—5日 12-01 12-05 | 12-1-12-5 12-01 12-05 | １２月１日－５日 12-01 12-05
2026-12-01-2026-12-05 12-01 12-05 | 2026-12-01至2026-12-05 12-01 12-05 | 2026年12月1日至5日 12-01 12-05
12月1日起3天 12-01 12-03 | 12月1日共2天 12-01 12-02 | 今天 03-05 03-05 | 明天至后天 03-06 03-07
周五至下周一 03-06 03-09 | 下周一至周五 03-09 03-13 | 下周五到周日 03-13 03-15 | 下周一至下周三 03-09 03-11
周五至周一 03-06 03-09 | 本周一至周三 03-02 03-04 | 3月16日至周五 03-16 03-20 | 下周五至本周五 03-13 03-06
3月30日至4月2日 03-30 04-02 | 12月5日至1日 12-05 12-01 | 12月5日至12月1日 12-05 12-01
3月5日 03-05 03-05 | 12月28日至月底 12-28 12-31 | 12月1日至12月5日前 12-01 12-05 | 12月1日至5日。 12-01 12-05
"""
UNCLEAR = """
尽快 12月 12月1日至 至12月5日 12月1日起 12月1日至32日 一周 12月1日至5日至9日 0天 12月1日起0天 ， 3天内 15日内
"""


@pytest.mark.parametrize("row", [part for part in SPANS.replace("\n", "|").split("|") if part.strip()])
def test_a_span(row: str) -> None:
    said, first, last = row.split()
    assert span.span(said, TODAY) == (date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}"))


def test_over_the_years_end() -> None:
    assert span.span("12月30日至1月2日", TODAY) == (date(2026, 12, 30), date(2027, 1, 2))
    assert span.span("12月30日至2027年1月2日", TODAY) == (date(2026, 12, 30), date(2027, 1, 2))


def test_one_that_began_before_new_year_and_runs() -> None:
    running = date(2026, 12, 30), date(2027, 1, 5)
    for said in ("12月30日至1月5日", "12.30-1.5", "12月30日至2027年1月5日"):
        for today in (date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 5)):
            assert span.span(said, today) == running, (said, today)
    assert span.span("12月30日至1月5日", date(2027, 1, 6)) == (date(2027, 12, 30), date(2028, 1, 5))
    assert span.span("2027年12月30日至1月5日", date(2027, 1, 2)) == (date(2027, 12, 30), date(2028, 1, 5))
    assert span.span("1月5日至12月30日", date(2026, 12, 15)) == (date(2027, 1, 5), date(2027, 12, 30))


@pytest.mark.parametrize("said", [*UNCLEAR.split(), "", "12月1日至5日" * 20])
def test_what_is_no_clear_span_is_asked_again(said: str) -> None:
    assert span.span(said, TODAY) is None
