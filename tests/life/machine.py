"""Any life a matter can have, lived three times: by the department in chat, by the rules, by the oracle.

After every step the bot's state is the rules' state; at the end all three have the same notices at the same instants,
the same deadlines and the same points.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import note

from bot import workdays
from bot.engine import auditor
from bot.rules import life as rules
from bot.rules import obligation, simulate
from bot.rules.calendar import SHANGHAI
from bot.rules.life import Book, Life
from tests.life import conductor, lived
from tests.oracle import scan
from tests.rules import lives
from tests.rules.test_against_oracle import by_instant, compare, options

MINUTE = timedelta(minutes=1)
DAY = 1440
MARKS = [0, 60, 180, 19 * 60, DAY, 26 * 60, 2 * DAY, 3 * DAY, 7 * DAY, 13 * DAY]
"""Minutes at which much happens."""
GRADES = sorted(conductor.GRADES)
MISFITS: list[dict[str, str]] = [
    {"event": "apply_completion"},
    {"event": "apply_extension", "plan_until": "2026-12-31"},
    {"event": "approve_extension"},
    {"event": "reject_extension"},
    {"event": "return"},
    {"event": "return", "kind": "not_done"},
    {"event": "accept", "grade": "excellent"},
]
SEASONING = 2
"""How often a life has each of what is beside the point: misfits, asides, outages."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may happen: how likely beside the others, in which state."""

    does: Callable[[Machine], Awaitable[None]]
    weight: int
    fits: Callable[[Machine], object]


ACTS: list[Act] = []
Does = Callable[["Machine"], Awaitable[None]]


def act(weight: int, fits: Callable[[Machine], object]) -> Callable[[Does], Does]:
    """Makes a method one of the acts."""

    def kept(does: Does) -> Does:
        ACTS.append(Act(does, weight, fits))
        return does

    return kept


