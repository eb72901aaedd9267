"""Processes of one tree of the program, and what becomes of them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

TREE = Path(__file__).parents[3]
SPAWNER = Path(__file__).with_name("spawner.py")
_ids = count(1)


@dataclass
class Process:
    """One `duban`; `halted` while it does not run: dead or frozen."""

    log: Path
    offset: int = 0
    pid: int = 0
    code: int | None = None
    frozen: bool = False
    halted: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self) -> str:
        """What this process wrote."""
        with self.log.open("rb") as file:
            file.seek(self.offset)
            return file.read().decode(errors="replace")

    def signal(self, number: int) -> None:
        """Send a signal; one that is dead or not there yet hears none."""
        if self.pid and self.code is None:
            if number == signal.SIGCONT:
                self.frozen = False
                self.halted.clear()
            os.kill(self.pid, number)

    def hear(self, event: str, pid: int, code: int) -> None:
        """What the spawner says of it."""
        self.pid = pid
        if event != "started":
            self.halted.set()
            self.frozen = event == "frozen"
        if event == "ended":
            self.code = code
            self.ended.set()


def size(file: Path) -> int:
    """Bytes of a file; 0 when there is none."""
    return file.stat().st_size if file.exists() else 0


class Yard:
    """Starts processes of `tree`."""

    def __init__(self, tree: Path = TREE) -> None:
        self.tree = tree
        self._processes: dict[str, Process] = {}

    async def open(self) -> None:
        """Have the program loaded."""
        self._spawner = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(SPAWNER),
            cwd=self.tree,
            env={**os.environ, "PYTHONPATH": str(self.tree)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self._listener = asyncio.create_task(self._listen())

    async def start(self, log: Path, *args: str, **env: str) -> Process:
        """A `duban` with these arguments."""
        found = Process(log, size(log))
        number = str(next(_ids))
        self._processes[number] = found
        line = json.dumps({"id": number, "args": args, "env": env, "log": str(log)})
        assert self._spawner.stdin
        self._spawner.stdin.write(line.encode() + b"\n")
        await self._spawner.stdin.drain()
        return found

    async def run(self, log: Path, *args: str) -> str:
        """A command to its end; what it wrote."""
        found = await self.start(log, *args)
        await asyncio.wait_for(found.ended.wait(), 60)
        assert found.code == 0, found.told()
        return found.told()

    async def close(self) -> None:
        """End what still runs."""
        assert self._spawner.stdin
        self._spawner.stdin.close()
        await self._spawner.wait()
        await self._listener

    async def _listen(self) -> None:
        assert self._spawner.stdout
        async for line in self._spawner.stdout:
            said = json.loads(line)
            self._processes[said.pop("id")].hear(**said)
