"""/问效: who decides what, the dossier, the count, what withdraws a proposal (R59, A13, A16, A78)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot import errors
from bot.actions import accountability, dossier, setting, tally
from bot.engine import notify
from bot.rules.ruleset import Ruleset
from models import roster
from models.completion import Completion
from models.delivery import Delivery
from models.extension import Extension
from models.feedback import Feedback
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.people import Seat
from models.roster import Seated
from models.ruling import Ruling
from tests.department import ACK, KEY, PROPOSE, T
from tests.engine.desk import at
from tests.office.days import Days

PROPOSED = 121
"""Hours after T: the second supervise notice left at 120."""


async def person(days: Days, user: str) -> Seated:
    found = await roster.person(days.world.people[user], notify.today(at(days.now)))
    assert found
    return found


@pytest.mark.requirement("A16", "A46")
async def test_a_unit_that_gets_a_matter_back_begins_at_none(days: Days) -> None:
    """What it was supervised for before it gave the matter up is of its record, and never taken from the new count."""
    await days.silent(73)
    await given_away_and_back(days)
    await days.until(73 + 121)
    matter = await Matter.get()
    assert (matter.supervised, matter.proposal_open) == (2, True)
    await days.matter()
    for _ in range(8):  # another one's, whose ledger grows longer than that of this one
        await given_away_and_back(days, 2)
    assert len(await tally.counted(matter)) == 2
    await given_away_and_back(days)
    await days.until(days.now + 73)
    matter = await Matter.get(number=1)
    assert (matter.supervised, len(await tally.counted(matter))) == (1, 1)


async def given_away_and_back(days: Days, number: int = 1) -> None:
    await days.sure("ban", f"/改派 {number} 规划处 职责不符")
    await days.sure("ban", f"/改派 {number} 水资源处 职责相符")


@pytest.mark.requirement("A46")
async def test_with_kept_clocks_the_count_goes_along(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep")))
    await days.silent(73)
    await days.sure("ban", "/改派 1 规划处 机构调整")
    matter = await Matter.get()
    assert (matter.supervised, len(await tally.counted(matter))) == (1, 1)


@pytest.mark.requirement("R59", "A16")
async def test_the_two_steps(days: Days) -> None:
    matter = await days.silent(PROPOSED)
    assert (matter.proposal_open, matter.supervised) == (True, 2)
    assert await days.told("accountability_proposal") == ["ban"]
    assert "“/问效 2026-0001 上报”“/问效 2026-0001 不上报 理由”" in await days.said("wang", "待办")
    for user in ("ban", "fen", "ting"):
        assert "待您决定" not in await days.said(user, "待办")
    assert "只能由办公室主任决定" in await days.said("ban", "/问效 1 上报")
    assert "只能由主要领导决定" in await days.said("wang", "/问效 1 启动")
    assert "尚未由办公室主任上报" in await days.said("ting", "/问效 1 启动")
    assert "报厅长决定" in await days.sure("wang", "/问效 1 上报")
    assert await days.told("accountability_report") == ["ting"]
    assert "“/问效 2026-0001 启动”“/问效 2026-0001 不启动 理由”" in await days.said("ting", "待办")
    assert "没有待办事项" in await days.said("wang", "待办")
    assert "上报主要领导，不能重复" in await days.said("wang", "/问效 1 上报")
    assert (await Matter.get()).proposal_open
    days.forget()
    assert "已启动对水资源处" in await days.sure("ting", "/问效 1 启动")
    assert await days.told("accountability_decided") == ["a", "b", "ban", "chu", "fen", "wang"]
    matter = await Matter.get()
    assert (matter.proposal_open, matter.supervised) == (False, 0)
    assert "没有待决定的问效" in await days.said("ting", "/问效 1 启动")
    assert "没有待办事项" in await days.said("ting", "待办")
    assert [verb for verb in await days.verbs() if "accountability" in verb] == [
        "accountability_proposal",
        "accountability_reported",
        "accountability_started",
    ]
    assert await days.world.intact()


@pytest.mark.requirement("A15", "A16")
async def test_not_reported_with_a_reason(days: Days) -> None:
    await days.silent(PROPOSED)
    assert "不上报须说明理由" in await days.said("wang", "/问效 1 不上报")
    assert "督办次数重新计算" in await days.sure("wang", "/问效 1 不上报 已约谈处室负责人")
    matter = await Matter.get()
    assert (matter.proposal_open, matter.supervised) == (False, 0)
    assert await days.told("accountability_decided") == ["ban"]
    # the count began anew: N7's supervise notice at T + 216 h is the first of the new count
    await days.until(217)
    matter = await Matter.get()
    assert (matter.proposal_open, matter.supervised) == (False, 1)


@pytest.mark.requirement("A16")
async def test_declined(days: Days) -> None:
    await days.silent(PROPOSED)
    await days.sure("wang", "/问效 1 上报")
    assert "不启动须说明理由" in await days.said("ting", "/问效 1 不启动")
    assert "不启动问效" in await days.sure("ting", "/问效 1 不启动 已落实")
    assert await days.told("accountability_decided") == ["ban", "fen", "wang"]
    assert [each.verdict for each in await Ruling.all().order_by("id")] == ["reported", "declined"]


@pytest.mark.requirement("A16")
async def test_whose_word_it_is_is_asked_once_more_when_it_is_given(days: Days) -> None:
    matter = await days.silent(PROPOSED)
    wang, ting = [await person(days, user) for user in ("wang", "ting")]

    async def refused(act: Any, verdict: str, by: Seated) -> str:
        with pytest.raises(errors.Refused) as caught:
            await act(matter.id, verdict, by, at(PROPOSED), "")
        return caught.value.code

    assert await refused(accountability.report, "reported", ting) == "director_only"
    assert await refused(accountability.decide, "started", wang) == "not_main_leader"
    assert await refused(accountability.decide, "started", ting) == "not_reported"
    await accountability.report(matter.id, "reported", wang, at(PROPOSED), "")
    assert await refused(accountability.report, "dropped", wang) == "already_reported"
    assert await refused(accountability.decide, "declined", wang) == "not_main_leader"
    await accountability.decide(matter.id, "declined", ting, at(PROPOSED), "理" * 600)
    assert await refused(accountability.decide, "started", ting) == "no_proposal"
    row = await Ruling.get(role="main_leader")
    assert (row.verdict, row.decided_by_id, row.decided_at, len(row.note)) == ("declined", ting.id, at(PROPOSED), 500)


@pytest.mark.requirement("A16", "A65")
async def test_a_stand_ins_word_is_recorded_so(days: Days) -> None:
    await days.silent(PROPOSED)
    for words in ("厅长 分管", "王主任 办公员"):
        assert "代班" in await days.said("wang", f"/代班 {words} 3月7日至8日")
    await days.sure("ban", "/问效 1 上报")
    await days.sure("fen", "/问效 1 启动")
    lines = await Ledger.filter(verb__in=("accountability_reported", "accountability_started")).order_by("id")
    assert [json.loads(each.body)["facts"]["stands_in"] for each in lines] == [True, True]


async def test_without_a_main_leader_nothing_is_reported(days: Days) -> None:
    await days.silent(PROPOSED)
    await Seat.filter(role="main_leader").delete()
    assert "主要领导" in await days.sure("wang", "/问效 1 上报")
    assert not await Ruling.exists()
    assert "督办次数重新计算" in await days.sure("wang", "/问效 1 不上报 已约谈处室负责人")


async def test_nothing_is_done_before_it_is_confirmed(days: Days) -> None:
    await days.silent(PROPOSED)
    asked = (await days.world.say("wang", "/问效 1 上报", PROPOSED)).card
    assert "将把卷宗报主要领导" in asked.text
    assert not await Ruling.exists()
    key = asked.actions[0].key
    assert "已过期" in (await days.world.press("ban", key, PROPOSED)).text
    done = await asyncio.gather(*(days.world.press("wang", key, PROPOSED) for _ in range(2)))
    assert sorted(each.text == "您已确认过“问效 2026-0001”，已按确认办理，无须再点。" for each in done) == [False, True]
    assert [each.replace.done for each in done] == ["已确认"] * 2
    assert await Ruling.filter(role="office_director").count() == 1


async def test_what_happened_meanwhile_voids_the_confirmation(days: Days) -> None:
    await days.silent(PROPOSED)
    asked = (await days.world.say("wang", "/问效 1 上报", PROPOSED)).card
    await days.said("a", "进展 1 已完成现场核查，形成问题清单", PROPOSED + 1)
    told = await days.world.press("wang", asked.actions[0].key, PROPOSED + 2)
    assert "情况有变化" in told.text
    assert not await Ruling.exists()


@pytest.mark.requirement("A16")
async def test_a_completion_withdraws_the_proposal(days: Days) -> None:
    await days.silent(PROPOSED)
    await days.sure("wang", "/问效 1 上报")
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", PROPOSED + 1)).card
    await days.world.press("a", card.actions[0].key, PROPOSED + 1)
    assert "而撤回" in await days.said("ting", "/问效 1 启动", PROPOSED + 2)
    assert "没有待决定的问效" in await days.said("ting", "/问效 1", PROPOSED + 2)
    # nobody has decided on the one that was withdrawn
    assert "3月7日 10:00 王主任：上报主要领导\n3月7日 10:00 自动撤回\n" in await days.said("ting", "/问效 1")


@pytest.mark.requirement("A16")
async def test_in_its_turn_and_once_in_the_second_cycle_too(days: Days) -> None:
    """The director has the office's card as well, as one of the office."""
    office = (await Seat.get(person_id=days.world.people["ban"], role="office")).unit_id
    await Seat.create(person_id=days.world.people["wang"], unit_id=office, role="office")
    await days.matter()
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位")).card
    await days.world.press("a", card.actions[0].key)
    await days.said("ban", "/同意办结 1 合格", 0)
    await days.sure("ban", "/重开 1 问题反弹", 0)
    assert "2026-0001 没有待决定的问效" in await days.said("wang", "/问效 1 上报")
    await days.until(PROPOSED)
    await days.said("a", "申诉 1 3月3日停电")  # waits for another word of the director's
    assert "2026-0001 尚未由办公室主任上报" in await days.said("ting", "/问效 1 启动")
    await days.sure("wang", "/问效 1 上报 两次督办均未答复")
    assert "2026-0001 已于3月7日 10:00上报主要领导" in await days.said("wang", "/问效 1 上报")
    assert turned(days) == [("ban", "已由他人办理"), ("wang", "已上报")]
    [row] = await Notice.filter(kind="accountability_report").prefetch_related("obligation")
    assert (row.obligation.cycle, row.facts["reason"]) == (2, "两次督办均未答复")
    days.wecom.replaced.clear()
    await days.matter(hours=PROPOSED)
    await days.until(2 * PROPOSED)
    await days.sure("wang", "/问效 2 不上报 已约谈处室负责人")
    assert turned(days) == [("ban", "已由他人办理"), ("wang", "不上报")]


