"""What people ask for, and matters that show their number only."""

from __future__ import annotations

import asyncio

import pytest

from handlers import reception
from models.feedback import Feedback
from models.matter import Matter
from models.notice import Notice
from tests.department import ACK, PROPOSE, World

DONE = "进展 已完成现场核查，形成问题清单"


async def test_todo_lists_what_is_overdue_and_what_is_next(world: World) -> None:
    await world.matter()
    told = (await world.say("a", "待办", 30)).text
    assert "2项待办" in told
    assert "已逾期6小时" in told
    assert told.index("1天") < told.index("3天")
    await world.say("a", ACK, 31)
    assert "1项待办" in (await world.say("zhang", "待办", 32)).text
    assert "没有待办" in (await world.say("gui", "待办", 32)).text


async def test_help_is_by_post(world: World) -> None:
    assert "/立项" in (await world.say("ban", "帮助")).text
    told = (await world.say("a", "帮助")).text
    assert "进展" in told
    assert "/立项" not in told


async def test_a_menu_item_is_its_words(world: World) -> None:
    assert "没有待办" in (await reception.receive(world.message("a", "click", 0, text="待办"))).text


async def test_ways_to_write_a_number(world: World) -> None:
    await world.matter()
    await world.matter(PROPOSE.replace("取水许可", "水源地"))
    for number, ways in enumerate(("2026-0002", "2026-2", "#2", "2", "交办〔2026〕2号")):
        told = await world.say("a", f"补充 {ways} 现场照片已交厅办公室存档备查", number)
        assert "2026-0002" in told.text, ways
    assert {*await Feedback.all().values_list("matter_id", flat=True)} == {2}


async def test_a_number_is_this_years_first(world: World) -> None:
    matter = await world.matter()
    await Matter.filter(id=matter.id).update(year=2025)
    await Matter.filter(id=(await world.matter()).id).update(number=1)
    told = await world.say("a", "补充 1 现场照片已交厅办公室存档备查", 1)
    assert "2026-0001" in told.text
    told = await world.say("a", "补充 2025-1 现场照片已交厅办公室存档备查", 1)
    assert "2025-0001" in told.text


@pytest.mark.requirement("A8")
async def test_two_officers_file_at_once(world: World) -> None:
    matter = await world.matter()
    await world.say("a", ACK, 2)
    both = await asyncio.gather(world.say("a", DONE, 30), world.say("b", DONE, 30))
    assert sorted("补充材料" in each.text for each in both) == [False, True]
    assert (await world.owed(matter, "N3")).ended == "met"
    assert (await world.owed(matter, "N7")).ended == ""
    assert sorted(await Feedback.all().values_list("kind", flat=True)) == ["acknowledge", "feedback", "supplement"]
    assert await world.intact()


async def test_one_officers_messages_apply_in_order(world: World) -> None:
    await world.matter()
    words = [f"补充 第{number}份材料已交厅办公室存档备查" for number in range(5)]
    tasks = []
    for each in words:
        tasks.append(asyncio.create_task(world.say("a", each, 1)))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert await Feedback.all().count() == 5
    assert await world.intact()


async def test_a_sensitive_matter_shows_its_number_only(world: World) -> None:
    told = [await world.say("ban", PROPOSE + " 敏感:是"), await world.say("wang", "同意")]
    told += [await world.say("a", words, 1) for words in ("待办", "收到", ACK, DONE)]
    for each in told:
        assert "取水许可" not in each.text
        assert "取水许可" not in str(each.card)
    assert (await Notice.get(kind="approval")).facts["sensitive"] is True


async def test_the_first_node_may_be_met_by_progress(world: World) -> None:
    matter = await world.matter()
    assert "1天反馈" in (await world.say("a", DONE, 2)).text
    assert (await Matter.get(id=matter.id)).handler_id is None


@pytest.mark.requirement("R33")
async def test_several_handlers_the_first_one_counts(world: World) -> None:
    await world.matter()
    told = await world.say("a", "收到此项任务，经处室负责人批示，已安排孙贝、张三同志处理解决。", 2)
    assert "孙贝、张三" in told.text
    assert (await Matter.get()).handler_id == world.people["b"]
    notice = await Notice.get(kind="assigned")
    assert notice.facts["node"] == "N3"
