"""What the tests of a matter's second half do again and again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.router import Reply
from models.completion import Completion
from models.delivery import Delivery
from models.matter import Matter
from models.notice import Notice
from models.score import ScoreEvent
from tests.department import ACK, PROPOSE, World

MAJOR = PROPOSE.replace("类别:一般", "类别:重大")
ASK = "延期 1 理由：汛期不能施工 方案：分两段推进 责任人：张三 时限：2026-05-30"
DONE = "完结 1 理由：已全部整改到位"


def at(text: str) -> timedelta:
    """04-01 09:00 in Shanghai, 2026, as a difference to the department's T."""
    when = datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")
    return when - datetime(2026, 3, 2, 1, tzinfo=UTC)


def hours(text: str) -> float:
    """The same in hours, for a press."""
    return at(text).total_seconds() / 3600


def shanghai(text: str) -> datetime:
    """04-01 09:00 in Shanghai, 2026."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")


async def major(world: World, text: str = MAJOR) -> Matter:
    """A matter whose nodes before the month are answered."""
    matter = await world.matter(text)
    await world.say("a", ACK, 1)
    await world.say("a", "进展 1 7天 已完成现场核查，形成问题清单", 2)
    return matter


async def complete(world: World, when: str, user: str = "a") -> Reply:
    """A completion is drafted and filed at `when`, with a sealed report."""
    await world.hand_in(user, at(when))
    asked = await world.say(user, DONE, at(when))
    assert asked.card, asked.text
    return await world.press(user, asked.card.actions[0].key, hours(when))


async def told(kind: str) -> list[int]:
    """Who got the latest notice of a kind."""
    notice = await Notice.filter(kind=kind).order_by("-id").first()
    assert notice
    mine = Delivery.filter(notice_id=notice.id, lane="chat").order_by("person_id")
    return await mine.values_list("person_id", flat=True)


async def points() -> list[tuple[str, int]]:
    """Every entry, in order."""
    return [(each.rule, each.tenths) for each in await ScoreEvent.all().order_by("id")]


async def states() -> list[str]:
    """Of all applications for completion, in order."""
    return await Completion.all().order_by("id").values_list("state", flat=True)


async def now(matter: Matter) -> Matter:
    """The matter as it is stored."""
    return await Matter.get(id=matter.id)
