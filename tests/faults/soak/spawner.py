"""Starts `duban` processes by forking one that has everything imported: a start costs a tenth of a new interpreter's.

Run by path inside the tree to serve. Reads one JSON object a line on stdin, `{id, args, env, log}`, and says on stdout
what becomes of each: `{id, event, pid, code}`, event started, frozen (SIGSTOP) or ended (code < 0: a signal). When
stdin ends, so do all of them.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from typing import Any

import bot.app
import bot.commands.roster
import bot.commands.store  # noqa: F401 - loaded once, for all
from bot import cli

LOOK = 0.005


class Spawner:
    """The children by pid."""

    def __init__(self) -> None:
        self.children: dict[int, str] = {}

    def serve(self) -> None:
        left = b""
        while True:
            if select.select([0], [], [], LOOK)[0]:
                piece = os.read(0, 65536)
                if not piece:
                    break
                *lines, left = (left + piece).split(b"\n")
                for line in lines:
                    self.start(**json.loads(line))
            self.look()
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        while self.children:
            self.look()

    def start(self, id: str, args: list[str], env: dict[str, str], log: str) -> None:
        pid = os.fork()
        if not pid:
            _become(args, env, log)
        self.children[pid] = id
        self.say(pid, "started", 0)

    def look(self) -> None:
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            if not pid:
                return
            if os.WIFSTOPPED(status):
                self.say(pid, "frozen", 0)
            else:
                self.say(pid, "ended", os.waitstatus_to_exitcode(status))
                del self.children[pid]

    def say(self, pid: int, event: str, code: int) -> None:
        line = {"id": self.children[pid], "event": event, "pid": pid, "code": code}
        os.write(1, json.dumps(line).encode() + b"\n")


def _become(args: list[str], env: dict[str, str], log: str) -> Any:
    """The child: a `duban` with these arguments."""
    code = 70
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, target in ((nothing, 0), (out, 1), (out, 2)):
            os.dup2(number, target)
        os.environ.update(env)
        code = cli.run(args)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    Spawner().serve()
