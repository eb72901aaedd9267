"""A story in bad weather: the real client, a wall clock that runs with business time, years apart from it."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import clock
from bot.channels.wecom.client import WeCom
from bot.demo import stage as stages
from models import schedule
from models.delivery import Attempt, Delivery
from models.people import Person
from tests.stories import theatre

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
AGES = timedelta(days=2000)
SENDS = "/cgi-bin/message/send"
UNIT = ("张三", "李四", "赵刚")
NOON = theatre.at("03-03 12:00")
"""The first urge of N1 of a matter that begins at T."""
LAST = {"accepted": "accepted", "overtaken": "accepted", "failed": "failed", "unknown": "unknown"}
"""State of a delivery → the outcome of its last attempt."""


def wall() -> datetime:
    """The wall clock of the outbox."""
    return clock.now() - AGES


class Storm(theatre.Story):
    """Hands on the weather. Time steps from event to event, a retry being one.

    `folder` is for what a story leaves behind, `spare` another, empty database.
    """

    folder: Path = Path()
    spare: str = ""

    def equip(self, *, timeout: float = 10.0) -> WeCom:
        """Give the engine a client of its own and the wall clock; who calls closes the client."""
        own, engine = self.stage.settings.wecom, self.stage.engine
        client = WeCom(
            own.corp_id,
            own.agent_id,
            own.secret.get_secret_value(),
            api_base=own.api_base,
            fallback_url=self.stage.url,
            timeout=timeout,
            pause=0.0,
        )
        engine.lanes = dataclasses.replace(engine.lanes, wecom=client, wall=wall)
        return client

    async def fault(self, name: str, *, on: bool = True, **more: Any) -> None:
        """Switch a fault on or off; `down` is the platform's, the SMS gateway stands elsewhere."""
        row = {"name": name, "on": on, **({"path": "/cgi-bin/"} if name == "down" else {}), **more}
        async with self.stage.session.post(f"{self.stage.platform.control}/fault", json=row) as answer:
            assert answer.status == 200, await answer.text()

    async def until(self, when: datetime) -> None:
        """Step to `when`; what is due at `when` itself has not gone out yet."""
        await self.stage.settle()
        while (event := await _next()) and event < when:
            self.stage.platform.platform.clock.change(to=event)
            await self.stage.engine.drain()
        self.stage.platform.platform.clock.change(to=when)

    async def past(self, when: datetime) -> None:
        """Step to `when` and let go what is due then."""
        await self.until(when)
        await self.stage.settle()

    async def begin(self) -> None:
        """A matter that everybody heard of; now is a minute before the first urge of its N1."""
        await self.until(theatre.T)
        await self.matter()
        await self.until(NOON - MINUTE)

    def requests(self, path: str = SENDS) -> list[dict[str, Any]]:
        """What came over the wire, before any de-duplication."""
        return [*self.stage.platform.platform.wire.after(0, path)]

    async def wired(self, kind: str) -> Counter[str]:
        """How often each body of this kind's cards came over the wire."""
        mine = {each.payload for each in await Delivery.filter(kind=kind, lane="chat")} - {""}
        return Counter(row["body"] for row in self.requests() if row["body"] in mine)

    async def all_answered(self) -> None:
        """Wait until the platform is done with every request that it holds back."""
        async with asyncio.timeout(10):
            while any(row["became"] is None for row in self.requests()):  # noqa: ASYNC110 - the sandbox rings no bell
                await asyncio.sleep(0.02)

    async def truth(self) -> None:
        """What the deliveries say is what the screens show, and each try is on record."""
        seen = self._screens()
        assert not seen or max(seen.values()) == 1, seen.most_common(3)
        people = {each.id: each for each in await Person.all()}
        for each in await Delivery.filter(lane__in=["chat", "sms"]).prefetch_related("attempts"):
            count = seen[_place(each, people[each.person_id])] if each.payload else 0
            lines = sorted(each.attempts, key=lambda one: one.n)
            self._compare(each, count, lines)

    def _compare(self, each: Delivery, count: int, lines: list[Attempt]) -> None:
        about = (each.id, each.kind, each.lane, each.state, count, [(one.n, one.outcome) for one in lines])
        tries = [one.n for one in lines]
        # a restore closes the try that the backup caught in flight: what was before it is not on record
        restored = each.state == "unknown" and tries == [each.attempt]
        assert restored or tries == list(range(1, each.attempt + 1)), about
        if each.state in LAST:
            assert lines[-1].outcome == LAST[each.state], about
        if each.state in ("accepted", "overtaken"):
            assert count == 1, about
        elif count:  # seen all the same: only where the record says that nobody can say
            assert {"unanswered", "unknown"} & {one.outcome for one in lines}, about

    def _screens(self) -> Counter[tuple[str, str]]:
        entries = self.stage.platform.platform.inbox.of(_Everybody(), 0)
        pushed = [each for each in entries if each.via != "reply"]
        return Counter((each.person, str(each.payload.get("task_id") or each.payload["content"])) for each in pushed)


@contextlib.asynccontextmanager
async def raised(url: str, folder: Path) -> AsyncIterator[Storm]:
    """Sandbox and bot on that database, time standing at Monday 2026-03-02 08:30; at the end the deliveries must have
    told the truth."""
    (folder / "stage").mkdir()
    async with stages.raised(folder / "stage", theatre.START, stepped=True, database=url) as stage:
        told = Storm(stage)
        client = told.equip()
        try:
            yield told
            await told.check()
            await told.truth()
        finally:
            await client.close()


class _Everybody:
    def __contains__(self, address: object) -> bool:
        return True


def _place(each: Delivery, person: Person) -> tuple[str, str]:
    if each.lane == "sms":
        return person.phone, json.loads(each.payload)["text"]
    return person.wecom_id or "", each.task_id


async def _next() -> datetime | None:
    """The next instant (business) at which something is planned, sent, tried again or taken back."""
    now, first = clock.now(), await schedule.first_due_at()
    found = [max(first, now)] if first else []
    rows = Delivery.filter(state__in=["pending", "sending"]).values_list("due_at", "next_try_at", "lease_until")
    for due, again, lease in await rows:
        at = max([due, *(each + AGES for each in (again, lease) if each)])
        found += [at] if at > now else []
    return min(found, default=None)


async def states(kind: str, lane: str = "chat", seq: int = 1) -> list[tuple[str, int]]:
    """(state, attempts) of the deliveries of a notice of N1."""
    rows = Delivery.filter(kind=kind, lane=lane, notice__obligation__name="N1", notice__seq=seq)
    return sorted([(each.state, each.attempt) for each in await rows])


async def cards(storm: Storm, kind: str, seq: int = 1) -> list[str]:
    """`03-03 12:00 张三` of the cards of a numbered notice of N1."""
    ends = f"{kind} N1 {seq}" if kind == "urge" else f"{kind} N1"
    found = [each.split() for each in await storm.sent(kind) if each.endswith(ends)]
    return [f"{each[0]} {each[1]} {each[3]}" for each in found]


async def texts(storm: Storm, words: str = "催办") -> list[str]:
    """`03-03 12:10 张三` of the short messages with these words."""
    found = [each.split() for each in await storm.sent("sms") if words in each]
    return [f"{each[0]} {each[1]} {each[3]}" for each in found]


def each_at(when: str, names: Sequence[str] = UNIT) -> list[str]:
    """The unit at one instant, as `cards` and `texts` tell it."""
    return sorted(f"{when} {name}" for name in names)
