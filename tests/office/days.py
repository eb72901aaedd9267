"""Days that pass: everything that falls due goes out at its instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models import schedule
from models.delivery import Delivery
from models.ledger import Ledger
from models.matter import Matter
from models.score import ScoreEvent
from tests.department import T
from tests.engine.desk import Desk

HOUR = timedelta(hours=1)


@dataclass
class Days(Desk):
    """The desk of the engine's tests, with time that passes in hours after T; `said` is a reply's text."""

    async def until(self, hours: float) -> None:
        """Let everything go out that falls due before `hours`, each at its instant."""
        await self.turn(self.now)
        while (first := await schedule.first_due_at()) and _hours(first) < hours:
            await self.turn(max(_hours(first), self.now))
            self.now = max(_hours(first), self.now)
        self.now = hours

    now: float = 0

    async def said(self, user: str, text: str, hours: float | None = None) -> str:
        """What the bot answers; what follows from it leaves at once."""
        self.now = self.now if hours is None else hours
        answer = await self.world.say(user, text, self.now)
        await self.turn(self.now)
        return answer.text

    async def sure(self, user: str, text: str, hours: float | None = None) -> str:
        """A command that asks back, confirmed by its card."""
        self.now = self.now if hours is None else hours
        answer = await self.world.say(user, text, self.now)
        assert answer.card, answer.text
        done = await self.world.press(user, answer.card.actions[0].key, self.now)
        await self.turn(self.now)
        return done.text

    async def silent(self, hours: float) -> Matter:
        """A general matter that nobody answers until `hours`."""
        matter = await self.matter()
        await self.until(hours)
        return await Matter.get(id=matter.id)

    async def score(self) -> int:
        """All tenths so far."""
        return sum(await ScoreEvent.all().values_list("tenths", flat=True))

    async def told(self, kind: str) -> list[str]:
        """Logins of those who got a card of this kind, sorted."""
        names = {number: login for login, number in self.world.people.items()}
        sent = Delivery.filter(kind=kind, lane="chat", state="accepted")
        return sorted(names[each] for each in await sent.values_list("person_id", flat=True))

    async def cards(self, user: str) -> list[str]:
        """Title and text of every card that a person got, the oldest first."""
        return [
            f"{each.get('title', '')} {each['text']} {each.get('facts', '')}"
            for each in self.wecom.sent
            if each["user"] == user
        ]

    async def verbs(self) -> list[str]:
        """The ledger's verbs, in order."""
        return await Ledger.all().order_by("id").values_list("verb", flat=True)


def _hours(at: datetime) -> float:
    return (at - T).total_seconds() / 3600