def turned(days: Days) -> list[tuple[str, str]]:
    return sorted((user, card.done) for user, _, card in days.wecom.replaced if "问效" in card.title)


@pytest.mark.requirement("A13")
async def test_who_reads_the_dossier(days: Days) -> None:
    await days.silent(PROPOSED)
    text = await days.said("ting", "/问效 1")
    assert "待办公室主任决定（督办2次）" in text
    assert "督办：1天（3月3日 09:00到期）计划3月5日 09:00；企业微信送达" in text
    assert "（3月5日 09:00）；短信送达" in text
    assert "催办：1天19次，3月3日 12:00—3月5日 07:00" in text
    assert "最近两次督办出自同一次未报" in text
    assert "反馈：无" in text
    assert "扣分：-1.4分（逾期2 催办2 督办2）" in text
    assert "水资源处" in await days.said("fen", "问效 1")
    assert "不能使用" in await days.said("a", "/问效 1")
    assert "没有看懂" in await days.said("wang", "/问效 1 研究一下")
    other = await Seat.get(person_id=days.world.people["fen"])
    other.unit_id = days.world.units["规划处"]
    await other.save()
    assert "承办处室是水资源处" in await days.said("fen", "/问效 1")


@pytest.mark.requirement("A13")
async def test_answers_in_the_dossier(days: Days) -> None:
    """At D is in time, a moment after it is late; a helper's material answers nothing."""
    await days.matter(f"{PROPOSE} 配合:规划处")
    await days.until(71)
    await days.said("gui", "进展 1 已提供规划图件资料一批", 71)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 72)
    await days.said("a", "进展 1 7天 已全部整改到位并通过复核", 7 * 24 + 0.1)
    answers = (await dossier.of(await Matter.get()))["answers"]
    assert [(each["node"], each["by"], each["kind"], each["late"]) for each in answers] == [
        ("", "规划员", "cooperation", False),
        ("N3", "李安", "feedback", False),
        ("N7", "李安", "feedback", True),
    ]


