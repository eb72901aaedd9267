"""Instants that have gone by, in people's words, said on Wednesday 4 March 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.rules.calendar import SHANGHAI
from handlers import instants

TODAY = date(2026, 3, 4)
MEANT = """
时间:3月3日 15:30 03-03 15:30 | 昨天下午3点半 03-03 15:30 | 15:30 03-04 15:30 | 3月3日24:00 03-04 00:00
昨天晚上12点 03-04 00:00 | 3月3日晚12点半 03-04 00:30 | 3月3日晚8点 03-03 20:00 | 昨天晚上20点 03-03 20:00
3月3日中午1点 03-03 13:00 | 中午12点 03-04 12:00 | 前天上午11点 03-02 11:00 | 昨天下午12点10分 03-03 12:10
3月3日凌晨12点 03-03 00:00 | 凌晨5点 03-04 05:00 | 傍晚6点 03-04 18:00 | 早上8:05 03-04 08:05
"""


@pytest.mark.requirement("A49")
@pytest.mark.parametrize("row", [part.strip() for part in MEANT.replace("\n", "|").split("|") if part.strip()])
def test_an_instant_and_what_follows(row: str) -> None:
    said, day, clock = row.rsplit(" ", 2)
    meant = datetime.fromisoformat(f"2026-{day}T{clock}").replace(tzinfo=SHANGHAI)
    assert instants.past(f"{said} 已电话报告", TODAY) == (meant, "已电话报告")


@pytest.mark.parametrize("said", ["昨天晚上3点", "早上12点", "晚上0点", "25:00", "上午", "2月30日 8:30", "已电话报告"])
def test_what_is_no_clear_instant_is_asked_again(said: str) -> None:
    assert instants.past(said, TODAY) == (None, said)
