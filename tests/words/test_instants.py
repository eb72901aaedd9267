"""Instants that have gone by, in people's words (A49), said on Wednesday 4 March 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.rules.calendar import SHANGHAI
from handlers import instants

TODAY = date(2026, 3, 4)
MEANT = """
15:30 03-04T15:30 | 3月3日08:30 03-03T08:30 | 3月3日8点半 03-03T08:30 | 今天上午8点半 03-04T08:30 | 8点5分 03-04T08:05
昨天下午3点 03-03T15:00 | 昨天下午12点 03-03T12:00 | 昨天下午12点半 03-03T12:30 | 昨天下午15:00 03-03T15:00
昨天晚上12点 03-04T00:00 | 昨天晚12点半 03-04T00:30 | 昨晚8点 03-03T20:00 | 昨天夜里11点三刻 03-03T23:45
3月3日24时 03-04T00:00 | 3月3日中午1点 03-03T13:00 | 3月3日中午12点 03-03T12:00 | 3月3日中午11点半 03-03T11:30
3月3日凌晨12点 03-03T00:00 | 3月3日凌晨2点 03-03T02:00 | 今天凌晨0点 03-04T00:00 | 今早8点 03-04T08:00
前天傍晚6点1刻 03-02T18:15 | 前天上午12点整 03-02T12:00 | 2日早上9点钟 03-02T09:00 | ３月３日晚上８：３０ 03-03T20:30
昨天3:05 03-03T03:05 | 昨天0点 03-03T00:00 | 昨天7点 03-03T07:00
"""
UNCLEAR = """
昨天晚上1点 昨天半夜12点 昨天早上12点 昨天上午3点二十 昨天中午5点 昨天凌晨9点 昨天上午15点 昨天25点 3月3日
昨天15:3 昨天 昨天3点 3月3日6时 昨天1点半 8点到9点 8点半到9点 8:00-9:00 上午8点至十点 8点左右
15:30左右 8点多 8点一刻到九点
"""


@pytest.mark.parametrize("row", [part for part in MEANT.replace("\n", "|").split("|") if part.strip()])
def test_an_instant(row: str) -> None:
    said, meant = row.split()
    expected = datetime.fromisoformat(f"2026-{meant}").replace(tzinfo=SHANGHAI)
    assert instants.past(f"时间:{said} 已电话报告", TODAY) == (expected, "已电话报告")


@pytest.mark.parametrize("said", UNCLEAR.split())
def test_what_is_no_clear_instant_is_asked_again(said: str) -> None:
    assert instants.past(f"时间:{said} 已电话报告", TODAY)[0] is None


def test_to_a_place_is_no_span() -> None:
    assert instants.past("时间:15:30 到现场核查", TODAY)[1] == "到现场核查"
