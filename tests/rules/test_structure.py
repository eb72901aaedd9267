"""What is found in a completion report (R43, R44, R45, R46, A74): each by the smallest change that brings it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.documents import report as reports
from bot.rules import structure
from bot.rules.structure import Finding, Report, Subject
from tests.documents import samples

SUBJECT = Subject("关于开展取水许可核查的事项", "provincial_13710", "水资源处", date(2026, 3, 2), date(2026, 3, 9))
GOOD = reports.read(samples.REPORT)


def findings(report: Report, subject: Subject = SUBJECT) -> list[Finding]:
    return structure.findings(report, subject, reports.VOCABULARY)


def codes(report: Report, subject: Subject = SUBJECT) -> list[str]:
    return [each.code for each in findings(report, subject)]


def test_the_standard_form_is_read_and_has_nothing_to_find() -> None:
    assert (GOOD.title, GOOD.addressee) == ("山西省水利厅关于取水许可核查情况的报告", "省政府办公厅")
    assert (GOOD.signer, GOOD.signed_on, GOOD.difficulties) == ("水资源处", date(2026, 3, 9), "")
    assert GOOD.task.startswith("一、交办任务")
    assert GOOD.done.startswith("二、落实情况")
    assert codes(GOOD) == []


@pytest.mark.requirement("R43", "R44", "R45", "R46", "A74")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": ""}, "title_missing"),
        ({"title": "取水许可核查情况"}, "title_form"),
        ({"title": "取水许可核查情况的报告"}, "title_form"),
        ({"title": "关于的报告"}, "title_form"),
        ({"title": "关于取水许可核查的通知"}, "title_form"),
        ({"title": "关于春季植树情况的报告"}, "title_other"),
        ({"addressee": ""}, "addressee_missing"),
        ({"addressee": "厅领导"}, "addressee_other"),
        ({"task": ""}, "part_missing"),
        ({"done": " \n"}, "part_missing"),
        ({"done": "已完成。"}, "part_short"),
        ({"difficulties": "建议增加经费。" * 500}, "too_long"),
        ({"done": GOOD.done + "大家都觉得挺好。"}, "colloquial"),
        ({"done": GOOD.done + "其余尚未完成。"}, "unfinished"),
        ({"task": GOOD.task + "联系人XX。"}, "placeholder"),
        ({"done": GOOD.done + "效果明显的的。"}, "doubled"),
        ({"done": GOOD.done.replace("12个", "52个")}, "sum_over"),
        ({"done": GOOD.done + "排查问题40个，整改10个，整改率90%。"}, "rate_wrong"),
        ({"signer": ""}, "signer_missing"),
        ({"signer": "规划处"}, "signer_other"),
        ({"signed_on": None}, "date_missing"),
        ({"signed_on": date(2026, 3, 10)}, "date_ahead"),
        ({"signed_on": date(2026, 3, 1)}, "date_before"),
    ],
)
def test_each_finding(change: dict[str, Any], code: str) -> None:
    found = structure.findings(replace(GOOD, **change), SUBJECT, reports.VOCABULARY)
    assert code in [each.code for each in found]
    words = [reports.sentence(each, SUBJECT) for each in found]
    assert all(each.endswith("。") and "{" not in each and "None" not in each for each in words)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "关于取水许可核查工作的情况报告"},
        {"difficulties": "三、困难和建议\n经费尚未到位，建议予以支持。"},
        {"done": GOOD.done + "排查问题40个，整改30个，整改率75%。"},
        {"done": GOOD.done + "排查问题40个，整改30个，剩余25%。"},
        {"signer": "山西省水利厅水资源处"},
    ],
)
def test_what_is_right_is_not_found(change: dict[str, Any]) -> None:
    assert codes(replace(GOOD, **change)) == []


@pytest.mark.requirement("R44")
@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [("province", "省委办公厅", "厅领导"), ("meeting", "厅党组", "省政府"), ("unit", "厅领导", "省政府办公厅")],
)
def test_the_addressee_follows_the_source(source: str, right: str, wrong: str) -> None:
    subject = replace(SUBJECT, source=source)
    assert codes(replace(GOOD, addressee=right), subject) == []
    assert codes(replace(GOOD, addressee=wrong), subject) == ["addressee_other"]
    assert codes(replace(GOOD, addressee=reports.proposed(subject).addressee), subject) == []


@pytest.mark.parametrize("title", ["关于开展取水许可核查的事项", "取水许可核查", "关于取水许可核查情况的报告"])
def test_what_is_proposed_has_the_right_form(title: str) -> None:
    subject = replace(SUBJECT, title=title)
    offered = reports.proposed(subject)
    assert offered.title.startswith("关于")
    assert codes(replace(GOOD, title=offered.title, signer=offered.signer, signed_on=offered.signed_on), subject) == []


@pytest.mark.requirement("A76")
def test_of_a_title_that_may_not_be_told_nothing_is_proposed_or_said() -> None:
    subject = replace(SUBJECT, title="")
    assert reports.proposed(subject).title == ""
    assert codes(GOOD, subject) == []


def test_a_report_without_headings() -> None:
    found = reports.read(
        ["关于核查情况的报告", "厅领导：", "按照要求开展核查。", "已核查。", "已整改。", "水资源处2026年2月30日"]
    )
    assert (found.task, found.done, found.signer, found.signed_on) == (
        "按照要求开展核查。",
        "已核查。\n已整改。",
        "水资源处",
        None,
    )
    assert reports.read([]) == Report()


@pytest.mark.parametrize(
    ("change", "code", "facts"),
    [
        ({"signer": ""}, "signer_missing", {"expected": "水资源处"}),
        ({"signer": "规划处"}, "signer_other", {"signer": "规划处", "expected": "水资源处"}),
        ({"signer": "XX厅水资源处"}, "placeholder", {"words": ["XX"]}),
        ({"title": "关于取水许可核查某某情况的报告"}, "placeholder", {"words": ["某某"]}),
        ({"task": "查" * 9}, "part_short", {"part": "task", "count": 9}),
        ({"done": "查" * 59}, "part_short", {"part": "done", "count": 59}),
        ({"task": "查" * 10, "done": "查" * 2991}, "too_long", {"count": 3001, "most": 3000}),
    ],
)
def test_what_a_finding_says(change: dict[str, Any], code: str, facts: dict[str, Any]) -> None:
    assert findings(replace(GOOD, **change)) == [Finding(code, facts)]


@pytest.mark.parametrize(
    "change",
    [
        {"task": "查" * 10, "done": "查" * 60},
        {"task": "查" * 10, "done": "查" * 2990},
        {"title": "关于许可的报告"},
        {"title": "关于印发关于取水许可核查的报告"},
        {"signed_on": SUBJECT.begun_on},
    ],
)
def test_just_enough_is_enough(change: dict[str, Any]) -> None:
    assert codes(replace(GOOD, **change)) == []


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("今年共查20个，其中整改12个、在改9个", (20, 21, "共查20个，其中整改12个、在改9个")),
        ("今年共查20个，其中整改12个、在改8个", None),
        ("共查20个，其中出动30次", None),
        ("查20个，其中整改30个", None),
        ("共查20个，整改30个", None),
        ("一同查办，其中共20个、30个", None),
        ("共查20个，其中整改15个，其中重点10个", None),  # parts of a part
        ("共查20个，共性问题5个，其中整改12个", None),
        ("共20元，其中" + "办" * 34 + "30元，余", (20, 30, "共20元，其中" + "办" * 33)),
        ("共到位1200000000元，其中省级800000000元", None),
        ("共查20户，其中1234567890123456户", None),  # the number of something
    ],
)
def test_a_sum_in_words(text: str, facts: tuple[int, int, str] | None) -> None:
    want = [Finding("sum_over", dict(zip(("total", "sum", "words"), facts, strict=True)))] if facts else []
    assert findings(replace(GOOD, done=f"{GOOD.done}{text}。")) == want


def test_a_page_of_digits_is_no_count() -> None:
    assert codes(replace(GOOD, done=f"{GOOD.done}共{'9' * 5000}个，其中30个。")) == ["too_long"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("查40个，整改10个，整改率90%", (40, 10, "25", "90")),
        ("查40个，整改40个，整改率9％", (40, 40, "100", "9")),
        ("查40个，整改1个，整改率50%", (40, 1, "2.5", "50")),
        ("查40个，整改0个，整改率50%", (40, 0, "0", "50")),
        ("查3个，整改2个，整改率60.5%", (3, 2, "66.7", "60.5")),
        ("查40个，整改30个，整改率76%", (40, 30, "75", "76")),
        ("查40个，整改30个，剩余26%", (40, 30, "75", "26")),
        ("查40个，整改30个，整改率75.9%", None),
        ("查40个，整改30个，剩余25.9%", None),
        ("查40个，出动10次，整改率90%", None),
        ("整改10个，上年整改40个，增长90%", None),
        ("查0个，整改0个，整改率90%", None),
        ("查40个，整改率90%，整改10个", None),
        ("查40个，整改10个，在改20个，整改率90%", None),
    ],
)
def test_a_rate_in_words(text: str, facts: tuple[int, int, str, str] | None) -> None:
    want = [Finding("rate_wrong", dict(zip(("total", "part", "right", "rate"), facts, strict=True)))] if facts else []
    assert findings(replace(GOOD, done=f"{GOOD.done}{text}。")) == want
