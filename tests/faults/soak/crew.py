"""The replicas: started, killed at fail-points, started again at once; the door in front of them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot import failpoint
from bot.demo import stage
from bot.sandbox import app as sandbox
from tests.faults.soak.yard import Process, Yard

WITHIN = 60.0
FARTHEST = {"planning": 4, "planned": 4, "claimed": 4, "written": 12, "sent": 12, "answered": 2}
"""Hits of a point that may pass before the process dies there."""


class Arms:
    """Which fail-point a process is started with: the one that was hit least, until each had `least`."""

    def __init__(self, points: Iterator[str] | list[str], least: int, seed: int, *, rest: bool = False) -> None:
        self.points, self.least = list(points), least
        self.fired: Counter[str] = Counter()
        self.rest = rest
        self._dice = random.Random(seed)

    def next(self, taken: set[str]) -> str:
        """`name:count`, none that is `taken`; "" once there were enough of all, and while they `rest`."""
        left = [each for each in self.points if self.fired[each] < self.least and each not in taken]
        if not left or self.rest:
            return ""
        name = min(left, key=lambda each: (self.fired[each], self._dice.random()))
        place, _, freeze = name.partition(":")
        farthest = FARTHEST[place] if len(self.points) > 1 and self.least > 1 else 1
        return f"{place}:{self._dice.randint(1, farthest)}{':freeze' if freeze else ''}"


def bare(arm: str) -> str:
    """claimed:3:freeze → claimed:freeze."""
    place, _, rest = arm.partition(":")
    return place + (":freeze" if rest.endswith("freeze") else "")


@dataclass
class Replica:
    """One `duban serve` that is started again whenever it dies; `orders` are the arms of its next starts."""

    name: str
    folder: Path
    yard: Yard
    port: int
    admin: str
    process: Process | None = None
    arm: str = ""
    orders: list[str] = field(default_factory=list)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    dismissed: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it can be talked to."""
        return self.up.is_set() and self.process is not None and not self.process.halted.is_set()

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still at a fail-point."""
        return self.process is not None and self.process.frozen


class Crew:
    """All replicas of one database; `fired` tells the faults since it was last emptied."""

    def __init__(self, platform: sandbox.Running, session: aiohttp.ClientSession, arms: Arms) -> None:
        self.platform, self.session, self.arms = platform, session, arms
        self.replicas: dict[str, Replica] = {}
        self.fired: Counter[str] = Counter()
        self.error: str = ""
        self.thawed: list[str] = []
        self._keepers: dict[str, asyncio.Task[None]] = {}

    async def hire(self, name: str, yard: Yard, folder: Path, database: str, orders: list[str]) -> None:
        """A replica, armed and started, not waited for."""
        admin = f"127.0.0.1:{stage.free_port()}"
        made = stage.configure(folder, self.platform, database, admin)
        with (folder / "config.toml").open("a", encoding="utf-8") as more:
            more.write(f'[engine]\ntick = "1h"\n[storage]\npath = "{folder.parent / "files"}"\n')
        found = Replica(name, folder, yard, made.server.port, f"http://{admin}", orders=orders)
        self.replicas[name] = found
        await self._start(found)
        self._keepers[name] = asyncio.create_task(self._keep(found))

    async def dismiss(self, name: str) -> None:
        """Stop a replica as an operator does, and let it not come back."""
        leaving = self.replicas.pop(name)
        leaving.dismissed = True
        if leaving.process:
            leaving.process.signal(signal.SIGCONT)
            leaving.process.signal(signal.SIGTERM)
            await asyncio.wait_for(leaving.process.ended.wait(), WITHIN)
        await self._keepers.pop(name)

    async def whole(self) -> None:
        """Wait until each replica is up, or frozen."""
        async with asyncio.timeout(WITHIN):
            for each in list(self.replicas.values()):
                while not each.is_frozen and not each.up.is_set():
                    self.must_be_well()
                    await asyncio.sleep(0.005)

    def must_be_well(self) -> None:
        """RuntimeError when a process ended otherwise than by a fail-point."""
        if self.error:
            raise RuntimeError(self.error)

    async def drain(self) -> int:
        """All that run plan and send what is due, at the same time; how much was moved, -1 when one did not answer."""
        live = [each for each in self.replicas.values() if each.is_live]
        moved = await asyncio.gather(*(self._drain(each) for each in live))
        return -1 if -1 in moved or not live else sum(moved)

    def thaw(self) -> bool:
        """Let the frozen ones go on; whether there were any."""
        frozen = [each for each in self.replicas.values() if each.is_frozen]
        for each in frozen:
            assert each.process
            self.note(bare(each.arm))
            each.process.signal(signal.SIGCONT)
        self.thawed += [each.name for each in frozen]
        return bool(frozen)

    async def replace_thawed(self) -> bool:
        """Kill those that went on, for a new arm; whether there were any."""
        names, self.thawed = self.thawed, []
        for name in names:
            await self.kill(name)
        return bool(names)

    async def kill(self, name: str) -> None:
        """SIGKILL from outside; the keeper starts it again."""
        each = self.replicas[name]
        assert each.process
        each.arm = "killed"
        each.up.clear()
        each.process.signal(signal.SIGKILL)
        await each.process.ended.wait()

    @contextlib.asynccontextmanager
    async def door(self) -> AsyncIterator[str]:
        """The address in front of all replicas."""
        server = await asyncio.start_server(self._enter, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()

    async def close(self) -> None:
        """Kill them all."""
        for each in self.replicas.values():
            each.dismissed = True
            if each.process:
                each.process.signal(signal.SIGKILL)
        await asyncio.gather(*self._keepers.values(), return_exceptions=True)

    async def _start(self, each: Replica) -> None:
        others = [other.arm for other in self.replicas.values() if other is not each and other.arm]
        taken = {bare(arm) for arm in others if len(self.arms.points) > 1 or arm.endswith(":freeze")}
        if any(one.endswith(":freeze") for one in taken):  # one at a time: somebody must do the work
            taken |= {one for one in self.arms.points if one.endswith(":freeze")}
        each.arm = each.orders.pop(0) if each.orders else self.arms.next(taken)
        env = {failpoint.VARIABLE: each.arm} if each.arm else {}
        args = ("serve", "--config", str(each.folder / "config.toml"))
        each.process = await each.yard.start(each.folder / "bot.log", *args, **env)

    async def _keep(self, each: Replica) -> None:
        while not each.dismissed:
            assert each.process
            if await self._ready(each):
                each.up.set()
                await each.process.ended.wait()
            each.up.clear()
            if each.dismissed:
                return
            if not self._noted(each):
                return
            await self._start(each)

    def _noted(self, each: Replica) -> bool:
        """Count what ended it; False when that was nobody's doing."""
        assert each.process
        told = each.process.told()
        if each.process.code == 1 and "the database can't be used" in told:  # it is away: the next start finds it
            return True
        name = "killed" if each.arm == "killed" else bare(each.arm)
        if each.process.code != -signal.SIGKILL or (name != "killed" and f"failpoint {each.arm}\n" not in told):
            self.error = f"{each.name} ended by itself ({each.process.code}), arm {each.arm!r}:\n{told[-3000:]}"
            return False
        self.note(name)
        return True

    def note(self, name: str) -> None:
        """A fault happened."""
        self.fired[name] += 1
        self.arms.fired[name] += 1

    async def _ready(self, each: Replica) -> bool:
        """Whether it came up before it ended."""
        assert each.process
        while not each.process.ended.is_set():
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self.session.get(f"http://127.0.0.1:{each.port}/healthz", timeout=_QUICK) as answer:
                    if answer.status == 200:
                        return True
            await asyncio.sleep(0.01)
        return False

    async def _drain(self, each: Replica) -> int:
        assert each.process
        halted = asyncio.create_task(each.process.halted.wait())
        posted = asyncio.create_task(self._posted(each))
        await asyncio.wait({halted, posted}, return_when=asyncio.FIRST_COMPLETED)
        if posted.done():
            halted.cancel()
            return posted.result()
        posted.cancel()
        await asyncio.gather(posted, return_exceptions=True)
        return -1

    async def _posted(self, each: Replica) -> int:
        with contextlib.suppress(aiohttp.ClientError):
            async with self.session.post(f"{each.admin}/drain") as answer:
                if answer.status == 200:
                    return int((await answer.json())["moved"])
        return -1

    async def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection to whichever replica is up; while none is, it waits."""
        try:
            async with asyncio.timeout(WITHIN):
                theirs = await self._backend()
            await asyncio.gather(_pipe(reader, theirs[1]), _pipe(theirs[0], writer))
        except (OSError, TimeoutError):
            writer.close()

    async def _backend(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while True:
            live = [each for each in self.replicas.values() if each.is_live]
            random.shuffle(live)
            for each in sorted(live, key=lambda one: not one.arm.endswith(":freeze")):  # it is to meet work
                with contextlib.suppress(OSError):
                    return await asyncio.open_connection("127.0.0.1", each.port)
            await asyncio.sleep(0.01)


_QUICK = aiohttp.ClientTimeout(total=2)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()
