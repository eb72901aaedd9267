"""/转重大 /转月报 /转跟进 /撤销 /改派 /代报 (A46, A49, A50, A55)."""

from __future__ import annotations

import pytest

from bot.actions import dossier, setting
from bot.rules.ruleset import Ruleset
from models.completion import Completion
from models.delivery import Delivery
from models.document import Document
from models.extension import Extension
from models.feedback import Feedback
from models.matter import Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Unit
from models.prompt import Prompt
from models.ruling import Ruling
from models.score import ScoreEvent
from tests import department
from tests.department import ACK, KEY, PROPOSE
from tests.engine.desk import at
from tests.office.days import Days

UNIT = PROPOSE.replace("省政府13710", "处室")


async def owed(matter: Matter) -> dict[str, str]:
    """Open obligations with their D in Shanghai."""
    rows = await Obligation.filter(matter_id=matter.id, ended="", due_at__isnull=False).order_by("due_at", "id")
    return {each.name: each.due_at.strftime("%m-%d %H:%M") for each in rows if each.due_at}


@pytest.mark.requirement("A55")
async def test_to_major(days: Days) -> None:
    matter = await days.silent(30)
    before = await owed(matter)
    assert "已转为重大事项" in await days.said("ban", "/转重大 1")
    assert (await Matter.get()).category == "major"
    assert await owed(matter) == before
    assert await days.told("steered") == ["a", "b", "chu"]
    assert "已是重大事项" in await days.said("wang", "/转重大 1")
    assert await days.world.intact()


@pytest.mark.requirement("A55")
async def test_to_major_after_the_month_leaves_a_day_for_an_extension(days: Days) -> None:
    matter = await days.matter()
    hours = 31 * 24 + 2.0  # T + 1 month was two hours ago
    await Obligation.filter(name__in=("N1", "N3", "N7")).update(ended="met", next_notice_at=None)
    await days.until(hours)
    assert "4月3日 11:00前办结，或获准延期" in await days.said("ban", "/转重大 1")
    assert (await owed(matter))["NM"] == "04-03 03:00"
    plan = "延期 1 理由：汛期不能施工 方案：分两段推进，先主体后附属 责任人：张三 时限：2026-05-30"
    await days.said("a", plan, hours + 20)
    assert (await Obligation.get(name="NM")).paused_by == "extension"


@pytest.mark.requirement("A55", "A5")
async def test_to_major_at_the_instant_of_the_months_supervise_notice(days: Days) -> None:
    """The month has a new date from that instant on: the notice does not count."""
    await days.matter()
    await Obligation.filter(name__in=("N1", "N3", "N7")).update(ended="met", next_notice_at=None)
    hours = 33 * 24
    await days.until(hours + 0.1)
    assert (await Matter.get()).supervised == 1
    await days.said("ban", "/转重大 1", hours)
    assert (await Matter.get()).supervised == 0


@pytest.mark.requirement("A55", "A7")
@pytest.mark.parametrize(
    ("limit", "then"), [("", ""), ("限期 1 2026-03-20 请报方案", "\n下一步：3月20日 24:00前按领导限期报送。")]
)
async def test_to_major_with_the_month_met(days: Days, limit: str, then: str) -> None:
    """What is settled stays: no month is owed again; what is open besides is what comes next."""
    setting.use(setting.Setting(KEY, Ruleset(nm_met_by="feedback")))
    await days.matter()
    await days.said("a", "进展 1 1个月 问题已整改到位，正在验收", 4)
    if limit:
        await days.said("ting", limit, 4.5)
    assert await days.said("ban", "/转重大 1", 5) == f"2026-0001 已转为重大事项，并通知水资源处。{then}"
    await days.until(5.1)
    assert (await days.cards("a"))[-1].startswith("已转为重大事项 ")
    assert ((await Matter.get()).category, (await owed(await Matter.get())).get("NM")) == ("major", None)


