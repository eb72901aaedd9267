"""What an answer meets: on time and late, out of order, named and not, supplements, periods, points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import errors
from bot.actions import facts, feedback, setting
from bot.rules.ruleset import Ruleset
from models import roster
from models.delivery import Delivery
from models.feedback import Feedback
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Seat
from models.score import ScoreEvent
from tests.department import ACK, KEY, PROPOSE, T, World

DONE = "进展 已完成现场核查，形成问题清单"
SECOND = timedelta(seconds=1)


async def met(matter: Matter) -> list[str]:
    return await Obligation.filter(matter_id=matter.id, ended="met").order_by("id").values_list("name", flat=True)


async def kinds() -> list[str]:
    return await Feedback.all().order_by("id").values_list("kind", flat=True)


@pytest.mark.requirement("A5")
async def test_exactly_at_the_deadline_is_on_time(world: World) -> None:
    matter = await world.matter()
    told = await world.say("a", ACK, 24)
    assert "逾期" not in told.text
    assert not (await world.owed(matter, "N1")).late
    assert not await ScoreEvent.exists()


@pytest.mark.requirement("R53", "A87")
async def test_a_second_after_it_is_late_and_costs_a_tenth(world: World) -> None:
    matter = await world.matter()
    told = await world.say("a", ACK, timedelta(hours=24) + SECOND)
    assert "（逾期）" in told.text
    assert (await world.owed(matter, "N1")).late
    event = await ScoreEvent.get()
    assert (event.rule, event.tenths, event.unit_id) == ("overdue", -1, world.units["水资源处"])
    notice = await Notice.get(kind="feedback")
    assert notice.facts["late"] is True
    assert await world.intact()


@pytest.mark.requirement("A8")
async def test_out_of_order_one_settles_both(world: World) -> None:
    matter = await world.matter()
    told = await world.say("a", "进展 3天 已完成现场核查，形成问题清单", 2)
    assert "3天反馈" in told.text
    assert "补上的节点：1天" in told.text
    assert await met(matter) == ["N1", "N3"]
    assert await Notice.filter(kind="feedback").count() == 1


@pytest.mark.requirement("A8")
async def test_unnamed_serves_the_latest_overdue_and_settles_the_earlier(world: World) -> None:
    matter = await world.matter()
    told = await world.say("a", DONE, 80)
    assert "3天反馈（逾期）" in told.text
    assert await met(matter) == ["N1", "N3"]
    assert await ScoreEvent.filter(rule="overdue").count() == 2
    assert await world.intact()


@pytest.mark.requirement("A8")
async def test_more_before_the_same_deadline_is_a_supplement(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 2)
    told = await world.say("a", DONE, 5)
    assert "补充材料" in told.text
    assert "请写“进展 2026-0001 3天" in told.text
    assert await met(matter) == ["N1"]
    assert await kinds() == ["acknowledge", "supplement"]
    told = await world.say("a", DONE, 25)
    assert "3天反馈" in told.text
    assert await met(matter) == ["N1", "N3"]


@pytest.mark.requirement("A80")
async def test_a_node_already_met_keeps_a_supplement(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 2)
    told = await world.say("a", "进展 1天 已完成现场核查，形成问题清单", 30)
    assert "1天节点的补充材料" in told.text
    told = await world.say("b", "收到此项任务，经处室负责人批示，已安排孙贝处理解决。", 31)
    assert "补充材料" in told.text
    assert "承办人仍为张三；要改为孙贝，请写“分办 2026-0001 孙贝”。" in told.text
    assert "3天 ……" not in told.text
    assert (await Matter.get(id=matter.id)).handler_id == world.people["zhang"]
    assert await met(matter) == ["N1"]
    assert await world.intact()


@pytest.mark.requirement("R32", "R33")
async def test_who_is_named_after_the_node_was_met_by_words_is_told(world: World) -> None:
    matter = await world.matter()
    await world.say("a", "进展 1 已研究部署，正在核查取水许可", 2)
    told = await world.say("a", ACK, 3)
    assert told.text.splitlines()[1:] == [
        "已分办给张三。",
        "下一步：3月5日 09:00前反馈初步办理情况，剩余2天21小时。",
    ]
    assert (await Matter.get(id=matter.id)).handler_id == world.people["zhang"]
    assert await Delivery.filter(kind="assigned").values_list("person_id", flat=True) == [world.people["zhang"]]
    assert await met(matter) == ["N1"]
    assert await kinds() == ["feedback", "supplement"]
    assert "承办人仍为张三。" in (await world.say("b", ACK, 4)).text
    assert await world.intact()


@pytest.mark.requirement("A7", "A81")
async def test_the_month_stays_open(world: World) -> None:
    matter = await world.matter(PROPOSE.replace("类别:一般", "类别:重大"))
    told = await world.say("a", "进展 1个月 已完成现场核查，形成问题清单", 2)
    assert "1个月节点须办结" in told.text
    assert await met(matter) == ["N1", "N3", "N7"]
    told = await world.say("a", "进展 1个月 已完成现场核查，形成问题清单", 300)
    assert "补充材料" in told.text
    assert (await world.owed(matter, "NM")).ended == ""


@pytest.mark.requirement("A80")
async def test_while_it_rests_words_are_kept(world: World) -> None:
    matter = await world.matter()
    await Obligation.filter(matter_id=matter.id).exclude(name="MATTER").update(paused_by="completion")
    assert "已存为 2026-0001 的补充材料" in (await world.say("a", DONE, 2)).text
    assert await met(matter) == []
    assert await kinds() == ["supplement"]


@pytest.mark.requirement("A75")
async def test_a_supplement_by_name(world: World) -> None:
    matter = await world.matter()
    assert "补充材料" in (await world.say("a", "补充 1 现场照片已交厅办公室存档", 2)).text
    assert await met(matter) == []
    assert "不足10个字" in (await world.say("a", "补充 1 现场照片已 交给厅里", 2)).text
    assert "补充材料" in (await world.say("a", "补充 1 现场照片已 交给厅里了", 2)).text


@pytest.mark.requirement("A63")
async def test_a_handlers_filing_is_copied_to_a(world: World) -> None:
    await world.matter()
    await world.say("a", ACK, 2)
    await world.say("zhang", DONE, 30)
    notice = await Notice.filter(kind="feedback").order_by("-id").first()
    assert notice
    told = await Delivery.filter(notice_id=notice.id).order_by("person_id").values_list("person_id", flat=True)
    assert told == sorted([world.people["ban"], world.people["a"]])
    assert notice.facts["by"] == "张三"


@pytest.mark.requirement("A63", "A64")
async def test_a_handler_who_left_the_unit_files_no_more(world: World) -> None:
    await world.matter()
    await world.say("a", ACK, 2)
    await Seat.filter(person_id=world.people["zhang"]).delete()
    assert "没有需要反馈的事项" in (await world.say("zhang", DONE, 30)).text
    assert "承办处室是水资源处" in (await world.say("zhang", "进展 2026-1 已完成现场核查，形成问题清单", 30)).text


@pytest.mark.requirement("R32")
async def test_passing_it_on_tells_the_handler(world: World) -> None:
    matter = await world.matter()
    assert (await facts.of(matter))["handler_id"] == ""  # nobody is chosen on the card
    told = await world.say("a", "分办 1 张三", 1)
    assert "已分办给张三" in told.text
    assert "1天节点尚未反馈" in told.text
    await world.say("a", "分办 1 孙贝", 2)
    await world.say("a", "分办 张三", 3)
    assert (await Matter.get(id=matter.id)).handler_id == world.people["zhang"]
    told_people = Delivery.filter(notice__kind="assigned").order_by("id")
    assert await told_people.values_list("person_id", flat=True) == [
        world.people["zhang"],
        world.people["b"],
        world.people["zhang"],
    ]
    assert await world.intact()


@pytest.mark.requirement("R32")
async def test_what_is_in_review_is_passed_on_without_a_date(world: World) -> None:
    await world.matter()
    await world.hand_in("a", 1)
    card = (await world.say("a", "完结 1 理由：已全部整改到位", 1)).card
    await world.press("a", card.actions[0].key, 1)
    assert (await world.say("a", "分办 1 张三", 2)).text.strip() == "2026-0001 已分办给张三，并已通知本人。"
    said = (await Notice.get(kind="assigned")).facts
    assert (said["node"], said["due_at"]) == ("", None)


def day(month: int, number: int, hour: int = 0) -> timedelta:
    """As a difference to T: 2026, Shanghai."""
    return datetime(2026, month, number, hour, tzinfo=UTC) - timedelta(hours=8) - datetime(2026, 3, 2, 1, tzinfo=UTC)


async def month(world: World) -> Matter:
    """A monthly matter, N1 met; the engine never runs here, so April begins by the calendar alone."""
    matter = await world.matter(PROPOSE.replace("类别:一般", "类别:月报"))
    await world.say("a", ACK, 1)
    return matter


@pytest.mark.requirement("A28")
async def test_in_the_first_days_a_report_is_last_months(world: World) -> None:
    matter = await month(world)
    assert "3月月报反馈（逾期）" in (await world.say("a", "月报 已完成现场核查，形成问题清单", day(4, 5, 23))).text
    assert await met(matter) == ["N1", "M2026-03"]


@pytest.mark.requirement("A28")
async def test_later_a_report_is_this_months_and_settles_the_last(world: World) -> None:
    matter = await month(world)
    told = await world.say("a", "月报 已完成现场核查，形成问题清单", day(4, 6, 9))
    assert "4月月报反馈" in told.text
    assert await met(matter) == ["N1", "M2026-03", "M2026-04"]
    assert await ScoreEvent.filter(rule="overdue").count() == 1


async def test_a_supplement_is_kept_with_the_month_it_names(world: World) -> None:
    matter = await month(world)
    told = await world.say("a", "补充 1 3月 三月份核查照片已交厅办公室", day(4, 20))
    assert "3月月报节点的补充材料" in told.text
    kept = await Feedback.get(kind="supplement").prefetch_related("obligation")
    assert kept.obligation == await world.owed(matter, "M2026-03")


async def test_a_month_may_be_named(world: World) -> None:
    matter = await month(world)
    await world.say("a", "进展 3月 已完成现场核查，形成问题清单", day(4, 20))
    assert await met(matter) == ["N1", "M2026-03"]


@pytest.mark.requirement("A77")
async def test_a_month_that_has_not_begun_takes_no_report(world: World) -> None:
    matter = await month(world)
    told = await world.say("a", "进展 4月 已完成现场核查，形成问题清单", day(3, 20))
    assert "补充材料" in told.text
    assert await met(matter) == ["N1"]


@pytest.mark.requirement("A80")
async def test_who_is_named_once_more_is_a_supplement_and_by_a_card_too_late(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 1)
    by = await roster.person(world.people["a"], T.date())
    assert by
    kept = await feedback.acknowledge(matter.id, [world.people["b"]], by, T, ACK)
    assert (kept.kept, kept.facts["node"]) == ("supplement", "N1")
    with pytest.raises(errors.Refused) as caught:
        await feedback.acknowledge(matter.id, [world.people["b"]], by, T, ACK, pressed=0)
    assert caught.value.code == "stale_card"
    assert (await Matter.get()).handler_id == world.people["zhang"]


@pytest.mark.requirement("A7")
async def test_the_month_node_is_met_by_words_where_the_rules_say_so(world: World) -> None:
    setting.use(setting.Setting(KEY, Ruleset(n7_needs="completion", nm_met_by="feedback")))
    matter = await world.matter(PROPOSE.replace("类别:一般", "类别:重大"))
    assert facts.needs(matter) == {"n7_needs": "feedback", "nm_met_by": "feedback"}
    assert facts.needs(Matter(category="general"))["n7_needs"] == "completion"  # R3 is of general ones
    await world.say("a", "进展 7天 已完成现场核查，形成问题清单", 2)
    assert "2026-0001" in (await world.say("a", "进展 已办", 480)).text
    await world.say("a", "进展 已全部整改到位，完成验收", 480)
    assert await met(matter) == ["N1", "N3", "N7", "NM"]
