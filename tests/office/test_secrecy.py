"""Marked text is refused before it reaches a matter, a card or the stored message, also in proposals (A76)."""

from __future__ import annotations

import pytest

from bot.pages import report
from models.inbound import Inbound
from models.matter import Matter
from tests.department import PROPOSE, T
from tests.office.days import Days

MARKED = (
    PROPOSE + " 密级:机密",
    PROPOSE.replace("事项", "事项（秘密）"),
    "/立项\n标题：机密★1年 某工程核查\n来源：省政府13710\n类别：一般\n处室：水资源处",
    "/立项\n标题：核查\n来源：处室\n类别：一般\n处室：水资源处\n批示：见绝密级文件",
)


@pytest.mark.requirement("A76")
@pytest.mark.parametrize("text", MARKED)
async def test_a_marked_proposal_is_refused(days: Days, text: str) -> None:
    assert "密级标志，不能在此传输" in await days.said("ban", text)
    assert not await Matter.exists()
    assert (await Inbound.get()).text == ""


@pytest.mark.requirement("A76")
async def test_so_is_a_reply_to_marked_text(days: Days) -> None:
    await days.matter()
    quoted = "「李安：见【秘密】文件」\n- - - - - - - - - - - - - - -\n待办"
    assert "密级标志" in await days.said("a", quoted)
    assert "密级" not in "".join(str(each.raw) + each.text for each in await Inbound.all())


@pytest.mark.requirement("A76")
async def test_why_a_sensitive_proposal_was_refused_stays_off_the_card(days: Days) -> None:
    await days.said("ban", f"{PROPOSE} 敏感:是")
    await days.said("wang", "/驳回 1 涉及正在查办的案件")
    (card,) = [each for each in await days.cards("ban") if each.startswith("未获批准：拟-1")]
    assert "敏感事项，理由请向批示人了解。" in card
    assert "案件" not in card


@pytest.mark.requirement("A76")
@pytest.mark.parametrize(
    "text", ["申诉 1 见【秘密】文件", "/批示 1 密级：秘密", "/撤销 1 机密★5年", "/代报 1 时间:8:30 绝密件"]
)
async def test_so_are_all_commands(days: Days, text: str) -> None:
    await days.matter()
    assert "密级标志" in await days.said("wang", text)


@pytest.mark.requirement("A76")
@pytest.mark.parametrize("sensitive", [True, False])
def test_the_form_begins_with_a_title_only_where_it_may_be_told(sensitive: bool) -> None:
    matter = Matter(title="青龙河取水举报", sensitive=sensitive, source="meeting", proposed_at=T)
    begun = report.of_draft(None, report.subject(matter, "水资源处", T))
    assert begun.report.title == ("" if sensitive else "关于青龙河取水举报落实情况的报告")
    assert begun.report.addressee == "厅领导"