@pytest.mark.requirement("A55", "A27", "R15", "R25")
async def test_to_monthly(days: Days) -> None:
    matter = await days.silent(28)
    await days.said("a", f"1 {ACK}")
    await days.until(66.9)
    await days.plan(67)  # N3's reminder is planned and not sent
    days.forget()
    assert "须说明理由" in await days.said("ban", "/转月报 1", 66.95)
    text = await days.said("ban", "/转月报 1 落实周期4个月", 67)
    assert text == "2026-0001 已转为月报类事项，并通知水资源处。\n下一步：3月31日 24:00前报送3月进展情况。"
    assert (await Matter.get()).category == "monthly"
    assert await days.told("steered") == ["a", "b", "chu", "zhang"]
    assert "已转为月报类事项，每月报送进展 " in (await days.cards("b"))[-1]
    assert "说明：落实周期4个月" in (await days.cards("b"))[-1]
    assert ((await days.verbs())[-1], [*await owed(matter)]) == ("made_monthly", ["M2026-03", "M2026-04"])
    assert "已是月报类事项" in await days.said("ban", "/转长期 1 再转一次")
    days.forget()
    await days.until(27 * 24)
    assert [each["user"] for each in days.wecom.sent] == ["zhang", "a"]
    sent = Delivery.filter(kind="remind", state="accepted", lane="chat").order_by("id")
    reminded = await sent.values_list("notice__obligation__name", "accepted_at")
    assert reminded == [("N1", at(19)), *[("M2026-03", at(647))] * 2]  # the 29th, 08:00
    assert await days.score() == -2
    assert await days.world.intact()


async def test_to_follow_up(days: Days) -> None:
    matter = await days.silent(30)
    assert "须说明理由" in await days.said("ban", "/转跟进 1")
    text = await days.said("ban", "/转跟进 1 涉及跨省协调")
    assert "3月12日 24:00前报送本周进展" in text
    assert (await Matter.get()).state == "follow_up"
    assert "NM" not in await owed(matter)
    assert "已在持续跟进" in await days.said("ban", "/转跟进 1 再转一次")
    assert await days.score() == -2


async def test_the_follow_up_ends_what_the_month_asked_for(days: Days) -> None:
    await days.matter()
    await Obligation.filter(name__in=("N1", "N3", "N7")).update(ended="met", next_notice_at=None)
    await days.until(30 * 24)  # the month was reminded of
    assert "已转入持续跟进" in await days.said("ban", "/转跟进 1 涉及跨省协调")
    turned = {(user, card.title, card.done) for user, _, card in days.wecom.replaced}
    assert turned == {("a", "提醒：1个月办结剩余1天", "已转跟进")}


@pytest.mark.requirement("A46")
async def test_withdrawn_by_who_approved(days: Days) -> None:
    matter = await days.silent(30)
    assert "不能使用" in await days.said("ban", "/撤销 1 任务取消")
    assert "请报办公室主任王主任" in await days.said("fen", "/撤销 1 任务取消")
    assert "须说明理由" in await days.said("wang", "/撤销 1")
    await days.plan(33)  # an urge is planned and not sent
    days.forget()
    assert await Delivery.filter(state="pending").exists()
    assert "2026-0001 已撤销" in await days.sure("wang", "/撤销 1 任务取消", 33)
    matter = await Matter.get()
    assert (matter.state, matter.closed_at is not None) == ("withdrawn", True)
    assert await owed(matter) == {}
    assert await days.told("withdrawn") == ["a", "b", "ban", "chu", "fen"]
    assert not [card for card in await days.cards("a") if "催办" in card]
    await days.until(400)
    assert await days.score() == -2
    assert "2026-0001 已于3月3日 18:00" in await days.said("wang", "/撤销 1 再撤一次")
    assert "已于" in await days.said("a", "进展 1 已完成现场核查，形成问题清单")
    assert await days.world.intact()


@pytest.mark.requirement("A46", "A59")
async def test_a_mistake_takes_the_points_back(days: Days) -> None:
    await days.silent(73)
    assert await days.score() == -7
    card = (await days.world.say("wang", "/撤销 1 错立 与5号事项重复", 73)).card
    assert "扣分全部冲回" in card.text
    text = (await days.world.press("wang", card.actions[0].key, 73)).text
    assert "冲回+0.8分" in text  # N3 had run late for an hour
    assert await days.score() == 0
    assert await ScoreEvent.filter(seq__lt=0, reason="withdrawn").count() == 4
    stalled = await Prompt.get(kind="stalled")
    assert (stalled.verdict, stalled.decided_by_id) == ("withdrawn", days.world.people["wang"])
    assert "撤销冲回+0.5" in await days.said("a", "扣分 2026-1")


