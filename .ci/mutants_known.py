"""A mutant as docs/mutants.toml tells of it."""

from __future__ import annotations

import contextlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the function as bot.rules.ladder._quiet, the lines before and after."""

    function: str
    before: str
    after: str


def known(page: Path, scope: str) -> frozenset[Mutant]:
    """Those that are listed: they change nothing, or nothing worth a test."""
    rows = tomllib.loads(page.read_text(encoding="utf-8")).get(scope, [])
    return frozenset(Mutant(row["function"], row["before"], row["after"]) for row in rows)


def function(name: str) -> str:
    """Of a mutant as mutmut names it: bot.rules.ladder.x__quiet__mutmut_3."""
    module, _, rest = name.rpartition(".")
    inner = rest.rpartition("__mutmut_")[0].removeprefix("x").removeprefix("_").replace("ǁ", ".").lstrip(".")
    return f"{module}.{inner}"


def told(name: str, folder: Path) -> Mutant:
    """mutmut's number moves with every edit of the function, its lines do not. `folder` is the one above mutants/."""
    path = f"{name.rpartition('.')[0].replace('.', '/')}.py"
    with contextlib.chdir(folder):
        lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
    return Mutant(function(name), *("\n".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+"))