@pytest.mark.requirement("A13")
async def test_a_silence_ends_with_an_answer_at_the_very_instant(days: Days) -> None:
    """N1, N3 and N7 are supervised at 72, 120 and 216 hours; an answer at one of these instants came before it."""
    await days.silent(121)
    assert await unbroken()
    await days.said("a", "进展 1 1天 已研究部署，安排张三具体承办", 120)
    assert not await unbroken()
    await days.until(217)
    assert await unbroken()
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 217)
    assert await unbroken()
    await Feedback.filter(obligation__name="N3").update(at=at(150))
    assert not await unbroken()
    await Feedback.filter(obligation__name="N3").update(at=at(216))
    assert not await unbroken()


@pytest.mark.requirement("A13")
async def test_whom_a_notice_did_not_reach(days: Days) -> None:
    """Not who was never tried, nor whose copy is still under way."""
    await days.silent(PROPOSED)
    notice = await Notice.filter(kind="supervise").order_by("id").first()
    chats = await Delivery.filter(notice=notice, lane="chat").order_by("id")
    states = ["failed", "pending", "sending", "cancelled", "unknown"]
    for row, state in zip(chats, states, strict=True):
        await Delivery.filter(id=row.id).update(state=state)
    first, second = (await dossier.of(await Matter.get()))["supervisions"]
    people = [(await each.person).name for each in chats]
    assert first["missed"] == [people[0], people[4]]
    assert (first["node"], list(first["reached"]), second["missed"]) == ("N1", ["sms"], [])