@pytest.mark.requirement("A46")
async def test_a_units_own_matter_needs_both(days: Days) -> None:
    await days.world.say("ban", UNIT)
    await days.world.say("fen", "同意")
    await days.world.say("wang", "同意")
    await days.turn(0)
    text = await days.sure("wang", "/撤销 1 任务取消", 1)
    assert "还须分管厅领导分管同意" in text
    assert await days.told("withdrawal") == ["fen"]
    assert "您已同意" in await days.said("wang", "/撤销 1 任务取消", 2)
    assert "同意的写“/撤销 2026-0001”" in await days.said("fen", "待办")
    assert "待您决定" not in await days.said("wang", "待办")
    row = await Ruling.get(role="leader_in_charge")
    turned = await days.world.press("fen", f"agree:{row.id}", 2)
    assert turned.replace.done == "已同意"
    assert (await Matter.get()).state == "withdrawn"
    assert "已过期" in (await days.world.press("fen", f"agree:{row.id}", 3)).text


async def test_one_of_both_does_not_agree(days: Days) -> None:
    await days.world.say("ban", UNIT)
    await days.world.say("fen", "同意")
    await days.world.say("wang", "同意")
    await days.turn(0)
    await days.sure("wang", "/撤销 1 任务取消", 1)
    row = await Ruling.get(role="leader_in_charge")
    assert "不能撤销" in (await days.world.press("ban", f"disagree:{row.id}", 2)).text
    assert (await days.world.press("fen", f"disagree:{row.id}", 2)).replace.done == "已驳回"
    await days.turn(2)
    assert await days.told("withdrawn") == ["wang"]
    assert (await Matter.get()).state == "running"
    assert "还须分管厅领导" in await days.sure("wang", "/撤销 1 再次提请", 3)
    assert await days.world.intact()


@pytest.mark.requirement("A46")
async def test_reassigned(days: Days) -> None:
    matter = await days.silent(30)
    await days.said("a", f"1 {ACK}", 31)
    assert "没有名为“水利处”的处室" in await days.said("ban", "/改派 1 水利处 职责不符")
    assert "本来就由水资源处承办" in await days.said("ban", "/改派 1 水资源处 职责不符")
    assert "须说明理由" in await days.said("ban", "/改派 1 规划处")
    for apart in ("　", "\n", "，", " \n"):
        assert (await days.world.say("ban", f"/改派 1{apart}规划处{apart}职责不符", 31)).card
    days.forget()
    assert "改派规划处，时限重新起算" in await days.sure("ban", "/改派 1 规划处 职责不符", 32)
    matter = await Matter.get()
    assert (matter.unit_id, matter.handler_id) == (days.world.units["规划处"], None)
    assert await owed(matter) == {"N1": "03-04 09:00", "N3": "03-06 09:00", "N7": "03-10 09:00", "NM": "04-03 09:00"}
    assert await days.told("reassigned") == ["a", "b", "chu", "zhang"]
    assert [card for card in await days.cards("gui") if "新交办" in card]
    assert "承办处室是规划处" in await days.said("a", "进展 1 已完成现场核查，形成问题清单", 33)
    # a whole new ladder for the new unit, and points to it alone
    await days.until(32 + 28)
    assert "已逾期" not in await days.said("a", "待办")
    charged = {(each.unit_id, each.rule) for each in await ScoreEvent.all()}
    assert (days.world.units["规划处"], "overdue") in charged
    assert sum(unit == days.world.units["水资源处"] for unit, _ in charged) == 2
    assert "已登记 2026-0001 的1天" in await days.said("gui", "进展 1 1天 已完成现场核查，形成问题清单")
    assert await days.world.intact()


@pytest.mark.choice("reassign_clock", "keep")
@pytest.mark.requirement("A46")
async def test_reassigned_with_the_clock_kept(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep")))
    matter = await days.matter()
    await days.said("a", f"1 {ACK}", 19)
    before = await owed(matter)
    assert "原时限不变" in await days.sure("ban", "/改派 1 规划处 机构调整", 20)
    assert await owed(matter) == before
    assert await days.told("reassigned") == ["a", "b", "chu", "gui", "zhang"]
    await days.until(76)
    assert {each.unit_id for each in await ScoreEvent.all()} == {days.world.units["规划处"]}
    told = (await dossier.of(await Matter.get()))["answers"]
    assert [(each["node"], each["by"]) for each in told] == [("N1", "李安")]  # what was answered before still counts


@pytest.mark.requirement("A46")
@pytest.mark.parametrize("clock", ["restart", "keep"])
async def test_what_the_old_unit_applied_for_is_not_the_new_ones(days: Days, clock: str) -> None:
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock=clock)))
    matter = await days.matter()
    for hour, user in ((1, "a"), (5, "gui")):
        if user == "gui":
            await days.sure("ban", "/改派 1 规划处 机构调整", hour)
            assert await Completion.filed(await Matter.get()) == []
        await days.world.hand_in(user, hour)
        draft = (await days.world.say(user, "完结 1 理由：已全部整改到位", hour)).card
        await days.world.press(user, draft.actions[0].key, hour)
        await days.said("ban", "/退回 1 材料不全", hour + 1)
        filed = await Completion.filed(await Matter.get(id=matter.id))
        assert [(each.person_id, each.state) for each in filed] == [(days.world.people[user], "returned")]
    await Matter.filter(id=matter.id).update(cycle=2)
    assert await Completion.filed(await Matter.get()) == []


