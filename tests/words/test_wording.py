"""The filters: instants, spans, nodes, numbers as people read them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot import wording

NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        ("2026-03-05T01:00:00+00:00", "3月5日 09:00"),
        ("2026-03-05T09:00:00+08:00", "3月5日 09:00"),
        ("2026-03-05T16:00:00+00:00", "3月5日 24:00"),
        ("2026-03-05T15:59:00+00:00", "3月5日 23:59"),
        ("2026-03-31T16:00:00+00:00", "3月31日 24:00"),
        ("2027-01-05T01:00:00+00:00", "2027年1月5日 09:00"),
        ("2026-12-31T16:00:00+00:00", "12月31日 24:00"),
        ("2025-12-31T16:00:00+00:00", "2025年12月31日 24:00"),
    ],
)
def test_an_instant(instant, shown):
    assert wording.instant(instant, NOW) == shown
    assert wording.instant(datetime.fromisoformat(instant), NOW.isoformat()) == shown


def test_without_now_the_year_is_shown():
    assert wording.instant(NOW) == "2026年3月5日 09:00"


def test_an_instant_needs_a_zone():
    with pytest.raises(ValueError, match="zone"):
        wording.instant("2026-03-05T01:00:00", NOW)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 3, 5), "3月5日 周四"),
        ("2026-03-08", "3月8日 周日"),
        ("2026-03-05T16:00:00+00:00", "3月5日 周四"),
        (datetime(2026, 3, 6, 0, 0, tzinfo=timezone(timedelta(hours=8))), "3月5日 周四"),
        (date(2027, 1, 1), "2027年1月1日 周五"),
    ],
)
def test_a_day(day, shown):
    assert wording.day(day, NOW) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (5 * 60, "剩余5小时"),
        (5 * 60 - 1, "剩余5小时"),
        (51 * 60, "剩余2天3小时"),
        (48 * 60, "剩余2天"),
        (4 * 60 + 40, "剩余4小时40分钟"),
        (12, "剩余12分钟"),
        (1, "剩余1分钟"),
        (0, "现已到期"),
        (-1, "已逾期1分钟"),
        (-54, "已逾期54分钟"),
        (-58, "已逾期1小时"),
        (-6 * 60, "已逾期6小时"),
        (-48 * 60, "已逾期2天"),
        (-120 * 60, "已逾期5天"),
    ],
)
def test_what_is_left(minutes, shown):
    assert wording.left(NOW + timedelta(minutes=minutes), NOW) == shown
    assert wording.left(NOW + timedelta(minutes=minutes, seconds=-8), NOW) == shown


@pytest.mark.parametrize(
    ("name", "node", "owed"),
    [
        ("N1", "1天", "1天反馈"),
        ("N3", "3天", "3天反馈"),
        ("N7", "7天", "7天反馈"),
        ("NM", "1个月", "1个月办结"),
        ("REWORK", "退回重报", "退回重报"),
        ("CUSTOM", "限定时限", "限时办结"),
        ("LIMIT", "领导限期", "领导限期反馈"),
        ("W2026-04-09", "4月9日周报", "4月9日周报"),
        ("M2026-03", "3月月报", "3月月报"),
    ],
)
def test_a_node(name, node, owed):
    assert (wording.named(name), wording.named(name, "owed")) == (node, owed)


def test_of_several_leaders_dates_each_has_its_day():
    assert wording.named("CUSTOM2026-03-20") == "3月20日领导限期"


def test_an_unknown_node_is_an_error():
    with pytest.raises(KeyError):
        wording.named("N9")


def test_numbers_and_points():
    assert (wording.code(2026, 1), wording.brief("2026-0001"), wording.brief("2026-0120")) == (
        "2026-0001",
        "2026-1",
        "2026-120",
    )
    assert [wording.points(tenths) for tenths in (-1, -28, 1, 0)] == ["-0.1", "-2.8", "+0.1", "0"]


def test_shortening():
    assert (wording.short("甲乙丙丁", 4), wording.short("甲乙丙丁戊", 4), wording.short("甲\n乙", 4)) == (
        "甲乙丙丁",
        "甲乙丙…",
        "甲 乙",
    )
    assert wording.plain("关于 【甲】“乙”\n的报告") == "关于甲乙的报告"


def test_the_most_severe_first():
    rows = [("remind", 1), ("initiate", 0), ("urge", 9), ("supervise", 5), ("urge", 2)]
    items = [{"kind": kind, "due_at": NOW + timedelta(hours=hours)} for kind, hours in rows]
    order = [(item["kind"], (item["due_at"] - NOW) // timedelta(hours=1)) for item in wording.severest(items)]
    assert order == [("supervise", 5), ("urge", 2), ("urge", 9), ("remind", 1), ("initiate", 0)]
