"""What is found in a completion report (R43, R44, R45, R46, A74): each by the smallest change that brings it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.documents import report as reports
from bot.rules import structure
from bot.rules.structure import Report, Subject
from tests.documents import samples

SUBJECT = Subject("关于开展取水许可核查的事项", "provincial_13710", "水资源处", date(2026, 3, 2), date(2026, 3, 9))
GOOD = reports.read(samples.REPORT)


def codes(report: Report, subject: Subject = SUBJECT) -> list[str]:
    return [each.code for each in structure.findings(report, subject, reports.VOCABULARY)]


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