@pytest.mark.requirement("A46")
async def test_kept_clocks_keep_their_notices(days: Days) -> None:
    """What was planned and not sent goes to the new unit, the old one's cards turn, its points stay."""
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep")))
    await days.silent(26)
    await days.plan(27)
    days.forget()
    await days.sure("ban", "/改派 1 规划处 机构调整", 27)
    assert [each["user"] for each in days.wecom.sent if "催办" in each["title"]] == ["gui"]
    assert {(user, card.done) for user, _, card in days.wecom.replaced} == {
        (user, "已改派") for user in ("a", "b", "chu")
    }
    await days.until(31)
    assert sorted({each["user"] for each in days.wecom.sent if "第2次催办" in each["title"]}) == ["gui"]
    units = days.world.units
    points = await ScoreEvent.all().order_by("id").values_list("rule", "unit_id")
    assert points == [("overdue", units["水资源处"]), ("urge_episode", units["规划处"])]
    assert "已登记 2026-0001 的1天" in await days.said("gui", "进展 1 1天 已完成现场核查，形成问题清单")
    assert await days.world.intact()


@pytest.mark.choice("reassign_clock", "keep")
async def test_a_proposal_of_accountability_stays_open_with_the_clocks(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep")))
    await days.silent(170)
    hand = f"hand:{(await Prompt.get(kind='stalled')).id}:1"
    assert "改派请回复（处室写全称，原时限不变）：" in (await days.world.press("ban", hand, 170)).text
    days.forget()
    await days.sure("ban", "/改派 1 规划处 机构调整", 170)
    assert [user for user, _, card in days.wecom.replaced if "问效" in card.title] == []
    assert (await Matter.get()).proposal_open


@pytest.mark.choice("reassign_clock", "keep")
@pytest.mark.parametrize(("hours", "number", "told"), [(27, 1, ["gc", "gui"]), (30, 2, ["gui"])])
async def test_the_first_urge_that_changes_hands_spares_no_head(
    days: Days, hours: int, number: int, told: list[str]
) -> None:
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep", head_notices="sparse")))
    await department.seat("gc", "规处长", "规划处", "head", days.world)
    await days.silent(hours - 1)
    await days.plan(hours)
    days.forget()
    await days.sure("ban", "/改派 1 规划处 机构调整", hours)
    assert sorted(each["user"] for each in days.wecom.sent if f"第{number}次催办" in each["title"]) == told


@pytest.mark.requirement("A46")
async def test_what_the_old_unit_was_not_told_yet_it_never_is(days: Days) -> None:
    """The initiation, the handing over to a handler and a hint wait; a supervise notice goes to the new unit instead,
    by SMS too."""
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep")))
    await days.world.matter()
    await days.plan(0)
    await days.world.say("a", "分办 1 张三", 0)
    await days.world.say("ban", "/催办 1", 1)
    assert {*await Delivery.filter(state="pending").values_list("kind", flat=True)} >= {"initiate", "assigned", "hint"}
    await days.sure("ban", "/改派 1 规划处 机构调整", 1)
    shown = {(each["user"], each["title"]) for each in days.wecom.sent if each["user"] not in ("ban", "wang")}
    assert shown == {(user, "事项已改派规划处") for user in ("a", "b", "chu", "zhang", "gui")}
    await days.until(71)
    await days.plan(72)
    days.forget()
    await days.sure("ban", "/改派 1 水资源处 机构再调整", 72)
    texted = await Delivery.filter(lane="sms", kind="supervise", state="accepted")
    people = {days.world.people[user] for user in ("a", "b", "chu")}
    assert {(each.person_id, each.severity) for each in texted} == {(person, 3) for person in people}


@pytest.mark.requirement("A46", "R54")
async def test_of_a_second_round_the_first_stays_with_the_unit_that_did_it(days: Days) -> None:
    await days.matter(f"{PROPOSE} 配合:规划处")
    await days.said("a", "延期 1 理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30", 1)
    assert (await days.said("ban", "/改派 1 规划处 职责不符")).startswith("2026-0001 已提交延期申请，正在等")
    await days.said("ban", "/不同意延期 1 方案不实", 2)
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 3)).card
    await days.world.press("a", card.actions[0].key, 3)
    await days.said("ban", "/同意办结 1", 4)
    await days.sure("ban", "/重开 1 问题反弹", 5)
    await days.sure("ban", "/改派 1 规划处 职责不符", 6)
    old, new = days.world.units["水资源处"], days.world.units["规划处"]
    assert await Obligation.filter(name="MATTER").order_by("cycle").values_list("unit_id", flat=True) == [old, new]
    assert (await Matter.get()).cooperating == []
    assert ((await Extension.get()).state, (await Completion.get()).state) == ("refused", "accepted")


