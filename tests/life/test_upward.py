"""The accepted report goes up by source; what the superior sends back is reworked at nobody's cost (R48, A51)."""

from __future__ import annotations

import pytest

from bot.actions import setting
from models.completion import Completion
from models.ledger import Ledger
from models.matter import Matter
from models.notice import Notice
from models.review import Review
from tests.department import PROPOSE, World
from tests.life.hands import at, complete, now, points, shanghai, states, told

BACK = "/退回 1 上级 数据与年报不一致"


@pytest.mark.requirement("R48", "A51")
async def test_a_report_for_the_province_waits_for_its_word(world: World) -> None:
    await world.matter()
    await complete(world, "03-02 15:00")
    said = (await world.say("ban", "/同意办结 1", at("03-02 16:00"))).text
    assert "报告附件1个" in said
    assert "请上报省政府“13710”系统；上级确认后请写“/销号 2026-0001 文号”" in said
    assert not await Notice.filter(kind="reported_up").exists()


@pytest.mark.requirement("R48")
@pytest.mark.parametrize(
    ("source", "approvers", "readers"), [("处室", ("fen", "wang"), ["fen"]), ("党组会", ("ting",), ["ting", "fen"])]
)
async def test_a_report_for_the_leaders_goes_up_at_once(
    world: World, source: str, approvers: tuple[str, ...], readers: list[str]
) -> None:
    await world.say("ban", PROPOSE.replace("省政府13710", source), 0)
    for user in approvers:
        await world.say(user, "/批准 1", 0)
    await complete(world, "03-02 15:00")
    said = (await world.say("ban", "/同意办结 1 优秀", at("03-02 16:00"))).text
    assert "报告已报送厅领导，已同时销号" in said
    assert await told("reported_up") == sorted(world.people[user] for user in readers)
    notice = await Notice.get(kind="reported_up")
    assert (notice.facts["files"], notice.facts["filer"]) == (["完结报告.pdf"], "李安")


@pytest.mark.requirement("A51")
@pytest.mark.parametrize("is_written_off", [False, True])
async def test_the_superior_sends_it_back(world: World, is_written_off: bool) -> None:
    matter = await world.matter()
    await complete(world, "03-02 15:00")
    assert "尚未同意办结，不能按上级退回" in (await world.say("ban", BACK, at("03-02 15:30"))).text
    await world.say("ban", "/同意办结 1 优秀", at("03-02 16:00"))
    if is_written_off:
        await world.say("ban", "/销号 1 晋政督1号", at("03-10 09:00"))
    assert "须说明理由" in (await world.say("ban", "/退回 1 上级", at("03-12 10:00"))).text
    said = (await world.say("ban", BACK, at("03-12 10:00"))).text
    assert "已登记上级退回：2026-0001" in said
    assert "须在3月13日 10:00前按退回意见完善后重报" in said
    matter = await now(matter)
    assert (matter.state, matter.closed_at, matter.written_off_at, matter.written_off_no) == ("rework", None, None, "")
    owed = await world.owed(matter, "REWORK")
    assert (owed.due_at, owed.next_notice_at) == (shanghai("03-13 10:00"), shanghai("03-13 05:00"))
    assert await points() == [("excellent", 1)]
    row = await Review.get(verdict="from_above")
    assert (row.scored, row.reason) == (False, "数据与年报不一致")
    assert await told("decision") == sorted(world.people[user] for user in ("a", "b", "chu"))
    assert (await Ledger.filter(verb="return_from_above").count(), await world.intact()) == (1, True)

    assert "尚未同意办结" in (await world.say("ban", BACK, at("03-12 11:00"))).text
    await complete(world, "03-13 09:00")
    assert await states() == ["returned", "pending"]
    assert (await Completion.get(state="pending")).attempt == 2
    await world.say("ban", "/同意办结 1", at("03-13 10:00"))
    assert (await now(matter)).state == "closed"
    assert await points() == [("excellent", 1)]


async def test_not_for_ever_and_not_by_everybody(world: World) -> None:
    matter = await world.matter()
    await complete(world, "03-02 15:00")
    await world.say("ban", "/同意办结 1", at("03-02 16:00"))
    await world.say("ban", "/销号 1", at("03-10 09:00"))
    days = setting.book(matter).rules.look_back_days
    assert days == 30
    for user in ("a", "fen", "ting"):
        await world.say(user, BACK, at("03-12 10:00"))
    assert "超过30天" in (await world.say("ban", BACK, at("04-09 09:01"))).text
    assert (await Matter.get(id=matter.id)).state == "closed"
    assert "已登记上级退回" in (await world.say("ban", BACK, at("04-09 09:00"))).text


async def test_the_number_is_left_out_when_one_fits(world: World) -> None:
    await world.matter()
    await complete(world, "03-02 15:00")
    await world.say("ban", "/同意办结", at("03-02 16:00"))
    await world.matter(PROPOSE.replace("取水许可", "水源地"), 8)
    await world.say("a", "进展 2 已完成现场核查，形成问题清单", at("03-02 18:00"))
    assert "不能确定是哪一件" in (await world.say("ban", "/评价 良好", at("03-02 18:00"))).text
    await world.say("ban", "/退回 2 缺数据", at("03-02 18:00"))
    assert "没有等待“评价”的" in (await world.say("ban", "/评价 良好", at("03-10 09:00"))).text
    assert "2026-0001 的完结报告" in (await world.say("ban", "/评价 良好", at("03-09 09:00"))).text
    assert "没有等待“评价”的" in (await world.say("ban", "/评价 优秀", at("03-09 09:00"))).text
    assert "已登记上级退回：2026-0001" in (await world.say("ban", "/退回 上级 数据不实", at("03-12 10:00"))).text
    assert "没有等待“销号”的" in (await world.say("ban", "/销号", at("03-12 11:00"))).text
    await complete(world, "03-13 09:00")
    await world.say("ban", "/同意办结", at("03-13 10:00"))
    said = await world.say("ban", "/销号 晋政办〔2026〕12号", at("03-16 09:00"))
    assert "已销号：2026-0001，文号：晋政办〔2026〕12号" in said.text