@pytest.mark.requirement("A5", "A13")
async def test_a_notice_that_an_answer_overtook_is_no_sign_of_silence(days: Days) -> None:
    await days.silent(72.1)
    await days.said("a", f"1 {ACK}", 72)
    await days.until(PROPOSED)
    told = await dossier.of(await Matter.get())
    assert (len(told["supervisions"]), told["unbroken"]) == (2, False)


async def unbroken() -> bool:
    found = (await dossier.of(await Matter.get()))["unbroken"]
    assert isinstance(found, bool)
    return found


@pytest.mark.requirement("A13")
async def test_of_several_matters_each_has_its_own_dossier(days: Days) -> None:
    """Its cycle's alone; an urge reached the unit where it reached one person."""
    with_gui = f"{PROPOSE} 配合:规划处"
    await days.matter(with_gui)
    await days.said("gui", "进展 1 已提供规划图件资料一批", 1)
    await days.until(PROPOSED)
    await days.sure("wang", "/问效 1 不上报 已约谈处室负责人")
    await days.said("a", "申诉 1 3月3日停电")
    await days.said("wang", "/申诉 1 驳回 停电已恢复")  # a word, but none on accountability
    await days.matter(with_gui, hours=PROPOSED)
    await days.until(PROPOSED + 30)
    await days.said("gui", "进展 2 已提供规划图件资料两批", PROPOSED + 30)
    await days.said("a", "进展 2 3天 已完成现场核查，形成问题清单", PROPOSED + 31)
    await days.said("ban", "/代报 2 1天 时间:3月7日 16:00 已电话报告研究部署情况", PROPOSED + 32)
    urges = Delivery.filter(notice__kind="urge")
    lost = [each.id for each in await urges.filter(notice__matter_id=1).exclude(person_id=days.world.people["a"])]
    lost += [each.id for each in await urges.filter(notice__matter_id=2)]
    await Delivery.filter(id__in=lost).update(state="failed")
    first, second = [await dossier.of(each) for each in await Matter.all().order_by("number")]
    assert [(each["verdict"], each["by"]) for each in first["rulings"]] == [("dropped", "王主任")]
    assert second["rulings"] == []
    assert {each["missed"] for each in first["counted"]} == {0}
    assert [(each["kind"], each["missed"]) for each in second["counted"]] == [("remind", 0), ("urge", 2)]
    assert [each["kind"] for each in first["answers"]] == ["cooperation"]
    told = [("N1", "feedback"), ("", "cooperation"), ("N3", "feedback")]  # 代报 counts from its own instant
    assert [(each["node"], each["kind"]) for each in second["answers"]] == told
    assert (first["total"], second["total"]) == (-14, 0)