async def test_to_a_unit_without_anybody(days: Days) -> None:
    await days.matter()
    await Unit.create(name="空处")
    text = await days.said("ban", "/改派 1 空处 职责不符", 1)
    assert text.startswith("空处名单中没有负责人和操作员，通知无人接收")
    text = await days.said("ban", PROPOSE.replace("水资源处", "空处"), 1)
    assert text.startswith("空处名单中没有负责人和操作员，通知无人接收")
    text = await days.said("ban", "/改派 1 水资源处 职责不符", 1)
    assert text.startswith("2026-0001 本来就由水资源处承办")


@pytest.mark.requirement("A46")
async def test_what_had_not_left_for_the_old_unit_does_not_leave(days: Days) -> None:
    await days.world.matter()
    await days.plan(0)
    await days.world.say("a", ACK, 1)
    await days.world.say("ban", "/催办 1 3天", 1)
    card = (await days.world.say("ban", "/改派 1 规划处 职责不符", 2)).card
    await days.world.press("ban", card.actions[0].key, 2)
    rows = Delivery.filter(kind__in=("initiate", "assigned", "hint"), lane__in=("chat", "sms")).order_by("id")
    assert {(each.kind, each.state) for each in await rows} == {
        (kind, "cancelled") for kind in ("initiate", "assigned", "hint")
    }


@pytest.mark.requirement("A46")
async def test_kept_clocks_keep_the_sms_apart_and_leave_what_is_over_alone(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(reassign_clock="keep", first_urge_sms=True)))
    await days.matter()
    await days.said("a", ACK, 1)
    await days.until(74.9)
    await days.plan(75)  # N3's first urge, with an SMS to the handler and A
    days.wecom.replaced.clear()
    card = (await days.world.say("ban", "/改派 1 规划处 机构调整", 75)).card
    await days.world.press("ban", card.actions[0].key, 75)
    names = {number: login for login, number in days.world.people.items()}
    waits = Delivery.filter(kind="urge", state="pending").exclude(lane="update").order_by("lane", "id")
    assert [(each.lane, names[each.person_id]) for each in await waits] == [("chat", "gui"), ("sms", "gui")]
    await days.turn(75)
    assert {card.title.partition("：")[0] for _, _, card in days.wecom.replaced} == {"提醒"}  # none of N1's
    # the old unit's N1 is no more returned: 规划处 never wrote it
    assert "没有可退回" in await days.said("ban", "/退回 1 内容空泛")


@pytest.mark.requirement("A46")
async def test_a_draft_stays_with_the_unit_that_wrote_it(days: Days) -> None:
    """The new unit puts its own reason and its own sealed report forward (R40, R41)."""
    await days.matter()
    await days.matter()
    await days.world.say("a", "完结 2 理由：已全部整改到位", 1)
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 2)).card
    await days.sure("ban", "/改派 1 规划处 职责不符", 3)
    assert "承办处室是规划处" in (await days.world.press("a", card.actions[0].key, 4)).text
    own = (await days.world.say("gui", "完结 1 理由：规划处已核查并整改完毕", 4)).card
    assert not own.actions, "nothing to file without a report of its own"
    assert await Completion.all().order_by("id").values_list("state", flat=True) == ["draft", "dropped", "draft"]
    assert await Document.filter(state="kept").count() == 0
    assert await days.world.intact()