class Machine:
    """A state machine over one matter: `chance` picks what happens next of what fits its state, and when.

    Hypothesis gives the chance alone. Left to choose each step it repeats itself, and lives come out alike.
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.play: simulate.Play
        self.chat: lived.Lived
        self.at: datetime
        self.config: dict[str, Any] = {}
        self.inputs: list[dict[str, Any]] = []
        self.beside: list[str] = []
        self.limited = False

    async def live(self) -> None:
        """A whole life in the connected, empty database."""
        try:
            await self.initiate()
            for _ in range(self.chance.randrange(2, 15)):
                fitting = [each for each in ACTS if each.fits(self)]
                await self.chance.choices(fitting, [each.weight for each in fitting])[0].does(self)
            await self.end()
        finally:
            note(json.dumps(self.scenario(), ensure_ascii=False, indent=1))
            note("\n".join([*self.beside, *self.chat.said]))

    def scenario(self) -> dict[str, Any]:
        """This life as a scenario's file."""
        return {"config": self.config, "inputs": self.inputs, "until": self.at.isoformat()}

    @property
    def life(self) -> Life:
        """The matter by the rules, its periods unfolded."""
        return rules.unfold(self.play.known(), self.at, self.play.book)

    async def initiate(self) -> None:
        """The matter is proposed by the office, approved by its director, dispatched."""
        chance = self.chance
        keys = chance.sample(sorted(lives.CHOICES), chance.choice([0, 0, 1, 2, 4]))
        self.config = {key: chance.choice(lives.CHOICES[key]) for key in keys}
        minute = chance.choice([0, 540, 600, 930, 1320, chance.randrange(DAY)])
        self.at = datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(days=chance.randrange(320), minutes=minute)
        book = Book(options(self.config), workdays.calendar())
        self.play, self.chat = simulate.Play(book), await lived.settle(book)
        first = {"event": "initiate", "category": chance.choice(["general", "major", "major", "monthly"])}
        # one kind of own date a life: all go by the name CUSTOM in what is told
        self.limited = not chance.randrange(4)
        if not self.limited and not chance.randrange(3):
            first["deadline"] = self.day(chance.randrange(50))
        await self.does(first)

    def day(self, days: int) -> str:
        """So many days from now."""
        return (self.at.date() + timedelta(days=days)).isoformat()

    async def pass_by(self, minutes: int | None = None) -> None:
        """Time goes by, with all that it brings before the instant of the next thing."""
        if minutes is None:
            spans = [180, 180, DAY, DAY, 3 * DAY, 8 * DAY]
            minutes = self.chance.choice([self.chance.choice(MARKS), *(self.chance.randrange(each) for each in spans)])
        self.at += minutes * MINUTE
        self.play.before(self.at)
        await self.chat.until(self.at, including=False)
        if minutes and not self.chat.down:
            assert not await auditor.whole(self.at)

    async def does(self, event: dict[str, Any]) -> None:
        """The event, here and there, and a look at both."""
        event = {"at": self.at.isoformat(), **event}
        self.inputs.append(event)
        self.play.apply(self.at, event)
        await self.chat.act(self.at, event)
        await self.same()

    async def same(self) -> None:
        """Every field of both lives; periods that a verb of one side alone unfolded are unfolded on both."""
        got, want = rules.unfold(await self.chat.life(), self.at, self.play.book), self.life
        assert _by_key(got) == _by_key(want)
        assert replace(got, obligations=()) == replace(want, obligations=())

    async def answer(self) -> None:
        """A feedback to something that is open, or was: then it is a supplement."""
        known = [owed for owed in self.life.obligations if owed.takes_feedback]
        open_ = [owed for owed in known if owed.is_open(self.at)] or known
        await self.does({"event": "feedback", "node": self.chance.choice(open_).name})

    @act(5, lambda self: not self.life.closed_at)
    async def answer_some_time(self) -> None:
        await self.pass_by()
        await self.answer()

    @act(4, lambda self: not self.life.closed_at)
    async def answer_on_the_edge(self) -> None:
        """At a deadline or a rung to come, or a minute off."""
        marks = {each for owed in self.life.obligations for each in (owed.next_notice_at, owed.due_at) if each}
        near = sorted(ahead for each in marks if 0 <= (ahead := (each - self.at) // MINUTE) < 14 * DAY) or [1]
        await self.pass_by(max(0, self.chance.choice(near) + self.chance.choice([-1, 0, 0, 1])))
        await self.answer()

    @act(2, lambda self: not self.life.completion_at and not self.life.closed_at)
    async def complete(self) -> None:
        await self.pass_by()
        await self.does({"event": "apply_completion"})

    @act(9, lambda self: self.life.completion_at)
    async def review(self) -> None:
        """The completion is returned, in one way or the other, or accepted."""
        await self.pass_by()
        returned = [{"event": "return"}] * 2 + [{"event": "return", "kind": "not_done"}] * 2
        await self.does(self.chance.choice([*returned, {"event": "accept", "grade": self.chance.choice(GRADES)}]))

    @act(2, lambda self: self.life.filed)
    async def review_a_feedback(self) -> None:
        await self.pass_by()
        await self.does(
            self.chance.choice([{"event": "return"}, {"event": "accept", "grade": self.chance.choice(GRADES)}])
        )

    @act(3, lambda self: self.is_free() and not self.limited)
    async def extend(self) -> None:
        """To a day after the deadline that is put off: the chat takes no earlier one."""
        await self.pass_by()
        main = self.life.main()
        least = max(0, (main.due_at - self.at).days + 1) if main and main.due_at else 0
        await self.does({"event": "apply_extension", "plan_until": self.day(least + self.chance.randrange(40))})

    def is_free(self) -> bool:
        """Whether no application is in the office's hands."""
        return self.life.state in ("running", "follow_up") and not self.life.extension_at

    @act(2, lambda self: self.limited and self.life.limit() is None and not self.life.closed_at)
    async def limit(self) -> None:
        """A leader wants an answer by a day; refused while the completion is looked at."""
        await self.pass_by()
        await self.does({"event": "limit", "deadline": self.day(self.chance.randrange(10))})

    @act(9, lambda self: self.life.extension_at)
    async def decide(self) -> None:
        await self.pass_by()
        await self.does({"event": self.chance.choice(["approve_extension", "approve_extension", "reject_extension"])})

    @act(1, lambda self: len(self.play.refused) < SEASONING)
    async def misfit(self) -> None:
        """What does not fit is refused and changes nothing; now and then it fits."""
        await self.pass_by()
        await self.does(self.chance.choice(MISFITS))

    @act(1, lambda self: not self.play.down and len(self.play.outages) < SEASONING)
    async def stand_still(self) -> None:
        """An outage of ours begins."""
        await self.pass_by()
        await self.does({"event": "scheduler_down"})

    @act(5, lambda self: self.play.down)
    async def recover(self) -> None:
        await self.pass_by()
        await self.does({"event": "scheduler_up"})

    @act(1, lambda self: len(self.beside) < SEASONING)
    async def aside(self) -> None:
        """Something that is no event of the scenario, and changes nothing in the matter."""
        await self.pass_by()
        happens = self.chance.choice([self.chat.swap, self.chat.meddle, self.chat.again])
        self.beside.append(f"{self.at.isoformat()} {await happens(self.at)}")
        await self.same()

    @act(1, lambda self: True)
    async def wait(self) -> None:
        """Nobody does anything."""
        await self.pass_by()
        await self.same()

    async def end(self) -> None:
        """Three ways to the same: the bot and `simulate`, `simulate` and the oracle."""
        await self.pass_by()
        self.play.until(self.at)
        await self.chat.until(self.at, including=True)
        await self.same()
        scenario, book = self.scenario(), self.play.book
        bot, want = await self.chat.outcome(self.at), simulate.run(scenario, book.rules, book.days)
        assert conductor.in_time(bot["notices"]) == conductor.in_time(want["notices"])
        assert bot["deadlines"] == want["deadlines"]
        assert bot["score"] == want["score"]
        oracle = scan.run(scenario)
        # an outage that ends at night: whether the morning's notice is numbered as caught up or as merged is left open
        numbered = not ("quiet_hours" in self.config and self.play.outages)
        assert by_instant(want["notices"], numbered=numbered) == by_instant(oracle["notices"], numbered=numbered)
        assert want["deadlines"] == oracle["deadlines"]
        compare(self.config, want["score"], oracle["score"])


def _by_key(life: Life) -> dict[tuple[str, int], obligation.Obligation]:
    return {(owed.name, owed.ordinal): owed for owed in life.obligations}
