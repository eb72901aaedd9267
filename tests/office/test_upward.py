"""An accepted report goes up to the leaders, and may come back from above, of whatever matter and cycle (R48, A51)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.actions import rights, setting
from bot.engine import notify
from models import roster
from models.completion import Completion
from models.matter import Matter
from models.notice import Notice
from models.people import Person
from models.review import Review
from tests import department
from tests.department import PROPOSE, T
from tests.office.days import Days


async def end(days: Days, hours: float, which: str = "1", by: str = "a", child: int = 0) -> None:
    """The unit's completion is filed."""
    await days.world.hand_in(by, hours, int(which[0]), child)
    await days.sure(by, f"完结 {which} 理由：已全部整改到位", hours)


async def accepted(days: Days, hours: float, which: str = "1", by: str = "a", child: int = 0) -> None:
    """The unit's completion is filed and accepted."""
    await end(days, hours, which, by, child)
    assert "已同意" in await days.said("ban", f"/同意办结 {which}", hours)


@pytest.mark.requirement("R48")
async def test_the_leaders_of_the_matter_itself_get_its_report(days: Days) -> None:
    setting.use(replace(setting.current(), public_url="https://db.example"))
    await department.seat("bie", "别厅长", "规划处", "leader_in_charge", days.world)
    for number, (source, users) in enumerate([("办公会", ["ting"]), ("办公会", ["bie"]), ("处室", ["fen", "wang"])], 1):
        await days.world.say("ban", PROPOSE.replace("省政府13710", source))
        for user in users:
            await days.world.say(user, f"/批准 {number}")
    await accepted(days, 1)
    assert await days.told("reported_up") == ["fen", "ting"]
    assert (await Notice.get(kind="reported_up")).facts["url"] == "https://db.example/m/2026-0001/completion"
    await accepted(days, 2, "3")  # the director approved it too, and is no leader
    assert await days.told("reported_up") == ["fen", "fen", "ting"]


@pytest.mark.requirement("R48")
async def test_where_its_leaders_are_gone_the_main_leader_gets_it(days: Days) -> None:
    await days.world.say("ban", PROPOSE.replace("省政府13710", "办公会"))
    await days.world.say("fen", "/批准 1")
    await Person.filter(wecom_id="fen").update(active=False)
    await accepted(days, 1)
    assert await days.told("reported_up") == ["ting"]


@pytest.mark.requirement("R48", "A62")
async def test_whoever_approved_the_family_gets_each_childs_report(days: Days) -> None:
    await department.seat("bie", "别厅长", "规划处", "leader_in_charge", days.world)
    together = PROPOSE.replace("处室:水资源处", "处室:水资源处、规划处").replace("省政府13710", "处室")
    await days.world.say("ban", together)
    for user in ("fen", "bie", "wang"):
        await days.world.say(user, "/批准 1")
    await accepted(days, 1, "1-1", child=1)
    assert await days.told("reported_up") == ["bie", "fen"]
    await accepted(days, 2, "1-2", "gui", 2)
    assert await days.told("reported_up") == ["bie", "bie", "fen", "fen"]
    await department.seat("wai", "外厅长", "规划处", "leader_in_charge", days.world)
    for child, readers in ((1, ["fen", "bie"]), (2, ["fen", "bie", "wai"])):  # who is sent it can open it
        matter = await Matter.get(child=child)
        seen = {user: await roster.sender("wecom", user, notify.today(T)) for user in ("fen", "bie", "wai", "gui")}
        assert [user for user in ("fen", "bie", "wai") if await rights.may_read(matter, seen[user])] == readers
        assert await rights.may_read(matter, seen["gui"]) is (child == 2)


@pytest.mark.requirement("A51")
async def test_what_comes_back_is_this_cycles_latest_report(days: Days) -> None:
    """Before it: a report returned and accepted, a reopening, a report returned, another matter's."""
    await days.matter()
    for hours in (1, 10):
        await end(days, hours)
        assert "已退回" in await days.said("ban", "/退回 1 附件不全", hours + 1)
        if hours == 10:
            refused = await days.said("ban", "/退回 1 上级 数据有误")
            assert refused.startswith("2026-0001 的完结报告尚未同意办结，不能按上级退回办理。")
        await accepted(days, hours + 2)
        if hours == 1:
            await days.sure("ban", "/重开 1 问题反弹", 4)
    await days.matter(PROPOSE.replace("取水", "用水"), 13)
    await end(days, 14, "2")
    await days.said("ban", "/退回 2 附件不全", 15)
    await accepted(days, 16, "2")
    assert await states() == ["returned", "accepted", "returned", "accepted", "returned", "accepted"]
    refused = await days.said("ban", "/退回 1 上级")
    assert refused.startswith("退回须说明理由，未办理。请写“/退回 2026-0001 理由”")
    await days.said("ban", "/退回 1 上级 数据有误", 17)
    assert await states() == ["returned", "accepted", "returned", "returned", "returned", "accepted"]
    await days.said("ban", "/退回 2 上级 数据有误", 18)
    assert await states() == ["returned", "accepted", "returned", "returned", "returned", "returned"]
    rows = Review.filter(verdict="from_above").order_by("id")
    found = await rows.values_list("matter_id", "cycle", "completion_id", "obligation__name", "obligation__cycle")
    assert [tuple(each) for each in found] == [(1, 2, 4, "REWORK", 2), (2, 1, 6, "REWORK", 1)]


async def states() -> list[str]:
    return await Completion.all().order_by("id").values_list("state", flat=True)
