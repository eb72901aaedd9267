"""Random lives: what people write and the engine does leaves the very state of the rules, in any order of messages."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot import errors, workdays
from bot.actions import setting
from bot.engine import auditor, due, prompts
from bot.rules import life as rules
from bot.rules import obligation, ruleset, simulate
from bot.rules.life import Book, Life
from models import database
from models import life as lives_
from models.matter import Matter
from models.obligation import Obligation
from models.prompt import Prompt
from models.score import ScoreEvent
from tests.department import KEY, T, World
from tests.life import conductor
from tests.rules import lives

SKIPPED = ("scheduler_down", "scheduler_up")
OWN_SCORE = {"urge_scoring": "episode", "scoring": "cumulative"}
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""A life is told in chat for seconds: a failing one is shown as found, not made shorter."""
BOUNDED = settings(
    max_examples=int(os.environ.get("DUBAN_LIVES", "20")),
    deadline=None,
    report_multiple_bugs=False,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Chat:
    """One matter lived by the department; `world` and database are shared with the lives before."""

    def __init__(self, world: World, book: Book) -> None:
        self.world, self.book = world, book
        self.id = 0
        self.code = ""

    async def until(self, at: datetime, *, including: bool) -> None:
        """The engine plans what is due before `at`, or at it; nothing is sent here."""
        while (first := await Obligation.first_due_at()) and (first < at or (including and first == at)):
            await due.advance(first, 500)

    async def life(self) -> Life:
        async with database.transaction():
            return await lives_.load(await database.lock_matter(self.id))

    async def say(self, user: str, text: str, at: datetime) -> str:
        reply = await self.world.say(user, text, at - T)
        if reply.card and reply.card.actions[0].key.startswith("complete:"):
            done = await self.world.press(user, reply.card.actions[0].key, (at - T).total_seconds() / 3600)
            return done.text
        return reply.text

    async def act(self, at: datetime, event: Mapping[str, Any]) -> None:
        """The event as people would write it."""
        kind, code = event["event"], self.code
        if kind == "initiate":
            await self.initiate(at, event)
        elif kind == "feedback":
            await self.say("a", f"进展 {code} {conductor.node(event['node'])} 已完成现场核查，形成问题清单", at)
        elif kind == "apply_completion":
            with contextlib.suppress(errors.Refused):  # what may not be handed in may not be filed either
                await self.world.hand_in("a", at - T, int(code.partition("-")[2]))
            await self.say("a", f"完结 {code} 理由：已全部整改到位", at)
        elif kind == "apply_extension":
            text = f"延期 {code} 理由：汛期 方案：分段推进 责任人：张三 时限：{event['plan_until']}"
            await self.say("a", text, at)
        elif kind == "approve_extension":
            await self.say("ban", f"/同意延期 {code}", at)
        elif kind == "reject_extension":
            await self.say("ban", f"/不同意延期 {code} 时间过长", at)
        elif kind == "limit":
            await self.say("fen", f"限期 {code} {event['deadline']} 请报方案", at)
        elif kind == "return":
            flag = "未落实 " if event.get("kind") == "not_done" else ""
            await self.say("ban", f"/退回 {code} {flag}附件不全", at)
        else:
            said = await self.say("ban", f"/同意办结 {code} {conductor.GRADES[event['grade']]}", at)
            if "不作评价" in said or "每季度只评一次" in said:  # accepted all the same, without a grade
                await self.say("ban", f"/同意办结 {code}", at)

    async def initiate(self, at: datetime, event: Mapping[str, Any]) -> None:
        setting.use(setting.Setting(KEY, self.book.rules, self.book.days))
        await Obligation.all().update(next_notice_at=None)  # the lives before are over
        await Prompt.all().update(next_at=None)
        due_on = f" 截止:{event['deadline']}" if "deadline" in event else ""
        category = conductor.CATEGORIES[event["category"]]
        await self.say("ban", f"/立项 取水许可核查 来源:省政府13710 类别:{category} 处室:水资源处{due_on}", at)
        proposed = await Matter.all().order_by("-id").first()
        assert proposed
        await self.say("wang", f"/批准 {proposed.proposal_no}", at)
        found = await Matter.get(id=proposed.id)
        self.id, self.code = found.id, found.code


def fits(event: Mapping[str, Any], at: datetime, current: Life | None, book: Book) -> bool:
    """Whether chat can say it: it names only what there is, and what meets nothing by itself is a supplement there."""
    if event["event"] in SKIPPED:
        return False
    if event["event"] != "feedback" or current is None:
        return True
    now = rules.unfold(current, at, book)
    limit = now.limit() if event["node"] == "CUSTOM" else None
    if limit and limit.is_open(at):
        return True
    there = {owed.name for owed in now.obligations}
    return event["node"] in there and event["node"] not in ("NM", "CUSTOM", "REWORK")


async def begin(world: World, scenario: Mapping[str, Any]) -> tuple[simulate.Play, Chat]:
    """Both ways of living, with the scenario's first event behind them."""
    book = Book(ruleset.parse({**scenario["config"], **OWN_SCORE}), workdays.calendar())
    play, chat = simulate.Play(book), Chat(world, book)
    first = scenario["inputs"][0]
    play.apply(datetime.fromisoformat(first["at"]), first)
    await chat.act(datetime.fromisoformat(first["at"]), first)
    return play, chat


async def step(play: simulate.Play, chat: Chat, event: Mapping[str, Any]) -> None:
    """Up to the event, the event, and a look at both."""
    at = datetime.fromisoformat(event["at"])
    if event["event"] == "apply_extension":
        event = {"plan_until": (at.date() + timedelta(days=30)).isoformat(), **event}
    if not fits(event, at, play.life, chat.book):
        return
    play.until(at, including=False)
    await chat.until(at, including=False)
    play.apply(at, event)
    await chat.act(at, event)
    await same(chat, play, at)


async def finish(play: simulate.Play, chat: Chat, until: datetime) -> None:
    play.until(until, including=True)
    await chat.until(until, including=True)
    await same(chat, play, until)
    await prompts.advance(until, 500)
    assert not await Prompt.filter(matter_id=chat.id).exclude(fault="").exists()
    await same_score(chat, play, until)


@given(lives.scenarios())
@BOUNDED
async def test_chat_and_rules_agree_after_every_step(world: World, scenario: dict[str, Any]) -> None:
    play, chat = await begin(world, scenario)
    for event in scenario["inputs"][1:]:
        await step(play, chat, event)
    await finish(play, chat, datetime.fromisoformat(scenario["until"]))


@given(st.data())
@BOUNDED
async def test_what_is_allowed_is_done_alike(world: World, data: st.DataObject) -> None:
    scenario = data.draw(lives.scenarios())
    play, chat = await begin(world, scenario)
    at = datetime.fromisoformat(scenario["inputs"][0]["at"])
    for _ in range(data.draw(st.integers(2, 14))):
        at += timedelta(minutes=data.draw(lives.STEPS))
        play.until(at, including=False)
        assert play.life
        event = data.draw(st.sampled_from(possible(rules.unfold(play.life, at, chat.book), at)))
        await step(play, chat, {"at": at.isoformat(), **event})
    await finish(play, chat, at + timedelta(days=1))


def possible(current: Life, at: datetime) -> list[dict[str, Any]]:
    """What a sensible department could do next."""
    returns = [{"event": "return"}, {"event": "return", "kind": "not_done"}]
    accepts = [{"event": "accept", "grade": grade} for grade in conductor.GRADES]
    if current.completion_at or current.closed_at:
        return returns * 2 + accepts[:1]
    feedback = [
        {"event": "feedback", "node": owed.name} for owed in current.obligations if owed.due_at and owed.is_open(at)
    ]
    if current.extension_at:
        return [{"event": "approve_extension"}, {"event": "reject_extension"}] * 2 + feedback + [COMPLETE]
    limit = {"event": "limit", "deadline": (at.date() + timedelta(days=2)).isoformat()}
    return [
        *feedback,
        *feedback,
        limit,
        EXTEND,
        EXTEND,
        COMPLETE,
        *(returns[:1] * 2 + accepts if current.filed else []),
    ]


COMPLETE = {"event": "apply_completion"}
EXTEND = {"event": "apply_extension"}


async def same(chat: Chat, play: simulate.Play, at: datetime) -> None:
    """Every field of both lives; periods that a verb of one side alone unfolded are unfolded on both. And the auditor
    finds nothing amiss."""
    assert play.life
    assert not [each for each in await auditor.whole(at) if each.row.matter_id == chat.id]
    got, want = rules.unfold(await chat.life(), at, chat.book), rules.unfold(play.life, at, chat.book)
    assert by_key(got) == by_key(want)
    assert replace(got, obligations=()) == replace(want, obligations=())


def by_key(life: Life) -> dict[tuple[str, int], obligation.Obligation]:
    return {(owed.name, owed.ordinal): owed for owed in life.obligations}


async def same_score(chat: Chat, play: simulate.Play, until: datetime) -> None:
    """Of the points that no sent notice has to prove."""
    total: Counter[str] = Counter()
    for each in await ScoreEvent.filter(matter_id=chat.id):
        total[each.rule] += abs(each.tenths)
    want = play.result(until)["score"]["items"]
    for rule in ("returned", "excellent", "fail"):
        assert total[rule] == want.get(rule, 0), rule