@pytest.mark.requirement("A13", "A46")
async def test_a_reopened_matter_has_a_new_dossier(days: Days) -> None:
    """Of another one nothing is cut off."""
    await days.silent(PROPOSED)
    await days.sure("wang", "/问效 1 不上报 已约谈处室负责人")
    await days.matter(hours=PROPOSED)
    await days.said("a", f"2 {ACK}")
    await days.world.hand_in("a", PROPOSED)
    await days.sure("a", "完结 1 理由：已全部整改到位")
    await days.said("ban", "/同意办结 1 合格")
    await days.sure("ban", "/重开 1 问题反弹", PROPOSED + 1)
    first, second = [await dossier.of(each) for each in await Matter.all().order_by("number")]
    assert (first["rulings"], first["answers"]) == ([], [])
    assert [each["kind"] for each in second["answers"]] == ["acknowledge"]


async def test_a_line_tells_when_a_notice_left_and_that_nobody_was_told(days: Days) -> None:
    """Beside a virtual clock attempts, which the wall clock times, say nothing: the queueing stands for them."""
    matter = await days.matter()
    await days.until(19.5)
    first, second, *_ = await Delivery.filter(notice__kind="initiate").order_by("id")
    await Delivery.filter(id=first.id).update(first_attempt_at=at(5))
    await Delivery.filter(id=second.id).update(first_attempt_at=None, accepted_at=None)
    await Delivery.filter(kind="remind").update(lane="update")  # a card that turned is no notice
    real, shown = await dossier.lines(matter), await dossier.lines(matter, virtual=True)
    assert [each.sent_at for each in real[:2]] == [at(5), None]
    assert [each.sent_at for each in shown[:2]] == [first.created_at, None]
    nobody = real[-1]
    assert (nobody.kind, nobody.person, nobody.lane, nobody.state) == ("remind", "", "", "")


async def test_every_notice_is_in_the_pages(days: Days) -> None:
    await days.silent(PROPOSED)
    sent = await Delivery.filter(
        notice__kind__in=["initiate", "remind", "urge", "supervise", "accountability_proposal"]
    )
    text = await days.said("wang", "/问效 1 1")
    pages = int(text.split("第1/")[1].split("页")[0])
    lines = []
    for page in range(1, pages + 1):
        lines += [line for line in (await days.said("wang", f"/问效 1 第{page}页")).splitlines() if "·" in line]
    assert len(lines) - pages == len(sent)
    assert "交办 事项 陈处长 企业微信 3月2日 09:00·" in text
    assert "·3月2日 09:00" in text


