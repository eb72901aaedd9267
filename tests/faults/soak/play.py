"""The month played: time is stepped from event to event, faults strike, and after each step all is quiet again."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from bot.demo import paper, stage
from bot.sandbox import app as sandbox
from bot.sandbox.settings import Settings
from bot.sandbox.wire import Wire
from tests.faults.soak import script
from tests.faults.soak.crew import Arms, Crew
from tests.faults.soak.script import Case
from tests.faults.soak.store import Store
from tests.faults.soak.yard import TREE, Yard
from tests.life import conductor

OPENS = script.MONDAY - timedelta(minutes=30)
QUIET_WITHIN = 90.0
PATIENCE = 5.0
CALLED_AGAIN = 2.0
"""Seconds until the platform calls again, shorter than WeCom's: what froze is then served by another replica."""
BURST = "很多消息"
T = TypeVar("T")
Disaster = Callable[[], Awaitable[None]]


@dataclass
class Step:
    """One instant at which something happened, with the faults that struck."""

    at: datetime
    fired: Counter[str]


@dataclass(frozen=True)
class Burst:
    """Messages wanted, requests, messages on the screen, and the most requests of a minute."""

    wanted: int
    before: int
    after: int
    most: int


@dataclass
class Play:
    """A department on a database, with `crew` before it.

    `ids` are WeCom ids by name, `said` how each act went, `disasters` what strikes after so many steps,
    or (below 0) while so much was said.
    """

    platform: sandbox.Running
    session: aiohttp.ClientSession
    crew: Crew
    store: Store
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    pages: int = 0
    disasters: dict[int, tuple[str, Disaster]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """Business time."""
        return self.platform.platform.clock.now()

    async def found(self, yard: Yard) -> None:
        """The department's people, on both sides."""
        config = str(next(iter(self.crew.replicas.values())).folder / "config.toml")
        await yard.run(self.folder / "import.log", "roster", "import", str(stage.ROSTER), "--config", config)
        people = await self.store.rows("SELECT wecom_id, name, phone FROM person")
        self.ids = {each["name"]: each["wecom_id"] for each in people}
        for each in people:
            await self.post("people", id=each["wecom_id"], name=each["name"], platform="wecom", phone=each["phone"])

    async def hire(self, name: str, yard: Yard, orders: Sequence[str] = ()) -> None:
        """One more replica, its first starts armed by `orders`; all share the keys of the first."""
        folder = self.folder / f"{name}-{len(self.steps)}"
        folder.mkdir()
        keys = self.folder / "keys.toml"
        if keys.exists():
            shutil.copy(keys, folder)
        await self.crew.hire(name, yard, folder, self.store.url, list(orders))
        shutil.copy(folder / "keys.toml", keys)

    async def month(self, cases: Sequence[Case], until: datetime) -> None:
        """All that happens to these matters, and what falls due at `until`."""
        rows = [(datetime.fromisoformat(each["at"]), case, each) for case in cases for each in case.inputs]
        for at, case, event in sorted(rows, key=lambda row: row[0]):
            await self.reach(at)
            await self.act(case, event)
        await self.reach(until)
        await self.settle()

    async def reach(self, at: datetime) -> None:
        """Step to `at`; what is due at `at` itself may or may not have gone out."""
        await self.settle()
        while (event := await self.store.next_event(self.now)) and event < at:
            await self.step(event)
        await self.post("clock", to=at.isoformat())

    async def step(self, to: datetime) -> None:
        """One event, in whatever weather its turn brings."""
        await self.post("clock", to=to.isoformat())
        name, strike = self.disasters.pop(len(self.steps), ("", None))
        if strike is None:
            await self.settle()
            return
        quiet = asyncio.create_task(self.settle(name))
        await strike()
        await quiet

    async def settle(self, *fired: str) -> None:
        """Everything due now is out: leases of the dead run out, the frozen go on last and must find nothing theirs."""
        try:
            async with asyncio.timeout(QUIET_WITHIN):
                while await self._stirs():  # noqa: ASYNC110 - many things may stir
                    await asyncio.sleep(0.002)  # the keepers' turn
        except TimeoutError as error:
            raise RuntimeError(await self._unrest()) from error
        found, self.crew.fired = self.crew.fired + Counter(fired), Counter()
        self.steps.append(Step(self.now, found))

    async def _unrest(self) -> str:
        """What does not come to rest."""
        now = self.now.isoformat(" ")
        due = await self.store.rows(
            "SELECT id, lane, kind, state, attempt, lapsed, error, due_at, next_try_at, lease_until FROM delivery "
            f"WHERE state IN ('pending', 'sending') AND due_at <= '{now}'"
        )
        columns = "id, name, next_notice_at, fault"
        owed = await self.store.rows(f"SELECT {columns} FROM obligation WHERE next_notice_at <= '{now}'")
        crew = [(each.name, each.arm, each.is_live, each.is_frozen) for each in self.crew.replicas.values()]
        return f"no rest at {self.now}: {crew}, due {due}, owed {owed}, {self.complaints()[-5:]}"

    async def _stirs(self) -> bool:
        await self.crew.whole()
        if await self._patiently(self.crew.drain()) != 0:
            return True
        event = await self.store.next_event(self.now)
        if event and event <= self.now:
            await self.store.wall_passes()
            if await self._patiently(self.crew.drain()) == 0:  # one stands still with the locks of a transaction
                self.crew.thaw()
            return True
        if self.crew.thaw() or await self.crew.replace_thawed():
            return True
        return not all(each.is_live for each in self.crew.replicas.values())

    async def burst(self, name: str, count: int) -> Burst:
        """So many messages to one person at once, taken by all replicas."""
        await self.settle()
        at, who = self.now.isoformat(" "), f"(SELECT id FROM person WHERE name = '{name}')"
        key = "'digest:' || " + who
        await self.store.rows(f"DELETE FROM meta WHERE key = {key}")
        await self.store.rows(f"INSERT INTO meta (key, value) VALUES ({key}, '{BURST}')")
        columns = (
            "person_id, lane, kind, severity, state, channel, payload, task_id, message_id, response_code, attempt, "
        )
        values = f"{who}, 'chat', 'digest', 0, 'pending', '', '', '', '', '', 0, false, '', '', '{at}', '{at}'"
        for _ in range(count):
            insert = f"INSERT INTO delivery ({columns} lapsed, bundle, error, due_at, created_at)"
            await self.store.rows(f"{insert} VALUES ({values})")
        began = len(self.platform.platform.wire.after(0))
        await self.reach(self.now + timedelta(minutes=5))
        sent = [row for row in self.platform.platform.wire.after(0)[began:] if self.ids[name] in row["body"]]
        shown = [each for each in self.platform.platform.inbox.of({self.ids[name]}, 0) if BURST in str(each.payload)]
        instants = [datetime.fromisoformat(row["virtual"]) for row in sent]
        most = max(sum(timedelta() <= each - one < timedelta(minutes=1) for each in instants) for one in instants)
        return Burst(count, len(sent), len(shown), most)

    async def act(self, case: Case, event: dict[str, Any]) -> None:
        """What people do, in chat."""
        unit, code, kind = script.UNITS[case.unit], self.codes.get(case.title, ""), event["event"]
        if kind == "initiate":
            await self._initiate(case, event["category"])
        elif kind == "feedback":
            await self.say(unit["a"], f"进展 {code} {conductor.node(event['node'])} 已完成现场核查，形成问题清单")
        elif kind == "assign":
            await self.say(unit["a"], f"分办 {code} {unit['handler']}")
        elif kind == "apply_completion":
            await self._complete(unit["a"], f"完结 {code} 理由：已全部整改到位，群众满意")
        elif kind == "apply_extension":
            text = f"延期 {code} 理由：汛期 方案：分段推进 责任人：{unit['handler']} 时限：{event['plan_until']}"
            await self.say(unit["a"], text)
        else:
            flag = "未落实 " if event.get("kind") == "not_done" else ""
            grade = conductor.GRADES.get(event.get("grade", ""), "")
            texts = {
                "approve_extension": f"/同意延期 {code}",
                "reject_extension": f"/不同意延期 {code} 时间过长，请压缩",
                "return": f"/退回 {code} {flag}附件不全，请补充",
                "accept": f"/同意办结 {code} {grade}",
            }
            await self.say(script.OFFICE, texts[kind])
        await self.settle()

    async def _initiate(self, case: Case, category: str) -> None:
        kind = script.CATEGORIES[category]
        await self.say(script.OFFICE, f"/立项 {case.title} 来源:省政府13710 类别:{kind} 处室:{case.unit}")
        found = await self.store.rows(f"SELECT proposal_no FROM matter WHERE title = '{case.title}'")
        await self.say("郑强", f"/批准 拟-{found[0]['proposal_no']}")
        found = await self.store.rows(f"SELECT year, number FROM matter WHERE title = '{case.title}'")
        if found[0]["number"] is None:
            raise RuntimeError(f"the approval came to nothing: {self.said[-2:]}")
        self.codes[case.title] = f"{found[0]['year']}-{found[0]['number']:04d}"

    async def say(self, name: str, text: str) -> None:
        """A person writes, and again when the platform gave up on the bot."""
        await self._until_heard("say", person=self.ids[name], text=text)

    async def _complete(self, name: str, text: str) -> None:
        """Draft, send a page of the sealed report, ask again, and confirm on the card that comes (R40).

        The card of a process that died right after its answer comes by the sweep, 20 s later, and a picture that it
        was fetching is told to be lost: who has no card begins again.
        """
        before = await self._asked(name)
        for _ in range(6):
            await self.say(name, text)
            self.pages += 1
            data = base64.b64encode(paper.page(self.pages)).decode()
            await self._until_heard("image", person=self.ids[name], data=data, name="photo.png")
            await self.settle()
            await self.say(name, text.partition(" 理由")[0])
            await self.settle()
            if found := (await self._asked(name))[len(before) :]:
                button = next(one["key"] for one in found[-1]["buttons"] if "提交" in one["text"])
                await self._until_heard("press", person=self.ids[name], message=found[-1]["id"], button=button)
                return
        raise RuntimeError(f"no card for {text!r}: {self.said[-3:]}")

    async def _asked(self, name: str) -> list[dict[str, Any]]:
        """The cards that ask to confirm a completion."""
        async with self.session.get(f"{self.platform.control}/inbox/{self.ids[name]}") as answer:
            entries = (await answer.json())["messages"]
        return [each for each in entries if "请确认两项" in str(each["payload"])]

    async def _until_heard(self, place: str, **body: Any) -> None:
        for _ in range(5):
            hearing = asyncio.create_task(self._patiently(self.post(place, **body)))
            name, strike = self.disasters.pop(-len(self.said), ("", None))
            if strike:
                await strike()
                self.crew.fired[name] += 1
            heard = await hearing
            self.said.append({"at": self.now, "what": body, **heard})
            self.crew.must_be_well()
            if heard["status"] == 200:
                return
        raise RuntimeError(f"nobody hears {body}: {heard}")

    async def _patiently(self, work: Coroutine[Any, Any, T]) -> T:
        """A process that stands still inside a transaction has its locks: it goes on before anybody gives up."""
        task = asyncio.create_task(work)
        if not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            self.crew.thaw()
        return await task

    async def post(self, place: str, **body: Any) -> dict[str, Any]:
        """One call of the sandbox's control API."""
        async with self.session.post(f"{self.platform.control}/{place}", json=body) as answer:
            found: dict[str, Any] = await answer.json()
        assert answer.status == 200, (place, body, found)
        return found

    async def altered(self) -> list[str]:
        """What `duban audit verify` finds wrong with the record."""
        found = next(iter(self.crew.replicas.values()))
        config = str(found.folder / "config.toml")
        process = await found.yard.start(self.folder / "audit.log", "audit", "verify", "--config", config)
        await asyncio.wait_for(process.ended.wait(), 60)
        return [process.told()] if process.code else []

    def complaints(self) -> list[str]:
        """What the replicas' logs tell of errors."""
        words = re.compile(r"error|Traceback|exception", re.IGNORECASE)
        logs = sorted(self.folder.glob("*/bot.log"))
        return [line for log in logs for line in log.read_text(errors="replace").splitlines() if words.search(line)]


@contextlib.asynccontextmanager
async def raised(folder: Path, database: str, arms: Arms, *, replicas: int, tree: Path = TREE) -> AsyncIterator[Play]:
    """Sandbox, door and replicas on an empty database, all starting at once; the department is there."""
    platform = await sandbox.serve(settings=Settings(start=OPENS, paused=True, callback_timeout=CALLED_AGAIN))
    platform.platform.wire = Wire(1_000_000)
    yard, store = Yard(tree), Store(database)
    await yard.open()
    try:
        async with aiohttp.ClientSession() as session:
            crew = Crew(platform, session, arms)
            play = Play(platform, session, crew, store, folder)
            try:
                async with crew.door() as url:
                    for number in range(replicas):
                        await play.hire(f"replica{number + 1}", yard)
                    await crew.whole()
                    await play.found(yard)
                    await play.post("callback", url=f"{url}/wecom/callback")
                    yield play
            finally:
                await crew.close()
    finally:
        await store.close()
        await yard.close()
        await platform.close()
