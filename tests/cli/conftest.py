"""The duban command, run in this process or as a program, in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot import cli

SCENARIOS = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class Ran:
    """What a command line came to."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("DUBAN_") and "__" in name:
            monkeypatch.delenv(name)


@pytest.fixture
def duban(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs one command line."""

    def run(*args: str) -> Ran:
        capsys.readouterr()
        code = cli.run(args)
        seen = capsys.readouterr()
        return Ran(code, seen.out, seen.err)

    return run