async def test_an_answer_between_breaks_the_silence_and_is_shown(days: Days) -> None:
    await days.silent(74)
    await days.said("a", "进展 1 已完成现场核查，形成问题清单", 75)
    await days.until(217)
    text = await days.said("wang", "/问效 1")
    assert "出自同一次未报" not in text
    assert "李安 3天（逾期）" in text


async def test_the_proposal_says_what_it_stands_on(days: Days) -> None:
    await days.silent(PROPOSED)
    card = next(each for each in await days.cards("ban") if "问效建议" in each)
    assert "1天督办3月5日 09:00送达" in card
    assert "3天督办3月7日 09:00" in card


async def test_a_stand_in_decides_and_is_recorded_so(days: Days) -> None:
    await days.silent(PROPOSED)
    seat = await Seat.get(role="office_director")
    await Seat.create(
        person_id=days.world.people["ban"], role="office_director", since=T.date(), stands_in_for_id=seat.id
    )
    assert "报厅长决定" in await days.sure("ban", "/问效 1 上报")


@pytest.mark.requirement("A16", "A49", "A78")
async def test_an_answer_that_comes_to_light_withdraws_the_proposal(days: Days) -> None:
    await days.silent(PROPOSED)
    await days.sure("wang", "/问效 1 上报")
    days.forget()
    await days.said("ban", "/代报 1 1天 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    matter = await Matter.get()
    assert (matter.proposal_open, matter.supervised) == (False, 1)
    assert (await Ruling.get(role="main_leader")).verdict == "void"
    turned = {(user, card.done) for user, _, card in days.wecom.replaced if "问效" in card.source}
    assert turned == {("ting", "已失效")}  # the office's own says that it was reported
    assert "没有待决定的问效" in await days.said("ting", "/问效 1 启动")
    # N3 still waits; the next supervise notice is the second again
    await days.until(217)
    assert (await Matter.get()).proposal_open
    assert await days.world.intact()


@pytest.mark.requirement("A16", "A49")
async def test_what_was_decided_on_is_not_counted_back(days: Days) -> None:
    await days.silent(PROPOSED)
    await days.sure("wang", "/问效 1 不上报 已约谈处室负责人")
    await days.until(217)
    await days.said("ban", "/代报 1 1天 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    assert (await Matter.get()).supervised == 1  # that of N7, after the decision


@pytest.mark.requirement("A16")
async def test_a_proposal_in_its_grace_falls_with_the_notice(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(accountability_grace_hours=24)))
    await days.silent(PROPOSED)
    assert not (await Matter.get()).proposal_open
    await days.said("ban", "/代报 1 1天 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    await days.until(PROPOSED + 30)
    assert not (await Matter.get()).proposal_open
    assert await days.told("accountability_proposal") == []


@pytest.mark.requirement("A15", "A16")
async def test_counted_by_unit_and_year(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year")))
    for number in (1, 2, 3):
        await days.matter()
        await days.said("a", f"{number} 收到此项任务，经处室负责人批示，已安排张三处理解决。", 0)
    await days.until(120.1)  # N3 of all three is supervised at once
    open_ = await Matter.filter(proposal_open=True)
    assert [(each.number, each.supervised) for each in open_] == [(2, 1)]  # one proposal a unit at a time
    assert (await dossier.of(open_[0]))["total"] == -7  # of this matter alone
    await days.sure("wang", "/问效 2 不上报 已约谈处室负责人")
    await days.until(216.1)  # and N7
    assert [each.number for each in await Matter.filter(proposal_open=True)] == [2]
    # another unit counts for itself
    await days.said("ban", PROPOSE.replace("处室:水资源处", "处室:规划处"))
    await days.said("wang", "/批准 4")
    await days.until(216.1 + 73)
    assert [each.number for each in await Matter.filter(proposal_open=True)] == [2]
    assert (await Matter.get(number=4)).supervised == 1
    assert await days.world.intact()


@pytest.mark.requirement("A5", "A16")
async def test_an_answer_at_the_instant_of_the_notice_comes_first(days: Days) -> None:
    """Though the notice has left: its point comes back, it does not count, and the proposal made of it falls."""
    await days.silent(120)
    await days.until(120.1)
    assert ((await Matter.get()).proposal_open, (await Matter.get()).supervised) == (True, 2)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 120)
    assert ((await Matter.get()).proposal_open, (await Matter.get()).supervised) == (False, 1)
    assert await Delivery.filter(kind="supervise", state="overtaken").exists()
    assert "没有待决定的问效" in await days.said("wang", "/问效 1 上报", 121)
    assert await days.world.intact()


@pytest.mark.requirement("A5", "A15")
async def test_a_proposal_stands_while_the_units_other_notices_are_enough(days: Days) -> None:
    """Of the three that count in the unit one was overtaken."""
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year")))
    for number in (1, 2, 3):
        await days.matter()
        await days.said("a", f"{number} {ACK}", 0)
    await days.until(120.1)
    await days.said("a", "进展 2 3天 已完成现场核查，形成问题清单", 120)
    second = await Matter.get(number=2)
    assert (second.proposal_open, second.supervised) == (True, 0)


@pytest.mark.requirement("R59", "A16", "A43")
async def test_a_notice_that_never_left_does_not_count(days: Days) -> None:
    """N1's is planned while the platform is busy, and answered before it could leave: N3's is the first."""
    await days.matter()
    await days.until(71)
    await days.plan(72)
    await days.said("a", ACK, 72.5)
    assert (await Matter.get()).supervised == 0
    await days.until(PROPOSED)
    assert ((await Matter.get()).supervised, (await Matter.get()).proposal_open) == (1, False)
    assert "督办：1天（3月3日 09:00到期）计划3月5日 09:00；未送达" in await days.said("wang", "/问效 1")
    await days.until(217)
    assert (await Matter.get()).proposal_open
    # what counts is taken out once, by the first of two accounts of the same answer
    await days.said("ban", "/代报 1 1天 时间:3月5日 09:00 已电话报告研究部署情况")
    assert (await Matter.get()).supervised == 2


@pytest.mark.requirement("A15", "A46", "A49")
async def test_a_proposal_falls_with_the_notice_of_another_matter(days: Days) -> None:
    """Where the unit's year counts: by an answer written down later, and by a matter that was a mistake."""
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year")))
    await days.matter()
    await days.matter(hours=10)
    await days.until(73)
    await days.said("a", f"2026-1 {ACK}", 73)
    await days.said("a", "进展 2026-1 7天 已完成现场核查，形成问题清单", 73)
    await days.until(83)
    second = Matter.get(number=2)
    assert (await second).proposal_open
    await days.sure("wang", "/问效 2 上报")
    await days.said("ban", "/代报 2026-1 1天 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    assert ((await second).proposal_open, (await second).supervised) == (False, 1)
    assert (await Ruling.get(role="main_leader")).verdict == "void"
    await days.matter(hours=84)
    await days.until(131)  # N3 of the second
    assert (await second).proposal_open
    await days.until(157)  # N1 of the third: three count in the unit
    await days.sure("wang", "/撤销 2026-3 错立 重复立项", 157)
    assert (await second).proposal_open
    assert await days.world.intact()


@pytest.mark.requirement("A15", "A46")
async def test_a_proposal_falls_with_a_mistaken_matter(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(accountability_count="unit_year")))
    await days.matter()
    await days.matter(hours=10)
    await days.until(83)
    assert (await Matter.get(number=2)).proposal_open
    await days.sure("wang", "/撤销 2026-1 错立 重复立项", 83)
    assert ((await Matter.get(number=2)).proposal_open, (await Matter.get(number=2)).supervised) == (False, 1)


@pytest.mark.requirement("A13", "A17", "A19")
async def test_the_dossier_tells_each_run_by_its_own_deadline(days: Days) -> None:
    """N3, late, is returned: what was sent and answered before ran against the old D; an application is an answer."""
    await days.matter()
    await days.said("a", ACK, 1)
    await days.until(PROPOSED)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", PROPOSED)
    await days.said("ban", "/退回 1 3天 太简单", 122)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单并逐项整改", 130)
    await days.said("ban", "/退回 1 3天 仍太简单", 131)
    await days.until(131 + 24 + 49)
    text = await days.said("wang", "/问效 1")
    assert "督办：3天（3月5日 09:00到期）计划3月7日 09:00；企业" in text
    assert "督办：3天（3月8日 20:00到期）计划3月10日 20:00；企业" in text
    assert text.count("催办：3天19次") == 2
    told = await dossier.of(await Matter.get())
    assert [each["late"] for each in told["answers"]] == [False, True, False]
    assert not told["unbroken"]
    await days.world.hand_in("a", 205)
    await days.sure("a", "完结 1 理由：已全部整改到位", 205)
    await days.said("ban", "/退回 1 措施不具体", 206)
    await days.until(206 + 24 + 49)
    told = await dossier.of(await Matter.get())
    assert [each["kind"] for each in told["answers"]][-1] == "completion"
    assert {name: told["answers"][-1][name] for name in ("node", "at", "by", "late")} == {
        "node": "",
        "at": at(205),
        "by": "李安",
        "late": False,
    }
    assert not told["unbroken"]
    assert "李安 申请完结" in await days.said("wang", "/问效 1")


@pytest.mark.requirement("A13", "A34")
async def test_an_application_to_extend_is_an_answer(days: Days) -> None:
    await days.matter(PROPOSE.replace("类别:一般", "类别:重大"))
    await days.said("a", "延期 1 至2026年5月30日 责任人张三 计划:5月完成整改并验收 理由：涉及跨市协调", 2)
    row = await Extension.create(
        matter_id=(await Matter.get()).id,
        person_id=days.world.people["a"],
        what="extend",
        reason="协调",
        plan="整改",
        responsible="张三",
        until=T.date(),
        state="refused",
        at=at(3),
    )
    await Completion.create(
        matter_id=row.matter_id, person_id=row.person_id, reason="草稿", state="draft", attempt=0, at=at(4)
    )
    answers = (await dossier.of(await Matter.get()))["answers"]
    assert [each for each in answers if each["at"] >= at(3)] == [
        {"node": "", "at": at(3), "by": "李安", "kind": "extension", "late": False}
    ]


@pytest.mark.requirement("A13", "A46")
async def test_a_unit_that_took_a_matter_over_has_its_own_dossier(days: Days) -> None:
    await days.silent(73)
    await days.said("a", f"1 {ACK}", 73)
    await days.sure("ban", "/改派 1 规划处 职责不符", 73.5)
    await days.until(73.5 + PROPOSED)
    told = await dossier.of(await Matter.get())
    assert (told["supervised"], [each["node"] for each in told["supervisions"]]) == (2, ["N1", "N3"])
    assert (told["answers"], told["total"]) == ([], -14)


@pytest.mark.requirement("A46", "A49", "A72")
async def test_what_is_left_where_nothing_can_be_written_down_any_more(days: Days) -> None:
    await days.silent(28)
    proxy = "/代报 1 1天 时间:3月3日 08:30 系统中断，已电话报告研究部署情况"
    await days.sure("ban", "/改派 1 规划处 职责不符", 28)
    assert "由原处室发“申诉 2026-0001 理由”" in await days.said("ban", proxy, 29)
    await days.sure("wang", "/撤销 1 另有安排", 30)
    text = await days.said("ban", proxy, 31)
    assert "2026-0001 已于3月3日 15:00结束，不能再代报" in text
    assert "“申诉 2026-0001 理由”" in text


@pytest.mark.requirement("A16")
async def test_an_answer_after_the_notice_leaves_the_proposal(days: Days) -> None:
    await days.silent(120)
    await days.until(120.1)
    await days.said("a", "进展 1 3天 已完成现场核查，形成问题清单", 120.01)
    assert ((await Matter.get()).proposal_open, (await Matter.get()).supervised) == (True, 2)
