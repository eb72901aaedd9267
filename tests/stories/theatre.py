"""A story: people of the demo's department act on the loopback platform, time is stepped, screens are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import clock
from bot.actions import setting
from bot.commands import matter as command
from bot.demo import paper
from bot.demo.stage import Stage
from bot.engine import auditor
from bot.rules import calendar
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.obligation import Obligation
from models.score import ScoreEvent

START = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # Monday 08:30 in Shanghai
T = START + timedelta(minutes=30)
SECOND = timedelta(seconds=1)
ACK = "收到此项任务，经处室负责人批示，已安排陈晨处理解决。"
DONE = "进展 已完成现场核查，形成问题清单。"
PROPOSE = "/立项 取水许可核查 来源:省政府13710 类别:一般 处室:水资源处"
OVER = {"accepted", "delivered", "read", "cancelled", "overtaken"}
"""States in which a delivery has nothing more to do, when every lane works."""


def at(text: str) -> datetime:
    """03-05 09:00 → that instant of 2026 in Shanghai."""
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+08:00")


@dataclass
class Story:
    """Hands and eyes on a stage; `unsent` are states of deliveries that this story expects besides `OVER`,
    `quarantined` whether an obligation that can't be planned."""

    stage: Stage
    unsent: set[str] = field(default_factory=set)
    quarantined: bool = False
    named: dict[int, str] = field(default_factory=dict)
    pages: int = 0

    async def until(self, when: datetime) -> None:
        """Step to `when`; what is due at `when` itself has not gone out yet: an act at `when` comes first (A5)."""
        await self.stage.play_until(when)

    async def say(self, name: str, text: str) -> str:
        """A person writes; the text of the reply, "" when there is none."""
        return await self._heard(await self.stage.say(name, text))

    async def photograph(self, name: str) -> str:
        """A person sends a page of a sealed report; the text of the reply."""
        self.pages += 1
        return await self._heard(await self.stage.picture(name, paper.page(self.pages)))

    async def press(self, name: str, card: str, button: str, **choose: str) -> str:
        """A person presses a button of the latest card that shows `card`; what the card turned into, or the words."""
        entry = (await self.cards(name, card))[-1]
        chosen = {key: [option(entry, text)] for key, text in choose.items()}
        key = next(each["key"] for each in entry["buttons"] if each["text"] == button)
        return await self._heard(await self.stage.press(name, entry["id"], key, chosen))

    async def act(self, path: str, name: str) -> str:
        """Open the app (`enter`)."""
        return await self._heard(await self.stage.post(path, person=self.stage.ids[name]))

    async def _heard(self, answer: Mapping[str, Any]) -> str:
        assert (answer["status"], answer["tries"], answer["error"]) == (200, 1, ""), answer
        await self.stage.settle()
        return str((answer["reply"] or {}).get("text", ""))

    async def screen(self, name: str) -> list[dict[str, Any]]:
        """Everything on a person's phone."""
        return await self.stage.inbox(self.stage.ids[name])

    async def shown(self, name: str) -> list[str]:
        """The words on a person's phone, oldest first."""
        return [each["shown"] for each in await self.screen(name)]

    async def cards(self, name: str, words: str) -> list[dict[str, Any]]:
        """Cards on a person's phone that show these words and can still be pressed."""
        return [each for each in await self.screen(name) if words in each["shown"] and each["buttons"]]

    async def sent(self, *kinds: str) -> list[str]:
        """`03-03 04:00 wecom 张三 2026-0001 remind N1` of all that was pushed, in order, of these kinds."""
        lines = []
        for name, user in self.stage.ids.items():
            for entry in await self.stage.inbox(user):
                if entry["via"] != "reply":
                    what = entry["shown"] if entry["platform"] == "sms" else await self._named(entry)
                    lines.append(f"{_when(entry['virtual'])} {entry['platform']} {name} {what}")
        return [line for line in sorted(lines) if not kinds or {*line.split()} & {*kinds}]

    async def _named(self, entry: Mapping[str, Any]) -> str:
        """`2026-0001 urge N1 3` of a card, by the delivery whose number it carries on the wire."""
        task = str((entry["card"] or entry["payload"]).get("task_id", ""))
        if not task:  # the words beside a card that turned
            return "words"
        number = int(task.rpartition("-")[2])
        if number not in self.named:
            found = await Delivery.get(id=number).prefetch_related("notice__obligation", "notice__matter")
            notice = found.notice
            seq = f" {notice.seq}" if notice and notice.kind == "urge" else ""
            own = f"{notice.matter.code} {notice.kind} {notice.obligation.name}{seq}" if notice else "reply"
            self.named[number] = own
        return self.named[number]

    async def notices(self, kind: str, name: str) -> list[str]:
        """Instants at which 张三 got a card of `kind` about the obligation `name`, each with its number if any."""
        found = [
            re.fullmatch(rf"(\S+ \S+) wecom 张三 2026-\d+ {kind} {name}( \d+)?", line) for line in await self.sent()
        ]
        return [f"{each[1]}{each[2] or ''}" for each in found if each]

    async def matter(self, text: str = PROPOSE, by: str = "郑强") -> Matter:
        """A matter proposed by the office and approved by one word at this instant; its notices are out."""
        number = re.search(r"拟-(\d+)", await self.say("王芳", text))
        assert number
        assert "立项为" in await self.say(by, f"/批准 拟-{number[1]}")
        return await Matter.get(proposal_no=int(number[1]))

    async def owed(self, matter: Matter, name: str) -> Obligation:
        return await Obligation.get(matter_id=matter.id, name=name)

    async def met(self, matter: Matter) -> list[str]:
        """Names of what was answered, in order, the late ones with `!`."""
        rows = await Obligation.filter(matter_id=matter.id, ended="met").order_by("met_at", "due_at")
        return [row.name + "!" * row.late for row in rows]

    async def score(self) -> int:
        """All points so far, in tenths."""
        return sum(await ScoreEvent.all().values_list("tenths", flat=True))

    async def check(self) -> list[str]:
        """After a story: the ledger holds, nothing is left unsent; the numbers of its matters and proposals."""
        await self.stage.settle()
        matters = await Matter.all().order_by("id")
        broken = [each.id for each in matters if await Ledger.verify(each.id, setting.current().ledger_key)]
        assert not broken, f"ledgers broken: {broken}"
        left = await Delivery.exclude(state__in=OVER | self.unsent).filter(due_at__lte=clock.now())
        assert not left, [(each.id, each.kind, each.lane, each.state, each.error) for each in left]
        assert await Obligation.exclude(fault="").exists() is self.quarantined
        assert self.quarantined or not await auditor.whole(clock.now())
        return [each.code or f"拟-{each.proposal_no}" for each in matters]


def _when(text: str) -> str:
    """An ISO instant as 03-05 09:00 in Shanghai."""
    return calendar.local(datetime.fromisoformat(text)).strftime("%m-%d %H:%M")


def option(entry: Mapping[str, Any], text: str) -> str:
    """The id of the option with this text in a card's pull-down."""
    options = entry["card"]["button_selection"]["option_list"]
    return str(next(each["id"] for each in options if text in each["text"]))


async def timeline(story: Story, codes: Sequence[str]) -> None:
    """`duban matter timeline` of every matter, with the bot stopped."""
    await story.stage.stop()
    for code in codes:
        assert await command.timeline(story.stage.settings, code) == 0
