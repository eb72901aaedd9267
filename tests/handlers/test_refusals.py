"""Who may not, what is not understood: refused in words, every table but inbound as it was."""

from __future__ import annotations

from datetime import timedelta

from handlers import reception
from models.delivery import Delivery
from models.feedback import Feedback
from models.ledger import Ledger
from models.matter import Approval, Matter
from models.notice import Notice
from models.obligation import Obligation
from models.people import Person, Seat
from models.score import ScoreEvent
from models.system import Meta
from tests.department import ACK, PROPOSE, World

TABLES = (Matter, Approval, Obligation, Feedback, Notice, Delivery, Ledger, ScoreEvent, Meta)
BRIEF = "进展 已完成现场核查，形成问题清单"


async def counts() -> list[int]:
    return [await table.all().count() for table in TABLES]


CASES = (
    ("nobody", "待办", "不在督办系统"),
    ("gui", "进展 2026-0001 已完成现场核查，形成问题清单", "承办处室是水资源处"),
    ("gui", "进展 1 已完成现场核查，形成问题清单", "承办处室是水资源处"),
    ("gui", "补充 2026-0001 已完成现场核查，形成问题清单", "承办处室是水资源处"),
    ("gui", "2026-0001 " + ACK, "承办处室是水资源处"),
    ("gui", BRIEF, "没有需要反馈"),
    ("ban", "2026-0001 " + ACK, "承办处室是水资源处"),
    ("a", "进展 2026-0009 已完成现场核查，形成问题清单", "没有编号为 2026-0009"),
    ("a", "进展 太短", "不足10个字"),
    ("a", "收到此项任务，经处室负责人批示，已安排赵六处理解决。", "名单中没有“赵六”"),
    ("a", "收到此项任务，经处室负责人批示，将安排人员处理解决。", "没有看清承办人姓名"),
    ("a", "分办 1 赵六", "名单中没有“赵六”"),
    ("a", "分办 1", "没有看清承办人姓名"),
    ("gui", "分办 2026-0001 张三", "承办处室是水资源处"),
    ("a", "/立项 标题 来源:处室 类别:一般 处室:水资源处", "不能使用“立项”"),
    ("a", "/批准 1", "不能使用“批准”"),
    ("a", "/重开 1 理由", "不能使用“重开”"),
    ("a", "今天下雨吗", "没有看懂"),
    ("wang", "/批准 9", "没有待您批示的"),
    ("wang", "同意", "没有待您批示的立项"),
    ("wang", "/批准 1", "已由王主任批准"),
    ("fen", "/批准 1", "不担任"),
    ("ban", "/立项 标题 来源:县政府 类别:一般 处室:水资源处", "来源“县政府”"),
    ("ban", "/立项 标题 来源:处室 类别:特别 处室:水资源处", "类别“特别”"),
    ("ban", "/立项 标题 来源:处室 类别:一般 处室:水资处", "是否为水资源处"),
    ("ban", "/立项 标题 来源:处室 类别:一般 处室:水资源处 配合:财务处", "没有名为“财务处”"),
    ("ban", "/立项 标题 来源:处室 类别:一般 处室:水资源处 截止:2026-02-01", "过去的日期"),
    ("ban", "/立项 标题 来源:处室 类别:一般 处室:水资源处 截止:尽快", "看不出是哪一天"),
    ("ban", "/立项 标题 来源:处室 类别:一般 处室:水资源处 紧急:大概", "看不出是或否"),
    ("ban", "/立项 标题 来源:处室", "立项缺少：类别、处室"),
    ("ban", f"/立项 {'长' * 201} 来源:处室 类别:一般 处室:水资源处", "标题超过200个字"),
    ("ban", "/立项 标题 来源:省政府 类别:一般 处室:财务处", "没有名为“财务处”"),
    ("ban", "/立项 标题 来源:处室 类别:一般 处室:规划处", "须经分管厅领导批准"),
)


async def test_a_refusal_says_why_and_changes_nothing(world: World) -> None:
    await world.matter()
    before = await counts()
    for user, text, says in CASES:
        told = await world.say(user, text, 1)
        assert says in told.text, text
        assert (told.card, told.replace) == (None, None), text
        assert await counts() == before, text


async def test_what_is_no_text_is_declined(world: World) -> None:
    before = await counts()
    for kind in ("image", "voice", "video", "file", "location", "link"):
        assert (await reception.receive(world.message("a", kind, 0))).text, kind
    assert await counts() == before


async def test_a_unit_without_anybody_is_refused(world: World) -> None:
    await Seat.filter(unit_id=world.units["规划处"]).delete()
    told = await world.say("ban", PROPOSE.replace("处室:水资源处", "处室:规划处"))
    assert "没有负责人和操作员" in told.text
    assert not await Matter.exists()


async def test_a_cooperating_unit_files_nothing(world: World) -> None:
    """Its material is kept and meets nothing (A62); what only the lead unit files is refused."""
    matter = await world.matter(PROPOSE + " 配合:规划处")
    told = await world.say("gui", "进展 2026-0001 已完成现场核查，形成问题清单", 1)
    assert "已存为 2026-0001 的配合材料" in told.text
    assert not await Obligation.filter(matter_id=matter.id).exclude(ended="").exists()
    assert "由水资源处牵头" in (await world.say("gui", "分办 2026-0001 桂芳", 1)).text


async def test_who_left_is_not_in_the_roster(world: World) -> None:
    await Person.filter(wecom_id="a").update(active=False)
    assert "不在督办系统" in (await world.say("a", "待办")).text


async def test_a_seat_counts_by_its_days(world: World) -> None:
    await world.matter()
    day = (await Matter.get()).proposed_at.date()
    await Seat.filter(person_id=world.people["a"]).update(until=day)
    assert "没有需要反馈" not in (await world.say("a", BRIEF, timedelta(hours=1))).text
    assert "没有需要反馈" in (await world.say("a", BRIEF, timedelta(days=1, hours=1))).text


async def test_a_closed_matter_is_never_guessed(world: World) -> None:
    matter = await world.matter()
    await Matter.filter(id=matter.id).update(state="closed", closed_at=matter.initiated_at)
    assert "没有需要反馈" in (await world.say("a", BRIEF, 1)).text
    assert "已于" in (await world.say("a", "进展 1 已完成现场核查，形成问题清单", 1)).text
    assert not await Feedback.exists()