async def test_not_while_a_completion_is_in_review(days: Days) -> None:
    await days.matter()
    await days.world.hand_in()
    card = (await days.world.say("a", "完结 1 理由：已全部整改到位", 2)).card
    await days.world.press("a", card.actions[0].key, 2)
    for text in ("/转重大 1", "/转跟进 1 涉及跨省协调", "/改派 1 规划处 职责不符"):
        assert (await days.said("ban", text, 3)).startswith("2026-0001 的完结申请正在审核")


@pytest.mark.requirement("A49")
async def test_an_answer_written_down_later(days: Days) -> None:
    matter = await days.silent(73)
    assert (await days.score(), matter.supervised) == (-7, 1)
    assert "没有看懂答复的时间" in await days.said("ban", "/代报 1 已电话报告研究部署情况")
    assert "不在下发" in await days.said("ban", "/代报 1 时间:3月9日 15:30 已电话报告研究部署情况")
    assert "不足10个字" in await days.said("ban", "/代报 1 时间:3月3日 08:30 电话")
    text = await days.said("ban", "/代报 1 时间:3月3日 08:30 系统中断，已电话报告研究部署情况")
    assert "已代报 2026-0001 的1天反馈，按3月3日 08:30计，" in text
    assert "冲回+0.7分" in text
    row = await Obligation.get(name="N1")
    assert (row.ended, row.late) == ("met", False)
    assert await days.score() == 0
    assert (await Matter.get()).supervised == 0
    assert await Delivery.filter(notice__kind="supervise", state="overtaken").count() == 8
    assert "当时未开始、已反馈" in await days.said(
        "ban", "/代报 1 1天 时间:3月3日 08:40 系统中断，已电话报告研究部署情况"
    )
    assert await days.told("steered") == ["a", "b", "chu"]
    assert await days.world.intact()


@pytest.mark.requirement("A49")
async def test_a_late_answer_turns_out_to_be_in_time(days: Days) -> None:
    await days.silent(28)
    await days.said("a", f"1 {ACK}")
    assert await days.score() == -2
    text = await days.said("ban", "/代报 1 1天 时间:今天上午8点半 处室已当面报告部署情况", 29)
    assert "冲回+0.2分" in text
    assert not (await Obligation.get(name="N1")).late


@pytest.mark.requirement("A49")
async def test_still_late(days: Days) -> None:
    await days.silent(40)
    text = await days.said("ban", "/代报 1 时间:3月3日 10:00 处室已当面报告部署情况")
    assert "（逾期）" in text
    assert "冲回+0.1分" in text  # the urges came after it, the lateness stays
    assert await days.score() == -1


@pytest.mark.requirement("A49")
async def test_an_answer_written_down_while_a_completion_is_looked_at(days: Days) -> None:
    """What is meant without a name is what was due then, though it rests now."""
    await days.silent(30)
    await days.world.hand_in("a", 30)
    await days.world.press("a", (await days.world.say("a", "完结 1 理由：已全部整改到位", 30)).card.actions[0].key, 30)
    text = await days.said("ban", "/代报 1 时间:3月3日 08:30 系统中断，已电话报告研究部署情况", 31)
    assert text.startswith("已代报 2026-0001 的1天反馈，按3月3日 08:30计，")
    row = await Obligation.get(name="N1")
    assert (row.ended, row.late, await days.score()) == ("met", False, 0)


@pytest.mark.requirement("A49")
async def test_nothing_was_owed_when_the_answer_was_given(days: Days) -> None:
    setting.use(setting.Setting(KEY, Ruleset(clock_start="acceptance")))
    await days.matter()
    text = await days.said("ban", "/代报 1 时间:3月2日 10:00 已电话报告研究部署情况", 2)
    assert text.startswith("2026-0001 在那个时间没有可代报的节点")
    assert await Feedback.all().count() == 0


@pytest.mark.parametrize("text", ["/转重大 1", "/转跟进 1 理由充分", "/改派 1 规划处 职责不符", "/代报 1 时间:8:30 话"])
async def test_the_unit_may_not(days: Days, text: str) -> None:
    await days.matter()
    assert "不能使用" in await days.said("a", text)
    assert not await Notice.filter(kind="steered").exists()
