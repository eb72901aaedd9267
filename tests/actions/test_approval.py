"""Who approves what (R7–R10, A65), in any order and at once; numbers without gaps."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from bot import errors
from bot.actions import approval
from models import database, roster
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.notice import Notice
from models.people import Seat
from models.system import Meta
from tests.department import PROPOSE, T, World

UNIT = PROPOSE.replace("省政府13710", "处室")
MEETING = PROPOSE.replace("省政府13710", "党组会")


async def person(world: World, user: str) -> roster.Seated:
    found = await roster.person(world.people[user], T.date())
    assert found
    return found


async def asked() -> dict[str, list[int]]:
    """Role → who got its card."""
    found = {}
    for each in await Approval.all().order_by("id"):
        told = Delivery.filter(notice__kind="approval", notice__seq=each.id, lane="chat")
        found[each.role] = await told.order_by("person_id").values_list("person_id", flat=True)
    return found


async def proposed() -> list[tuple[list[str], bool]]:
    """Of each proposal that was an approval too, for which posts, and whether for somebody else."""
    lines = await Ledger.filter(verb="propose").order_by("id").values_list("body", flat=True)
    said = [json.loads(each)["facts"] for each in lines]
    return [(each["roles"], each["stands_in"]) for each in said if "roles" in each]


@pytest.mark.requirement("R7", "R8", "R9", "R10")
async def test_who_is_asked(world: World) -> None:
    fen, wang, ting = (world.people[user] for user in ("fen", "wang", "ting"))
    for text, roles in (
        (PROPOSE, {"office_director": [wang]}),
        (PROPOSE.replace("省政府13710", "省委"), {"office_director": [wang]}),
        (MEETING, {"leader": sorted([fen, ting])}),
        (UNIT, {"leader_in_charge": [fen], "office_director": [wang]}),
    ):
        await Delivery.all().delete()
        await Approval.all().delete()
        await world.say("ban", text)
        assert await asked() == roles
    assert await world.intact()


@pytest.mark.requirement("R10")
@pytest.mark.parametrize("order", [("fen", "wang"), ("wang", "fen")])
async def test_a_units_own_matter_needs_both_in_any_order(world: World, order: tuple[str, str]) -> None:
    await world.say("ban", UNIT)
    told = await world.say(order[0], "同意")
    assert "还须" in told.text
    assert (await Matter.get()).state == "proposed"
    assert await Delivery.filter(notice__kind="approved").count() == 1
    told = await world.say(order[1], "同意，抓紧", 1)
    assert "2026-0001" in told.text
    assert (await Matter.get()).state == "running"
    assert await Delivery.filter(notice__kind="approved").count() == 2
    assert await world.intact()


async def test_both_at_once_make_one_matter(world: World) -> None:
    await world.say("ban", UNIT)
    told = await asyncio.gather(world.say("fen", "同意"), world.say("wang", "同意"))
    assert sorted("2026-0001" in each.text for each in told) == [False, True]
    assert await Matter.filter(number=1).count() == 1
    assert await world.intact()


@pytest.mark.requirement("A65")
async def test_one_person_in_both_posts_approves_once(world: World) -> None:
    await Seat.create(person_id=world.people["wang"], unit_id=world.units["水资源处"], role="leader_in_charge")
    await Seat.filter(person_id=world.people["fen"]).delete()
    await world.say("ban", UNIT)
    assert await Delivery.filter(notice__kind="approval").count() == 1
    assert "2026-0001" in (await world.say("wang", "同意")).text


@pytest.mark.requirement("A65")
async def test_the_directors_own_proposal(world: World) -> None:
    assert "2026-0001" in (await world.say("wang", PROPOSE)).text
    assert await Notice.filter(kind="approval").count() == 0
    assert "分管厅领导分管" in (await world.say("wang", UNIT)).text
    assert await asked() == {"office_director": [], "leader_in_charge": [world.people["fen"]]}
    assert "2026-0002" in (await world.say("fen", "同意")).text
    assert await proposed() == [(["office_director"], False)] * 2
    assert await world.intact()


@pytest.mark.requirement("A65")
async def test_a_stand_in_approves_and_is_recorded_so(world: World) -> None:
    seat = await Seat.get(role="office_director")
    await Seat.filter(id=seat.id).update(until=T.date() - timedelta(days=1))
    ting = world.people["ting"]
    await Seat.create(person_id=ting, role="office_director", since=T.date(), stands_in_for_id=seat.id)
    await world.say("ban", PROPOSE)
    assert "不能使用" in (await world.say("wang", "同意")).text
    assert "2026-0001" in (await world.say("ting", "同意")).text
    await world.say("ban", MEETING)
    await world.say("ting", "同意")
    lines = await Ledger.filter(verb="approve").order_by("id").values_list("body", flat=True)
    assert [json.loads(each)["facts"]["stands_in"] for each in lines] == [True, False]
    await world.say("ban", PROPOSE)
    await world.say("ting", "/驳回 3 另案办理")
    told = await Notice.filter(kind__in=("approved", "refused")).order_by("id")
    assert [each.facts["by"] for each in told] == ["厅长（代）", "厅长", "厅长（代）"]
    await world.say("ting", UNIT)
    assert await proposed() == [(["office_director"], True)]


@pytest.mark.requirement("R9")
async def test_any_leader_approves_and_the_others_card_turns(world: World) -> None:
    await world.say("ban", MEETING)
    await Delivery.filter(person_id=world.people["fen"]).update(state="accepted", response_code="code", accepted_at=T)
    await world.say("ting", "同意")
    assert (await Matter.get()).state == "running"
    turned = await Delivery.get(lane="update")
    assert (turned.person_id, turned.response_code, turned.payload) == (
        world.people["fen"],
        "code",
        '{"done": "settled"}',
    )


async def test_a_card_not_sent_yet_is_cancelled(world: World) -> None:
    await world.say("ban", MEETING)
    await world.say("ting", "同意")
    assert await Delivery.filter(notice__kind="approval", state="pending").count() == 0


async def test_how_long_a_title_a_documents_number_and_a_note_may_be(world: World) -> None:
    most = "关于" + "核查" * 98 + "事项"
    for title, number, says in (
        (f"{most}的", "1", "标题超过200个字，未提交。"),
        (most, "号" * 61, "来文字号超过60个字，未提交。"),
        (most, "号" * 60, "已拟立项 拟-1"),
    ):
        text = PROPOSE.replace("关于开展取水许可核查的事项", title)
        assert (await world.say("ban", f"{text} 文号:{number}")).text.startswith(says)
    assert await Matter.all().values_list("title", "document_no") == [(most, "号" * 60)]
    await world.say("wang", "/批准 1 " + "抓紧" * 251)
    assert (await Approval.get()).note == "抓紧" * 250


async def test_a_refusal_ends_it(world: World) -> None:
    await world.say("ban", UNIT)
    assert "须说明理由" in (await world.say("fen", "/驳回 1")).text
    told = await world.say("fen", "/驳回 1 另案办理")
    assert "另案办理" in told.text
    assert "办公员" in told.text
    assert "已由分管驳回" in (await world.say("wang", "/批准 1")).text
    assert "没有待您批示" in (await world.say("wang", "同意")).text
    notice = await Notice.get(kind="refused")
    assert notice.facts["reason"] == "另案办理"
    assert await world.intact()


async def test_who_refused_is_named_and_not_who_approved(world: World) -> None:
    await world.say("ban", UNIT)
    await world.say("wang", "同意")
    await world.say("fen", "/驳回 1 另案办理", 1)
    matter = await Matter.get()
    assert (matter.state, matter.closed_at) == ("refused", T + timedelta(hours=1))
    for user in ("wang", "fen"):
        assert "已由分管驳回" in (await world.say(user, "/批准 1", 2)).text


async def test_several_waiting_are_named(world: World) -> None:
    await world.say("ban", PROPOSE)
    await world.say("ban", PROPOSE)
    told = await world.say("wang", "同意")
    assert "拟-1" in told.text
    assert "拟-2" in told.text
    assert await Matter.filter(state="proposed").count() == 2
    assert "待您批示的立项2件" in (await world.say("wang", "待办")).text


async def test_numbers_have_no_gaps_when_many_are_approved_at_once(world: World) -> None:
    await asyncio.gather(*(world.say("ban", PROPOSE) for _ in range(6)))
    assert sorted(await Matter.all().values_list("proposal_no", flat=True)) == [1, 2, 3, 4, 5, 6]
    wang = await person(world, "wang")
    ids = await Matter.all().order_by("id").values_list("id", flat=True)

    async def fails(matter_id: int) -> None:
        async with database.transaction():
            await approval.approve(matter_id, wang, T)
            raise RuntimeError("after the number was taken")

    done = await asyncio.gather(
        *(approval.approve(each, wang, T) for each in ids[:4]),
        *(fails(each) for each in ids[4:]),
        return_exceptions=True,
    )
    assert sum(isinstance(each, RuntimeError) for each in done) == 2
    assert sorted(await Matter.filter(state="running").values_list("number", flat=True)) == [1, 2, 3, 4]
    await approval.approve(ids[4], wang, T)
    assert (await Matter.get(id=ids[4])).number == 5
    assert await world.intact()


async def test_numbers_go_on_from_what_is_there(world: World) -> None:
    matter = await world.matter()
    await Matter.filter(id=matter.id).update(number=7, proposal_no=40)
    await Meta.all().delete()
    assert (await world.matter()).code == "2026-0008"
    assert (await world.matter(at=24 * 305)).code == "2027-0001"
    assert await Matter.all().order_by("id").values_list("proposal_no", flat=True) == [40, 41, 42]


async def test_the_same_proposal_approved_twice_at_once(world: World) -> None:
    await world.say("ban", PROPOSE)
    wang = await person(world, "wang")
    matter = await Matter.get()
    done = await asyncio.gather(*(approval.approve(matter.id, wang, T) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(each, errors.Refused) for each in done) == 2
    assert await Matter.filter(number=1).count() == 1


async def test_what_is_written_reaches_the_matter(world: World) -> None:
    fields = "标题：水库安全检查 来源：办公会 类别：重大 处室：水资源处 配合：规划处"
    fields += " 截止：2026-05-30 紧急：是 来文字号：水办〔2026〕3号"
    lines = "/立项\n" + fields.replace(" ", "\n")
    told = await world.say("ban", lines)
    assert "5月30日" in told.text
    matter = await Matter.get()
    assert (matter.source, matter.category, matter.urgent) == ("meeting", "major", True)
    assert matter.cooperating == [world.units["规划处"]]
    assert str(matter.due_on) == "2026-05-30"
    assert matter.document_no == "水办〔2026〕3号"
    await world.say("fen", "同意")
    assert (await world.owed(matter, "CUSTOM")).due_at is not None


async def test_alone_it_answers_with_the_form(world: World) -> None:
    assert "标题：" in (await world.say("ban", "/立项")).text
    assert not await Matter.exists()
